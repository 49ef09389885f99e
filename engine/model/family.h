#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/kernels/compute.h"
#include "engine/model/config.h"
#include "engine/model/metadata_reader.h"

namespace hearth::model {

using kernels::Activation;

/// Which of the shared blocks' optional parts a family's decoder layer has.
struct LayerDesign {
    bool fusedQkv = false;    ///< attn_qkv.weight holds the rows of q, k and v
    bool qkvBias = false;     ///< attn_{q,k,v}.bias are required (elsewhere they are optional)
    bool qkNorms = false;     ///< RMS norms over every head of q and k
    bool fusedGateUp = false; ///< ffn_up.weight holds the rows of gate and up
    bool postNorms = false;   ///< RMS norms of a block's output before it joins the residual stream
    Activation activation = Activation::Silu;
};

/// An architecture family: what distinguishes it from the common pre-norm decoder. Adding one means one file
/// in families/ that defines `const Family families::NAME` and one line in families/families.inc.
struct Family {
    std::string_view name; ///< `general.architecture`
    LayerDesign design;
    /// Reads the family's own keys after the common ones and sets what differs.
    Result<void> (*configure)(const MetadataReader& keys, ModelConfig& config) = nullptr;
};

/// The family of an architecture's name; nullptr when there is none.
[[nodiscard]] const Family* findFamily(std::string_view name);
/// "llama, qwen2, …" for error messages and help.
[[nodiscard]] std::string familyNames();

/// Parts of configure() that several families share.
/// Expert counts and widths: expert_count, expert_used_count, expert_feed_forward_length (default:
/// feed_forward_length). Errors as MetadataReader.
[[nodiscard]] Result<void> readExperts(const MetadataReader& keys, ModelConfig& config);
/// `attention.sliding_window`, 0 when absent.
[[nodiscard]] Result<void> readWindow(const MetadataReader& keys, ModelConfig& config,
                                      std::size_t fallback = 0);

} // namespace hearth::model
