#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/tensor/dtype.h"

/// The packed layout of quantised weights, shared by every vector instruction set.
///
/// Rows are stored in panels of R rows, R = floats in a vector. A panel is one run of memory, read strictly
/// from end to end: for every run of 64 columns (256 for types with blocks of 256) its scales, then its codes.
/// A processor foresees that by itself; where the scales of 256 columns came after their codes, Q8_0 was read
/// at 91 % of the speed of plain loads in place of 98 (Zen 4). Panels are padded to 64 bytes.
///
/// Codes: for every 32 columns, the low plane and then the high plane. A plane is made of vectors of 4·R
/// bytes; byte 4·r + b of a vector belongs to row r and to column 4·s + b of step s, where 32 columns are 8
/// steps:
///   low 8 bits: vector s = the codes of step s
///   low 4 bits: vector i (0…3): low nibble = step i, high nibble = step i + 4
///   low 2 bits: vector i (0…1): bits 2j = step 4·i + j
///   high 2 bits: as low 2 bits
///   high 1 bit: one vector, bit s = step s
/// So nothing is shuffled across bytes to multiply, and no sum runs across lanes. Codes are unsigned, except
/// for Q8_0, whose codes are signed bytes; code books are applied in registers.
///
/// Scales: for every block of the file (8 blocks of 32, or one of 256), arrays of R entries (see Scales).
/// Bytes read are those of the file, except Q3_K (+3.6 %) and IQ4_XS (+1.5 %), whose 6-bit scales are stored
/// as bytes.
namespace hearth::kernels {

/// The scales of a block; h = float16, all arrays [R].
enum class ScaleKind : std::uint8_t {
    D,     ///< h d
    DM,    ///< h d, h m: value = d·q + m
    E8,    ///< u8 e: value = 2^(e − 128)·T[q]
    K2,    ///< h d, h dmin, 16 × u8 (scale | min << 4), one per 16 columns
    K4,    ///< h d, h dmin, 3 × u8[4][R]: A, B, C of 6-bit scales and mins (see pack/pack.cpp)
    K8x16, ///< h d, 16 × i8 scale, one per 16 columns (Q6_K, Q3_K)
    K8x32, ///< h d, 8 × i8 scale, one per 32 columns (IQ4_XS)
};

/// What turns a 4-bit code into a signed weight.
enum class CodeBook : std::uint8_t { None, NonLinear, MxFp4 };

struct PackedType {
    int lowBits, highBits;
    int blockCols; ///< 32 or 256
    int groupCols; ///< columns of one scale: 16 or 32
    ScaleKind scales;
    int offset;    ///< value = scale·(code − offset); 0 for signed codes and code books
    bool isSigned; ///< codes (after the code book) are signed
    CodeBook codeBook;
};

/// Columns of one ActBlock.
inline constexpr int kSuperCols = 256;

/// Columns whose scales stand together before their codes; divides 256.
constexpr int runCols(const PackedType& type) {
    return type.blockCols == kSuperCols ? kSuperCols : 2 * type.blockCols;
}

/// Evaluated by compilers only, so that sources of different instruction sets share no code.
constexpr PackedType packedTypeOf(DType type) {
    switch (type) {
    case DType::Q4_0:
        return {4, 0, 32, 32, ScaleKind::D, 8, false, CodeBook::None};
    case DType::Q4_1:
        return {4, 0, 32, 32, ScaleKind::DM, 0, false, CodeBook::None};
    case DType::Q5_0:
        return {4, 1, 32, 32, ScaleKind::D, 16, false, CodeBook::None};
    case DType::Q5_1:
        return {4, 1, 32, 32, ScaleKind::DM, 0, false, CodeBook::None};
    case DType::Q8_0:
        return {8, 0, 32, 32, ScaleKind::D, 0, true, CodeBook::None};
    case DType::Q2_K:
        return {2, 0, 256, 16, ScaleKind::K2, 0, false, CodeBook::None};
    case DType::Q3_K:
        return {2, 1, 256, 16, ScaleKind::K8x16, 4, false, CodeBook::None};
    case DType::Q4_K:
        return {4, 0, 256, 32, ScaleKind::K4, 0, false, CodeBook::None};
    case DType::Q5_K:
        return {4, 1, 256, 32, ScaleKind::K4, 0, false, CodeBook::None};
    case DType::Q6_K:
        return {4, 2, 256, 16, ScaleKind::K8x16, 32, false, CodeBook::None};
    case DType::IQ4_NL:
        return {4, 0, 32, 32, ScaleKind::D, 0, true, CodeBook::NonLinear};
    case DType::IQ4_XS:
        return {4, 0, 256, 32, ScaleKind::K8x32, 0, true, CodeBook::NonLinear};
    case DType::MXFP4:
        return {4, 0, 32, 32, ScaleKind::E8, 0, true, CodeBook::MxFp4};
    default:
        return {};
    }
}

/// Bytes of the scales of a row's block.
constexpr std::size_t scaleBytesPerRow(ScaleKind kind) {
    switch (kind) {
    case ScaleKind::D:
        return 2;
    case ScaleKind::DM:
        return 4;
    case ScaleKind::E8:
        return 1;
    case ScaleKind::K2:
        return 20;
    case ScaleKind::K4:
        return 16;
    case ScaleKind::K8x16:
        return 18;
    case ScaleKind::K8x32:
        return 10;
    }
    return 0;
}

} // namespace hearth::kernels
