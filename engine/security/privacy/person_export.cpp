#include "engine/security/privacy/person_export.h"

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

/// "trash_days" … of the kinds that are the person's own.
Json rulesJson(const RetentionRules& rules) {
    Json out = Json::object();
    for (const Kept kept : kAllKept)
        if (!factsOf(kept).machine)
            out[std::string(nameOf(kept)) + "_days"] = rules[kept] ? Json(*rules[kept]) : Json();
    return out;
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
    HEARTH_CHECK(sink("],\n\"consents\":" + dump(consentsJson(sources.consents)) +
                      ",\n\"keep\":" + dump(rulesJson(sources.rules)) +
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

} // namespace hearth::security
