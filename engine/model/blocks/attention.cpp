#include "engine/model/blocks/attention.h"

#include <array>

namespace hearth::model {

Result<void> AttentionBlock::bind(TensorBinder& tensors, const ModelConfig& config, const LayerDesign& design,
                                  std::size_t layer) {
    const std::string prefix = "blk." + std::to_string(layer) + ".attn_";
    const std::size_t qRows = config.heads * config.headDim, kRows = config.kvHeads * config.headDim,
                      vRows = config.kvHeads * config.valueDim;
    if (design.fusedQkv) {
        const std::string name = prefix + "qkv.weight";
        const std::size_t all = qRows + kRows + vRows;
        HEARTH_CHECK(tensors.part(m_q, name, all, config.dim, 0, qRows));
        HEARTH_CHECK(tensors.part(m_k, name, all, config.dim, qRows, kRows));
        HEARTH_CHECK(tensors.part(m_v, name, all, config.dim, qRows + kRows, vRows));
    } else {
        HEARTH_CHECK(tensors.matrix(m_q, prefix + "q.weight", qRows, config.dim));
        HEARTH_CHECK(tensors.matrix(m_k, prefix + "k.weight", kRows, config.dim));
        HEARTH_CHECK(tensors.matrix(m_v, prefix + "v.weight", vRows, config.dim));
    }
    const Presence bias = design.qkvBias ? Presence::Required : Presence::Optional;
    HEARTH_CHECK(tensors.vector(m_qBias, prefix + "q.bias", qRows, bias));
    HEARTH_CHECK(tensors.vector(m_kBias, prefix + "k.bias", kRows, bias));
    HEARTH_CHECK(tensors.vector(m_vBias, prefix + "v.bias", vRows, bias));
    HEARTH_CHECK(
        tensors.matrix(m_output, prefix + "output.weight", config.dim, config.heads * config.valueDim));
    HEARTH_CHECK(tensors.vector(m_outputBias, prefix + "output.bias", config.dim, Presence::Optional));
    if (design.qkNorms) {
        HEARTH_CHECK(m_qNorm.bind(tensors, prefix + "q_norm.weight", config.headDim));
        HEARTH_CHECK(m_kNorm.bind(tensors, prefix + "k_norm.weight", config.headDim));
    }
    return {};
}

void AttentionBlock::run(const Pass& pass, std::size_t layer, const kernels::RopeTable& rope,
                         const kernels::Input& x, float* out) const {
    const ModelConfig& config = pass.config;
    kernels::Compute& compute = pass.compute;
    Workspace& work = pass.work;
    const std::size_t qWidth = config.heads * config.headDim, kWidth = config.kvHeads * config.headDim,
                      vWidth = config.kvHeads * config.valueDim, outWidth = config.heads * config.valueDim;
    float* q = work.q.data();
    float* k = work.k.data();
    float* v = work.v.data();
    const auto biasOf = [](const std::vector<float>& bias) { return bias.empty() ? nullptr : bias.data(); };

    const std::array inputs{kernels::Projection{&m_q, q, qWidth, biasOf(m_qBias)},
                            kernels::Projection{&m_k, k, kWidth, biasOf(m_kBias)},
                            kernels::Projection{&m_v, v, vWidth, biasOf(m_vBias)}};
    compute.project(x, pass.rows, inputs);
    if (!m_qNorm.weight.empty()) {
        m_qNorm.run(compute, q, pass.rows * config.heads, config.normEpsilon, q);
        m_kNorm.run(compute, k, pass.rows * config.kvHeads, config.normEpsilon, k);
    }
    compute.rope(q, pass.rows, config.heads, config.headDim, work.positions.data(), rope);
    compute.rope(k, pass.rows, config.kvHeads, config.headDim, work.positions.data(), rope);

    work.jobs.clear();
    for (const PassSlice& slice : pass.slices) {
        const kernels::KvLayer& kv = slice.cache->layer(layer);
        compute.storeKv(kv, slice.firstPosition, slice.rows, k + slice.firstRow * kWidth,
                        v + slice.firstRow * vWidth);
        work.jobs.push_back({.q = q + slice.firstRow * qWidth,
                             .out = work.attended.data() + slice.firstRow * outWidth,
                             .count = slice.rows,
                             .firstPosition = slice.firstPosition,
                             .kv = kv});
    }
    compute.attention(work.jobs, {.heads = config.heads,
                                  .scale = config.attentionScale,
                                  .softcap = config.attentionSoftcap,
                                  .window = config.windowedLayer[layer] ? config.slidingWindow : 0,
                                  .mayRound = m_q.type() != DType::F32 && m_output.type() != DType::F32});
    const std::array output{kernels::Projection{&m_output, out, config.dim, biasOf(m_outputBias)}};
    compute.project(work.attended.data(), pass.rows, output);
}

} // namespace hearth::model
