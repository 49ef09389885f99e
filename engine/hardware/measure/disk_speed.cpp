#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <string>
#include <system_error>

#include "engine/hardware/measure/parts.h"
#include "engine/hardware/measure/slices.h"
#include "engine/kernels/huge_buffer.h"

namespace hearth::hardware {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSequentialBlock = std::size_t{4} << 20, kRandomBlock = 4096;
constexpr std::size_t kFullBytes = std::size_t{256} << 20, kQuickBytes = std::size_t{64} << 20;
/// Free space that must be left beside the test file.
constexpr std::uintmax_t kSpareFactor = 8;
constexpr double kLongestWrite = 6; ///< seconds; a slow disk is measured on a smaller file

/// A file without a name: gone when it is closed, however the program ends.
class NamelessFile {
public:
    explicit NamelessFile(const fs::path& folder) {
#if defined(O_TMPFILE)
        m_fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
        if (m_fd >= 0)
            return;
        std::string name = (folder / ".hearth-measure-XXXXXX").string();
        m_fd = ::mkostemp(name.data(), O_CLOEXEC);
        if (m_fd >= 0)
            ::unlink(name.c_str());
    }
    NamelessFile(const NamelessFile&) = delete;
    NamelessFile& operator=(const NamelessFile&) = delete;
    ~NamelessFile() {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    [[nodiscard]] int fd() const {
        return m_fd;
    }
    explicit operator bool() const {
        return m_fd >= 0;
    }

    /// Whether reads now go past the cache; otherwise what is cached is dropped, which systems may ignore.
    [[nodiscard]] bool readDirectly() const {
#if defined(O_DIRECT)
        if (::fcntl(m_fd, F_SETFL, O_DIRECT) == 0)
            return true;
#endif
        ::posix_fadvise(m_fd, 0, 0, POSIX_FADV_DONTNEED);
        return false;
    }

private:
    int m_fd = -1;
};

bool writeAll(int fd, const std::byte* data, std::size_t bytes) {
    while (bytes > 0) {
        const ssize_t done = ::write(fd, data, bytes);
        if (done <= 0)
            return false;
        data += done;
        bytes -= static_cast<std::size_t>(done);
    }
    return true;
}

/// Bytes written and durable; 0 where that fails.
std::size_t fill(int fd, std::size_t bytes, std::byte* block, const std::stop_token& stop) {
    std::mt19937_64 random(1); // content that a file system cannot compress
    const auto begin = SliceClock::now();
    std::size_t done = 0;
    while (done < bytes && secondsSince(begin) < kLongestWrite) {
        if (stop.stop_requested())
            return 0;
        auto* words = reinterpret_cast<std::uint64_t*>(block);
        for (std::size_t i = 0; i < kSequentialBlock / sizeof *words; i += 8)
            words[i] = random();
        if (!writeAll(fd, block, kSequentialBlock))
            return 0;
        done += kSequentialBlock;
    }
    return ::fsync(fd) == 0 ? done : 0;
}

/// Bytes per second of reading `block` bytes at the given offsets one after the other; 0 where that fails.
template <class Offset>
double readSpeed(int fd, std::byte* buffer, std::size_t block, std::size_t blocks, double budget,
                 const std::stop_token& stop, const Offset& offset) {
    const auto begin = SliceClock::now();
    std::size_t count = 0;
    for (; count < blocks && (count == 0 || secondsSince(begin) < budget); ++count) {
        if (stop.stop_requested() ||
            ::pread(fd, buffer, block, static_cast<off_t>(offset(count))) != static_cast<ssize_t>(block))
            return 0;
    }
    return static_cast<double>(count * block) / secondsSince(begin);
}

} // namespace

Result<std::optional<DiskRate>> measureDisk(const ProbedFolder& folder, const Bench& bench) {
    const std::size_t wanted = bench.quick ? kQuickBytes : kFullBytes;
    std::error_code error;
    const auto space = fs::space(folder.path, error);
    if (error || space.available < wanted * kSpareFactor)
        return std::nullopt;
    const NamelessFile file(folder.path);
    kernels::HugeBuffer buffer(kSequentialBlock); // aligned as direct I/O wants it
    if (!file || !buffer)
        return std::nullopt;
    const std::size_t bytes = fill(file.fd(), wanted, buffer.data(), bench.stop);
    DiskRate rate{.role = folder.role};
    if (bytes >= kSequentialBlock) {
        rate.direct = file.readDirectly();
        const auto sequential = [](std::size_t i) { return i * kSequentialBlock; };
        rate.sequentialBytesPerSecond =
            readSpeed(file.fd(), buffer.data(), kSequentialBlock, bytes / kSequentialBlock,
                      bench.quick ? 0.5 : 1.5, bench.stop, sequential);
        std::mt19937_64 random(2);
        const auto anywhere = [&](std::size_t) { return random() % (bytes / kRandomBlock) * kRandomBlock; };
        rate.randomBytesPerSecond = readSpeed(file.fd(), buffer.data(), kRandomBlock, 20'000,
                                              bench.quick ? 0.2 : 0.5, bench.stop, anywhere);
    }
    if (bench.stop.stop_requested())
        return fail(kCancelled, "the measurement was cancelled");
    if (rate.sequentialBytesPerSecond <= 0 || rate.randomBytesPerSecond <= 0)
        return std::nullopt;
    return rate;
}

} // namespace hearth::hardware
