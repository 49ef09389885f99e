#include <array>

#include "engine/model/blocks/feed_forward.h"

namespace hearth::model {

Result<void> DenseFeedForward::bind(TensorBinder& tensors, const ModelConfig& config,
                                    const LayerDesign& design, std::size_t layer) {
    const std::string prefix = "blk." + std::to_string(layer) + ".ffn_";
    m_activation = design.activation;
    const std::size_t width = config.feedForward;
    if (design.fusedGateUp) {
        HEARTH_CHECK(tensors.part(m_gate, prefix + "up.weight", 2 * width, config.dim, 0, width));
        HEARTH_CHECK(tensors.part(m_up, prefix + "up.weight", 2 * width, config.dim, width, width));
    } else {
        HEARTH_CHECK(tensors.matrix(m_gate, prefix + "gate.weight", width, config.dim));
        HEARTH_CHECK(tensors.matrix(m_up, prefix + "up.weight", width, config.dim));
    }
    return tensors.matrix(m_down, prefix + "down.weight", config.dim, width);
}

void DenseFeedForward::run(const Pass& pass, const kernels::Input& x, float* out) const {
    const std::size_t width = pass.config.feedForward;
    float* gate = pass.work.gate.data();
    float* up = pass.work.up.data();
    const std::array inputs{kernels::Projection{&m_gate, gate, width, nullptr},
                            kernels::Projection{&m_up, up, width, nullptr}};
    pass.compute.project(x, pass.rows, inputs);
    const std::array output{kernels::Projection{&m_down, out, pass.config.dim, nullptr}};
    pass.compute.project(gated(m_activation, gate, up), pass.rows, output);
}

} // namespace hearth::model
