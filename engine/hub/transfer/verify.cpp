#include "engine/hub/transfer/verify.h"

#include <algorithm>
#include <cerrno>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

namespace hearth::hub {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

/// The hash of the whole, of the kind that the origin has.
class WholeHash {
public:
    explicit WholeHash(const TransferOrigin& origin)
        : m_expected(origin.sha256.empty() ? origin.gitSha1 : origin.sha256),
          m_hash(origin.sha256.empty() ? ContentHash::Kind::Sha1 : ContentHash::Kind::Sha256) {
        if (origin.sha256.empty()) {
            const std::string head = "blob " + std::to_string(origin.size);
            m_hash.add(std::as_bytes(std::span(head.c_str(), head.size() + 1))); // with its NUL
        }
    }
    void add(std::span<const std::byte> bytes) { m_hash.add(bytes); }
    [[nodiscard]] bool right() { return m_hash.hex() == m_expected; }

private:
    std::string m_expected;
    ContentHash m_hash;
};

} // namespace

Result<Verdict> verify(const PartialFile& file, const TransferOrigin& origin,
                       const std::vector<ChunkRecord>& chunks, std::stop_token stop,
                       const std::function<void(std::uint64_t)>& progress) {
    Verdict verdict;
    WholeHash whole(origin);
    std::vector<std::byte> block(std::min<std::uint64_t>(kBlock, std::max<std::uint64_t>(origin.size, 1)));
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        const std::uint64_t begin = i * origin.chunkBytes;
        const std::uint64_t end = std::min(begin + origin.chunkBytes, origin.size);
        ContentHash one;
        for (std::uint64_t at = begin; at < end;) {
            if (stop.stop_requested())
                return fail(kCancelled, "stopped while verifying");
            const auto part = std::span(block).first(std::min<std::uint64_t>(block.size(), end - at));
            HEARTH_CHECK(file.readAt(at, part));
            whole.add(part);
            one.add(part);
            at += part.size();
            if (progress)
                progress(at);
        }
        if (one.digest() != chunks[i].hash)
            verdict.badChunks.push_back(i);
    }
    verdict.right = whole.right();
    return verdict;
}

Result<bool> hasContent(const std::filesystem::path& file, const TransferOrigin& origin,
                        std::stop_token stop) {
    std::error_code error;
    if (std::filesystem::file_size(file, error) != origin.size || error)
        return false;
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return diskError(file, errno, "file.unreadable");
    const std::unique_ptr<const int, void (*)(const int*)> closer(&fd,
                                                                  [](const int* open) { ::close(*open); });
    WholeHash whole(origin);
    std::vector<std::byte> block(kBlock);
    for (;;) {
        if (stop.stop_requested())
            return fail(kCancelled, "stopped while verifying");
        const ssize_t n = ::read(fd, block.data(), block.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return diskError(file, errno, "file.unreadable");
        if (n == 0)
            return whole.right();
        whole.add(std::span(block).first(static_cast<std::size_t>(n)));
    }
}

} // namespace hearth::hub
