// Qwen 2 and 2.5: biases on q, k and v; rotary halves.

#include "engine/model/families/families.h"

namespace hearth::model::families {

constinit const Family qwen2{.name = "qwen2", .design = {.qkvBias = true}, .configure = nullptr};

} // namespace hearth::model::families
