#include "engine/kernels/avx2/primitives.h"
#include "engine/kernels/avx2/weights.h"
#include "engine/kernels/simd/float_weights.h"

namespace hearth::kernels::avx2 {

constinit const detail::WeightKernel kF32 = floatKernel<Avx2, DType::F32>();
constinit const detail::WeightKernel kF16 = floatKernel<Avx2, DType::F16>();
constinit const detail::WeightKernel kBF16 = floatKernel<Avx2, DType::BF16>();

} // namespace hearth::kernels::avx2
