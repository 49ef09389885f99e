#include <nlohmann/json.hpp>

#include "engine/base/utc_time.h"
#include "engine/security/privacy/document_writer.h"
#include "engine/security/privacy/person_export.h"

namespace hearth::security {

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// What the log says that the person did; a row each.
Result<Rows> auditRows(const PersonSources& sources, std::stop_token stop) {
    std::string text = sources.auditJson;
    if (text.empty() && sources.audit) {
        AuditFilter own;
        own.actor = sources.profile ? sources.profile->id : 0;
        const auto keep = [&text](std::string_view piece) -> Result<void> {
            text += piece;
            return {};
        };
        HEARTH_CHECK(sources.audit->exportEntries(own, AuditFormat::Json, keep, std::move(stop)));
    }
    Rows out;
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_object() && json.contains("entries") && json["entries"].is_array())
        for (const auto& entry : json["entries"])
            out.push_back({entry.value("time", ""), entry.value("action", ""), entry.value("object", ""),
                           entry.value("outcome", "")});
    return out;
}

class PersonDocument {
public:
    PersonDocument(const PersonSources& sources, RecordLanguage language, const store::TextSink& sink,
                   std::stop_token stop)
        : m_sources(sources), m_language(language), m_sink(sink), m_stop(std::move(stop)),
          m_out(RecordFormat::Markdown, language,
                in("Everything that Hearth keeps about a person", "Hearth 保存的关于一个人的一切")) {}

    Result<void> write() {
        m_out.paragraph(utcText(m_sources.nowMs));
        person();
        consents();
        counts();
        m_out.heading(2, in("What the audit log says that the person did", "审计日志记录的本人操作"));
        HEARTH_TRY(const Rows entries, auditRows(m_sources, m_stop));
        table({in("Time", "时间"), in("Action", "操作"), in("About", "对象"), in("Outcome", "结果")},
              entries);
        m_out.heading(2, in("Chats", "对话"));
        return m_sources.history ? chats(*m_sources.history) : m_sink(m_out.take());
    }

private:
    [[nodiscard]] std::string in(const char* english, const char* chinese) const {
        return Words{english, chinese}.in(m_language);
    }
    [[nodiscard]] std::string yesOrNo(bool yes) const { return yes ? in("yes", "是") : in("no", "否"); }
    [[nodiscard]] std::string moment(std::int64_t ms) const { return ms ? utcText(ms) : in("never", "从未"); }
    void table(const std::vector<std::string>& head, const Rows& rows) {
        if (rows.empty())
            m_out.paragraph(in("None.", "无。"));
        else
            m_out.table(head, rows);
    }
    void person() {
        m_out.heading(2, in("Profile", "个人资料"));
        if (const auto& profile = m_sources.profile)
            m_out.table({in("Detail", "项目"), in("Value", "内容")},
                        {{in("Name", "名称"), profile->name},
                         {in("Role", "角色"), std::string(nameOf(profile->role))},
                         {in("Made", "创建时间"), moment(profile->createdMs)},
                         {in("Recovery key tested", "恢复密钥已验证"), yesOrNo(profile->recoveryTested)}});
        else
            m_out.paragraph(in("One person without a password.", "单人使用，无密码。"));
        m_out.heading(2, in("Keys for programs (never their text)", "程序密钥（从不含密钥本身）"));
        Rows rows;
        for (const TokenInfo& token : m_sources.tokens)
            rows.push_back({token.name, std::string(nameOf(token.scope)), moment(token.createdMs),
                            token.expiresMs ? utcText(token.expiresMs) : in("no end", "无期限"),
                            moment(token.lastUsedMs), yesOrNo(token.revoked)});
        table({in("Name", "名称"), in("Scope", "范围"), in("Made", "创建时间"), in("Ends", "到期"),
               in("Last used", "最近使用"), in("Revoked", "已撤销")},
              rows);
    }
    void consents() {
        m_out.heading(2, in("Consents", "同意"));
        Rows rows;
        for (const Consent& each : m_sources.consents)
            rows.push_back({activityWord(each.purpose, m_language), yesOrNo(each.given),
                            each.sinceMs ? utcText(each.sinceMs) : in("from the start", "自始")});
        table({in("Purpose", "目的"), in("Given", "已同意"), in("Since", "时间")}, rows);
        m_out.heading(2, in("How long things stay", "保存期限"));
        rows.clear();
        for (const Kept kept : kAllKept)
            if (!factsOf(kept).machine)
                rows.push_back({keptWord(kept, m_language), keptFor(m_sources.rules[kept], m_language)});
        m_out.table({in("Kind", "种类"), in("Kept for", "保存期限")}, rows);
    }
    void counts() {
        m_out.heading(2, in("Counts behind the usage figures", "使用统计所依据的计数"));
        Rows rows;
        for (const UsageCount& each : m_sources.counts)
            rows.push_back({(each.model.empty() ? "" : in("week of ", "周：")) + utcDay(each.day),
                            std::string(nameOf(each.measure)), each.model, std::to_string(each.amount)});
        table({in("Day", "日期"), in("Measure", "指标"), in("Model", "模型"), in("Amount", "数量")}, rows);
    }
    Result<void> chats(store::History& history) {
        HEARTH_TRY(const std::string unsent, history.draft(0));
        if (!unsent.empty())
            m_out.paragraph(in("Not sent: ", "未发送：") + unsent);
        HEARTH_CHECK(m_sink(m_out.piece()));
        for (const bool trashed : {false, true}) {
            HEARTH_TRY(const auto conversations, history.conversations(trashed, "", 0, std::size_t{1} << 30));
            for (const store::Conversation& conversation : conversations) {
                HEARTH_TRY(const std::string draft, history.draft(conversation.id));
                HEARTH_CHECK(m_sink("\n---\n\n"));
                if (trashed)
                    m_out.paragraph(in("In the trash.", "在回收站中。"));
                if (!draft.empty())
                    m_out.paragraph(in("Not sent: ", "未发送：") + draft);
                HEARTH_CHECK(m_sink(m_out.piece()));
                HEARTH_CHECK(store::exportConversations(history, conversation.id,
                                                        store::ExportFormat::Markdown, m_sink, m_stop));
            }
        }
        return {};
    }

    const PersonSources& m_sources;
    RecordLanguage m_language;
    const store::TextSink& m_sink;
    std::stop_token m_stop;
    DocumentWriter m_out;
};

} // namespace

Result<void> exportPersonDocument(const PersonSources& sources, RecordLanguage language,
                                  const store::TextSink& sink, std::stop_token stop) {
    return PersonDocument(sources, language, sink, std::move(stop)).write();
}

} // namespace hearth::security
