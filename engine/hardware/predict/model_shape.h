#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/model/config.h"
#include "engine/tensor/dtype.h"

namespace hearth::format {
class GgufFile;
}

namespace hearth::hardware {

/// Matrices of equal size and type that play the same part.
struct WeightGroup {
    enum class Part { Embedding, Attention, FeedForward, Router, Experts, Output };
    Part part = Part::Attention;
    DType type = DType::F32;
    std::size_t rows = 0, cols = 0, count = 1; ///< count over all layers; of Experts, every expert counts
    [[nodiscard]] std::uint64_t elements() const { return std::uint64_t{rows} * cols * count; }
};

/// What has to be known about a model to predict it. Built from the catalogue's facts or from a GGUF header.
struct ModelShape {
    std::string id;              ///< of the catalogue ("qwen3-8b") or the file's name
    model::ModelConfig config;   ///< family, sizes, windows; `family` may be one that the engine does not run
    bool runnable = true;        ///< the engine has this family
    bool gated = true;           ///< the feed-forward has a gate: three matrices, not two
    bool fusedQkv = false;       ///< one tensor for queries, keys and values (what mixes look at)
    std::size_t denseLayers = 0; ///< leading layers without experts, feedForward wide
    std::size_t sharedFeedForward = 0;      ///< width of the expert that every token passes
    std::vector<WeightGroup> weights;       ///< of one quantisation; empty until one is chosen
    std::uint64_t vectorElements = 0;       ///< norms and biases, float32 in memory
    std::string quantisation;               ///< "Q4_K_M"
    std::optional<std::uint64_t> fileBytes; ///< of a GGUF that exists
};

/// Of a file's table of contents; weights are not touched. Errors: gguf.*, file.*, model.*.
[[nodiscard]] Result<ModelShape> shapeOf(const format::GgufFile& file);

/// The shape with every matrix in the type that the mix gives it ("Q4_K_M", see format/gguf/quant_mix.h).
/// Errors: predict.unknown_type (arg type).
[[nodiscard]] Result<ModelShape> quantised(const ModelShape& shape, std::string_view mix);

/// Parameters that the shape implies (matrices, norms, biases), and those that one token is multiplied with:
/// without the experts it does not pass and without an embedding table that only gives a row.
[[nodiscard]] std::uint64_t parametersOf(const ModelShape& shape);
[[nodiscard]] std::uint64_t activeParametersOf(const ModelShape& shape);
/// Bytes of the tensors in a file of this quantisation.
[[nodiscard]] std::uint64_t fileBytesOf(const ModelShape& shape);

} // namespace hearth::hardware
