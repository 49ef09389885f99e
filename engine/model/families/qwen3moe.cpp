// Qwen 3 with experts in every layer; the chosen experts' probabilities are normalised to one.

#include "engine/model/families/families.h"

namespace hearth::model::families {

static Result<void> configure(const MetadataReader& keys, ModelConfig& config) {
    HEARTH_CHECK(readExperts(keys, config));
    if (config.experts == 0)
        return keys.bad("expert_count", "0", "a model of this family has experts");
    return {};
}

constinit const Family qwen3moe{.name = "qwen3moe", .design = {.qkNorms = true}, .configure = configure};

} // namespace hearth::model::families
