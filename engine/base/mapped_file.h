#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "engine/base/error.h"

namespace hearth {

/// A read-only memory map of a whole regular file. Move-only; the view is valid while the object lives.
/// Thread-safe once opened. A file that shrinks while mapped is the operating system's fault to raise
/// (SIGBUS); callers check the size they need at open.
class MappedFile {
public:
    /// Errors: file.not_found, file.not_regular, file.unreadable, file.empty, file.map_failed.
    [[nodiscard]] static Result<MappedFile> open(const std::filesystem::path& path);

    MappedFile() = default;
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    [[nodiscard]] std::span<const std::byte> bytes() const { return {m_data, m_size}; }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

    /// Tells the kernel that [offset, offset+length) is needed soon, or no longer. Advice only; never fails.
    void willNeed(std::size_t offset, std::size_t length) const;
    void dontNeed(std::size_t offset, std::size_t length) const;

private:
    const std::byte* m_data = nullptr;
    std::size_t m_size = 0;
    std::filesystem::path m_path;
};

} // namespace hearth
