#include "engine/kernels/avx512/primitives.h"
#include "engine/kernels/avx512/weights.h"
#include "engine/kernels/simd/float_weights.h"

namespace hearth::kernels::HEARTH_AVX512_NAMESPACE {

constinit const detail::WeightKernel kF32 = floatKernel<Avx512, DType::F32>();
constinit const detail::WeightKernel kF16 = floatKernel<Avx512, DType::F16>();
constinit const detail::WeightKernel kBF16 = floatKernel<Avx512, DType::BF16>();

} // namespace hearth::kernels::HEARTH_AVX512_NAMESPACE
