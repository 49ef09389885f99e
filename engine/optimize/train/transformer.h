#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/optimize/train/ops.h"
#include "engine/optimize/train/shape.h"

namespace hearth::optimize {

/// Tokens of several sequences, one after the other. A sequence sees only itself; positions start at 0 in
/// each.
struct Batch {
    std::vector<std::int32_t> tokens;
    std::vector<std::int32_t> targets;       ///< next token, or −1 where no loss is taken
    std::vector<std::size_t> sequenceStarts; ///< begin of each sequence; the last one ends with the tokens
    [[nodiscard]] std::size_t lossTokens() const;
};

/// A teacher's opinion for the loss rows of a batch, in their order.
struct SoftTargets {
    std::span<const float> logits; ///< [lossTokens][vocabulary]
    float share = 0.5F;            ///< of the soft part in the loss
    float temperature = 2.0F;
};

/// Forward and backward of the llama architecture in float32: RMSNorm, RoPE, grouped-query attention, SwiGLU,
/// tied or separate output. All memory is taken in the constructor (see activationBytes). Confined to one
/// thread; several transformers over the same parameters may run side by side.
class Transformer {
public:
    /// `layout` must outlive this. At most `maxTokens` tokens in a batch, sequences of at most shape.context.
    /// `recompute` keeps only each layer's input and runs its forward again in the backward pass.
    Transformer(const ParameterLayout& layout, std::size_t maxTokens, bool recompute);

    /// Bytes that a Transformer of this plan takes.
    [[nodiscard]] static std::uint64_t activationBytes(const TrainShape& shape, std::size_t maxTokens,
                                                       bool recompute);

    /// Adds lossWeight·d(Σ loss)/d(parameters) to `gradients` and returns Σ loss over the loss tokens.
    double forwardBackward(const float* parameters, const Batch& batch, float lossWeight, float* gradients,
                           const SoftTargets* soft = nullptr);
    /// Σ loss alone.
    double loss(const float* parameters, const Batch& batch);
    /// Logits after the last token of a single sequence, [vocabulary]; valid until the next call.
    std::span<const float> lastLogits(const float* parameters, std::span<const std::int32_t> tokens);

private:
    struct LayerActivations {
        std::vector<float> norm1, rstd1, q, k, v, probabilities, attended, middle, norm2, rstd2, gate, up,
            gated;
        void resize(const TrainShape& shape, std::size_t tokens);
    };

    void prepare(const Batch& batch);
    void forwardLayer(const float* parameters, std::size_t index, LayerActivations& a, float* output);
    void backwardLayer(const float* parameters, std::size_t index, const LayerActivations& a,
                       float* gradients);
    void attentionForward(LayerActivations& a);
    void attentionBackward(const LayerActivations& a);
    void forwardLayers(const float* parameters);
    double headLoss(const float* parameters, const Batch& batch, float lossWeight, float* gradients,
                    const SoftTargets* soft);
    LayerActivations& activationsOf(std::size_t layer) { return m_layers[m_recompute ? 0 : layer]; }
    [[nodiscard]] ops::RopeTable ropeTable() const {
        return {m_cos.data(), m_sin.data(), m_shape.headDim / 2};
    }

    const ParameterLayout& m_layout;
    TrainShape m_shape;
    bool m_recompute;
    std::vector<float> m_cos, m_sin;
    std::vector<LayerActivations> m_layers;
    std::vector<std::vector<float>> m_inputs; ///< residual stream before every layer, and after the last
    std::vector<float> m_final, m_finalRstd, m_lossRows, m_logits;
    std::vector<float> m_dStream, m_dNorm, m_dQ, m_dK, m_dV, m_dAttended, m_dGate, m_dUp, m_dGated, m_dScores;
    std::vector<std::int32_t> m_positions;
    std::vector<std::size_t> m_starts;
    std::vector<std::size_t> m_scoreOffsets; ///< of every sequence inside probabilities (per head n·n)
    std::size_t m_tokens = 0;
};

} // namespace hearth::optimize
