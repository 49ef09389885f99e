#include "engine/kernels/avx2/primitives.h"
#include "engine/kernels/avx2/weights.h"
#include "engine/kernels/simd/weight_kernel.h"

namespace hearth::kernels::avx2 {

constinit const detail::WeightKernel kQ2_K = quantisedKernel<Avx2, DType::Q2_K>();
constinit const detail::WeightKernel kQ3_K = quantisedKernel<Avx2, DType::Q3_K>();
constinit const detail::WeightKernel kQ4_K = quantisedKernel<Avx2, DType::Q4_K>();
constinit const detail::WeightKernel kQ5_K = quantisedKernel<Avx2, DType::Q5_K>();
constinit const detail::WeightKernel kQ6_K = quantisedKernel<Avx2, DType::Q6_K>();

} // namespace hearth::kernels::avx2
