#include "engine/store/file_lock.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace hearth::store {

Result<FileLock> FileLock::acquire(const std::filesystem::path& database) {
    const std::string name = database.string() + ".lock";
    const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        const int number = errno;
        const bool readOnly = number == EACCES || number == EROFS || number == EPERM;
        return tl::unexpected<Error>(
            Error{readOnly ? "store.read_only" : "store.open_failed", name + ": " + std::strerror(number)}
                .with("path", database.string()));
    }
    FileLock lock(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
        return tl::unexpected<Error>(
            Error{"store.locked", database.string() + " is open in another running program"}.with(
                "path", database.string()));
    return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    return *this;
}

FileLock::~FileLock() {
    if (m_fd >= 0)
        ::close(m_fd);
}

} // namespace hearth::store
