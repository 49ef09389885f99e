#include "engine/kernels/simd/weight_kernel.h"
#include "engine/kernels/simd/weights.h"

namespace hearth::kernels::HEARTH_SIMD {

constinit const detail::WeightKernel kQ2_K = quantisedKernel<Simd, DType::Q2_K>();
constinit const detail::WeightKernel kQ3_K = quantisedKernel<Simd, DType::Q3_K>();
constinit const detail::WeightKernel kQ4_K = quantisedKernel<Simd, DType::Q4_K>();
constinit const detail::WeightKernel kQ5_K = quantisedKernel<Simd, DType::Q5_K>();
constinit const detail::WeightKernel kQ6_K = quantisedKernel<Simd, DType::Q6_K>();

} // namespace hearth::kernels::HEARTH_SIMD
