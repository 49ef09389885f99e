// The types of 256-element blocks whose groups have a scale and a minimum each: Q5_K, Q4_K, Q2_K.

#include <cstring>

#include "engine/optimize/quantize/fit.h"
#include "engine/optimize/quantize/row_functions.h"
#include "engine/tensor/blocks.h"

namespace hearth::optimize {

namespace {

constexpr std::size_t kSize = 256;

template <std::size_t Groups>
struct LinearBlock {
    float d = 0, dmin = 0; ///< as float16 holds them
    std::array<int, Groups> scales{}, mins{};
    [[nodiscard]] HEARTH_INLINE Linear group(std::size_t g) const {
        return {d * static_cast<float>(scales[g]), -dmin * static_cast<float>(mins[g])};
    }
};

template <std::size_t N>
using Fits = std::array<Linear, kSize / N>;

HEARTH_INLINE int nearest(float x, int limit) {
    return static_cast<int>(rounded(within(0, static_cast<float>(limit), x)));
}

/// Whole scales and minimums for every group under d and dmin: the nearest to `wanted` and their neighbours,
/// by the error that they really make. Returns the error of the block.
template <std::size_t N>
HEARTH_INLINE float chooseScales(float hi, int limit, const float* x, const float* w, const Fits<N>& wanted,
                                 LinearBlock<kSize / N>& block) {
    float sum = 0;
    const float inverseD = block.d > 0 ? 1 / block.d : 0, inverseMin = block.dmin > 0 ? 1 / block.dmin : 0;
    for (std::size_t g = 0; g < kSize / N; ++g) {
        const int scale = nearest(wanted[g].scale * inverseD, limit);
        const int min = nearest(-wanted[g].min * inverseMin, limit);
        float best = -1;
        for (int s = scale > 0 ? scale - 1 : 0; s <= scale + 1 && s <= limit; ++s)
            for (int m = min > 0 ? min - 1 : 0; m <= min + 1 && m <= limit; ++m) {
                const Linear f{block.d * static_cast<float>(s), -block.dmin * static_cast<float>(m)};
                const float error = linearError<N>(hi, x + g * N, w + g * N, f);
                if (best < 0 || error < best) {
                    best = error;
                    block.scales[g] = s;
                    block.mins[g] = m;
                }
            }
        sum += best;
    }
    return sum;
}

/// The best d and dmin for given group scales, by weighted least squares over the whole block.
template <std::size_t N>
HEARTH_INLINE void refit(float hi, const float* x, const float* w, LinearBlock<kSize / N>& block) {
    double aa = 0, ab = 0, bb = 0, ax = 0, bx = 0; // a = scale·code, b = −min: x ≈ d·a + dmin·b
    for (std::size_t g = 0; g < kSize / N; ++g) {
        const Linear f = block.group(g);
        const float inverse = f.inverse();
        const auto scale = static_cast<float>(block.scales[g]), min = static_cast<float>(-block.mins[g]);
        Lanes laa{}, la{}, lw{}, lax{}, lx{};
        for (std::size_t i = g * N; i < (g + 1) * N; i += kLanes) {
            const Lanes value = load(x + i), weight = load(w + i);
            const Lanes a = scale * f.code(hi, inverse, value);
            const Lanes weighted = weight * a;
            laa += weighted * a;
            la += weighted;
            lw += weight;
            lax += weighted * value;
            lx += weight * value;
        }
        aa += double(total(laa));
        ab += double(min) * double(total(la));
        bb += double(min) * double(min) * double(total(lw));
        ax += double(total(lax));
        bx += double(min) * double(total(lx));
    }
    const double det = aa * bb - ab * ab;
    double d = aa > 0 ? ax / aa : 0, dmin = 0;
    if (det > 1e-9 * aa * bb) {
        d = (ax * bb - bx * ab) / det;
        dmin = (bx * aa - ax * ab) / det;
    }
    if (d > 0 && dmin >= 0) {
        block.d = throughHalf(static_cast<float>(d));
        block.dmin = throughHalf(static_cast<float>(dmin));
    }
}

/// d, dmin and the groups' whole scales and minimums (0…limit), codes 0…hi.
template <std::size_t N>
HEARTH_INLINE LinearBlock<kSize / N> fitBlock(float hi, int limit, int steps, int starts, const float* x,
                                              const float* w) {
    constexpr std::size_t kGroups = kSize / N;
    Fits<N> wanted;
    float largestScale = 0, largestMin = 0;
    for (std::size_t g = 0; g < kGroups; ++g) {
        wanted[g] = fitLinear<N>(hi, steps, x + g * N, w + g * N, true);
        largestScale = larger(largestScale, wanted[g].scale);
        largestMin = larger(largestMin, -wanted[g].min);
    }
    LinearBlock<kGroups> best;
    float bestError = -1;
    for (int start = 0; start < starts; ++start) {
        // Coarse scales (Q2_K has four bits) profit from cutting off the largest a little.
        const float ends = static_cast<float>(limit) + 0.7F * static_cast<float>(start);
        LinearBlock<kGroups> block;
        block.d = throughHalf(largestScale / ends);
        block.dmin = throughHalf(largestMin / ends);
        float previous = -1;
        for (int turn = 0; turn < 3; ++turn) {
            const float error = chooseScales<N>(hi, limit, x, w, wanted, block);
            if (previous >= 0 && !(error < previous))
                break;
            previous = error;
            if (bestError < 0 || error < bestError) {
                bestError = error;
                best = block;
            }
            refit<N>(hi, x, w, block);
        }
    }
    return best;
}

template <std::size_t N>
HEARTH_INLINE void codesOf(float hi, const float* x, const LinearBlock<kSize / N>& block,
                           std::array<unsigned, kSize>& codes) {
    for (std::size_t g = 0; g < kSize / N; ++g) {
        const Linear f = block.group(g);
        const float inverse = f.inverse();
        for (std::size_t i = g * N; i < (g + 1) * N; ++i)
            codes[i] = static_cast<unsigned>(static_cast<int>(f.code(hi, inverse, x[i])));
    }
}

/// The inverse of unpackScalesQ4K.
HEARTH_INLINE Bytes<12> packScales(const LinearBlock<8>& block) {
    Bytes<12> out{};
    for (std::size_t j = 0; j < 4; ++j) {
        const auto s = static_cast<unsigned>(block.scales[j]), m = static_cast<unsigned>(block.mins[j]);
        const auto s4 = static_cast<unsigned>(block.scales[j + 4]),
                   m4 = static_cast<unsigned>(block.mins[j + 4]);
        out[j] = static_cast<std::uint8_t>(s | ((s4 >> 4) << 6));
        out[j + 4] = static_cast<std::uint8_t>(m | ((m4 >> 4) << 6));
        out[j + 8] = static_cast<std::uint8_t>((s4 & 15U) | ((m4 & 15U) << 4));
    }
    return out;
}

HEARTH_INLINE void packNibbles(const std::array<unsigned, kSize>& codes, Bytes<128>& qs) {
    for (std::size_t chunk = 0; chunk < 4; ++chunk)
        for (std::size_t l = 0; l < 32; ++l)
            qs[32 * chunk + l] = static_cast<std::uint8_t>((codes[64 * chunk + l] & 15U) |
                                                           ((codes[64 * chunk + 32 + l] & 15U) << 4));
}

} // namespace

HEARTH_CLONES void rowQ4_K(const float* x, const float* w, std::size_t n, std::byte* out) {
    for (std::size_t at = 0; at < n; at += kSize, out += sizeof(BlockQ4_K)) {
        const auto fit = fitBlock<32>(15, 63, 12, 1, x + at, w + at);
        BlockQ4_K block{StoredHalf::of(fit.d), StoredHalf::of(fit.dmin), packScales(fit), {}};
        std::array<unsigned, kSize> codes;
        codesOf<32>(15, x + at, fit, codes);
        packNibbles(codes, block.qs);
        std::memcpy(out, &block, sizeof block);
    }
}

HEARTH_CLONES void rowQ5_K(const float* x, const float* w, std::size_t n, std::byte* out) {
    for (std::size_t at = 0; at < n; at += kSize, out += sizeof(BlockQ5_K)) {
        const auto fit = fitBlock<32>(31, 63, 10, 1, x + at, w + at);
        BlockQ5_K block{StoredHalf::of(fit.d), StoredHalf::of(fit.dmin), packScales(fit), {}, {}};
        std::array<unsigned, kSize> codes;
        codesOf<32>(31, x + at, fit, codes);
        packNibbles(codes, block.qs);
        for (std::size_t e = 0; e < kSize; ++e)
            block.qh[e % 32] = static_cast<std::uint8_t>(block.qh[e % 32] | ((codes[e] >> 4) << (e / 32)));
        std::memcpy(out, &block, sizeof block);
    }
}

HEARTH_CLONES void rowQ2_K(const float* x, const float* w, std::size_t n, std::byte* out) {
    for (std::size_t at = 0; at < n; at += kSize, out += sizeof(BlockQ2_K)) {
        const auto fit = fitBlock<16>(3, 15, 14, 3, x + at, w + at);
        BlockQ2_K block{};
        block.d = StoredHalf::of(fit.d);
        block.dmin = StoredHalf::of(fit.dmin);
        for (std::size_t g = 0; g < 16; ++g)
            block.scales[g] = static_cast<std::uint8_t>(fit.scales[g] | (fit.mins[g] << 4));
        std::array<unsigned, kSize> codes;
        codesOf<16>(3, x + at, fit, codes);
        for (std::size_t e = 0; e < kSize; ++e) {
            auto& two = block.qs[32 * (e / 128) + e % 32];
            two = static_cast<std::uint8_t>(two | (codes[e] << (2 * (e % 128 / 32))));
        }
        std::memcpy(out, &block, sizeof block);
    }
}

} // namespace hearth::optimize
