// Llama and the models that share its architecture: Llama 1–3, Mistral, Mixtral (expert_count), TinyLlama,
// SmolLM. Rotary pairs are neighbours; rope_freqs.weight, when there, divides the frequencies.

#include "engine/model/families/families.h"

namespace hearth::model::families {

static Result<void> configure(const MetadataReader& keys, ModelConfig& config) {
    config.rope.interleaved = true;
    HEARTH_CHECK(readExperts(keys, config));
    // Mistral's first release: one window for all layers.
    HEARTH_CHECK(readWindow(keys, config));
    config.windowedLayer.assign(config.layers, config.slidingWindow > 0);
    return {};
}

constinit const Family llama{.name = "llama", .design = {}, .configure = configure};

} // namespace hearth::model::families
