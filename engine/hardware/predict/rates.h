#pragma once

#include <cstddef>

#include "engine/hardware/measure/measurement.h"

/// Which measured rate stands for what was not measured itself. Inside of predict/.
namespace hearth::hardware {

/// The measured rate of a type, or that of the type nearest in size (`estimated` is set): kernels of equal
/// width are about as fast. nullptr when nothing was measured.
[[nodiscard]] const KernelRate* nearestRate(const Measurement& measurement, DType type, bool& estimated);

/// The attention that was measured with cells of this type, or else of another, and heads most like these;
/// short heads are like short ones only. nullptr when nothing was measured.
[[nodiscard]] const AttentionRate* nearestAttention(const Measurement& measurement, kernels::KvType kvType,
                                                    std::size_t headDim);

/// How the bandwidth of `threads` compares with that of the threads that kernels were measured with.
[[nodiscard]] double bandwidthFactor(const Measurement& measurement, std::size_t threads);

} // namespace hearth::hardware
