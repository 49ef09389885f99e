#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/progress.h"

namespace hearth::format {

/// Dimensions of a random-weight Llama-architecture model for measuring speed without a download.
struct SyntheticShape {
    std::string_view name; ///< "1b"
    std::uint32_t dim, layers, heads, kvHeads, feedForward, vocabulary, context;
};

/// 0.5b, 1b, 3b, 8b: the sizes of widely used models (vocabulary 32000, output not tied); tiny: for tests.
[[nodiscard]] std::span<const SyntheticShape> syntheticShapes();
[[nodiscard]] const SyntheticShape* findSyntheticShape(std::string_view name);

/// Writes such a model: random weights of the mix `mixName` (see quant_mix.h), norms of one, and a
/// SentencePiece-style vocabulary of plain letters, so that every program can load it. The same arguments
/// give the same file. Progress phase "synthesize", in bytes. Errors: synthesize.unknown_type,
/// base.cancelled, and those of GgufWriter.
[[nodiscard]] Result<void> writeSyntheticModel(const SyntheticShape& shape, std::string_view mixName,
                                               const std::filesystem::path& target, std::uint64_t seed = 1,
                                               std::stop_token stop = {}, const ProgressSink& progress = {});

} // namespace hearth::format
