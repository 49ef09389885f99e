#pragma once

#include <variant>

#include "engine/model/blocks/attention.h"
#include "engine/model/blocks/feed_forward.h"
#include "engine/model/blocks/norm.h"

namespace hearth::model {

/// One pre-norm decoder layer: x += post(attention(norm(x))); x += post(feedForward(norm(x))), where post()
/// is a norm in the families that have one. The feed-forward block is dense, or experts where the model has
/// them.
class DecoderLayer {
public:
    [[nodiscard]] Result<void> bind(TensorBinder& tensors, const ModelConfig& config,
                                    const LayerDesign& design, std::size_t layer);
    /// Advances `x` [rows][dim] in place.
    void run(const Pass& pass, std::size_t layer, const kernels::RopeTable& rope, float* x) const;

private:
    RmsNorm m_attentionNorm, m_feedForwardNorm;
    RmsNorm m_postAttentionNorm, m_postFeedForwardNorm; ///< empty weights = none
    AttentionBlock m_attention;
    std::variant<DenseFeedForward, ExpertFeedForward> m_feedForward;
};

} // namespace hearth::model
