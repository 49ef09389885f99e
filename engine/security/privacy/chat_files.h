#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "engine/base/error.h"
#include "engine/security/crypto/secure_bytes.h"
#include "engine/store/transfer.h"

namespace hearth::security {

/// Chats to files and back, readable or sealed with a password. Whether somebody may is asked before. Use on
/// the history's thread.

/// Writes what `write` gives to `file`, which appears whole or not at all; sealed with the password where
/// there is one, under kExportContext. Errors: those of AtomicFile, FileSealer and
/// `write`.
[[nodiscard]] Result<void> writeFile(const std::filesystem::path& file, const SecureBytes* password,
                                     const std::function<Result<void>(const store::TextSink&)>& write);

/// Writes one conversation, or with nullopt all that are not in the trash. Errors: those of writeFile() and
/// store::exportConversations().
[[nodiscard]] Result<void> exportChats(store::History& history, std::optional<store::RowId> conversation,
                                       store::ExportFormat format, const std::filesystem::path& file,
                                       const SecureBytes* password, std::stop_token stop = {});

/// Files above this are refused: nobody writes so much.
inline constexpr std::uint64_t kMostImportBytes = std::uint64_t{1} << 30;

/// Adds the chats of a file, all or none, and returns their ids: of an export as above in JSON, or of
/// everything about a person (exportPerson()), whose trash stays trash and whose drafts come along.
/// Errors: crypto.needs_password (it is sealed and there is no password), import.too_large (args found,
/// most), file.*, those of readSealedFile() and store::importJson().
[[nodiscard]] Result<std::vector<store::RowId>> importChats(store::History& history,
                                                            const std::filesystem::path& file,
                                                            const SecureBytes* password,
                                                            std::stop_token stop = {});

} // namespace hearth::security
