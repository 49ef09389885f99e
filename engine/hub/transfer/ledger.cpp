#include "engine/hub/transfer/ledger.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "engine/base/json_fields.h"
#include "engine/hub/headers.h"
#include "engine/hub/names.h"
#include "engine/hub/transfer/disk.h"

namespace hearth::hub {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMaxFirstLine = 16 << 10;
constexpr std::uint64_t kLeastChunk = 1 << 10;
constexpr int kFormat = 1;

std::optional<TransferOrigin> parseOrigin(std::string_view line) {
    const auto json = ordered_json::parse(line, nullptr, false);
    if (!json.is_object() || countAt(json, "hearth_part") != kFormat)
        return std::nullopt;
    TransferOrigin origin;
    origin.endpoint = textAt(json, "endpoint");
    origin.repository = textAt(json, "repository");
    origin.revision = textAt(json, "revision");
    origin.file = textAt(json, "file");
    origin.size = countAt(json, "size");
    origin.chunkBytes = countAt(json, "chunk_bytes");
    if (const auto hash = asSha256(textAt(json, "sha256")))
        origin.sha256 = *hash;
    if (const auto hash = asGitSha1(textAt(json, "git_sha1")))
        origin.gitSha1 = *hash;
    if (!checkRepository(origin.repository) || !checkRevision(origin.revision) || !safePath(origin.file) ||
        (origin.sha256.empty() && origin.gitSha1.empty()) || origin.chunkBytes < kLeastChunk ||
        chunkCount(origin.size, origin.chunkBytes) > Ledger::kMaxChunks)
        return std::nullopt;
    return origin;
}

/// Takes the text up to the next blank off the line.
std::string_view word(std::string_view& line) {
    const auto end = std::min(line.find(' '), line.size());
    const auto out = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return out;
}

bool apply(std::string_view line, LedgerContent& content) {
    const auto kind = word(line);
    if (kind == "e") {
        content.servedTag = std::string(word(line));
        content.servedBy = std::string(word(line));
        return !content.servedBy.empty() && line.empty() && content.servedTag.size() <= 256;
    }
    const auto index = parseNumber(word(line));
    if (!index || *index >= content.chunks.size())
        return false;
    auto& chunk = content.chunks[*index];
    const std::uint64_t begin = *index * content.origin.chunkBytes;
    const std::uint64_t length = std::min(content.origin.chunkBytes, content.origin.size - begin);
    if (kind == "d") {
        chunk = {};
        return line.empty();
    }
    if (kind == "p") {
        const auto bytes = parseNumber(line);
        if (!bytes || *bytes > length)
            return false;
        if (!chunk.whole)
            chunk.bytes = *bytes;
        return true;
    }
    if (kind != "c" || !fromHex(line, chunk.hash))
        return false;
    chunk.whole = true;
    chunk.bytes = length;
    return true;
}

} // namespace

std::uint64_t chunkCount(std::uint64_t size, std::uint64_t chunkBytes) {
    return size / chunkBytes + (size % chunkBytes != 0);
}

std::optional<LedgerContent> Ledger::parse(std::string_view bytes) {
    const auto first = bytes.find('\n');
    if (first == std::string_view::npos || first > kMaxFirstLine)
        return std::nullopt;
    auto origin = parseOrigin(bytes.substr(0, first));
    if (!origin)
        return std::nullopt;
    LedgerContent content;
    content.origin = std::move(*origin);
    content.chunks.resize(chunkCount(content.origin.size, content.origin.chunkBytes));
    std::size_t begin = first + 1;
    for (;;) {
        const auto end = bytes.find('\n', begin);
        if (end == std::string_view::npos || !apply(bytes.substr(begin, end - begin), content))
            break;
        begin = end + 1;
    }
    return content;
}

std::optional<LedgerContent> Ledger::read(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error || size > kMaxFile)
        return std::nullopt;
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    return parse(bytes);
}

Result<Ledger> Ledger::create(const std::filesystem::path& file, const TransferOrigin& origin) {
    const int fd =
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return diskError(file, errno, "file.unwritable");
    Ledger ledger(fd, file);
    const ordered_json line{
        {"hearth_part", kFormat},      {"endpoint", origin.endpoint}, {"repository", origin.repository},
        {"revision", origin.revision}, {"file", origin.file},         {"size", origin.size},
        {"sha256", origin.sha256},     {"git_sha1", origin.gitSha1},  {"chunk_bytes", origin.chunkBytes}};
    HEARTH_CHECK(ledger.write(line.dump(-1, ' ', true, ordered_json::error_handler_t::replace) + "\n"));
    return ledger;
}

Result<Ledger> Ledger::append(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return diskError(file, errno, "file.unwritable");
    Ledger ledger(fd, file);
    // Behind a torn line, nothing that is appended could be read.
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto last = bytes.rfind('\n');
    if (last != std::string::npos && last + 1 != bytes.size() &&
        ::ftruncate(fd, static_cast<off_t>(last + 1)) != 0)
        return diskError(file, errno, "file.write_failed");
    return ledger;
}

Ledger::Ledger(Ledger&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1)), m_file(std::move(other.m_file)) {}

Ledger& Ledger::operator=(Ledger&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    std::swap(m_file, other.m_file);
    return *this;
}

Ledger::~Ledger() {
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<void> Ledger::write(const std::string& line) {
    std::size_t done = 0;
    while (done < line.size()) {
        const ssize_t n = ::write(m_fd, line.data() + done, line.size() - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return diskError(m_file, errno, "file.write_failed");
        done += static_cast<std::size_t>(n);
    }
    return {};
}

Result<void> Ledger::progress(std::uint64_t chunk, std::uint64_t bytes) {
    return write("p " + std::to_string(chunk) + " " + std::to_string(bytes) + "\n");
}

Result<void> Ledger::whole(std::uint64_t chunk, const Sha256Digest& hash) {
    return write("c " + std::to_string(chunk) + " " + toHex(hash) + "\n");
}

Result<void> Ledger::wrong(std::uint64_t chunk) {
    return write("d " + std::to_string(chunk) + "\n");
}

Result<void> Ledger::served(const std::string& tag, const std::string& origin) {
    return write("e " + tag + " " + origin + "\n");
}

} // namespace hearth::hub
