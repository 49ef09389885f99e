#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"

namespace hearth::format {
class GgufWriter;
}

namespace hearth::optimize {

/// Inside of optimize/convert: what a Hugging Face configuration says, in the terms of GGUF.
struct Architecture {
    std::string name; ///< general.architecture
    std::uint32_t layers = 0, dim = 0, heads = 0, kvHeads = 0, headDim = 0, feedForward = 0, context = 0;
    std::uint32_t vocabulary = 0, experts = 0, expertsUsed = 0, expertFeedForward = 0, ropeDimensions = 0;
    std::uint32_t window = 0, windowPattern = 0;
    float epsilon = 1e-5F, ropeBase = 10000, localRopeBase = 0;
    float attentionSoftcap = 0, finalSoftcap = 0;
    bool tied = false;
    bool interleavedRope = false; ///< rows of q and k are reordered for neighbouring pairs
    bool normPlusOne = false;     ///< norms are stored as their difference from one
    bool gemma = false;           ///< four norms a layer

    std::string ropeScaling; ///< "", "linear", "yarn", "longrope"
    float ropeFactor = 1, ropeAttention = 1, ropeBetaFast = 0, ropeBetaSlow = 0;
    std::uint32_t ropeOriginal = 0;
    /// Tensors that the configuration stands for: rope_freqs.weight, rope_factors_{long,short}.weight.
    std::vector<std::pair<std::string, std::vector<float>>> extra;

    /// Reads config.json. Errors: convert.bad_config, convert.unsupported_architecture,
    /// convert.unsupported_option.
    [[nodiscard]] static Result<Architecture> read(const nlohmann::json& config);
    void writeTo(format::GgufWriter& writer) const;
};

/// Where a tensor of the folder goes.
struct TensorPlace {
    std::string name;         ///< in the GGUF file
    std::uint32_t expert = 0; ///< which matrix of a stack
    bool stacked = false;     ///< one of `experts` matrices
    bool ignored = false;     ///< nothing that is stored (precomputed frequencies, a tied output)
    bool otherPart = false;   ///< of a part that is not converted (vision)
};

/// nullopt for a name that the architecture does not have.
[[nodiscard]] std::optional<TensorPlace> placeOf(std::string_view name, const Architecture& architecture);

/// Every tensor that must be there, but for `extra`.
[[nodiscard]] std::vector<std::string> requiredTensors(const Architecture& architecture);

} // namespace hearth::optimize
