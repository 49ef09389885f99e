#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/content_hash.h"
#include "engine/base/error.h"

namespace hearth::hub {

/// What an unfinished download is of: the first line of its ledger.
struct TransferOrigin {
    std::string endpoint; ///< the hub's address
    std::string repository;
    std::string revision; ///< pinned
    std::string file;
    std::uint64_t size = 0;
    std::string sha256, gitSha1; ///< of the whole; at least one
    std::uint64_t chunkBytes = 0;

    /// Whether both are of one content, whatever place it comes from.
    [[nodiscard]] bool sameContent(const TransferOrigin& other) const {
        return size == other.size && sha256 == other.sha256 && gitSha1 == other.gitSha1;
    }
};

/// How much of one chunk is in the partial file. `bytes` is everything when `whole`.
struct ChunkRecord {
    bool whole = false;
    std::uint64_t bytes = 0;
    Sha256Digest hash{}; ///< of the whole chunk as it came from the network
};

struct LedgerContent {
    TransferOrigin origin;
    std::vector<ChunkRecord> chunks;
    std::string servedTag, servedBy; ///< ETag of who sends the bytes, and its origin
};

/// The sidecar of a partial file: a JSON line that says what it is, then a line for every step, only ever
/// appended, so that a program killed at any moment leaves a readable one.
///
///   p CHUNK BYTES   the first BYTES bytes of the chunk are in the partial file
///   c CHUNK SHA256  the whole chunk is
///   d CHUNK         the chunk turned out wrong
///   e TAG ORIGIN    the server's ETag
///
/// Confined to one thread.
class Ledger {
public:
    static constexpr std::uint64_t kMaxFile = std::uint64_t{256} << 20;
    static constexpr std::uint64_t kMaxChunks = std::uint64_t{1} << 20;

    /// Starts one anew. Errors: file.unwritable, file.disk_full, file.write_failed.
    [[nodiscard]] static Result<Ledger> create(const std::filesystem::path& file,
                                               const TransferOrigin& origin);
    /// Opens one for appending; a torn last line is cut off. Errors: as create().
    [[nodiscard]] static Result<Ledger> append(const std::filesystem::path& file);
    /// nullopt when there is none, or it is none of ours.
    [[nodiscard]] static std::optional<LedgerContent> read(const std::filesystem::path& file);
    /// The same of the file's bytes. Whatever follows a line that makes no sense is ignored.
    [[nodiscard]] static std::optional<LedgerContent> parse(std::string_view text);

    Ledger(Ledger&& other) noexcept;
    Ledger& operator=(Ledger&& other) noexcept;
    ~Ledger();

    [[nodiscard]] Result<void> progress(std::uint64_t chunk, std::uint64_t bytes);
    [[nodiscard]] Result<void> whole(std::uint64_t chunk, const Sha256Digest& hash);
    [[nodiscard]] Result<void> wrong(std::uint64_t chunk);
    [[nodiscard]] Result<void> served(const std::string& tag, const std::string& origin);

private:
    Ledger(int fd, std::filesystem::path file) : m_fd(fd), m_file(std::move(file)) {}
    [[nodiscard]] Result<void> write(const std::string& line);
    int m_fd = -1;
    std::filesystem::path m_file;
};

[[nodiscard]] std::uint64_t chunkCount(std::uint64_t size, std::uint64_t chunkBytes);

} // namespace hearth::hub
