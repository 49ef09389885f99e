// The types of 32-element blocks: one scale, or a scale and a minimum.

#include <cstring>

#include "engine/optimize/quantize/fit.h"
#include "engine/optimize/quantize/row_functions.h"
#include "engine/tensor/blocks.h"

namespace hearth::optimize {

namespace {

constexpr std::size_t kSize = 32;
using Codes = std::array<unsigned, kSize>;

template <class Block>
HEARTH_INLINE void store(const Block& block, std::byte*& out) {
    std::memcpy(out, &block, sizeof block);
    out += sizeof block;
}

HEARTH_INLINE void packNibbles(const Codes& codes, Bytes<16>& qs) {
    for (std::size_t j = 0; j < 16; ++j)
        qs[j] = static_cast<std::uint8_t>((codes[j] & 15U) | ((codes[j + 16] & 15U) << 4));
}

HEARTH_INLINE void packFifthBits(const Codes& codes, Bytes<4>& qh) {
    for (std::size_t e = 0; e < kSize; ++e)
        qh[e / 8] = static_cast<std::uint8_t>(qh[e / 8] | (((codes[e] >> 4) & 1U) << (e % 8)));
}

/// The float16 scale for x ≈ scale·(code − zero) and its codes, none negative.
HEARTH_INLINE StoredHalf symmetric(const UniformCoder& coder, const Grid& grid, const float* x,
                                   const float* w, Codes& codes) {
    const StoredHalf d = StoredHalf::of(fitScale<kSize>(coder, grid, x, w));
    const float scale = d.value(), inverse = scale != 0 ? 1 / scale : 0;
    for (std::size_t e = 0; e < kSize; ++e)
        codes[e] = static_cast<unsigned>(static_cast<int>(coder.code(inverse * x[e]) - coder.lo));
    return d;
}

HEARTH_INLINE void withMinimum(float hi, const float* x, const float* w, StoredHalf& d, StoredHalf& m,
                               Codes& codes) {
    Linear f = fitLinear<kSize>(hi, 14, x, w, false);
    d = StoredHalf::of(f.scale);
    f.scale = d.value();
    // The minimum again for the scale as stored: the weighted mean of what is left.
    const float inverse = f.inverse();
    float sum = 0, weights = 0;
    for (std::size_t e = 0; e < kSize; ++e) {
        const float code = f.code(hi, inverse, x[e]);
        sum += w[e] * (x[e] - f.scale * code);
        weights += w[e];
    }
    m = StoredHalf::of(weights > 0 ? sum / weights : f.min);
    f.min = m.value();
    for (std::size_t e = 0; e < kSize; ++e)
        codes[e] = static_cast<unsigned>(f.code(hi, inverse, x[e]));
}

} // namespace

HEARTH_CLONES void rowQ8_0(const float* x, const float* w, std::size_t n, std::byte* out) {
    // Steps are so fine that only the neighbourhood of "the largest value is code 127" is worth a look.
    constexpr UniformCoder kCoder{-127, 127};
    for (std::size_t at = 0; at < n; at += kSize) {
        const float top = magnitudeOf<kSize>(x + at);
        BlockQ8_0 block{};
        float scale = 0, error = 0;
        for (int i = 0; i < 4 && top >= kNothing; ++i) {
            const float candidate = throughHalf(top / (126.7F + 0.3F * static_cast<float>(i)));
            const float e = scaleError<kSize>(kCoder, x + at, w + at, candidate);
            if (scale == 0 || e < error) {
                scale = candidate;
                error = e;
            }
        }
        block.d = StoredHalf::of(scale);
        const float inverse = scale != 0 ? 1 / scale : 0;
        for (std::size_t e = 0; e < kSize; ++e)
            block.qs[e] = static_cast<std::int8_t>(kCoder.code(inverse * x[at + e]));
        store(block, out);
    }
}

HEARTH_CLONES void rowQ5_0(const float* x, const float* w, std::size_t n, std::byte* out) {
    for (std::size_t at = 0; at < n; at += kSize) {
        BlockQ5_0 block{};
        Codes codes;
        block.d = symmetric({-16, 15}, {0.94F, 1.1F, 12}, x + at, w + at, codes);
        packNibbles(codes, block.qs);
        packFifthBits(codes, block.qh);
        store(block, out);
    }
}

HEARTH_CLONES void rowQ4_0(const float* x, const float* w, std::size_t n, std::byte* out) {
    for (std::size_t at = 0; at < n; at += kSize) {
        BlockQ4_0 block{};
        Codes codes;
        block.d = symmetric({-8, 7}, {0.88F, 1.3F, 16}, x + at, w + at, codes);
        packNibbles(codes, block.qs);
        store(block, out);
    }
}

HEARTH_CLONES void rowQ5_1(const float* x, const float* w, std::size_t n, std::byte* out) {
    for (std::size_t at = 0; at < n; at += kSize) {
        BlockQ5_1 block{};
        Codes codes;
        withMinimum(31, x + at, w + at, block.d, block.m, codes);
        packNibbles(codes, block.qs);
        packFifthBits(codes, block.qh);
        store(block, out);
    }
}

HEARTH_CLONES void rowQ4_1(const float* x, const float* w, std::size_t n, std::byte* out) {
    for (std::size_t at = 0; at < n; at += kSize) {
        BlockQ4_1 block{};
        Codes codes;
        withMinimum(15, x + at, w + at, block.d, block.m, codes);
        packNibbles(codes, block.qs);
        store(block, out);
    }
}

HEARTH_CLONES void rowIQ4_NL(const float* x, const float* w, std::size_t n, std::byte* out) {
    constexpr NonLinearCoder kCoder;
    for (std::size_t at = 0; at < n; at += kSize) {
        BlockIQ4_NL block{};
        block.d = StoredHalf::of(fitScale<kSize>(kCoder, {0.8F, 1.2F, 12}, x + at, w + at));
        const float scale = block.d.value(), inverse = scale != 0 ? 1 / scale : 0;
        Codes codes;
        for (std::size_t e = 0; e < kSize; ++e)
            codes[e] = kNonLinearTable.index[NonLinearCoder::cell(inverse * x[at + e])];
        packNibbles(codes, block.qs);
        store(block, out);
    }
}

} // namespace hearth::optimize
