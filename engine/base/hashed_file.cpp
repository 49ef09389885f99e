#include "engine/base/hashed_file.h"

#include <algorithm>

namespace hearth {

Result<HashedFile> HashedFile::create(const std::filesystem::path& target) {
    HEARTH_TRY(AtomicFile file, AtomicFile::create(target));
    return HashedFile(std::move(file));
}

Result<void> HashedFile::write(std::span<const std::byte> bytes) {
    m_hash.add(bytes);
    return m_file.write(bytes);
}

Result<void> HashedFile::commit() {
    const Sha256Digest digest = m_hash.digest();
    HEARTH_CHECK(m_file.write(std::as_bytes(std::span(digest))));
    return m_file.commit();
}

std::optional<std::span<const std::byte>> hashedContent(std::span<const std::byte> file) {
    if (file.size() < sizeof(Sha256Digest))
        return std::nullopt;
    const auto content = file.first(file.size() - sizeof(Sha256Digest));
    ContentHash hash;
    hash.add(content);
    const Sha256Digest digest = hash.digest();
    if (!std::ranges::equal(std::as_bytes(std::span(digest)), file.last(sizeof(Sha256Digest))))
        return std::nullopt;
    return content;
}

} // namespace hearth
