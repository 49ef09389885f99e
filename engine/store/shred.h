#pragma once

#include <filesystem>

#include "engine/base/error.h"

namespace hearth::store {

/// Overwrites a file's bytes, removes it, and does the same with what SQLite keeps beside it (-wal, -shm,
/// -journal, .lock). A file that is not there is no error. Symbolic links are removed, not followed.
///
/// What it cannot promise: file systems that write elsewhere (copy on write, snapshots) and flash memory may
/// keep the former blocks. What must be unreadable for certain is sealed from the beginning and loses its
/// key. Errors: store.io, store.read_only (arg path).
[[nodiscard]] Result<void> shred(const std::filesystem::path& file);

/// Every file below `folder`, and the folder. The same errors.
[[nodiscard]] Result<void> shredFolder(const std::filesystem::path& folder);

} // namespace hearth::store
