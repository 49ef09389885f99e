// Phi 3, 3.5 and 4 (mini): q, k and v in one tensor, gate and up in ffn_up; an optional sliding window on all
// layers; the long-context variants divide frequencies by rope_factors_long or rope_factors_short.

#include "engine/model/families/families.h"

namespace hearth::model::families {

static Result<void> configure(const MetadataReader& keys, ModelConfig& config) {
    HEARTH_CHECK(readWindow(keys, config));
    config.windowedLayer.assign(config.layers, config.slidingWindow > 0);
    if (config.rope.scaling == RopeScaling::None)
        config.rope.scaling = RopeScaling::LongRope; // without the factor tensors this changes nothing
    return {};
}

constinit const Family phi3{
    .name = "phi3", .design = {.fusedQkv = true, .fusedGateUp = true}, .configure = configure};

} // namespace hearth::model::families
