#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/store/transfer.h"
#include "engine/store/transfer_names.h"

namespace hearth::store {

namespace {

using nlohmann::ordered_json;

/// Everything about a person holds exports of conversations three levels down.
constexpr int kMaxDepth = 32, kMaxPersonDepth = kMaxDepth + 3;

/// Reads one object's keys; the first wrong one is remembered, so that the caller checks once.
class Fields {
public:
    explicit Fields(const ordered_json& object) : m_object(object) {}

    std::string text(const char* key, bool required = false) {
        const ordered_json* value = find(key, required);
        if (value && !value->is_string())
            bad(key);
        return value && value->is_string() ? value->get<std::string>() : std::string();
    }
    /// An object as JSON text, text as it is.
    std::string embedded(const char* key) {
        const ordered_json* value = find(key, false);
        if (!value)
            return {};
        if (!value->is_object() && !value->is_string())
            bad(key);
        return value->is_string() ? value->get<std::string>()
                                  : value->dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    }
    std::int64_t time(const char* key) {
        const ordered_json* value = find(key, false);
        if (!value)
            return 0;
        const bool usable =
            value->is_number_integer() && value->get<double>() > -9e15 && value->get<double>() < 9e15;
        if (!usable)
            bad(key);
        return usable ? value->get<std::int64_t>() : 0;
    }
    /// An index below `count`.
    std::optional<std::size_t> index(const char* key, std::size_t count) {
        const ordered_json* value = find(key, false);
        if (!value)
            return std::nullopt;
        if (!value->is_number_unsigned() || value->get<std::uint64_t>() >= count) {
            bad(key);
            return std::nullopt;
        }
        return value->get<std::size_t>();
    }
    template <class T, std::size_t N>
    T choice(const char* key, const std::array<NamedValue<T>, N>& names) {
        const auto found = valueOf(names, text(key, true));
        if (!found)
            bad(key);
        return found.value_or(names.front().value);
    }
    bool flag(const char* key) {
        const ordered_json* value = find(key, false);
        if (value && !value->is_boolean())
            bad(key);
        return value && value->is_boolean() && value->get<bool>();
    }
    const ordered_json* object(const char* key) {
        const ordered_json* value = find(key, true);
        if (value && !value->is_object())
            bad(key);
        return value && value->is_object() ? value : nullptr;
    }
    const ordered_json* list(const char* key) {
        const ordered_json* value = find(key, true);
        if (value && !value->is_array())
            bad(key);
        return value && value->is_array() ? value : nullptr;
    }
    void bad(const char* key) {
        if (m_bad.empty())
            m_bad = key;
    }
    Result<void> check(std::size_t conversation, std::optional<std::size_t> message) const {
        if (m_bad.empty())
            return {};
        const std::string number = message ? std::to_string(*message) : "";
        return tl::unexpected<Error>(
            Error{"import.bad_value", "conversation " + std::to_string(conversation) +
                                          (message ? ", message " + number : "") + ": " + m_bad}
                .with("conversation", std::to_string(conversation))
                .with("message", number)
                .with("key", m_bad));
    }

private:
    const ordered_json* find(const char* key, bool required) {
        if (!m_object.is_object()) {
            bad(key);
            return nullptr;
        }
        const auto it = m_object.find(key);
        if (it == m_object.end()) {
            if (required)
                bad(key);
            return nullptr;
        }
        return &*it;
    }

