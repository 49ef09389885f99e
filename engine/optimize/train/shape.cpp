#include "engine/optimize/train/shape.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/optimize/train/random.h"

namespace hearth::optimize {

ParameterLayout::ParameterLayout(const TrainShape& shape) : m_shape(shape) {
    m_embedding = add("token_embd.weight", shape.vocabulary, shape.dim);
    for (std::size_t i = 0; i < shape.layers; ++i) {
        const std::string block = "blk." + std::to_string(i) + ".";
        Layer layer{};
        layer.attnNorm = add(block + "attn_norm.weight", 1, shape.dim);
        layer.q = add(block + "attn_q.weight", shape.qDim(), shape.dim);
        layer.k = add(block + "attn_k.weight", shape.kvDim(), shape.dim);
        layer.v = add(block + "attn_v.weight", shape.kvDim(), shape.dim);
        layer.attnOutput = add(block + "attn_output.weight", shape.dim, shape.qDim());
        layer.ffnNorm = add(block + "ffn_norm.weight", 1, shape.dim);
        layer.gate = add(block + "ffn_gate.weight", shape.feedForward, shape.dim);
        layer.up = add(block + "ffn_up.weight", shape.feedForward, shape.dim);
        layer.down = add(block + "ffn_down.weight", shape.dim, shape.feedForward);
        m_layers.push_back(layer);
    }
    m_outputNorm = add("output_norm.weight", 1, shape.dim);
    m_output = shape.tied ? m_embedding : add("output.weight", shape.vocabulary, shape.dim);
}

std::size_t ParameterLayout::add(std::string name, std::size_t rows, std::size_t cols) {
    const std::size_t offset = m_size;
    m_views.push_back({std::move(name), offset, rows, cols, rows > 1});
    m_size += rows * cols;
    return offset;
}

void initialise(const ParameterLayout& layout, std::uint64_t seed, float* parameters) {
    Random random(seed);
    const float residual = 0.02F / std::sqrt(2.0F * static_cast<float>(layout.shape().layers));
    for (const ParameterView& view : layout.views()) {
        float* w = parameters + view.offset;
        if (!view.decays) {
            std::fill_n(w, view.size(), 1.0F);
            continue;
        }
        const bool writesResidual =
            view.name.ends_with("attn_output.weight") || view.name.ends_with("ffn_down.weight");
        const float deviation = writesResidual ? residual : 0.02F;
        for (std::size_t i = 0; i < view.size(); ++i)
            w[i] = deviation * random.normal();
    }
}

} // namespace hearth::optimize
