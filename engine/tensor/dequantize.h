#pragma once

#include <cstddef>
#include <span>

#include "engine/tensor/dtype.h"

namespace hearth {

/// The plain reference of every weight type: `out[i]` = element i of a row in file layout, exact to the
/// rounding of one float32 multiplication and addition. `source` holds bytesFor(type, out.size()) bytes at
/// any alignment; out.size() is a multiple of the type's block size; `type` is F32, F16, BF16 or a block
/// type. Thread-safe, no allocation.
void dequantizeRow(DType type, std::span<const std::byte> source, std::span<float> out);

/// Whether dequantizeRow knows `type`.
[[nodiscard]] bool canDequantize(DType type);

} // namespace hearth
