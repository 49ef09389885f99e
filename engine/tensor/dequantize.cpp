#include "engine/tensor/dequantize.h"

#include <cstring>

#include "engine/tensor/blocks.h"

namespace hearth {

namespace {

/// Element e of n16 nibbles.
constexpr unsigned nibble(const std::uint8_t* qs, std::size_t e) {
    return e < 16 ? qs[e] & 15U : qs[e - 16] >> 4;
}

constexpr float toFloat(int value) {
    return static_cast<float>(value);
}
constexpr float toFloat(unsigned value) {
    return static_cast<float>(value);
}

unsigned fifthBit(const Bytes<4>& qh, std::size_t e) {
    return ((qh[e / 8] >> (e % 8)) & 1U) << 4;
}

void dequantize(const BlockQ4_0& b, float* out) {
    const float d = b.d.value();
    for (std::size_t e = 0; e < 32; ++e)
        out[e] = d * toFloat(static_cast<int>(nibble(b.qs.data(), e)) - 8);
}

void dequantize(const BlockQ4_1& b, float* out) {
    const float d = b.d.value(), m = b.m.value();
    for (std::size_t e = 0; e < 32; ++e)
        out[e] = d * toFloat(nibble(b.qs.data(), e)) + m;
}

void dequantize(const BlockQ5_0& b, float* out) {
    const float d = b.d.value();
    for (std::size_t e = 0; e < 32; ++e)
        out[e] = d * toFloat(static_cast<int>(nibble(b.qs.data(), e) | fifthBit(b.qh, e)) - 16);
}

void dequantize(const BlockQ5_1& b, float* out) {
    const float d = b.d.value(), m = b.m.value();
    for (std::size_t e = 0; e < 32; ++e)
        out[e] = d * toFloat(nibble(b.qs.data(), e) | fifthBit(b.qh, e)) + m;
}

void dequantize(const BlockQ8_0& b, float* out) {
    const float d = b.d.value();
    for (std::size_t e = 0; e < 32; ++e)
        out[e] = d * toFloat(int{b.qs[e]});
}

/// Two bits of element e of a 256-block whose halves own 32 bytes each (Q2_K, Q3_K).
unsigned twoBits(const std::uint8_t* qs, std::size_t e) {
    const std::size_t half = e / 128, group = e % 128 / 32, l = e % 32;
    return (qs[32 * half + l] >> (2 * group)) & 3U;
}

void dequantize(const BlockQ2_K& b, float* out) {
    const float d = b.d.value(), dmin = b.dmin.value();
    for (std::size_t e = 0; e < 256; ++e) {
        const unsigned scale = b.scales[e / 16];
        out[e] = d * toFloat(scale & 15U) * toFloat(twoBits(b.qs.data(), e)) - dmin * toFloat(scale >> 4);
    }
}

void dequantize(const BlockQ3_K& b, float* out) {
    const float d = b.d.value();
    const auto scales = unpackScalesQ3K(b.scales);
    for (std::size_t e = 0; e < 256; ++e) {
        const bool high = (b.hmask[e % 32] >> (e / 32)) & 1;
        const int q = static_cast<int>(twoBits(b.qs.data(), e)) - (high ? 0 : 4);
        out[e] = d * toFloat(int{scales[e / 16]}) * toFloat(q);
    }
}

void dequantize(const BlockQ4_K& b, float* out) {
    const float d = b.d.value(), dmin = b.dmin.value();
    const ScalesQ4K scales = unpackScalesQ4K(b.scales);
    for (std::size_t e = 0; e < 256; ++e) {
        const std::size_t group = e / 32;
        const unsigned q = (b.qs[32 * (e / 64) + e % 32] >> (4 * (group % 2))) & 15U;
        out[e] = d * toFloat(unsigned{scales.scale[group]}) * toFloat(q) -
                 dmin * toFloat(unsigned{scales.min[group]});
    }
}

void dequantize(const BlockQ5_K& b, float* out) {
    const float d = b.d.value(), dmin = b.dmin.value();
    const ScalesQ4K scales = unpackScalesQ4K(b.scales);
    for (std::size_t e = 0; e < 256; ++e) {
        const std::size_t group = e / 32;
        const unsigned low = (b.qs[32 * (e / 64) + e % 32] >> (4 * (group % 2))) & 15U;
        const unsigned q = low | (((b.qh[e % 32] >> group) & 1U) << 4);
        out[e] = d * toFloat(unsigned{scales.scale[group]}) * toFloat(q) -
                 dmin * toFloat(unsigned{scales.min[group]});
    }
}

void dequantize(const BlockQ6_K& b, float* out) {
    const float d = b.d.value();
    for (std::size_t e = 0; e < 256; ++e) {
        const std::size_t half = e / 128, group = e % 128 / 32, l = e % 32;
        const unsigned low = (b.ql[64 * half + 32 * (group % 2) + l] >> (4 * (group / 2))) & 15U;
        const unsigned high = (b.qh[32 * half + l] >> (2 * group)) & 3U;
        const int q = static_cast<int>(low | (high << 4)) - 32;
        out[e] = d * toFloat(int{b.scales[e / 16]}) * toFloat(q);
    }
}

void dequantize(const BlockIQ4_NL& b, float* out) {
    const float d = b.d.value();
    for (std::size_t e = 0; e < 32; ++e)
        out[e] = d * toFloat(int{kNonLinear[nibble(b.qs.data(), e)]});
}

void dequantize(const BlockIQ4_XS& b, float* out) {
    const float d = b.d.value();
    const auto scales = unpackScalesIQ4XS(b);
    for (std::size_t e = 0; e < 256; ++e)
        out[e] = d * toFloat(int{scales[e / 32]}) *
                 toFloat(int{kNonLinear[nibble(b.qs.data() + 16 * (e / 32), e % 32)]});
}

void dequantize(const BlockMXFP4& b, float* out) {
    const float d = mxScale(b.e);
    for (std::size_t e = 0; e < 32; ++e)
        out[e] = d * toFloat(int{kMxFp4[nibble(b.qs.data(), e)]});
}

template <class Block>
void rowOf(const std::byte* source, std::span<float> out) {
    const std::size_t size = traitsOf(Block::kType).blockSize;
    for (std::size_t e = 0; e < out.size(); e += size, source += sizeof(Block)) {
        Block block;
        std::memcpy(&block, source, sizeof(Block));
        dequantize(block, out.data() + e);
    }
}

template <float (*Convert)(std::uint16_t)>
void rowOf16(const std::byte* source, std::span<float> out) {
    for (float& value : out) {
        std::uint16_t bits;
        std::memcpy(&bits, source, sizeof bits);
        source += sizeof bits;
        value = Convert(bits);
    }
}

using RowFunction = void (*)(const std::byte*, std::span<float>);

RowFunction rowFunction(DType type) {
    switch (type) {
    case DType::F32:
        return [](const std::byte* source, std::span<float> out) {
            std::memcpy(out.data(), source, out.size_bytes());
        };
    case DType::F16:
        return rowOf16<halfToFloat>;
    case DType::BF16:
        return rowOf16<bfloat16ToFloat>;
    case DType::Q4_0:
        return rowOf<BlockQ4_0>;
    case DType::Q4_1:
        return rowOf<BlockQ4_1>;
    case DType::Q5_0:
        return rowOf<BlockQ5_0>;
    case DType::Q5_1:
        return rowOf<BlockQ5_1>;
    case DType::Q8_0:
        return rowOf<BlockQ8_0>;
    case DType::Q2_K:
        return rowOf<BlockQ2_K>;
    case DType::Q3_K:
        return rowOf<BlockQ3_K>;
    case DType::Q4_K:
        return rowOf<BlockQ4_K>;
    case DType::Q5_K:
        return rowOf<BlockQ5_K>;
    case DType::Q6_K:
        return rowOf<BlockQ6_K>;
    case DType::IQ4_NL:
        return rowOf<BlockIQ4_NL>;
    case DType::IQ4_XS:
        return rowOf<BlockIQ4_XS>;
    case DType::MXFP4:
        return rowOf<BlockMXFP4>;
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

void dequantizeRow(DType type, std::span<const std::byte> source, std::span<float> out) {
    if (const RowFunction function = rowFunction(type))
        function(source.data(), out);
}

bool canDequantize(DType type) {
    return rowFunction(type) != nullptr;
}

} // namespace hearth
