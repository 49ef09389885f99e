#include <map>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/base/utc_time.h"
#include "engine/store/transfer.h"
#include "engine/store/transfer_names.h"

namespace hearth::store {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t kPage = 200; ///< messages or conversations in memory at a time

/// "2026-01-31 18:45" UTC.
std::string minuteOf(std::int64_t milliseconds) {
    return utcText(milliseconds / 1000, "%Y-%m-%d %H:%M UTC");
}

std::string dump(const ordered_json& value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// Stored JSON as a value; anything else as text.
ordered_json embedded(const std::string& text) {
    ordered_json value = ordered_json::parse(text, nullptr, false);
    return value.is_object() ? value : ordered_json(text);
}

class Exporter {
public:
    Exporter(History& history, const TextSink& sink, std::stop_token stop)
        : m_history(history), m_sink(sink), m_stop(std::move(stop)) {}

    Result<void> json(const Conversation& conversation) {
        ordered_json head;
        head["title"] = conversation.title;
        head["created_ms"] = conversation.createdMs;
        head["updated_ms"] = conversation.updatedMs;
        head["model_path"] = conversation.modelPath;
        head["system_prompt"] = conversation.systemPrompt;
        if (!conversation.parametersJson.empty())
            head["parameters"] = embedded(conversation.parametersJson);
        std::string text = dump(head);
        text.pop_back(); // the object goes on with its messages
        HEARTH_CHECK(m_sink(text + ",\n\"messages\":["));
        std::map<RowId, std::size_t> places;
        std::optional<std::size_t> active;
        for (RowId after = 0;;) {
            HEARTH_CHECK(checkStop());
            HEARTH_TRY(const auto page, m_history.messages(conversation.id, after, kPage));
            if (page.empty())
                break;
            for (const Message& message : page) {
                const std::size_t place = places.size();
                if (message.id == conversation.activeLeaf)
                    active = place;
                const auto parent = places.find(message.parent);
                HEARTH_CHECK(
                    m_sink((place ? ",\n" : "\n") +
                           dump(toJson(message, parent == places.end() ? std::nullopt
                                                                       : std::optional(parent->second)))));
                places[message.id] = place;
                after = message.id;
            }
        }
        return m_sink(active ? "],\"active\":" + std::to_string(*active) + "}" : std::string("]}"));
    }

    Result<void> readable(const Conversation& conversation, bool markdown) {
        HEARTH_CHECK(m_sink((markdown ? "# " : "") + conversation.title + "\n\n" +
                            minuteOf(conversation.createdMs) + "\n\n"));
        if (!conversation.systemPrompt.empty())
            HEARTH_CHECK(part("System", conversation.systemPrompt, markdown));
        for (std::size_t offset = 0;; offset += kPage) {
            HEARTH_CHECK(checkStop());
            HEARTH_TRY(const auto page, m_history.branch(conversation.id, offset, kPage));
            for (const Message& message : page) {
                if (!message.reasoning.empty())
                    HEARTH_CHECK(m_sink(reasoning(message.reasoning, markdown)));
                std::string who = message.role == Role::User     ? "User"
                                  : message.role == Role::System ? "System"
                                                                 : "Assistant";
                if (!message.modelName.empty())
                    who += " (" + message.modelName + ")";
                HEARTH_CHECK(part(who, message.content, markdown));
            }
            if (page.size() < kPage)
                return {};
        }
    }

    Result<void> checkStop() const {
        if (m_stop.stop_requested())
            return fail(kCancelled, "the export was stopped");
        return {};
    }

private:
    Result<void> part(const std::string& who, const std::string& text, bool markdown) {
        return m_sink((markdown ? "## " + who + "\n\n" : who + ":\n") + text + "\n\n");
    }
    /// Folded in Markdown's HTML; set off in plain text.
    static std::string reasoning(const std::string& text, bool markdown) {
        return markdown ? "<details><summary>Reasoning</summary>\n\n" + text + "\n\n</details>\n\n"
                        : "[Reasoning]\n" + text + "\n[/Reasoning]\n\n";
    }
    static ordered_json toJson(const Message& message, std::optional<std::size_t> parent) {
        ordered_json out;
        if (parent)
            out["parent"] = *parent;
        out["role"] = nameOf(kRoles, message.role);
        // An export in mid-answer holds what has been written so far.
        out["state"] =
            nameOf(kStates, message.state == MessageState::Streaming ? MessageState::Stopped : message.state);
        out["created_ms"] = message.createdMs;
        out["content"] = message.content;
        if (!message.reasoning.empty())
            out["reasoning"] = message.reasoning;
        if (!message.modelName.empty())
            out["model"] = message.modelName;
        if (!message.errorCode.empty())
            out["error"] = message.errorCode;
        if (!message.statsJson.empty())
            out["stats"] = embedded(message.statsJson);
        return out;
    }

    History& m_history;
    const TextSink& m_sink;
    std::stop_token m_stop;
};

} // namespace

Result<void> exportConversations(History& history, std::optional<RowId> conversation, ExportFormat format,
                                 const TextSink& sink, std::stop_token stop) {
    Exporter exporter(history, sink, std::move(stop));
    bool first = true;
    const auto one = [&](const Conversation& found) -> Result<void> {
        if (!std::exchange(first, false))
            HEARTH_CHECK(sink(format == ExportFormat::Json       ? ",\n"
                              : format == ExportFormat::Markdown ? "\n---\n\n"
                                                                 : "\n========\n\n"));
        return format == ExportFormat::Json ? exporter.json(found)
                                            : exporter.readable(found, format == ExportFormat::Markdown);
    };
    if (format == ExportFormat::Json)
        HEARTH_CHECK(sink("{\"format\":\"" + std::string(kExportFormat) +
                          "\",\"version\":" + std::to_string(kExportVersion) + ",\"conversations\":[\n"));
    if (conversation) {
        HEARTH_TRY(const Conversation found, history.conversation(*conversation));
        HEARTH_CHECK(one(found));
    }
    for (std::size_t offset = 0; !conversation; offset += kPage) {
        HEARTH_CHECK(exporter.checkStop());
        HEARTH_TRY(const auto page, history.conversations(false, "", offset, kPage));
        for (const Conversation& found : page)
            HEARTH_CHECK(one(found));
        if (page.size() < kPage)
            break;
    }
    if (format == ExportFormat::Json)
        HEARTH_CHECK(sink("\n]}\n"));
    return {};
}

} // namespace hearth::store