    const ordered_json& m_object;
    std::string m_bad;
};

bool isPerson(const ordered_json& root) {
    return root.value("format", ordered_json()) == kPersonFormat;
}

Result<ordered_json> parse(std::string_view json) {
    int deepest = 0;
    const auto filter = [&](int depth, ordered_json::parse_event_t, ordered_json&) {
        deepest = std::max(deepest, depth);
        return depth <= kMaxPersonDepth;
    };
    ordered_json root;
    try {
        root = ordered_json::parse(json.begin(), json.end(), filter);
    } catch (const ordered_json::parse_error& error) {
        return fail("import.bad_json", error.what(), error.byte > 0 ? error.byte - 1 : 0);
    } catch (const std::exception& error) { // a number beyond double
        return fail("import.bad_json", error.what());
    }
    const bool person = root.is_object() && isPerson(root);
    if (const int most = person ? kMaxPersonDepth : kMaxDepth; deepest > most)
        return fail("import.too_deep", "nested deeper than " + std::to_string(most));
    if (!person && (!root.is_object() || root.value("format", ordered_json()) != kExportFormat))
        return fail("import.not_ours", "not an export of conversations");
    const ordered_json version = root.value("version", ordered_json());
    if (!version.is_number_unsigned() || version.get<std::uint64_t>() == 0)
        return fail("import.not_ours", "no usable version");
    if (version.get<std::uint64_t>() > std::uint64_t(kExportVersion))
        return tl::unexpected<Error>(Error{"import.newer_version", "version " + version.dump()}
                                         .with("found", version.dump())
                                         .with("known", std::to_string(kExportVersion)));
    return root;
}

Result<RowId> importOne(History& history, const ordered_json& source, std::size_t number) {
    Fields fields(source);
    Conversation conversation;
    conversation.title = fields.text("title");
    conversation.modelPath = fields.text("model_path");
    conversation.systemPrompt = fields.text("system_prompt");
    conversation.parametersJson = fields.embedded("parameters");
    const ordered_json* messages = fields.list("messages");
    const auto active = fields.index("active", messages ? messages->size() : 0);
    HEARTH_CHECK(fields.check(number, std::nullopt));

    HEARTH_TRY(conversation.id, history.createConversation(conversation.title));
    HEARTH_CHECK(history.updateConversation(conversation));
    std::vector<RowId> ids;
    for (const ordered_json& entry : *messages) {
        Fields values(entry);
        Message message;
        message.conversation = conversation.id;
        if (const auto parent = values.index("parent", ids.size())) // only one before it: no circles
            message.parent = ids[*parent];
        message.role = values.choice("role", kRoles);
        message.state = values.choice("state", kStates);
        message.createdMs = values.time("created_ms");
        message.content = values.text("content", true);
        message.reasoning = values.text("reasoning");
        message.modelName = values.text("model");
        message.errorCode = values.text("error");
        message.statsJson = values.embedded("stats");
        HEARTH_CHECK(values.check(number, ids.size()));
        HEARTH_TRY(const RowId id, history.appendMessage(message));
        ids.push_back(id);
    }
    if (active)
        HEARTH_CHECK(history.activate(ids[*active]));
    return conversation.id;
}

/// An entry of everything about a person.
Result<RowId> importKept(History& history, const ordered_json& entry, std::size_t number) {
    Fields fields(entry);
    const std::string draft = fields.text("draft");
    const bool trashed = fields.flag("in_trash");
    const ordered_json* exported = fields.object("export");
    const ordered_json* one = exported ? Fields(*exported).list("conversations") : nullptr;
    if (!one || one->size() != 1)
        fields.bad("export");
    HEARTH_CHECK(fields.check(number, std::nullopt));
    HEARTH_TRY(const RowId id, importOne(history, one->front(), number));
    if (!draft.empty())
        HEARTH_CHECK(history.saveDraft(id, draft));
    if (trashed)
        HEARTH_CHECK(history.setTrashed(id, true));
    return id;
}

} // namespace

Result<std::vector<RowId>> importJson(History& history, std::string_view json, std::stop_token stop) {
    HEARTH_TRY(const ordered_json root, parse(json));
    Fields top(root);
    const ordered_json* conversations = top.list("conversations");
    HEARTH_CHECK(top.check(0, std::nullopt));
    const auto import = isPerson(root) ? importKept : importOne;
    std::vector<RowId> out(conversations->size());
    const auto all = [&]() -> Result<void> {
        // The file begins with the most recently used one; it is added last and so comes first again.
        for (std::size_t i = conversations->size(); i-- > 0;) {
            if (stop.stop_requested())
                return fail(kCancelled, "stopped");
            HEARTH_TRY(out[i], import(history, (*conversations)[i], i));
        }
        return {};
    };
    HEARTH_CHECK(history.transaction(all));
    return out;
}

} // namespace hearth::store
