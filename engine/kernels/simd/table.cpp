#include "engine/kernels/simd/table.h"
#include "engine/kernels/simd/weights.h"

namespace hearth::kernels::HEARTH_SIMD {

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

} // namespace

constinit const detail::KernelTable kTable = kernelTable<Simd>(Simd::kIsa, weightsOf);

} // namespace hearth::kernels::HEARTH_SIMD
