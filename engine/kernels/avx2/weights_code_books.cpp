#include "engine/kernels/avx2/primitives.h"
#include "engine/kernels/avx2/weights.h"
#include "engine/kernels/simd/weight_kernel.h"

namespace hearth::kernels::avx2 {

constinit const detail::WeightKernel kIQ4_NL = quantisedKernel<Avx2, DType::IQ4_NL>();
constinit const detail::WeightKernel kIQ4_XS = quantisedKernel<Avx2, DType::IQ4_XS>();
constinit const detail::WeightKernel kMXFP4 = quantisedKernel<Avx2, DType::MXFP4>();

} // namespace hearth::kernels::avx2
