#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "engine/base/error.h"

namespace hearth::store {

/// What can be told about a history without its key: numbers and times, never texts.
struct HistoryContents {
    std::int64_t conversations = 0; ///< outside the trash
    std::int64_t trashed = 0;
    std::int64_t messages = 0;                   ///< of all branches
    std::optional<std::int64_t> firstMs, lastMs; ///< of the messages; Unix time
    std::uint64_t bytes = 0;                     ///< of the file and its log
    bool sealed = false;
};

/// Looks a history file over, which may be open elsewhere, and changes nothing. Errors: those that
/// History::open() lists for a file.
[[nodiscard]] Result<HistoryContents> contentsOf(const std::filesystem::path& file);

/// Writes a whole copy of a history that may be open and written to meanwhile; what was acknowledged before
/// the call is in it. Texts stay as they are, sealed or not. `to` appears under its name only when it is
/// whole, for its owner only. Errors: those that History::open() lists for a file, store.backup_failed.
[[nodiscard]] Result<void> snapshot(const std::filesystem::path& file, const std::filesystem::path& to);

} // namespace hearth::store
