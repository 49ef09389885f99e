#pragma once

#include "engine/kernels/pack/pack.h"
#include "engine/kernels/simd/prefill.h"

/// WeightKernel tables for an instruction set.
namespace hearth::kernels {
namespace {

template <class S, DType Type>
std::size_t packedPanelBytes(std::size_t cols) {
    return pack::panelBytes<Type>(S::kLanes, cols);
}

template <class S, DType Type>
void packPanel(const std::byte* rows, std::size_t rowBytes, std::size_t rowCount, std::size_t cols,
               std::uint8_t* panel) {
    pack::panel<Type>(S::kLanes, rows, rowBytes, rowCount, cols, panel);
}

template <class S, DType Type>
void packedRow(const std::uint8_t* panel, std::size_t row, std::size_t cols, float* out) {
    pack::row<Type>(S::kLanes, panel, row, cols, out);
}

template <class S, DType Type>
constexpr detail::WeightKernel quantisedKernel() {
    return {.panelRows = S::kLanes,
            .tilePanels = decltype(tilesOf<S, Type>())::kVectors,
            .fewInputs = kDecodeLimitOf<S, Type>,
            .quantisedActivations = true,
            .exactInputs = kIsRescaled<S, Type> ? S::kDecodeLimit : SIZE_MAX,
            .packs = true,
            .panelBytes = packedPanelBytes<S, Type>,
            .pack = packPanel<S, Type>,
            .row = packedRow<S, Type>,
            .multiply = multiplyQuantised<S, Type>,
            .scratchBytes = quantisedScratchBytes<S, Type>};
}

} // namespace
} // namespace hearth::kernels
