#include "engine/kernels/avx512/primitives.h"
#include "engine/kernels/avx512/weights.h"
#include "engine/kernels/simd/weight_kernel.h"

namespace hearth::kernels::HEARTH_AVX512_NAMESPACE {

constinit const detail::WeightKernel kQ4_0 = quantisedKernel<Avx512, DType::Q4_0>();
constinit const detail::WeightKernel kQ4_1 = quantisedKernel<Avx512, DType::Q4_1>();
constinit const detail::WeightKernel kQ5_0 = quantisedKernel<Avx512, DType::Q5_0>();
constinit const detail::WeightKernel kQ5_1 = quantisedKernel<Avx512, DType::Q5_1>();
constinit const detail::WeightKernel kQ8_0 = quantisedKernel<Avx512, DType::Q8_0>();

} // namespace hearth::kernels::HEARTH_AVX512_NAMESPACE
