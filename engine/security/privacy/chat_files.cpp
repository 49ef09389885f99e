#include "engine/security/privacy/chat_files.h"

#include <string>

#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/mapped_file.h"
#include "engine/security/crypto/sealed_memory.h"

namespace hearth::security {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using store::RowId;

namespace {

constexpr int kMostDepth = 40; ///< of everything about a person: an export of chats, two levels down

Result<std::string> readText(const fs::path& file, const SecureBytes* password, const std::stop_token& stop) {
    std::string out;
    const bool sealed = isSealedFile(file);
    {
        HEARTH_TRY(const auto mapped, MappedFile::open(file));
        if (mapped.bytes().size() > kMostImportBytes)
            return tl::unexpected<Error>(
                Error{"import.too_large", file.string() + " is larger than an export"}
                    .with("found", std::to_string(mapped.bytes().size()))
                    .with("most", std::to_string(kMostImportBytes)));
        if (!sealed)
            out = textOf(mapped.bytes());
    }
    if (!sealed)
        return out;
    if (!password)
        return fail("crypto.needs_password", file.string() + " is sealed");
    HEARTH_CHECK(readSealedFile(
        file, FilePassword{password->bytes(), {}}, kExportContext,
        [&out](ByteView bytes) -> Result<void> {
            out += textOf(bytes);
            return {};
        },
        stop));
    return out;
}

/// Everything about a person, or nothing where it is something else.
ordered_json personIn(const std::string& json) {
    bool tooDeep = false;
    const auto filter = [&tooDeep](int depth, ordered_json::parse_event_t, ordered_json&) {
        tooDeep |= depth > kMostDepth;
        return depth <= kMostDepth;
    };
    ordered_json root = ordered_json::parse(json, filter, false);
    const bool person = !tooDeep && root.is_object() &&
                        root.value("format", ordered_json()) == "hearth-person" &&
                        root.value("version", ordered_json()) == 1;
    return person ? root : ordered_json();
}

tl::unexpected<Error> badValue(std::size_t conversation, const std::string& key) {
    return tl::unexpected<Error>(
        Error{"import.bad_value", "conversation " + std::to_string(conversation) + ": " + key}
            .with("conversation", std::to_string(conversation))
            .with("message", "")
            .with("key", key));
}

Result<std::vector<RowId>> importPerson(store::History& history, const ordered_json& person,
                                        const std::stop_token& stop) {
    const auto list = person.find("conversations");
    if (list == person.end() || !list->is_array())
        return badValue(0, "conversations");
    std::vector<RowId> out(list->size());
    const auto all = [&]() -> Result<void> {
        // The most recently used one is the first of the file; it is added last and so comes first again.
        for (std::size_t i = list->size(); i-- > 0;) {
            if (stop.stop_requested())
                return fail(kCancelled, "stopped");
            const ordered_json& each = (*list)[i];
            if (!each.is_object() || !each.contains("export"))
                return badValue(i, "export");
            HEARTH_TRY(
                const auto ids,
                store::importJson(
                    history, each["export"].dump(-1, ' ', false, ordered_json::error_handler_t::replace)));
            if (ids.size() != 1)
                return badValue(i, "export");
            out[i] = ids.front();
            const ordered_json draft = each.value("draft", ordered_json("")),
                               trashed = each.value("in_trash", ordered_json(false));
            if (!draft.is_string())
                return badValue(i, "draft");
            if (!trashed.is_boolean())
                return badValue(i, "in_trash");
            if (!draft.get_ref<const std::string&>().empty())
                HEARTH_CHECK(history.saveDraft(out[i], draft.get<std::string>()));
            if (trashed.get<bool>())
                HEARTH_CHECK(history.setTrashed(out[i], true));
        }
        return {};
    };
    HEARTH_CHECK(history.transaction(all));
    return out;
}

} // namespace

Result<void> writeFile(const fs::path& file, const SecureBytes* password,
                       const std::function<Result<void>(const store::TextSink&)>& write) {
    HEARTH_TRY(auto out, AtomicFile::create(file));
    if (!password) {
        HEARTH_CHECK(write([&out](std::string_view text) { return out.write(viewOf(text)); }));
        return out.commit();
    }
    HEARTH_TRY(auto sealer, FileSealer::start(FilePassword{password->bytes(), {}}, kExportContext,
                                              [&out](ByteView bytes) { return out.write(bytes); }));
    HEARTH_CHECK(write([&sealer](std::string_view text) { return sealer.write(viewOf(text)); }));
    HEARTH_CHECK(sealer.finish());
    return out.commit();
}

Result<void> exportChats(store::History& history, std::optional<RowId> conversation,
                         store::ExportFormat format, const fs::path& file, const SecureBytes* password,
                         std::stop_token stop) {
    return writeFile(file, password, [&](const store::TextSink& sink) {
        return store::exportConversations(history, conversation, format, sink, stop);
    });
}

Result<std::vector<RowId>> importChats(store::History& history, const fs::path& file,
                                       const SecureBytes* password, std::stop_token stop) {
    HEARTH_TRY(const std::string json, readText(file, password, stop));
    auto ids = store::importJson(history, json);
    if (ids || ids.error().code != "import.not_ours")
        return ids;
    const ordered_json person = personIn(json);
    return person.is_null() ? std::move(ids) : importPerson(history, person, stop);
}

} // namespace hearth::security
