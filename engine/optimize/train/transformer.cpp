#include "engine/optimize/train/transformer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/optimize/train/gemm.h"

namespace hearth::optimize {

namespace {

/// y[n][rows] = x[n][cols]·Wᵀ
void project(const float* x, const float* w, std::size_t n, std::size_t rows, std::size_t cols, float* y) {
    gemm(Op::None, Op::Transpose, n, rows, cols, 1, x, cols, w, cols, 0, y, rows);
}

/// dx (+)= dy·W and dW += dyᵀ·x
void projectBackward(const float* x, const float* w, const float* dy, std::size_t n, std::size_t rows,
                     std::size_t cols, float addToDx, float* dx, float* dW) {
    gemm(Op::None, Op::None, n, cols, rows, 1, dy, rows, w, cols, addToDx, dx, cols);
    gemm(Op::Transpose, Op::None, rows, cols, n, 1, dy, rows, x, cols, 1, dW, cols);
}

} // namespace

std::size_t Batch::lossTokens() const {
    return static_cast<std::size_t>(
        std::count_if(targets.begin(), targets.end(), [](auto t) { return t >= 0; }));
}

void Transformer::LayerActivations::resize(const TrainShape& s, std::size_t tokens) {
    for (auto* stream : {&norm1, &middle, &norm2})
        stream->resize(tokens * s.dim);
    for (auto* scalar : {&rstd1, &rstd2})
        scalar->resize(tokens);
    for (auto* wide : {&q, &attended})
        wide->resize(tokens * s.qDim());
    for (auto* narrow : {&k, &v})
        narrow->resize(tokens * s.kvDim());
    for (auto* inner : {&gate, &up, &gated})
        inner->resize(tokens * s.feedForward);
    probabilities.resize(tokens * s.context * s.heads);
}

Transformer::Transformer(const ParameterLayout& layout, std::size_t maxTokens, bool recompute)
    : m_layout(layout), m_shape(layout.shape()), m_recompute(recompute) {
    const TrainShape& s = m_shape;
    const std::size_t pairs = s.headDim / 2;
    m_cos.resize(s.context * pairs);
    m_sin.resize(s.context * pairs);
    for (std::size_t position = 0; position < s.context; ++position)
        for (std::size_t i = 0; i < pairs; ++i) {
            const double angle = static_cast<double>(position) *
                                 std::pow(static_cast<double>(s.ropeBase),
                                          -2.0 * static_cast<double>(i) / static_cast<double>(s.headDim));
            m_cos[position * pairs + i] = static_cast<float>(std::cos(angle));
            m_sin[position * pairs + i] = static_cast<float>(std::sin(angle));
        }
    m_layers.resize(recompute ? 1 : s.layers);
    for (auto& layer : m_layers)
        layer.resize(s, maxTokens);
    m_inputs.resize(s.layers + 1);
    for (auto& input : m_inputs)
        input.resize(maxTokens * s.dim);
    for (auto* stream : {&m_final, &m_lossRows, &m_dStream, &m_dNorm})
        stream->resize(maxTokens * s.dim);
    for (auto* wide : {&m_dQ, &m_dAttended})
        wide->resize(maxTokens * s.qDim());
    for (auto* narrow : {&m_dK, &m_dV})
        narrow->resize(maxTokens * s.kvDim());
    for (auto* inner : {&m_dGate, &m_dUp, &m_dGated})
        inner->resize(maxTokens * s.feedForward);
    m_finalRstd.resize(maxTokens);
    m_logits.resize(maxTokens * s.vocabulary);
    m_dScores.resize(s.context * s.context);
    m_positions.reserve(maxTokens);
}

std::uint64_t Transformer::activationBytes(const TrainShape& s, std::size_t tokens, bool recompute) {
    const std::uint64_t layer =
        3 * s.dim + 2 + 2 * s.qDim() + 2 * s.kvDim() + 3 * s.feedForward + s.context * s.heads;
    const std::uint64_t shared =
        (s.layers + 1 + 4) * s.dim + 2 * s.qDim() + 2 * s.kvDim() + 3 * s.feedForward + 1 + s.vocabulary;
    return sizeof(float) *
           (tokens * (layer * (recompute ? 1 : s.layers) + shared) + s.context * (s.context + s.headDim));
}

void Transformer::prepare(const Batch& batch) {
    m_tokens = batch.tokens.size();
    m_starts = batch.sequenceStarts;
    m_starts.push_back(m_tokens);
    m_positions.resize(m_tokens);
    m_scoreOffsets.clear();
    std::size_t offset = 0;
    for (std::size_t s = 0; s + 1 < m_starts.size(); ++s) {
        const std::size_t n = m_starts[s + 1] - m_starts[s];
        for (std::size_t i = 0; i < n; ++i)
            m_positions[m_starts[s] + i] = static_cast<std::int32_t>(i);
        m_scoreOffsets.push_back(offset);
        offset += n * n * m_shape.heads;
    }
}

void Transformer::forwardLayer(const float* parameters, std::size_t index, LayerActivations& a,
                               float* output) {
    const TrainShape& s = m_shape;
    const auto& w = m_layout.layer(index);
    const std::size_t n = m_tokens;
    const float* input = m_inputs[index].data();
    ops::rmsNorm(input, parameters + w.attnNorm, n, s.dim, s.normEpsilon, a.norm1.data(), a.rstd1.data());
    project(a.norm1.data(), parameters + w.q, n, s.qDim(), s.dim, a.q.data());
    project(a.norm1.data(), parameters + w.k, n, s.kvDim(), s.dim, a.k.data());
    project(a.norm1.data(), parameters + w.v, n, s.kvDim(), s.dim, a.v.data());
    ops::rope(a.q.data(), s.qDim(), n, s.heads, m_positions.data(), ropeTable(), 1);
    ops::rope(a.k.data(), s.kvDim(), n, s.kvHeads, m_positions.data(), ropeTable(), 1);
    attentionForward(a);
    project(a.attended.data(), parameters + w.attnOutput, n, s.dim, s.qDim(), a.middle.data());
    ops::add(a.middle.data(), input, n * s.dim);
    ops::rmsNorm(a.middle.data(), parameters + w.ffnNorm, n, s.dim, s.normEpsilon, a.norm2.data(),
                 a.rstd2.data());
    project(a.norm2.data(), parameters + w.gate, n, s.feedForward, s.dim, a.gate.data());
    project(a.norm2.data(), parameters + w.up, n, s.feedForward, s.dim, a.up.data());
    ops::swiglu(a.gate.data(), a.up.data(), n * s.feedForward, a.gated.data());
    if (!output)
        return;
    project(a.gated.data(), parameters + w.down, n, s.dim, s.feedForward, output);
    ops::add(output, a.middle.data(), n * s.dim);
}

void Transformer::attentionForward(LayerActivations& a) {
    const TrainShape& s = m_shape;
    const float scale = 1 / std::sqrt(static_cast<float>(s.headDim));
    const std::size_t group = s.heads / s.kvHeads;
    for (std::size_t seq = 0; seq + 1 < m_starts.size(); ++seq) {
        const std::size_t begin = m_starts[seq], n = m_starts[seq + 1] - begin;
        for (std::size_t h = 0; h < s.heads; ++h) {
            float* p = a.probabilities.data() + m_scoreOffsets[seq] + h * n * n;
            const float* q = a.q.data() + begin * s.qDim() + h * s.headDim;
            const float* k = a.k.data() + begin * s.kvDim() + h / group * s.headDim;
            const float* v = a.v.data() + begin * s.kvDim() + h / group * s.headDim;
            gemm(Op::None, Op::Transpose, n, n, s.headDim, 1, q, s.qDim(), k, s.kvDim(), 0, p, n);
            ops::causalSoftmax(p, n, scale);
            gemm(Op::None, Op::None, n, s.headDim, n, 1, p, n, v, s.kvDim(), 0,
                 a.attended.data() + begin * s.qDim() + h * s.headDim, s.qDim());
        }
    }
}

void Transformer::attentionBackward(const LayerActivations& a) {
    const TrainShape& s = m_shape;
    const float scale = 1 / std::sqrt(static_cast<float>(s.headDim));
    const std::size_t group = s.heads / s.kvHeads;
    std::fill_n(m_dK.begin(), m_tokens * s.kvDim(), 0.0F);
    std::fill_n(m_dV.begin(), m_tokens * s.kvDim(), 0.0F);
    for (std::size_t seq = 0; seq + 1 < m_starts.size(); ++seq) {
        const std::size_t begin = m_starts[seq], n = m_starts[seq + 1] - begin;
        for (std::size_t h = 0; h < s.heads; ++h) {
            const float* p = a.probabilities.data() + m_scoreOffsets[seq] + h * n * n;
            const std::size_t atQ = begin * s.qDim() + h * s.headDim;
            const std::size_t atK = begin * s.kvDim() + h / group * s.headDim;
            const float* dOut = m_dAttended.data() + atQ;
            gemm(Op::Transpose, Op::None, n, s.headDim, n, 1, p, n, dOut, s.qDim(), 1, m_dV.data() + atK,
                 s.kvDim());
            gemm(Op::None, Op::Transpose, n, n, s.headDim, 1, dOut, s.qDim(), a.v.data() + atK, s.kvDim(), 0,
                 m_dScores.data(), n);
            ops::causalSoftmaxBackward(p, m_dScores.data(), n, scale);
            gemm(Op::None, Op::None, n, s.headDim, n, 1, m_dScores.data(), n, a.k.data() + atK, s.kvDim(), 0,
                 m_dQ.data() + atQ, s.qDim());
            gemm(Op::Transpose, Op::None, n, s.headDim, n, 1, m_dScores.data(), n, a.q.data() + atQ, s.qDim(),
                 1, m_dK.data() + atK, s.kvDim());
        }
    }
}

void Transformer::backwardLayer(const float* parameters, std::size_t index, const LayerActivations& a,
                                float* gradients) {
    const TrainShape& s = m_shape;
    const auto& w = m_layout.layer(index);
    const std::size_t n = m_tokens;
    float* dStream = m_dStream.data(); // gradient of the layer's output, becomes that of its input
    projectBackward(a.gated.data(), parameters + w.down, dStream, n, s.dim, s.feedForward, 0, m_dGated.data(),
                    gradients + w.down);
    ops::swigluBackward(a.gate.data(), a.up.data(), m_dGated.data(), n * s.feedForward, m_dGate.data(),
                        m_dUp.data());
    projectBackward(a.norm2.data(), parameters + w.gate, m_dGate.data(), n, s.feedForward, s.dim, 0,
                    m_dNorm.data(), gradients + w.gate);
    projectBackward(a.norm2.data(), parameters + w.up, m_dUp.data(), n, s.feedForward, s.dim, 1,
                    m_dNorm.data(), gradients + w.up);
    ops::rmsNormBackward(a.middle.data(), parameters + w.ffnNorm, a.rstd2.data(), m_dNorm.data(), n, s.dim,
                         dStream, gradients + w.ffnNorm);
    projectBackward(a.attended.data(), parameters + w.attnOutput, dStream, n, s.dim, s.qDim(), 0,
                    m_dAttended.data(), gradients + w.attnOutput);
    attentionBackward(a);
    ops::rope(m_dQ.data(), s.qDim(), n, s.heads, m_positions.data(), ropeTable(), -1);
    ops::rope(m_dK.data(), s.kvDim(), n, s.kvHeads, m_positions.data(), ropeTable(), -1);
    projectBackward(a.norm1.data(), parameters + w.q, m_dQ.data(), n, s.qDim(), s.dim, 0, m_dNorm.data(),
                    gradients + w.q);
    projectBackward(a.norm1.data(), parameters + w.k, m_dK.data(), n, s.kvDim(), s.dim, 1, m_dNorm.data(),
                    gradients + w.k);
    projectBackward(a.norm1.data(), parameters + w.v, m_dV.data(), n, s.kvDim(), s.dim, 1, m_dNorm.data(),
                    gradients + w.v);
    ops::rmsNormBackward(m_inputs[index].data(), parameters + w.attnNorm, a.rstd1.data(), m_dNorm.data(), n,
                         s.dim, dStream, gradients + w.attnNorm);
}

void Transformer::forwardLayers(const float* parameters) {
    for (std::size_t i = 0; i < m_shape.layers; ++i)
        forwardLayer(parameters, i, activationsOf(i), m_inputs[i + 1].data());
    ops::rmsNorm(m_inputs.back().data(), parameters + m_layout.outputNorm(), m_tokens, m_shape.dim,
                 m_shape.normEpsilon, m_final.data(), m_finalRstd.data());
}

/// The output matrix sees only rows that have a loss; with `gradients`, leaves the gradient of the final
/// norm's output in m_dNorm.
double Transformer::headLoss(const float* parameters, const Batch& batch, float lossWeight, float* gradients,
                             const SoftTargets* soft) {
    const TrainShape& s = m_shape;
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < m_tokens; ++i)
        if (batch.targets[i] >= 0)
            rows.push_back(i);
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::copy_n(m_final.data() + rows[i] * s.dim, s.dim, m_lossRows.data() + i * s.dim);
    project(m_lossRows.data(), parameters + m_layout.output(), rows.size(), s.vocabulary, s.dim,
            m_logits.data());
    double total = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        float* logits = m_logits.data() + i * s.vocabulary;
        const std::int32_t target = batch.targets[rows[i]];
        total += soft ? ops::distillationRow(logits, soft->logits.data() + i * s.vocabulary, s.vocabulary,
                                             target, lossWeight, soft->share, soft->temperature)
                      : ops::crossEntropyRow(logits, s.vocabulary, target, lossWeight);
    }
    if (!gradients)
        return total;
    projectBackward(m_lossRows.data(), parameters + m_layout.output(), m_logits.data(), rows.size(),
                    s.vocabulary, s.dim, 0, m_dStream.data(), gradients + m_layout.output());
    std::fill_n(m_dNorm.begin(), m_tokens * s.dim, 0.0F);
    for (std::size_t i = 0; i < rows.size(); ++i)
        std::copy_n(m_dStream.data() + i * s.dim, s.dim, m_dNorm.data() + rows[i] * s.dim);
    return total;
}

