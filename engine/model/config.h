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

/// How rotary frequencies are stretched beyond the trained context. LongRope takes a divisor per frequency
/// from the tensors rope_factors_long / rope_factors_short.
enum class RopeScaling { None, Linear, Yarn, LongRope };

struct RopeConfig {
    std::size_t dimensions = 0;            ///< rotated dimensions of a head
    float base = 10000, localBase = 10000; ///< localBase for sliding-window layers (gemma3)
    /// Windowed layers have a table of their own: localBase, without scaling (gemma3).
    bool separateLocal = false;
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

    /// Every number is checked against the range that the engine can compute with. Errors:
    /// model.unsupported_family (arg family), model.missing_key (arg key), model.bad_value (args key, value,
    /// min, max).
    [[nodiscard]] static Result<ModelConfig> fromGguf(const format::GgufFile& file);
};

} // namespace hearth::model
