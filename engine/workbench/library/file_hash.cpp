#include "engine/workbench/library/file_hash.h"

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/atomic_file.h"
#include "engine/base/content_hash.h"

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;

// Large enough that system calls cost nothing, small enough that a stop is felt at once.
constexpr std::size_t kPiece = std::size_t{1} << 20;

struct Descriptor {
    int fd = -1;
    ~Descriptor() {
        if (fd >= 0)
            ::close(fd);
    }
};

tl::unexpected<Error> cannotRead(const fs::path& path, int number) {
    const char* code = number == ENOENT || number == ENOTDIR ? "file.not_found" : "file.unreadable";
    return tl::unexpected<Error>(
        Error{code, path.string() + ": " + std::strerror(number)}.with("path", path.string()));
}

Result<std::string> finish(ContentHash& hash) {
    std::string hex = hash.hex();
    if (hex.empty())
        return fail("library.hash_failed", "the crypto library could not compute SHA-256");
    return hex;
}

} // namespace

Result<void> readPieces(const fs::path& path, std::stop_token stop,
                        const std::function<Result<void>(std::span<const std::byte>)>& piece) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.fd < 0)
        return cannotRead(path, errno);
    struct stat facts {};
    if (::fstat(file.fd, &facts) != 0)
        return cannotRead(path, errno);
    if (!S_ISREG(facts.st_mode))
        return tl::unexpected<Error>(
            Error{"file.not_regular", path.string() + " is no regular file"}.with("path", path.string()));
    static_cast<void>(::posix_fadvise(file.fd, 0, 0, POSIX_FADV_SEQUENTIAL));
    std::vector<std::byte> buffer(kPiece);
    for (;;) {
        if (stop.stop_requested())
            return fail(kCancelled, "reading " + path.string() + " was stopped");
        const ssize_t n = ::read(file.fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cannotRead(path, errno);
        if (n == 0)
            return {};
        HEARTH_CHECK(piece(std::span(buffer).first(static_cast<std::size_t>(n))));
    }
}

Result<std::string> hashFile(const fs::path& path, std::stop_token stop, const BytesSink& read) {
    ContentHash hash;
    HEARTH_CHECK(readPieces(path, std::move(stop), [&](std::span<const std::byte> bytes) -> Result<void> {
        hash.add(bytes);
        if (read)
            read(bytes.size());
        return {};
    }));
    return finish(hash);
}

Result<void> checkRoom(const fs::path& target, std::uint64_t bytes) {
    std::error_code error;
    const auto space = fs::space(target.parent_path(), error);
    if (error || space.available >= bytes)
        return {};
    return tl::unexpected<Error>(Error{"file.disk_full", target.string() + " needs " + std::to_string(bytes) +
                                                             " bytes, and " +
                                                             std::to_string(space.available) + " are free"}
                                     .with("path", target.string())
                                     .with("needed_bytes", std::to_string(bytes))
                                     .with("available_bytes", std::to_string(space.available)));
}

Result<std::string> copyFile(const fs::path& source, const fs::path& target, std::stop_token stop,
                             const BytesSink& copied) {
    std::error_code error;
    if (fs::exists(target, error))
        return tl::unexpected<Error>(
            Error{"library.name_taken", target.string() + " is there already"}.with("path", target.string()));
    const auto bytes = fs::file_size(source, error);
    if (error)
        return cannotRead(source, error.value());
    HEARTH_CHECK(checkRoom(target, bytes));
    HEARTH_TRY(AtomicFile out, AtomicFile::create(target, FileAccess::Umask));
    ContentHash hash;
    HEARTH_CHECK(readPieces(source, std::move(stop), [&](std::span<const std::byte> piece) -> Result<void> {
        hash.add(piece);
        HEARTH_CHECK(out.write(piece));
        if (copied)
            copied(piece.size());
        return {};
    }));
    HEARTH_TRY(std::string digest, finish(hash));
    HEARTH_CHECK(out.commit());
    return digest;
}

bool isSha256(std::string_view text) {
    if (text.size() != 64)
        return false;
    for (const char c : text)
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    return true;
}

} // namespace hearth::workbench
