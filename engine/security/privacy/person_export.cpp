#include "engine/security/privacy/person_export.h"

#include <set>

#include <nlohmann/json.hpp>

#include "engine/base/utc_time.h"

namespace hearth::security {

namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json profileJson(const Profile& profile) {
    return {{"id", profile.id},
            {"name", profile.name},
            {"role", nameOf(profile.role)},
            {"created", utcText(profile.createdMs)},
            {"disabled", profile.disabled},
            {"recovery_key_tested", profile.recoveryTested}};
}

Json tokenJson(const TokenInfo& token) {
    return {{"id", token.id},
            {"name", token.name},
            {"scope", nameOf(token.scope)},
            {"created", utcText(token.createdMs)},
            {"expires", token.expiresMs ? Json(utcText(token.expiresMs)) : Json()},
            {"last_used", token.lastUsedMs ? Json(utcText(token.lastUsedMs)) : Json()},
            {"revoked", token.revoked}};
}

Json consentsJson(const std::vector<Consent>& consents) {
    Json out = Json::array();
    for (const Consent& each : consents)
        out.push_back({{"purpose", nameOf(each.purpose)},
                       {"given", each.given},
                       {"since", each.sinceMs ? Json(utcText(each.sinceMs)) : Json()}});
    return out;
}

Json countsJson(const std::vector<UsageCount>& counts) {
    Json out = Json::array();
    for (const UsageCount& each : counts) {
        const std::string date = utcDay(each.day);
        Json entry{{each.model.empty() ? "day" : "week_of", date}, {"measure", nameOf(each.measure)}};
        if (!each.model.empty())
            entry["model"] = each.model;
        entry["amount"] = each.amount;
        out.push_back(std::move(entry));
    }
    return out;
}

Json daysJson(const std::optional<int>& days) {
    return days ? Json(*days) : Json();
}

Result<std::vector<store::Conversation>> allOf(store::History& history, bool trashed) {
    return history.conversations(trashed, "", 0, std::size_t{1} << 30);
}

} // namespace

Result<void> exportPerson(const PersonSources& sources, const store::TextSink& sink, std::stop_token stop) {
    HEARTH_CHECK(sink("{\"format\":\"hearth-person\",\"version\":1,\"exported\":\"" + utcText(sources.nowMs) +
                      "\",\n\"profile\":" + (sources.profile ? dump(profileJson(*sources.profile)) : "null") +
                      ",\n\"tokens\":["));
    for (std::size_t i = 0; i < sources.tokens.size(); ++i)
        HEARTH_CHECK(sink((i ? ",\n" : "\n") + dump(tokenJson(sources.tokens[i]))));
    HEARTH_CHECK(
        sink("],\n\"consents\":" + dump(consentsJson(sources.consents)) + ",\n\"keep\":" +
             dump({{"trash_days", daysJson(sources.trashDays)}, {"idle_days", daysJson(sources.idleDays)}}) +
             ",\n\"usage_counts\":" + dump(countsJson(sources.counts)) + ",\n\"conversations\":["));
    bool first = true;
    std::string draftOfNone;
    if (sources.history) {
        for (const bool trashed : {false, true}) {
            HEARTH_TRY(const auto conversations, allOf(*sources.history, trashed));
            for (const store::Conversation& conversation : conversations) {
                if (stop.stop_requested())
                    return fail(kCancelled, "stopped");
                HEARTH_TRY(const std::string draft, sources.history->draft(conversation.id));
                HEARTH_CHECK(sink(std::string(first ? "\n" : ",\n") +
                                  "{\"in_trash\":" + (trashed ? "true" : "false") +
                                  ",\"draft\":" + dump(draft) + ",\"export\":"));
                HEARTH_CHECK(store::exportConversations(*sources.history, conversation.id,
                                                        store::ExportFormat::Json, sink, stop));
                HEARTH_CHECK(sink("}"));
                first = false;
            }
        }
        HEARTH_TRY(draftOfNone, sources.history->draft(0));
    }
    HEARTH_CHECK(sink("],\n\"draft\":" + dump(draftOfNone) + ",\n\"audit\":"));
    if (!sources.auditJson.empty())
        return sink(sources.auditJson + "}\n");
    if (!sources.audit)
        return sink("null}\n");
    AuditFilter filter;
    filter.actor = sources.profile ? sources.profile->id : 0;
    HEARTH_CHECK(sources.audit->exportEntries(filter, AuditFormat::Json, sink, stop));
    return sink("}\n");
}

Result<RetentionPreview> previewRetention(store::History& history, const RetentionRules& rules,
                                          std::int64_t nowMs) {
    const auto limit = [nowMs](int days) { return nowMs - std::int64_t{days} * 86'400'000; };
    for (const auto& days : {rules.trashDays, rules.idleDays})
        if (days && (*days < 1 || *days > 36'500))
            return tl::unexpected<Error>(
                Error{"privacy.bad_retention", std::to_string(*days) + " days; 1 to 36500 can be kept"}.with(
                    "value", std::to_string(*days)));
    RetentionPreview out;
    if (rules.trashDays) {
        HEARTH_TRY(const auto trashed, allOf(history, true));
        for (const store::Conversation& conversation : trashed)
            if (conversation.trashedMs && *conversation.trashedMs < limit(*rules.trashDays))
                out.trashed.push_back(conversation);
    }
    if (rules.idleDays) {
        HEARTH_TRY(const auto kept, allOf(history, false));
        for (const store::Conversation& conversation : kept)
            if (conversation.updatedMs < limit(*rules.idleDays))
                out.idle.push_back(conversation);
    }
    return out;
}

Result<std::size_t> applyRetention(store::History& history, const RetentionRules& rules,
                                   const RetentionPreview& shown, std::int64_t nowMs) {
    using List = std::vector<store::Conversation>;
    std::size_t count = 0;
    const auto work = [&]() -> Result<void> {
        HEARTH_TRY(const RetentionPreview now, previewRetention(history, rules, nowMs));
        for (const auto& [then, list] :
             {std::pair<const List&, const List&>(shown.trashed, now.trashed), {shown.idle, now.idle}}) {
            std::set<store::RowId> named;
            for (const store::Conversation& conversation : then)
                named.insert(conversation.id);
            for (const store::Conversation& conversation : list)
                if (named.contains(conversation.id)) {
                    HEARTH_CHECK(history.purge(conversation.id));
                    ++count;
                }
        }
        return {};
    };
    HEARTH_CHECK(history.transaction(work));
    return count;
}

} // namespace hearth::security
