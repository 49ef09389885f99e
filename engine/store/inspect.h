#pragma once

#include <filesystem>
#include <span>

#include "engine/base/error.h"
#include "engine/store/schema.h"

namespace hearth::store {

/// Looks a history file over without changing one byte of it or of its log: what it is, whether SQLite finds
/// its pages whole, whether its log is its own, whether its schema is what its version says. Returns that
/// version. Errors: those that History::open() lists for a file.
[[nodiscard]] Result<int> inspect(const std::filesystem::path& file, std::span<const Migration> steps);

/// Whether a write-ahead log begins with a header whose checksum is right
/// (https://www.sqlite.org/fileformat2.html, section 4.1). SQLite silently starts a log without one anew.
[[nodiscard]] bool hasWholeWalHeader(const std::filesystem::path& wal);

/// "NAME-wal", "NAME-shm", "NAME-journal": the files that SQLite keeps beside a database.
[[nodiscard]] std::filesystem::path besides(const std::filesystem::path& file, const char* suffix);
/// The size of a file; 0 when it is not there.
[[nodiscard]] std::uint64_t sizeOf(const std::filesystem::path& file);

} // namespace hearth::store
