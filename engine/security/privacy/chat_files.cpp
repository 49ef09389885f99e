#include "engine/security/privacy/chat_files.h"

#include <string>

#include "engine/base/atomic_file.h"
#include "engine/base/mapped_file.h"
#include "engine/security/crypto/sealed_memory.h"

namespace hearth::security {

namespace fs = std::filesystem;
using store::RowId;

namespace {

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
    return store::importJson(history, json, stop);
}

} // namespace hearth::security
