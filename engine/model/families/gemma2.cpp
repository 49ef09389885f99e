// Gemma 2: norms before and after each block (their weights hold 1 + w already), soft caps on attention
// scores and logits, a sliding window on even layers, embeddings scaled by √dim.

#include <cmath>

#include "engine/model/families/families.h"

namespace hearth::model::families {

// The 27B model scales queries by 1/√(dim/heads), all others by 1/√headDim; its number of layers tells.
static constexpr std::size_t kLayersOf27B = 46;

static Result<void> configure(const MetadataReader& keys, ModelConfig& config) {
    HEARTH_CHECK(readWindow(keys, config));
    config.windowedLayer.resize(config.layers);
    for (std::size_t i = 0; i < config.layers; ++i)
        config.windowedLayer[i] = config.slidingWindow > 0 && i % 2 == 0;
    config.embeddingScale = std::sqrt(static_cast<float>(config.dim));
    if (config.layers == kLayersOf27B)
        config.attentionScale =
            1.0F / std::sqrt(static_cast<float>(config.dim) / static_cast<float>(config.heads));
    return {};
}

constinit const Family gemma2{
    .name = "gemma2", .design = {.postNorms = true, .activation = Activation::Gelu}, .configure = configure};

} // namespace hearth::model::families
