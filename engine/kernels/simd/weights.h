#pragma once

#include "engine/kernels/kernel_table.h"

/// The sources of this folder are compiled once for each instruction set. The build names it: HEARTH_SIMD is
/// the namespace of its tables (see tables.h) and HEARTH_SIMD_PRIMITIVES the header that defines `Simd`.
#include HEARTH_SIMD_PRIMITIVES

/// The weight types, each defined in one of the tiny weights_*.cpp.
namespace hearth::kernels::HEARTH_SIMD {

extern const detail::KernelTable kTable;
extern const detail::WeightKernel kQ4_0, kQ4_1, kQ5_0, kQ5_1, kQ8_0;
extern const detail::WeightKernel kQ2_K, kQ3_K, kQ4_K, kQ5_K, kQ6_K;
extern const detail::WeightKernel kIQ4_NL, kIQ4_XS, kMXFP4;
extern const detail::WeightKernel kF32, kF16, kBF16;

} // namespace hearth::kernels::HEARTH_SIMD
