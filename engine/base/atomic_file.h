#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "engine/base/error.h"

namespace hearth {

/// Who may read a new file: its owner alone, or whoever the umask lets (for what is no secret: models,
/// figures).
enum class FileAccess { Owner, Umask };

/// Whether a finished file may be put in this place: nothing is there, or a file, or a link to one. A device
/// ("/dev/null"), a pipe or a folder is not replaced. Errors: file.not_regular.
[[nodiscard]] Result<void> checkReplaceable(const std::filesystem::path& target);

/// Writes a file so that readers see the old content or the whole new one, never a part: a temporary in the
/// same folder, fsync, rename, fsync of the folder. An unfinished writer removes its temporary.
/// Confined to one thread.
class AtomicFile {
public:
    /// Errors: file.unwritable, file.not_regular.
    [[nodiscard]] static Result<AtomicFile> create(const std::filesystem::path& target,
                                                   FileAccess access = FileAccess::Owner);
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&&) = delete;
    ~AtomicFile();

    /// Errors: file.disk_full, file.write_failed.
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
    [[nodiscard]] Result<void> write(const std::string& text);
    /// Bytes written so far.
    [[nodiscard]] std::uint64_t size() const { return m_size; }
    /// Makes the content durable and puts it in the target's place. Errors as write().
    [[nodiscard]] Result<void> commit();

private:
    AtomicFile() = default;
    int m_fd = -1;
    std::uint64_t m_size = 0;
    std::filesystem::path m_target, m_temporary;
};

} // namespace hearth
