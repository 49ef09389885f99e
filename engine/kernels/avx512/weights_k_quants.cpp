#include "engine/kernels/avx512/primitives.h"
#include "engine/kernels/avx512/weights.h"
#include "engine/kernels/simd/weight_kernel.h"

namespace hearth::kernels::HEARTH_AVX512_NAMESPACE {

constinit const detail::WeightKernel kQ2_K = quantisedKernel<Avx512, DType::Q2_K>();
constinit const detail::WeightKernel kQ3_K = quantisedKernel<Avx512, DType::Q3_K>();
constinit const detail::WeightKernel kQ4_K = quantisedKernel<Avx512, DType::Q4_K>();
constinit const detail::WeightKernel kQ5_K = quantisedKernel<Avx512, DType::Q5_K>();
constinit const detail::WeightKernel kQ6_K = quantisedKernel<Avx512, DType::Q6_K>();

} // namespace hearth::kernels::HEARTH_AVX512_NAMESPACE
