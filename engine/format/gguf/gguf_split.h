#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "engine/format/gguf/gguf_file.h"

namespace hearth::format {

/// The parts of a file name like "model-00002-of-00005.gguf".
struct SplitName {
    std::string prefix;       ///< with the folder: "folder/model"
    std::uint32_t number = 0; ///< from 1
    std::uint32_t count = 0;
};

/// nullopt when `path` is not named like a part of a set (1 ≤ number ≤ count ≤ 99999).
[[nodiscard]] std::optional<SplitName> parseSplitName(const std::filesystem::path& path);

/// The path of part `number` (from 1) of the same set.
[[nodiscard]] std::filesystem::path splitPath(const SplitName& name, std::uint32_t number);

/// GgufFile::parse() over all files of a set in their order. Errors: those of GgufFile::parse,
/// gguf.shard_mismatch.
[[nodiscard]] Result<GgufFile> parseSet(std::span<const std::span<const std::byte>> files);

} // namespace hearth::format
