#pragma once

#include "engine/kernels/simd/attention.h"

/// The operations of an instruction set beside its products.
namespace hearth::kernels {
namespace {

template <class S>
constexpr detail::KernelTable kernelTable(Isa isa, const detail::WeightKernel* (*weights)(DType)) {
    using E = Elementwise<S>;
    using A = Attention<S>;
    return {.isa = isa,
            .weights = weights,
            .quantise = E::quantise,
            .rmsNorm = E::rmsNorm,
            .rope = E::rope,
            .storeCell = KvCells<S>::store,
            .attend = A::run,
            .queryTile = A::kQueryTile,
            .attendScratchBytes = A::scratchBytes,
            .add = E::add,
            .scale = E::scale,
            .siluMul = E::siluMul,
            .geluMul = E::geluMul,
            .softcap = E::softcap};
}

} // namespace
} // namespace hearth::kernels
