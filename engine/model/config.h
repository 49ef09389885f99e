#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace hearth::format {
class GgufFile;
}

namespace hearth::model {

enum class RopeScaling { None, Linear, Yarn };

struct RopeConfig {
    std::size_t dimensions = 0; ///< rotated dimensions of a head
    float base = 10000, localBase = 10000; ///< localBase for sliding-window layers (gemma3)
    RopeScaling scaling = RopeScaling::None;
    float factor = 1, attentionFactor = 1;
    std::size_t originalContext = 0;
    float betaFast = 32, betaSlow = 1;
    bool interleaved = false;
};

/// The shape of a model, from `{arch}.*` metadata, checked against the tensors. Sizes in elements.
struct ModelConfig {
    std::string family; ///< "llama", "qwen2", …
    std::string name;
    std::size_t layers = 0, dim = 0, heads = 0, kvHeads = 0, headDim = 0, valueDim = 0, feedForward = 0;
    std::size_t vocabulary = 0, trainedContext = 0;
    std::size_t experts = 0, expertsUsed = 0, expertFeedForward = 0;
    float normEpsilon = 1e-5F;
    std::size_t slidingWindow = 0;
    std::vector<bool> windowedLayer; ///< per layer: uses slidingWindow
    float attentionSoftcap = 0, finalSoftcap = 0, attentionScale = 0, embeddingScale = 1;
    bool tiedEmbeddings = false;
    RopeConfig rope;
    std::uint64_t parameters = 0;

    /// Errors: model.unsupported_family, model.missing_key, model.bad_value.
    [[nodiscard]] static Result<ModelConfig> fromGguf(const format::GgufFile& file);
};

} // namespace hearth::model
