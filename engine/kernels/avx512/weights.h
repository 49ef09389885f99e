#pragma once

#include "engine/kernels/kernel_table.h"

/// Another name for the emulated build of these sources in tests.
#if !defined(HEARTH_AVX512_NAMESPACE)
#define HEARTH_AVX512_NAMESPACE avx512
#endif

/// The weight types on AVX-512, each defined in one of the tiny weights_*.cpp.
namespace hearth::kernels::HEARTH_AVX512_NAMESPACE {

extern const detail::KernelTable kTable;
extern const detail::KernelTable kBf16Table; ///< with bfloat16 dot products
extern const detail::WeightKernel kQ4_0, kQ4_1, kQ5_0, kQ5_1, kQ8_0;
extern const detail::WeightKernel kQ2_K, kQ3_K, kQ4_K, kQ5_K, kQ6_K;
extern const detail::WeightKernel kIQ4_NL, kIQ4_XS, kMXFP4;
extern const detail::WeightKernel kF32, kF16, kBF16, kBF16Dots, kF16Dots;

} // namespace hearth::kernels::HEARTH_AVX512_NAMESPACE
