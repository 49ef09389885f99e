#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include "engine/base/atomic_file.h"
#include "engine/base/content_hash.h"

namespace hearth {

/// An atomic file that ends in 32 bytes of SHA-256 over everything before them, so that damage shows.
/// Confined to one thread.
class HashedFile {
public:
    /// Errors: those of AtomicFile, here and below.
    [[nodiscard]] static Result<HashedFile> create(const std::filesystem::path& target);
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
    [[nodiscard]] Result<void> commit(); ///< the hash, then AtomicFile::commit()

private:
    explicit HashedFile(AtomicFile file) : m_file(std::move(file)) {}
    AtomicFile m_file;
    ContentHash m_hash;
};

/// What such a file holds before its hash; nullopt when it is too short or the hash is another.
[[nodiscard]] std::optional<std::span<const std::byte>> hashedContent(std::span<const std::byte> file);

} // namespace hearth
