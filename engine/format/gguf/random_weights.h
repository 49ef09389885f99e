#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/tensor/dtype.h"

namespace hearth::format {

/// The standard deviation of random weights, usual for freshly initialised transformers.
inline constexpr float kRandomWeightSigma = 0.02F;

/// Fills `out` with weights of `type` in file layout: mean about 0, standard deviation about
/// kRandomWeightSigma. Floats are bell-shaped; block types have random codes under scales like those of
/// trained models, and never a code that a quantiser would not write. The same seed gives the same bytes.
/// `out` holds whole blocks of F32, F16, BF16 or a computable block type. Thread-safe.
void fillRandomWeights(DType type, std::uint64_t seed, std::span<std::byte> out);

} // namespace hearth::format
