#include "engine/security/crypto/kept_apart.h"

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/atomic_file.h"

namespace hearth::security {

namespace {

constexpr std::size_t kSmall = 64 * 1024;

tl::unexpected<Error> systemError(const char* code, const std::filesystem::path& path, int number) {
    return tl::unexpected<Error>(
        Error{code, path.string() + ": " + std::strerror(number)}.with("path", path.string()));
}

} // namespace

Result<HeldLock> HeldLock::wait(const std::filesystem::path& file, std::chrono::milliseconds patience) {
    const std::filesystem::path name = file.string() + ".lock";
    const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return systemError("file.unwritable", name, errno);
    HeldLock lock(fd);
    const auto until = std::chrono::steady_clock::now() + patience;
    // flock() itself has no time limit. Others hold the lock for a few milliseconds.
    while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return systemError("file.unwritable", name, errno);
        if (std::chrono::steady_clock::now() >= until)
            return tl::unexpected<Error>(
                Error{"store.locked", file.string() + " is held by another running program"}.with(
                    "path", file.string()));
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return lock;
}

HeldLock::HeldLock(HeldLock&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}

HeldLock::~HeldLock() {
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<std::optional<std::string>> readSmallFile(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT)
        return std::nullopt;
    if (fd < 0)
        return systemError("file.unreadable", file, errno);
    struct stat info {};
    std::string out(kSmall, '\0');
    const bool regular = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    const ssize_t got = regular ? ::pread(fd, out.data(), out.size(), 0) : 0;
    const int number = errno;
    ::close(fd);
    if (!regular)
        return fail("file.not_regular", file.string() + " is not a regular file");
    if (got < 0)
        return systemError("file.unreadable", file, number);
    out.resize(static_cast<std::size_t>(got));
    return out;
}

Result<void> writeSmallFile(const std::filesystem::path& file, const std::string& text) {
    HEARTH_TRY(AtomicFile out, AtomicFile::create(file));
    HEARTH_CHECK(out.write(text));
    return out.commit();
}

} // namespace hearth::security
