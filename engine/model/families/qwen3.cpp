// Qwen 3: RMS norms over every head of q and k; rotary halves.

#include "engine/model/families/families.h"

namespace hearth::model::families {

constinit const Family qwen3{.name = "qwen3", .design = {.qkNorms = true}, .configure = nullptr};

} // namespace hearth::model::families
