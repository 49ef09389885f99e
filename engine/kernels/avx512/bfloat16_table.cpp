#include "engine/kernels/avx512/bfloat16.h"
#include "engine/kernels/simd/bfloat16_dots.h"
#include "engine/kernels/simd/table.h"
#include "engine/kernels/simd/weights.h"

namespace hearth::kernels::HEARTH_SIMD {

extern const detail::KernelTable kBf16Table;

namespace {

constinit const detail::WeightKernel kBF16Dots = bfloat16Kernel<Avx512Bf16, DType::BF16>();
constinit const detail::WeightKernel kF16Dots = bfloat16Kernel<Avx512Bf16, DType::F16>();

const detail::WeightKernel* weightsWithBf16Dots(DType type) {
    return type == DType::BF16 ? &kBF16Dots : type == DType::F16 ? &kF16Dots : kTable.weights(type);
}

constexpr detail::KernelTable withBf16Dots() {
    detail::KernelTable table = kernelTable<Avx512Bf16>(Isa::Avx512, weightsWithBf16Dots);
    table.roundPairs = roundPairs;
    return table;
}

} // namespace

constinit const detail::KernelTable kBf16Table = withBf16Dots();

} // namespace hearth::kernels::HEARTH_SIMD
