#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace hearth::workbench {

/// Called with the bytes read since the last call.
using BytesSink = std::function<void(std::uint64_t bytes)>;

/// SHA-256 of a file's content. Errors: file.not_found, file.unreadable, file.not_regular, base.cancelled.
[[nodiscard]] Result<std::string> hashFile(const std::filesystem::path& path, std::stop_token stop = {},
                                           const BytesSink& read = {});

/// Hands the content of a file over in pieces of at most a megabyte. Errors: as hashFile(), those of `piece`.
[[nodiscard]] Result<void> readPieces(const std::filesystem::path& path, std::stop_token stop,
                                      const std::function<Result<void>(std::span<const std::byte>)>& piece);

/// Whether the disk of a file to be written has room for it, as far as that can be told. Errors:
/// file.disk_full (args needed_bytes, available_bytes).
[[nodiscard]] Result<void> checkRoom(const std::filesystem::path& target, std::uint64_t bytes);

/// Copies a file's content to a new file in one pass that also hashes it: a temporary name, fsync, rename.
/// Nothing is left at `target` on an error. Returns the sha256. Errors: library.name_taken (arg path),
/// file.disk_full (args needed_bytes, available_bytes), file.*, base.cancelled.
[[nodiscard]] Result<std::string> copyFile(const std::filesystem::path& source,
                                           const std::filesystem::path& target, std::stop_token stop = {},
                                           const BytesSink& copied = {});

[[nodiscard]] bool isSha256(std::string_view text); ///< 64 lower-case hex digits

} // namespace hearth::workbench
