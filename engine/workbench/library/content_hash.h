#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace hearth::workbench {

/// SHA-256 over bytes that come in pieces. Confined to one thread.
class ContentHash {
public:
    ContentHash();
    ~ContentHash();
    ContentHash(ContentHash&&) noexcept;
    ContentHash& operator=(ContentHash&&) noexcept;

    void add(std::span<const std::byte> bytes);
    /// 64 lower-case hex digits; nothing may be added afterwards. Errors: library.hash_failed (the crypto
    /// library refused).
    [[nodiscard]] Result<std::string> finish();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Called with the bytes read since the last call.
using BytesSink = std::function<void(std::uint64_t bytes)>;

/// SHA-256 of a file's content. Errors: file.not_found, file.unreadable, file.not_regular, base.cancelled.
[[nodiscard]] Result<std::string> hashFile(const std::filesystem::path& path, std::stop_token stop = {},
                                           const BytesSink& read = {});

/// Copies a file's content to a new file in one pass that also hashes it: a temporary name, fsync, rename.
/// Nothing is left at `target` on an error. Returns the sha256. Errors: library.name_taken (arg path),
/// file.disk_full (args needed_bytes, available_bytes), file.*, base.cancelled.
[[nodiscard]] Result<std::string> copyFile(const std::filesystem::path& source,
                                           const std::filesystem::path& target, std::stop_token stop = {},
                                           const BytesSink& copied = {});

[[nodiscard]] bool isSha256(std::string_view text); ///< 64 lower-case hex digits

} // namespace hearth::workbench
