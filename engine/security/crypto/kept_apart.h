#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "engine/base/error.h"

namespace hearth::security {

/// Small files that hold what a database must agree with (its newest state, signed), kept apart from it so
/// that an older or shorter database does not go unnoticed.

/// Exclusive over all processes while it lives; waits for others. Released when the process ends, however.
class HeldLock {
public:
    /// On "FILE.lock". Errors: store.locked (after `patience`), file.unwritable.
    [[nodiscard]] static Result<HeldLock> wait(const std::filesystem::path& file,
                                               std::chrono::milliseconds patience = std::chrono::seconds(10));
    HeldLock(HeldLock&& other) noexcept;
    HeldLock& operator=(HeldLock&&) = delete;
    ~HeldLock();

private:
    explicit HeldLock(int fd) : m_fd(fd) {}
    int m_fd;
};

/// nullopt when there is no file. At most 64 KiB are read. Errors: file.unreadable, file.not_regular.
[[nodiscard]] Result<std::optional<std::string>> readSmallFile(const std::filesystem::path& file);
/// Durable and whole or not at all; for its owner only. Errors: file.*.
[[nodiscard]] Result<void> writeSmallFile(const std::filesystem::path& file, const std::string& text);

} // namespace hearth::security
