#include "engine/kernels/simd/weight_kernel.h"
#include "engine/kernels/simd/weights.h"

namespace hearth::kernels::HEARTH_SIMD {

constinit const detail::WeightKernel kQ4_0 = quantisedKernel<Simd, DType::Q4_0>();
constinit const detail::WeightKernel kQ4_1 = quantisedKernel<Simd, DType::Q4_1>();
constinit const detail::WeightKernel kQ5_0 = quantisedKernel<Simd, DType::Q5_0>();
constinit const detail::WeightKernel kQ5_1 = quantisedKernel<Simd, DType::Q5_1>();
constinit const detail::WeightKernel kQ8_0 = quantisedKernel<Simd, DType::Q8_0>();

} // namespace hearth::kernels::HEARTH_SIMD
