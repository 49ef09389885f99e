#include <cstring>

#include "engine/kernels/pack/pack.h"
#include "engine/tensor/half.h"

/// Float weights. A panel of R rows holds column after column, so that a vector load brings one column of all
/// rows: F32 and F16 as [cols][R]. BF16 as [cols / 2][R][2], two neighbouring columns in one 32-bit word,
/// which is what the bfloat16 dot products multiply; an odd last column is paired with zeros.
namespace hearth::kernels::pack {

namespace {

template <DType Type>
constexpr std::size_t kSize = Type == DType::F32 ? 4 : 2;

/// Byte offset of element (row, col).
template <DType Type>
std::size_t place(std::size_t panelRows, std::size_t row, std::size_t col) {
    if constexpr (Type == DType::BF16)
        return ((col / 2 * panelRows + row) * 2 + col % 2) * kSize<Type>;
    else
        return (col * panelRows + row) * kSize<Type>;
}

template <DType Type>
std::size_t bytesOf(std::size_t panelRows, std::size_t cols) {
    const std::size_t padded = Type == DType::BF16 ? cols + cols % 2 : cols;
    return (padded * panelRows * kSize<Type> + 63) / 64 * 64;
}

template <DType Type>
void packRows(std::size_t panelRows, const std::byte* rows, std::size_t rowBytes, std::size_t rowCount,
              std::size_t cols, std::uint8_t* out) {
    // Columns in runs of one cache line, so that the lines read of every row stay in the cache.
    constexpr std::size_t run = 64 / kSize<Type>;
    for (std::size_t first = 0; first < cols; first += run)
        for (std::size_t r = 0; r < rowCount; ++r) {
            const std::byte* from = rows + r * rowBytes;
            const std::size_t end = first + run < cols ? first + run : cols;
            // Neighbouring columns of BF16 stay neighbours and move as one.
            constexpr std::size_t together = Type == DType::BF16 ? 2 : 1;
            std::size_t c = first;
            for (; c + together <= end; c += together)
                std::memcpy(out + place<Type>(panelRows, r, c), from + c * kSize<Type>,
                            together * kSize<Type>);
            for (; c < end; ++c)
                std::memcpy(out + place<Type>(panelRows, r, c), from + c * kSize<Type>, kSize<Type>);
        }
}

template <DType Type>
void readRow(std::size_t panelRows, const std::uint8_t* panel, std::size_t row, std::size_t cols,
             float* out) {
    for (std::size_t c = 0; c < cols; ++c) {
        const std::uint8_t* from = panel + place<Type>(panelRows, row, c);
        if constexpr (Type == DType::F32) {
            std::memcpy(out + c, from, sizeof(float));
        } else {
            std::uint16_t bits;
            std::memcpy(&bits, from, sizeof bits);
            out[c] = Type == DType::F16 ? halfToFloat(bits) : bfloat16ToFloat(bits);
        }
    }
}

} // namespace

#define HEARTH_FLOAT_TYPE(type)                                                                              \
    template <>                                                                                              \
    std::size_t panelBytes<DType::type>(std::size_t panelRows, std::size_t cols) {                           \
        return bytesOf<DType::type>(panelRows, cols);                                                        \
    }                                                                                                        \
    template <>                                                                                              \
    void panel<DType::type>(std::size_t panelRows, const std::byte* rows, std::size_t rowBytes,              \
                            std::size_t rowCount, std::size_t cols, std::uint8_t* out) {                     \
        packRows<DType::type>(panelRows, rows, rowBytes, rowCount, cols, out);                               \
    }                                                                                                        \
    template <>                                                                                              \
    void row<DType::type>(std::size_t panelRows, const std::uint8_t* panel, std::size_t row,                 \
                          std::size_t cols, float* out) {                                                    \
        readRow<DType::type>(panelRows, panel, row, cols, out);                                              \
    }
HEARTH_FLOAT_TYPE(F32)
HEARTH_FLOAT_TYPE(F16)
HEARTH_FLOAT_TYPE(BF16)
#undef HEARTH_FLOAT_TYPE

} // namespace hearth::kernels::pack
