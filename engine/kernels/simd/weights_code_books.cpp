#include "engine/kernels/simd/weight_kernel.h"
#include "engine/kernels/simd/weights.h"

namespace hearth::kernels::HEARTH_SIMD {

constinit const detail::WeightKernel kIQ4_NL = quantisedKernel<Simd, DType::IQ4_NL>();
constinit const detail::WeightKernel kIQ4_XS = quantisedKernel<Simd, DType::IQ4_XS>();
constinit const detail::WeightKernel kMXFP4 = quantisedKernel<Simd, DType::MXFP4>();

} // namespace hearth::kernels::HEARTH_SIMD
