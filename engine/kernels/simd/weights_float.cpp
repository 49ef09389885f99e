#include "engine/kernels/simd/float_weights.h"
#include "engine/kernels/simd/weights.h"

namespace hearth::kernels::HEARTH_SIMD {

constinit const detail::WeightKernel kF32 = floatKernel<Simd, DType::F32>();
constinit const detail::WeightKernel kF16 = floatKernel<Simd, DType::F16>();
constinit const detail::WeightKernel kBF16 = floatKernel<Simd, DType::BF16>();

} // namespace hearth::kernels::HEARTH_SIMD
