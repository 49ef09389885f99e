#pragma once

#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/kernels/compute.h"
#include "engine/model/blocks/norm.h"
#include "engine/model/blocks/pass.h"
#include "engine/model/blocks/tensor_binder.h"
#include "engine/model/family.h"

namespace hearth::model {

/// Grouped-query attention of one layer: projections, optional biases and head norms, rotation, cache,
/// causal (windowed) attention, output projection.
class AttentionBlock {
public:
    [[nodiscard]] Result<void> bind(TensorBinder& tensors, const ModelConfig& config,
                                    const LayerDesign& design, std::size_t layer);
    /// `x` [rows][dim] to `out` [rows][dim]; appends keys and values of layer `layer` to the slices'
    /// caches.
    void run(const Pass& pass, std::size_t layer, const kernels::RopeTable& rope, const kernels::Input& x,
             float* out) const;

private:
    kernels::Weights m_q, m_k, m_v, m_output;
    std::vector<float> m_qBias, m_kBias, m_vBias, m_outputBias;
    RmsNorm m_qNorm, m_kNorm; ///< empty weights = none
};

} // namespace hearth::model
