// Gemma 3 (text): five windowed layers with a rotary base of their own to each global one, norms over the
// heads of q and k, norms before and after each block (weights hold 1 + w), embeddings scaled by √dim.

#include <cmath>

#include "engine/model/families/families.h"

namespace hearth::model::families {

static constexpr std::size_t kLayersOf27B = 62; // as in gemma2.cpp
static constexpr std::size_t kPattern = 6;      // every sixth layer is global

static Result<void> configure(const MetadataReader& keys, ModelConfig& config) {
    HEARTH_CHECK(readWindow(keys, config));
    HEARTH_TRY(const std::size_t pattern,
               keys.sizeOr("attention.sliding_window_pattern", kPattern, 1, config.layers + kPattern));
    config.windowedLayer.resize(config.layers);
    for (std::size_t i = 0; i < config.layers; ++i)
        config.windowedLayer[i] = i % pattern != pattern - 1;
    config.rope.separateLocal = true;
    HEARTH_TRY(config.rope.localBase, keys.realOr("rope.freq_base_swa", 10000, 1, 1e12));
    config.embeddingScale = std::sqrt(static_cast<float>(config.dim));
    if (config.layers == kLayersOf27B)
        config.attentionScale =
            1.0F / std::sqrt(static_cast<float>(config.dim) / static_cast<float>(config.heads));
    return {};
}

constinit const Family gemma3{.name = "gemma3",
                              .design = {.qkNorms = true, .postNorms = true, .activation = Activation::Gelu},
                              .configure = configure};

} // namespace hearth::model::families
