#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/tensor/dtype.h"

/// From rows in file layout to panels and back; layouts: packed_types.h for quantised types, float_panel.cpp
/// for the others. Plain C++ for every instruction set; the number of rows in a panel is a parameter.
/// Thread-safe.
namespace hearth::kernels::pack {

/// Bytes of a panel; `cols` is a multiple of the type's block.
template <DType Type>
std::size_t panelBytes(std::size_t panelRows, std::size_t cols);

/// Packs rowCount ≤ panelRows rows, rowBytes apart, into a zeroed panel. Missing rows stay zero: their scales
/// are 0, so they multiply to 0.
template <DType Type>
void panel(std::size_t panelRows, const std::byte* rows, std::size_t rowBytes, std::size_t rowCount,
           std::size_t cols, std::uint8_t* out);

/// Dequantises one row of a panel, with the same operations as dequantizeRow.
template <DType Type>
void row(std::size_t panelRows, const std::uint8_t* panel, std::size_t row, std::size_t cols, float* out);

#define HEARTH_PACK_TYPE(type)                                                                               \
    extern template std::size_t panelBytes<DType::type>(std::size_t, std::size_t);                           \
    extern template void panel<DType::type>(std::size_t, const std::byte*, std::size_t, std::size_t,         \
                                            std::size_t, std::uint8_t*);                                     \
    extern template void row<DType::type>(std::size_t, const std::uint8_t*, std::size_t, std::size_t, float*);
HEARTH_PACK_TYPE(Q4_0)
HEARTH_PACK_TYPE(Q4_1)
HEARTH_PACK_TYPE(Q5_0)
HEARTH_PACK_TYPE(Q5_1)
HEARTH_PACK_TYPE(Q8_0)
HEARTH_PACK_TYPE(Q2_K)
HEARTH_PACK_TYPE(Q3_K)
HEARTH_PACK_TYPE(Q4_K)
HEARTH_PACK_TYPE(Q5_K)
HEARTH_PACK_TYPE(Q6_K)
HEARTH_PACK_TYPE(IQ4_NL)
HEARTH_PACK_TYPE(IQ4_XS)
HEARTH_PACK_TYPE(MXFP4)
#undef HEARTH_PACK_TYPE

#define HEARTH_PACK_FLOAT(type)                                                                              \
    template <>                                                                                              \
    std::size_t panelBytes<DType::type>(std::size_t, std::size_t);                                           \
    template <>                                                                                              \
    void panel<DType::type>(std::size_t, const std::byte*, std::size_t, std::size_t, std::size_t,            \
                            std::uint8_t*);                                                                  \
    template <>                                                                                              \
    void row<DType::type>(std::size_t, const std::uint8_t*, std::size_t, std::size_t, float*);
HEARTH_PACK_FLOAT(F32)
HEARTH_PACK_FLOAT(F16)
HEARTH_PACK_FLOAT(BF16)
#undef HEARTH_PACK_FLOAT

} // namespace hearth::kernels::pack
