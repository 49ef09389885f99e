#pragma once

#include <filesystem>
#include <memory>

#include "engine/base/error.h"

namespace hearth::store {

/// Exclusive ownership of a database file over all processes: an advisory lock on "NAME.lock" beside it,
/// which the operating system releases when the process ends, however it ends.
class FileLock {
public:
    /// Errors: store.locked, store.read_only, store.open_failed.
    [[nodiscard]] static Result<FileLock> acquire(const std::filesystem::path& database);
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;
    ~FileLock();

private:
    explicit FileLock(int fd) : m_fd(fd) {}
    int m_fd = -1;
};

} // namespace hearth::store
