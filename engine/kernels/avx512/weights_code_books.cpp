#include "engine/kernels/avx512/primitives.h"
#include "engine/kernels/avx512/weights.h"
#include "engine/kernels/simd/weight_kernel.h"

namespace hearth::kernels::HEARTH_AVX512_NAMESPACE {

constinit const detail::WeightKernel kIQ4_NL = quantisedKernel<Avx512, DType::IQ4_NL>();
constinit const detail::WeightKernel kIQ4_XS = quantisedKernel<Avx512, DType::IQ4_XS>();
constinit const detail::WeightKernel kMXFP4 = quantisedKernel<Avx512, DType::MXFP4>();

} // namespace hearth::kernels::HEARTH_AVX512_NAMESPACE
