#pragma once

#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/kernels/compute.h"
#include "engine/model/blocks/pass.h"
#include "engine/model/blocks/tensor_binder.h"
#include "engine/model/family.h"

namespace hearth::model {

/// activation(gate)·up as a product's input; `gate` is overwritten where that is wanted in memory.
[[nodiscard]] inline kernels::Input gated(Activation activation, float* gate, const float* up) {
    return {.x = gate, .up = up, .activation = activation, .prepared = gate};
}

/// Gated feed-forward block: down·(activation(gate·x) ⊙ up·x).
class DenseFeedForward {
public:
    [[nodiscard]] Result<void> bind(TensorBinder& tensors, const ModelConfig& config,
                                    const LayerDesign& design, std::size_t layer);
    void run(const Pass& pass, const kernels::Input& x, float* out) const;

private:
    kernels::Weights m_gate, m_up, m_down;
    Activation m_activation = Activation::Silu;
};

/// Mixture of experts: a router gives every row its `expertsUsed` likeliest experts, whose outputs are summed
/// with the router's probabilities, normalised over the chosen ones. Rows are gathered per expert, so that
/// each expert's weights are read once a pass.
class ExpertFeedForward {
public:
    [[nodiscard]] Result<void> bind(TensorBinder& tensors, const ModelConfig& config,
                                    const LayerDesign& design, std::size_t layer);
    void run(const Pass& pass, const kernels::Input& x, float* out) const;

private:
    void route(const Pass& pass, const float* x) const;
    void runOneRow(const Pass& pass, const float* x, float* out) const;
    void runGathered(const Pass& pass, const float* x, float* out) const;

    kernels::Weights m_router;
    std::vector<kernels::Weights> m_gate, m_up, m_down; ///< per expert
    Activation m_activation = Activation::Silu;
};

} // namespace hearth::model
