#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "engine/tensor/blocks.h"

/// The codes of each block type, one byte per element in element order.
namespace hearth::kernels::pack {

template <DType Type>
struct BlockOf;

/// Eight codes are worked on at once, as the bytes of a word.
using Codes8 = std::uint64_t;

inline Codes8 load8(const std::uint8_t* from) {
    Codes8 word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

inline void store8(std::uint8_t* to, Codes8 word) {
    std::memcpy(to, &word, sizeof word);
}

/// The field of `Bits` bits at bit `at` of every byte.
template <int Bits>
constexpr Codes8 fields(Codes8 word, unsigned at) {
    return (word >> at) & (0x0101010101010101U * ((1U << Bits) - 1));
}

inline void nibbles(const std::uint8_t* qs, std::uint8_t* codes) {
    for (std::size_t j = 0; j < 16; j += 8) {
        store8(codes + j, fields<4>(load8(qs + j), 0));
        store8(codes + j + 16, fields<4>(load8(qs + j), 4));
    }
}

/// Adds the fifth bits of Q5_0 and Q5_1.
inline void fifthBits(const Bytes<4>& qh, std::uint8_t* codes) {
    for (std::size_t byte = 0; byte < 4; ++byte) {
        // Bit i of qh in byte i; adding 127 carries any set bit to the top of its byte.
        const Codes8 bits = (0x0101010101010101U * qh[byte]) & 0x8040201008040201U;
        const Codes8 top = (bits + 0x7F7F7F7F7F7F7F7FU) | bits;
        store8(codes + 8 * byte, load8(codes + 8 * byte) | fields<1>(top, 7) << 4);
    }
}

/// The two-bit plane of Q2_K and Q3_K.
inline void twoBits(const Bytes<64>& qs, std::uint8_t* codes) {
    for (std::size_t half = 0; half < 2; ++half)
        for (unsigned group = 0; group < 4; ++group)
            for (std::size_t l = 0; l < 32; l += 8)
                store8(codes + 128 * half + 32 * group + l, fields<2>(load8(&qs[32 * half + l]), 2 * group));
}

/// Adds bit g of bits[l] to element l of group g, as bit `To` of its code (Q3_K, Q5_K).
template <int To>
void groupBits(const Bytes<32>& bits, std::uint8_t* codes) {
    for (unsigned group = 0; group < 8; ++group)
        for (std::size_t l = 0; l < 32; l += 8) {
            std::uint8_t* at = codes + 32 * group + l;
            store8(at, load8(at) | fields<1>(load8(&bits[l]), group) << To);
        }
}

/// The nibbles of Q4_K and Q5_K.
inline void chunkNibbles(const Bytes<128>& qs, std::uint8_t* codes) {
    for (std::size_t chunk = 0; chunk < 4; ++chunk)
        for (std::size_t l = 0; l < 32; l += 8) {
            const Codes8 both = load8(&qs[32 * chunk + l]);
            store8(codes + 64 * chunk + l, fields<4>(both, 0));
            store8(codes + 64 * chunk + 32 + l, fields<4>(both, 4));
        }
}

template <>
struct BlockOf<DType::Q4_0> : BlockQ4_0 {
    void codes(std::uint8_t* out) const { nibbles(qs.data(), out); }
};
template <>
struct BlockOf<DType::Q4_1> : BlockQ4_1 {
    void codes(std::uint8_t* out) const { nibbles(qs.data(), out); }
};
template <>
struct BlockOf<DType::Q5_0> : BlockQ5_0 {
    void codes(std::uint8_t* out) const {
        nibbles(qs.data(), out);
        fifthBits(qh, out);
    }
};
template <>
struct BlockOf<DType::Q5_1> : BlockQ5_1 {
    void codes(std::uint8_t* out) const {
        nibbles(qs.data(), out);
        fifthBits(qh, out);
    }
};
template <>
struct BlockOf<DType::Q8_0> : BlockQ8_0 {
    void codes(std::uint8_t* out) const {
        for (std::size_t e = 0; e < 32; ++e)
            out[e] = static_cast<std::uint8_t>(qs[e]);
    }
};
template <>
struct BlockOf<DType::IQ4_NL> : BlockIQ4_NL {
    void codes(std::uint8_t* out) const { nibbles(qs.data(), out); }
};
template <>
struct BlockOf<DType::MXFP4> : BlockMXFP4 {
    void codes(std::uint8_t* out) const { nibbles(qs.data(), out); }
};
template <>
struct BlockOf<DType::Q2_K> : BlockQ2_K {
    void codes(std::uint8_t* out) const { twoBits(qs, out); }
};
template <>
struct BlockOf<DType::Q3_K> : BlockQ3_K {
    void codes(std::uint8_t* out) const {
        twoBits(qs, out);
        groupBits<2>(hmask, out);
    }
};
template <>
struct BlockOf<DType::Q4_K> : BlockQ4_K {
    void codes(std::uint8_t* out) const { chunkNibbles(qs, out); }
};
template <>
struct BlockOf<DType::Q5_K> : BlockQ5_K {
    void codes(std::uint8_t* out) const {
        chunkNibbles(qs, out);
        groupBits<4>(qh, out);
    }
};
template <>
struct BlockOf<DType::Q6_K> : BlockQ6_K {
    void codes(std::uint8_t* out) const {
        for (std::size_t half = 0; half < 2; ++half)
            for (unsigned group = 0; group < 4; ++group)
                for (std::size_t l = 0; l < 32; l += 8) {
                    const Codes8 low = load8(&ql[64 * half + 32 * (group % 2) + l]);
                    const Codes8 high = load8(&qh[32 * half + l]);
                    store8(out + 128 * half + 32 * group + l,
                           fields<4>(low, 4 * (group / 2)) | fields<2>(high, 2 * group) << 4);
                }
    }
};
template <>
struct BlockOf<DType::IQ4_XS> : BlockIQ4_XS {
    void codes(std::uint8_t* out) const {
        for (std::size_t group = 0; group < 8; ++group)
            nibbles(qs.data() + 16 * group, out + 32 * group);
    }
};

} // namespace hearth::kernels::pack
