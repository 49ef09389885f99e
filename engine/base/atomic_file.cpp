#include "engine/base/atomic_file.h"

#include <cerrno>
#include <cstring>
#include <random>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace hearth {

namespace {

tl::unexpected<Error> systemError(const std::filesystem::path& path, int number, const char* fallback) {
    const char* code = number == ENOSPC || number == EDQUOT ? "file.disk_full" : fallback;
    return tl::unexpected<Error>(
        Error{code, path.string() + ": " + std::strerror(number)}.with("path", path.string()));
}

} // namespace

Result<void> checkReplaceable(const std::filesystem::path& target) {
    std::error_code error;
    const auto there = std::filesystem::status(target, error);
    if (error || !std::filesystem::exists(there) || std::filesystem::is_regular_file(there))
        return {};
    return tl::unexpected<Error>(
        Error{"file.not_regular", target.string() + " is not a regular file"}.with("path", target.string()));
}

Result<AtomicFile> AtomicFile::create(const std::filesystem::path& target, FileAccess access) {
    HEARTH_CHECK(checkReplaceable(target));
    AtomicFile file;
    file.m_target = target;
    // mkostemp() makes every file the owner's alone, and asking for the umask changes it for other threads.
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
    const mode_t mode = access == FileAccess::Owner ? 0600 : 0666;
    std::random_device random;
    do {
        std::string name = target.string() + ".";
        for (int i = 0; i < 6; ++i)
            name += kLetters[random() % kLetters.size()];
        file.m_fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (file.m_fd >= 0)
            file.m_temporary = std::move(name);
    } while (file.m_fd < 0 && errno == EEXIST);
    if (file.m_fd < 0)
        return systemError(target, errno, "file.unwritable");
    return file;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1)), m_size(other.m_size), m_target(std::move(other.m_target)),
      m_temporary(std::exchange(other.m_temporary, {})) {}

AtomicFile::~AtomicFile() {
    if (m_fd >= 0)
        ::close(m_fd);
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(m_fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return systemError(m_target, errno, "file.write_failed");
        m_size += static_cast<std::uint64_t>(n);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

Result<void> AtomicFile::write(const std::string& text) {
    return write(std::as_bytes(std::span(text.data(), text.size())));
}

Result<void> AtomicFile::commit() {
    if (::fsync(m_fd) != 0)
        return systemError(m_target, errno, "file.write_failed");
    ::close(std::exchange(m_fd, -1));
    if (::rename(m_temporary.c_str(), m_target.c_str()) != 0)
        return systemError(m_target, errno, "file.write_failed");
    m_temporary.clear();
    const auto folder = m_target.has_parent_path() ? m_target.parent_path() : std::filesystem::path(".");
    if (const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); fd >= 0) {
        ::fsync(fd);
        ::close(fd);
    }
    return {};
}

} // namespace hearth
