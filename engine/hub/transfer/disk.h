#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>

#include "engine/base/error.h"

namespace hearth::hub {

/// An errno as an error with the path: file.disk_full, hub.file_too_large (the file system cannot hold so
/// long a file), else `otherwise`.
[[nodiscard]] tl::unexpected<Error> diskError(const std::filesystem::path& path, int number,
                                              const char* otherwise);

/// Bytes that an ordinary user may still write beside `path`; nullopt when nobody knows.
[[nodiscard]] std::optional<std::uint64_t> freeBytesAt(const std::filesystem::path& path);

/// A download in progress: FILE.part, written in any order, locked against other processes while it is open.
/// Confined to one thread; readAt() is safe beside writes of other ranges.
class PartialFile {
public:
    /// Opens or makes it and its folders. Errors: hub.in_use (another program writes it), file.unwritable.
    [[nodiscard]] static Result<PartialFile> open(const std::filesystem::path& target);
    PartialFile(PartialFile&& other) noexcept;
    PartialFile& operator=(PartialFile&& other) noexcept;
    ~PartialFile();

    /// Gives it its whole length on the disk, so that the disk cannot fill up on the way. Errors:
    /// hub.no_space (args needed_bytes, free_bytes; `reserve` of the size is to stay free), file.disk_full,
    /// hub.file_too_large.
    [[nodiscard]] Result<void>
    allocate(std::uint64_t size, double reserve,
             const std::function<std::optional<std::uint64_t>(const std::filesystem::path&)>& freeBytes =
                 freeBytesAt);
    /// Errors: file.disk_full, file.write_failed.
    [[nodiscard]] Result<void> writeAt(std::uint64_t offset, std::span<const std::byte> bytes);
    /// Reads all of `out`. Errors: file.unreadable.
    [[nodiscard]] Result<void> readAt(std::uint64_t offset, std::span<std::byte> out) const;
    /// Makes it durable and puts it in the target's place, never over another file. Errors:
    /// hub.target_exists, file.*.
    [[nodiscard]] Result<void> commit();

    /// Whether it had bytes when it was opened.
    [[nodiscard]] bool hadContent() const { return m_hadContent; }
    /// Moves a partial file of something else (and its ledger) aside, keeping it, and starts an empty one.
    [[nodiscard]] Result<void> setAside();

private:
    PartialFile() = default;
    int m_fd = -1;
    bool m_hadContent = false;
    std::filesystem::path m_target, m_path;
};

} // namespace hearth::hub
