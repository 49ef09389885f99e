#include "engine/model/blocks/decoder_layer.h"

namespace hearth::model {

Result<void> DecoderLayer::bind(TensorBinder& tensors, const ModelConfig& config, const LayerDesign& design,
                                std::size_t layer) {
    const std::string prefix = "blk." + std::to_string(layer) + ".";
    HEARTH_CHECK(m_attentionNorm.bind(tensors, prefix + "attn_norm.weight", config.dim));
    HEARTH_CHECK(m_attention.bind(tensors, config, design, layer));
    if (design.postNorms)
        HEARTH_CHECK(m_postAttentionNorm.bind(tensors, prefix + "post_attention_norm.weight", config.dim));
    HEARTH_CHECK(m_feedForwardNorm.bind(tensors, prefix + "ffn_norm.weight", config.dim));
    if (config.experts)
        m_feedForward.emplace<ExpertFeedForward>();
    else
        m_feedForward.emplace<DenseFeedForward>();
    HEARTH_CHECK(
        std::visit([&](auto& block) { return block.bind(tensors, config, design, layer); }, m_feedForward));
    if (design.postNorms)
        HEARTH_CHECK(m_postFeedForwardNorm.bind(tensors, prefix + "post_ffw_norm.weight", config.dim));
    return {};
}

void DecoderLayer::run(const Pass& pass, std::size_t layer, const kernels::RopeTable& rope, float* x) const {
    const std::size_t count = pass.rows * pass.config.dim;
    const float epsilon = pass.config.normEpsilon;
    float* normed = pass.work.normed.data();
    float* out = pass.work.blockOut.data();
    const auto join = [&](const RmsNorm& post) {
        if (!post.weight.empty())
            post.run(pass.compute, out, pass.rows, epsilon, out);
        pass.compute.add(x, out, count);
    };
    m_attention.run(pass, layer, rope, m_attentionNorm.of(x, epsilon, normed), out);
    join(m_postAttentionNorm);
    const kernels::Input input = m_feedForwardNorm.of(x, epsilon, normed);
    std::visit([&](const auto& block) { block.run(pass, input, out); }, m_feedForward);
    join(m_postFeedForwardNorm);
}

} // namespace hearth::model
