#include "engine/hub/transfer/disk.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "engine/hub/transfer/partial_names.h"

namespace hearth::hub {

namespace fs = std::filesystem;

tl::unexpected<Error> diskError(const fs::path& path, int number, const char* otherwise) {
    const char* code = number == ENOSPC || number == EDQUOT ? "file.disk_full"
                       : number == EFBIG                    ? "hub.file_too_large"
                                                            : otherwise;
    return tl::unexpected<Error>(
        Error{code, path.string() + ": " + std::strerror(number)}.with("path", path.string()));
}

std::optional<std::uint64_t> freeBytesAt(const fs::path& path) {
    struct statvfs info {};
    if (::statvfs(path.c_str(), &info) != 0)
        return std::nullopt;
    return std::uint64_t{info.f_bavail} * info.f_frsize;
}

Result<PartialFile> PartialFile::open(const fs::path& target) {
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    if (error)
        return diskError(target.parent_path(), error.value(), "file.unwritable");
    PartialFile file;
    file.m_target = target;
    file.m_path = partialOf(target);
    // The one that is locked must be the one that has the name: another program may just have finished it.
    for (int attempt = 0; attempt < 10; ++attempt) {
        const int fd = ::open(file.m_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (fd < 0)
            return diskError(file.m_path, errno, "file.unwritable");
        if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
            ::close(fd);
            return tl::unexpected<Error>(
                Error{"hub.in_use", target.string() + " is being downloaded by another program"}.with(
                    "path", target.string()));
        }
        struct stat held {
        }, named{};
        if (::fstat(fd, &held) == 0 && ::stat(file.m_path.c_str(), &named) == 0 &&
            held.st_ino == named.st_ino && held.st_dev == named.st_dev) {
            file.m_fd = fd;
            file.m_hadContent = held.st_size > 0;
            return file;
        }
        ::close(fd);
    }
    return tl::unexpected<Error>(Error{"hub.in_use", target.string()}.with("path", target.string()));
}

PartialFile::PartialFile(PartialFile&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1)), m_hadContent(other.m_hadContent),
      m_target(std::move(other.m_target)), m_path(std::move(other.m_path)) {}

PartialFile& PartialFile::operator=(PartialFile&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    std::swap(m_hadContent, other.m_hadContent);
    std::swap(m_target, other.m_target);
    std::swap(m_path, other.m_path);
    return *this;
}

PartialFile::~PartialFile() {
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<void>
PartialFile::allocate(std::uint64_t size, double reserve,
                      const std::function<std::optional<std::uint64_t>(const fs::path&)>& freeBytes) {
    struct stat info {};
    if (::fstat(m_fd, &info) != 0)
        return diskError(m_path, errno, "file.unwritable");
    const auto has = static_cast<std::uint64_t>(info.st_blocks) * 512;
    const std::uint64_t missing = size > has ? size - has : 0;
    const std::uint64_t needed = missing + static_cast<std::uint64_t>(static_cast<double>(size) * reserve);
    if (const auto free = freeBytes(m_target.parent_path()); missing > 0 && free && *free < needed)
        return tl::unexpected<Error>(Error{"hub.no_space", std::to_string(needed) + " bytes are needed, " +
                                                               std::to_string(*free) + " are free"}
                                         .with("path", m_target.parent_path().string())
                                         .with("needed_bytes", std::to_string(needed))
                                         .with("free_bytes", std::to_string(*free)));
    const auto length = static_cast<off_t>(size);
    if (info.st_size > length && ::ftruncate(m_fd, length) != 0)
        return diskError(m_path, errno, "file.write_failed");
    if (size == 0 || ::fallocate(m_fd, 0, 0, length) == 0)
        return {};
    if (errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL)
        return diskError(m_path, errno, "file.write_failed");
    if (::ftruncate(m_fd, length) != 0) // this disk gives blocks when they are written
        return diskError(m_path, errno, "file.write_failed");
    return {};
}

Result<void> PartialFile::writeAt(std::uint64_t offset, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::pwrite(m_fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return diskError(m_path, errno, "file.write_failed");
        offset += static_cast<std::uint64_t>(n);
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

Result<void> PartialFile::readAt(std::uint64_t offset, std::span<std::byte> out) const {
    while (!out.empty()) {
        const ssize_t n = ::pread(m_fd, out.data(), out.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return diskError(m_path, n < 0 ? errno : EIO, "file.unreadable");
        offset += static_cast<std::uint64_t>(n);
        out = out.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

Result<void> PartialFile::commit() {
    if (::fsync(m_fd) != 0)
        return diskError(m_path, errno, "file.write_failed");
    int failed =
        ::renameat2(AT_FDCWD, m_path.c_str(), AT_FDCWD, m_target.c_str(), RENAME_NOREPLACE) == 0 ? 0 : errno;
    if (failed == EINVAL || failed == ENOSYS) { // a file system without that promise
        std::error_code error;
        if (fs::exists(fs::symlink_status(m_target, error)))
            failed = EEXIST;
        else
            failed = ::rename(m_path.c_str(), m_target.c_str()) == 0 ? 0 : errno;
    }
    if (failed == EEXIST)
        return tl::unexpected<Error>(
            Error{"hub.target_exists", m_target.string() + " exists and is another file"}.with(
                "path", m_target.string()));
    if (failed != 0)
        return diskError(m_target, failed, "file.write_failed");
    if (const int folder = ::open(m_target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    std::error_code ignored;
    fs::remove(ledgerOf(m_target), ignored);
    return {};
}

Result<void> PartialFile::setAside() {
    std::error_code error;
    for (int i = 1; i < 1000; ++i) {
        const fs::path other = m_target.string() + ".kept-" + std::to_string(i);
        if (fs::exists(fs::symlink_status(other, error)))
            continue;
        fs::rename(m_path, other, error);
        if (error)
            return diskError(m_path, error.value(), "file.write_failed");
        const fs::path ledger = ledgerOf(m_target);
        if (fs::exists(ledger, error))
            fs::rename(ledger, other.string() + ".log", error);
        HEARTH_TRY(PartialFile fresh, PartialFile::open(m_target));
        *this = std::move(fresh);
        return {};
    }
    return tl::unexpected<Error>(Error{"file.unwritable", m_path.string()}.with("path", m_path.string()));
}

} // namespace hearth::hub
