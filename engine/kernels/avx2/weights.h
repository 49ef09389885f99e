#pragma once

#include "engine/kernels/kernel_table.h"

/// The weight types on AVX2, each defined in one of the tiny weights_*.cpp.
namespace hearth::kernels::avx2 {

extern const detail::KernelTable kTable;
extern const detail::WeightKernel kQ4_0, kQ4_1, kQ5_0, kQ5_1, kQ8_0;
extern const detail::WeightKernel kQ2_K, kQ3_K, kQ4_K, kQ5_K, kQ6_K;
extern const detail::WeightKernel kIQ4_NL, kIQ4_XS, kMXFP4;
extern const detail::WeightKernel kF32, kF16, kBF16;

} // namespace hearth::kernels::avx2
