#include "engine/store/shred.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/store/inspect.h"

namespace hearth::store {

namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> systemError(const fs::path& path, int number) {
    const bool refused = number == EACCES || number == EROFS || number == EPERM;
    return tl::unexpected<Error>(
        Error{refused ? "store.read_only" : "store.io", path.string() + ": " + std::strerror(number)}.with(
            "path", path.string()));
}

Result<void> overwrite(const fs::path& file) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ELOOP ? Result<void>() : systemError(file, errno);
    struct stat info {};
    int failed = ::fstat(fd, &info) != 0 ? errno : 0;
    // Another name of the same bytes may be somebody's backup: then only this name goes.
    if (!failed && S_ISREG(info.st_mode) && info.st_nlink == 1) {
        static constexpr std::array<char, 65536> kZeros{};
        for (off_t at = 0; at < info.st_size && !failed;) {
            const auto part =
                std::min<std::size_t>(kZeros.size(), static_cast<std::size_t>(info.st_size - at));
            const ssize_t n = ::pwrite(fd, kZeros.data(), part, at);
            if (n <= 0 && errno != EINTR)
                failed = n < 0 ? errno : EIO;
            at += std::max<ssize_t>(n, 0);
        }
        if (!failed && ::fsync(fd) != 0)
            failed = errno;
    }
    ::close(fd);
    return failed ? systemError(file, failed) : Result<void>();
}

} // namespace

Result<void> shred(const fs::path& file) {
    for (const char* suffix : {"", "-wal", "-shm", "-journal", ".lock"}) {
        const fs::path each = besides(file, suffix);
        struct stat info {};
        if (::lstat(each.c_str(), &info) != 0)
            continue;
        if (S_ISREG(info.st_mode))
            if (auto done = overwrite(each); !done)
                return done;
        if (::unlink(each.c_str()) != 0 && errno != ENOENT)
            return systemError(each, errno);
    }
    return {};
}

Result<void> shredFolder(const fs::path& folder) {
    std::error_code error;
    if (fs::is_symlink(folder, error) || !fs::is_directory(folder, error))
        return {};
    std::vector<fs::path> entries;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        entries.push_back(it->path());
    if (error)
        return systemError(folder, error.value());
    for (const fs::path& entry : entries) {
        const bool inner = !fs::is_symlink(entry, error) && fs::is_directory(entry, error);
        if (auto done = inner ? shredFolder(entry) : shred(entry); !done)
            return done;
    }
    if (::rmdir(folder.c_str()) != 0 && errno != ENOENT)
        return systemError(folder, errno);
    return {};
}

} // namespace hearth::store
