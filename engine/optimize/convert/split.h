#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"

namespace hearth::optimize {

/// A GGUF file in parts of at most `maxBytes` of tensors each (one tensor is never divided), named
/// PREFIX-00001-of-0000N.gguf. The first part carries the metadata, all carry split.no, split.count and
/// split.tensors.count. On an error the parts written so far are removed. Returns the paths. Progress phase
/// "split", in bytes. Errors: split.one_part (everything fits into one), split.too_many_parts, gguf.*,
/// file.*, base.cancelled.
[[nodiscard]] Result<std::vector<std::filesystem::path>>
splitFile(const std::filesystem::path& source, const std::filesystem::path& prefix, std::uint64_t maxBytes,
          std::stop_token stop = {}, const ProgressSink& progress = {});

/// The parts of a set (any of them given) as one file; the same bytes of every tensor. Progress phase
/// "merge", in bytes. Errors: split.same_file, gguf.*, file.*, base.cancelled.
[[nodiscard]] Result<void> mergeFile(const std::filesystem::path& anyPart,
                                     const std::filesystem::path& target, std::stop_token stop = {},
                                     const ProgressSink& progress = {});

} // namespace hearth::optimize
