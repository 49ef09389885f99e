#pragma once

#include <array>
#include <cstdint>

#include "engine/tensor/blocks.h"

/// The codes of each block type, one byte per element in element order.
namespace hearth::kernels::pack {

template <DType Type>
struct BlockOf;

inline void nibbles(const std::uint8_t* qs, std::uint8_t* codes) {
    for (std::size_t j = 0; j < 16; ++j) {
        codes[j] = qs[j] & 15;
        codes[j + 16] = qs[j] >> 4;
    }
}

/// Adds the fifth bits of Q5_0 and Q5_1.
inline void fifthBits(const Bytes<4>& qh, std::uint8_t* codes) {
    for (std::size_t e = 0; e < 32; ++e)
        codes[e] = static_cast<std::uint8_t>(codes[e] | (((qh[e / 8] >> (e % 8)) & 1) << 4));
}

/// The two-bit plane of Q2_K and Q3_K.
inline void twoBits(const Bytes<64>& qs, std::uint8_t* codes) {
    for (std::size_t half = 0; half < 2; ++half)
        for (unsigned group = 0; group < 4; ++group)
            for (std::size_t l = 0; l < 32; ++l)
                codes[128 * half + 32 * group + l] = (qs[32 * half + l] >> (2 * group)) & 3;
}

/// The nibbles of Q4_K and Q5_K.
inline void chunkNibbles(const Bytes<128>& qs, std::uint8_t* codes) {
    for (std::size_t chunk = 0; chunk < 4; ++chunk)
        for (std::size_t l = 0; l < 32; ++l) {
            codes[64 * chunk + l] = qs[32 * chunk + l] & 15;
            codes[64 * chunk + 32 + l] = qs[32 * chunk + l] >> 4;
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
        for (unsigned group = 0; group < 8; ++group)
            for (std::size_t l = 0; l < 32; ++l)
                out[32 * group + l] =
                    static_cast<std::uint8_t>(out[32 * group + l] | (((hmask[l] >> group) & 1) << 2));
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
        for (unsigned group = 0; group < 8; ++group)
            for (std::size_t l = 0; l < 32; ++l)
                out[32 * group + l] =
                    static_cast<std::uint8_t>(out[32 * group + l] | (((qh[l] >> group) & 1) << 4));
    }
};
template <>
struct BlockOf<DType::Q6_K> : BlockQ6_K {
    void codes(std::uint8_t* out) const {
        for (std::size_t half = 0; half < 2; ++half)
            for (unsigned group = 0; group < 4; ++group)
                for (std::size_t l = 0; l < 32; ++l) {
                    const unsigned low = (ql[64 * half + 32 * (group % 2) + l] >> (4 * (group / 2))) & 15U;
                    const unsigned high = (qh[32 * half + l] >> (2 * group)) & 3U;
                    out[128 * half + 32 * group + l] = static_cast<std::uint8_t>(low | (high << 4));
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
