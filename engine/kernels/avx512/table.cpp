#include "engine/kernels/simd/table.h"
#include "engine/kernels/avx512/bfloat16.h"
#include "engine/kernels/avx512/weights.h"
#include "engine/kernels/simd/bfloat16_dots.h"

namespace hearth::kernels::HEARTH_AVX512_NAMESPACE {

namespace {

const detail::WeightKernel* weightsOf(DType type) {
    switch (type) {
    case DType::F32:
        return &kF32;
    case DType::F16:
        return &kF16;
    case DType::BF16:
        return &kBF16;
    case DType::Q4_0:
        return &kQ4_0;
    case DType::Q4_1:
        return &kQ4_1;
    case DType::Q5_0:
        return &kQ5_0;
    case DType::Q5_1:
        return &kQ5_1;
    case DType::Q8_0:
        return &kQ8_0;
    case DType::Q2_K:
        return &kQ2_K;
    case DType::Q3_K:
        return &kQ3_K;
    case DType::Q4_K:
        return &kQ4_K;
    case DType::Q5_K:
        return &kQ5_K;
    case DType::Q6_K:
        return &kQ6_K;
    case DType::IQ4_NL:
        return &kIQ4_NL;
    case DType::IQ4_XS:
        return &kIQ4_XS;
    case DType::MXFP4:
        return &kMXFP4;
    case DType::I8:
    case DType::I16:
    case DType::I32:
    case DType::I64:
    case DType::F64:
        break;
    }
    return nullptr;
}

const detail::WeightKernel* weightsWithBf16Dots(DType type) {
    return type == DType::BF16 ? &kBF16Dots : type == DType::F16 ? &kF16Dots : weightsOf(type);
}

constexpr detail::KernelTable withBf16Dots() {
    detail::KernelTable table = kernelTable<Avx512Bf16>(Isa::Avx512, weightsWithBf16Dots);
    table.roundPairs = roundPairs;
    return table;
}

} // namespace

constinit const detail::KernelTable kTable = kernelTable<Avx512>(Isa::Avx512, weightsOf);
constinit const detail::KernelTable kBf16Table = withBf16Dots();

} // namespace hearth::kernels::HEARTH_AVX512_NAMESPACE
