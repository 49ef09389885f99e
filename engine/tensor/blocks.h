#pragma once

#include <array>
#include <cstdint>

#include "engine/tensor/dtype.h"
#include "engine/tensor/half.h"

namespace hearth {

/// Byte layouts of quantised blocks as GGUF files store them. Every struct is made of bytes, so it has no
/// padding and alignment 1 and may be read in place at any address. Multi-byte fields are little-endian.
///
/// "n16": nibbles of 32 elements in 16 bytes; byte j holds element j (low) and element j + 16 (high).
/// In all formulas q is the stored unsigned code. Source: the GGUF specification of the ggml project.

/// A float16 inside a block.
struct StoredHalf {
    std::array<std::uint8_t, 2> bytes;
    [[nodiscard]] constexpr std::uint16_t bits() const {
        return static_cast<std::uint16_t>(bytes[0] | (bytes[1] << 8));
    }
    [[nodiscard]] constexpr float value() const { return halfToFloat(bits()); }
    static constexpr StoredHalf of(float value) {
        const std::uint16_t half = floatToHalf(value);
        return {{static_cast<std::uint8_t>(half & 0xFF), static_cast<std::uint8_t>(half >> 8)}};
    }
};

template <std::size_t N>
using Bytes = std::array<std::uint8_t, N>;

/// value = d·(q − 8)
struct BlockQ4_0 {
    static constexpr DType kType = DType::Q4_0;
    StoredHalf d;
    Bytes<16> qs; ///< n16
};

/// value = d·q + m
struct BlockQ4_1 {
    static constexpr DType kType = DType::Q4_1;
    StoredHalf d, m;
    Bytes<16> qs; ///< n16
};

/// value = d·(q − 16); q = nibble + 16·(bit e of qh)
struct BlockQ5_0 {
    static constexpr DType kType = DType::Q5_0;
    StoredHalf d;
    Bytes<4> qh;  ///< one little-endian word: bit e is the fifth bit of element e
    Bytes<16> qs; ///< n16
};

/// value = d·q + m; q as in Q5_0
struct BlockQ5_1 {
    static constexpr DType kType = DType::Q5_1;
    StoredHalf d, m;
    Bytes<4> qh;
    Bytes<16> qs; ///< n16
};

/// value = d·q, q signed
struct BlockQ8_0 {
    static constexpr DType kType = DType::Q8_0;
    StoredHalf d;
    std::array<std::int8_t, 32> qs;
};

/// 16 groups of 16: value = d·(scales & 15)·q − dmin·(scales >> 4).
/// Each half of 128 elements owns 32 bytes of qs; its 32-element group g sits at bit 2g.
struct BlockQ2_K {
    static constexpr DType kType = DType::Q2_K;
    Bytes<16> scales;
    Bytes<64> qs;
    StoredHalf d, dmin;
};

/// 16 groups of 16: value = d·(scale − 32)·(q − (high bit clear ? 4 : 0)), q two bits as in Q2_K.
/// High bit of group g of half h: bit 4h + g of hmask[l]. Scales: 6 bits, see unpackScalesQ3K.
struct BlockQ3_K {
    static constexpr DType kType = DType::Q3_K;
    Bytes<32> hmask;
    Bytes<64> qs;
    Bytes<12> scales;
    StoredHalf d;
};

/// 8 groups of 32: value = d·scale·q − dmin·min. 64-element chunk c owns qs[32c…]: low nibbles are group 2c,
/// high nibbles group 2c + 1. Scales and mins: 6 bits, see unpackScalesQ4K.
struct BlockQ4_K {
    static constexpr DType kType = DType::Q4_K;
    StoredHalf d, dmin;
    Bytes<12> scales;
    Bytes<128> qs;
};

/// As Q4_K with a fifth bit: bit g of qh[l] belongs to element l of group g.
struct BlockQ5_K {
    static constexpr DType kType = DType::Q5_K;
    StoredHalf d, dmin;
    Bytes<12> scales;
    Bytes<32> qh;
    Bytes<128> qs;
};

/// 16 groups of 16: value = d·scale·(q − 32). Half h owns 64 bytes of ql and 32 of qh; its 32-element groups
/// 0…3 take ql[l] low, ql[l + 32] low, ql[l] high, ql[l + 32] high, and bits 2g of qh[l].
struct BlockQ6_K {
    static constexpr DType kType = DType::Q6_K;
    Bytes<128> ql;
    Bytes<64> qh;
    std::array<std::int8_t, 16> scales;
    StoredHalf d;
};

/// value = d·kNonLinear[q]
struct BlockIQ4_NL {
    static constexpr DType kType = DType::IQ4_NL;
    StoredHalf d;
    Bytes<16> qs; ///< n16
};

/// 8 groups of 32: value = d·(scale − 32)·kNonLinear[q]; scale of group g = nibble g of scalesLow with bits
/// 2g of scalesHigh above it.
struct BlockIQ4_XS {
    static constexpr DType kType = DType::IQ4_XS;
    StoredHalf d;
    Bytes<2> scalesHigh;
    Bytes<4> scalesLow;
    Bytes<128> qs; ///< n16 per group
};

/// value = 2^(e − 128)·kMxFp4[q]: E2M1 numbers, doubled so that the table is whole
struct BlockMXFP4 {
    static constexpr DType kType = DType::MXFP4;
    std::uint8_t e;
    Bytes<16> qs; ///< n16
};

/// The code book of IQ4_NL and IQ4_XS.
inline constexpr std::array<std::int8_t, 16> kNonLinear{-127, -104, -83, -65, -49, -35, -22, -10,
                                                        1,    13,   25,  38,  53,  69,  89,  113};
/// Twice the values of E2M1.
inline constexpr std::array<std::int8_t, 16> kMxFp4{0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

/// 2^(e − 128), exact also where the result is subnormal.
[[nodiscard]] constexpr float mxScale(std::uint8_t e) {
    return e >= 2 ? std::bit_cast<float>(static_cast<std::uint32_t>(e - 1) << 23)
                  : std::bit_cast<float>(0x00200000U << e);
}

/// The 8 scales and 8 mins of Q4_K and Q5_K.
struct ScalesQ4K {
    Bytes<8> scale, min;
};
[[nodiscard]] constexpr ScalesQ4K unpackScalesQ4K(const Bytes<12>& s) {
    ScalesQ4K out{};
    for (std::size_t j = 0; j < 4; ++j) {
        out.scale[j] = s[j] & 63;
        out.min[j] = s[j + 4] & 63;
        out.scale[j + 4] = static_cast<std::uint8_t>((s[j + 8] & 15) | ((s[j] >> 6) << 4));
        out.min[j + 4] = static_cast<std::uint8_t>((s[j + 8] >> 4) | ((s[j + 4] >> 6) << 4));
    }
    return out;
}

/// The 16 signed scales of Q3_K, −32…31.
[[nodiscard]] constexpr std::array<std::int8_t, 16> unpackScalesQ3K(const Bytes<12>& s) {
    std::array<std::int8_t, 16> out{};
    for (std::size_t i = 0; i < 16; ++i) {
        const int low = (s[i % 8] >> (4 * (i / 8))) & 15;
        const int high = (s[8 + i % 4] >> (2 * (i / 4))) & 3;
        out[i] = static_cast<std::int8_t>((low | (high << 4)) - 32);
    }
    return out;
}

/// The 8 signed scales of IQ4_XS, −32…31.
[[nodiscard]] constexpr std::array<std::int8_t, 8> unpackScalesIQ4XS(const BlockIQ4_XS& b) {
    std::array<std::int8_t, 8> out{};
    const unsigned high = b.scalesHigh[0] | (static_cast<unsigned>(b.scalesHigh[1]) << 8);
    for (unsigned g = 0; g < 8; ++g) {
        const unsigned low = (b.scalesLow[g / 2] >> (4 * (g % 2))) & 15U;
        out[g] = static_cast<std::int8_t>(static_cast<int>(low | (((high >> (2 * g)) & 3U) << 4)) - 32);
    }
    return out;
}

static_assert(sizeof(BlockQ4_0) == 18 && sizeof(BlockQ4_1) == 20 && sizeof(BlockQ5_0) == 22 &&
              sizeof(BlockQ5_1) == 24 && sizeof(BlockQ8_0) == 34 && sizeof(BlockQ2_K) == 84 &&
              sizeof(BlockQ3_K) == 110 && sizeof(BlockQ4_K) == 144 && sizeof(BlockQ5_K) == 176 &&
              sizeof(BlockQ6_K) == 210 && sizeof(BlockIQ4_NL) == 18 && sizeof(BlockIQ4_XS) == 136 &&
              sizeof(BlockMXFP4) == 17 && alignof(BlockQ6_K) == 1);

} // namespace hearth
