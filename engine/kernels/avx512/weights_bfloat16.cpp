#include "engine/kernels/avx512/bfloat16.h"
#include "engine/kernels/avx512/weights.h"
#include "engine/kernels/simd/bfloat16_dots.h"

namespace hearth::kernels::HEARTH_AVX512_NAMESPACE {

constinit const detail::WeightKernel kBF16Dots = bfloat16Kernel<Avx512Bf16, DType::BF16>();
constinit const detail::WeightKernel kF16Dots = bfloat16Kernel<Avx512Bf16, DType::F16>();

} // namespace hearth::kernels::HEARTH_AVX512_NAMESPACE
