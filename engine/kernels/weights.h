#pragma once

#include "engine/kernels/compute.h"
#include "engine/kernels/kernel_table.h"
#include "engine/kernels/weight_memory.h"

namespace hearth::kernels {

/// Inside of the kernels ring: what Weights holds.
struct Weights::Impl {
    const detail::WeightKernel* kernel = nullptr;
    DType type = DType::F32;
    std::size_t rows = 0, cols = 0;
    std::size_t panelBytes = 0, panelCount = 0;
    Origin origin;
    WeightMemory::Piece packed;           ///< empty when the source's own layout is used
    const std::uint8_t* panels = nullptr; ///< in `packed`, or the source
};

} // namespace hearth::kernels