double Transformer::forwardBackward(const float* parameters, const Batch& batch, float lossWeight,
                                    float* gradients, const SoftTargets* soft) {
    const TrainShape& s = m_shape;
    prepare(batch);
    for (std::size_t i = 0; i < m_tokens; ++i)
        std::copy_n(parameters + m_layout.embedding() + static_cast<std::size_t>(batch.tokens[i]) * s.dim,
                    s.dim, m_inputs[0].data() + i * s.dim);
    forwardLayers(parameters);
    const double total = headLoss(parameters, batch, lossWeight, gradients, soft);
    std::fill_n(m_dStream.begin(), m_tokens * s.dim, 0.0F);
    ops::rmsNormBackward(m_inputs.back().data(), parameters + m_layout.outputNorm(), m_finalRstd.data(),
                         m_dNorm.data(), m_tokens, s.dim, m_dStream.data(),
                         gradients + m_layout.outputNorm());
    for (std::size_t i = s.layers; i-- > 0;) {
        if (m_recompute)
            forwardLayer(parameters, i, m_layers[0], nullptr);
        backwardLayer(parameters, i, activationsOf(i), gradients);
    }
    for (std::size_t i = 0; i < m_tokens; ++i)
        ops::add(gradients + m_layout.embedding() + static_cast<std::size_t>(batch.tokens[i]) * s.dim,
                 m_dStream.data() + i * s.dim, s.dim);
    return total;
}

double Transformer::loss(const float* parameters, const Batch& batch) {
    prepare(batch);
    for (std::size_t i = 0; i < m_tokens; ++i)
        std::copy_n(parameters + m_layout.embedding() +
                        static_cast<std::size_t>(batch.tokens[i]) * m_shape.dim,
                    m_shape.dim, m_inputs[0].data() + i * m_shape.dim);
    forwardLayers(parameters);
    return headLoss(parameters, batch, 0, nullptr, nullptr);
}

std::span<const float> Transformer::lastLogits(const float* parameters,
                                               std::span<const std::int32_t> tokens) {
    Batch batch{{tokens.begin(), tokens.end()}, std::vector<std::int32_t>(tokens.size(), -1), {0}};
    loss(parameters, batch);
    project(m_final.data() + (m_tokens - 1) * m_shape.dim, parameters + m_layout.output(), 1,
            m_shape.vocabulary, m_shape.dim, m_logits.data());
    return {m_logits.data(), m_shape.vocabulary};
}

} // namespace hearth::optimize
