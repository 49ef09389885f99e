// The types of 256-element blocks whose groups have a scale each: Q6_K, Q3_K, IQ4_XS.

#include <cstring>

#include "engine/optimize/quantize/fit.h"
#include "engine/optimize/quantize/row_functions.h"
#include "engine/tensor/blocks.h"

namespace hearth::optimize {

namespace {

constexpr std::size_t kSize = 256;

template <std::size_t Groups>
struct ScaledBlock {
    float d = 0; ///< as float16 holds it
    std::array<int, Groups> scales{};
};

HEARTH_INLINE int wholeIn(float x, int low, int high) {
    return static_cast<int>(rounded(within(static_cast<float>(low), static_cast<float>(high), x)));
}

/// The best d for given group scales, in closed form.
template <std::size_t N, std::size_t Groups, class Coder>
HEARTH_INLINE float refitD(const Coder& coder, const float* x, const float* w,
                           const ScaledBlock<Groups>& block) {
    float lx = 0, ll = 0;
    for (std::size_t g = 0; g < Groups; ++g) {
        const float scale = block.d * static_cast<float>(block.scales[g]);
        if (scale == 0)
            continue;
        const ScaleSums sums = scaleSums<N>(coder, x + g * N, w + g * N, 1 / scale);
        lx += static_cast<float>(block.scales[g]) * sums.lx;
        ll += static_cast<float>(block.scales[g] * block.scales[g]) * sums.ll;
    }
    return ll > 0 ? lx / ll : 0;
}

/// Whole scales for every group under block.d: those nearest to `wanted` and their neighbours, by the error
/// that they really make. Returns the error of the block.
template <std::size_t N, std::size_t Groups, class Coder>
HEARTH_INLINE float chooseScales(const Coder& coder, const float* x, const float* w, int low, int high,
                                 const std::array<float, Groups>& wanted, ScaledBlock<Groups>& block) {
    float sum = 0;
    const float inverse = block.d != 0 ? 1 / block.d : 0;
    for (std::size_t g = 0; g < Groups; ++g) {
        const int middle = wholeIn(wanted[g] * inverse, low, high);
        float best = -1;
        for (int s = middle > low ? middle - 1 : low; s <= middle + 1 && s <= high; ++s) {
            const float error = scaleError<N>(coder, x + g * N, w + g * N, block.d * static_cast<float>(s));
            if (best < 0 || error < best) {
                best = error;
                block.scales[g] = s;
            }
        }
        sum += best;
    }
    return sum;
}

/// d and group scales of a block. `low` is the scale of largest magnitude that can be stored.
template <std::size_t N, class Coder>
HEARTH_INLINE auto fitBlock(const Coder& coder, const Grid& grid, int low, int high, const float* x,
                            const float* w) {
    constexpr std::size_t kGroups = kSize / N;
    std::array<float, kGroups> wanted;
    for (std::size_t g = 0; g < kGroups; ++g)
        wanted[g] = fitScale<N>(coder, grid, x + g * N, w + g * N);
    ScaledBlock<kGroups> best;
    const float top = topOf(wanted.data(), kGroups);
    if (std::fabs(top) < kNothing)
        return best;
    ScaledBlock<kGroups> block;
    block.d = throughHalf(top / static_cast<float>(low));
    float bestError = -1;
    for (int turn = 0; turn < 3 && block.d != 0; ++turn) {
        const float error = chooseScales<N>(coder, x, w, low, high, wanted, block);
        if (bestError >= 0 && !(error < bestError))
            break;
        bestError = error;
        best = block;
        block.d = throughHalf(refitD<N>(coder, x, w, block));
    }
    return best;
}

/// Codes of all elements, as offsets from coder.lo.
template <std::size_t N, std::size_t Groups>
HEARTH_INLINE void codesOf(const UniformCoder& coder, const float* x, const ScaledBlock<Groups>& block,
                           std::array<unsigned, kSize>& codes) {
    for (std::size_t g = 0; g < Groups; ++g) {
        const float scale = block.d * static_cast<float>(block.scales[g]);
        const float inverse = scale != 0 ? 1 / scale : 0;
        for (std::size_t i = g * N; i < (g + 1) * N; ++i)
            codes[i] = static_cast<unsigned>(static_cast<int>(coder.code(inverse * x[i]) - coder.lo));
    }
}

} // namespace

HEARTH_CLONES void rowQ6_K(const float* x, const float* w, std::size_t n, std::byte* out) {
    constexpr UniformCoder kCoder{-32, 31};
    for (std::size_t at = 0; at < n; at += kSize, out += sizeof(BlockQ6_K)) {
        const auto fit = fitBlock<16>(kCoder, {0.97F, 1.03F, 7}, -128, 127, x + at, w + at);
        BlockQ6_K block{};
        block.d = StoredHalf::of(fit.d);
        for (std::size_t g = 0; g < 16; ++g)
            block.scales[g] = static_cast<std::int8_t>(fit.scales[g]);
        std::array<unsigned, kSize> codes;
        codesOf<16>(kCoder, x + at, fit, codes);
        for (std::size_t e = 0; e < kSize; ++e) {
            const std::size_t half = e / 128, group = e % 128 / 32, l = e % 32;
            auto& low = block.ql[64 * half + 32 * (group % 2) + l];
            auto& high = block.qh[32 * half + l];
            low = static_cast<std::uint8_t>(low | ((codes[e] & 15U) << (4 * (group / 2))));
            high = static_cast<std::uint8_t>(high | ((codes[e] >> 4) << (2 * group)));
        }
        std::memcpy(out, &block, sizeof block);
    }
}

HEARTH_CLONES void rowQ3_K(const float* x, const float* w, std::size_t n, std::byte* out) {
    constexpr UniformCoder kCoder{-4, 3};
    for (std::size_t at = 0; at < n; at += kSize, out += sizeof(BlockQ3_K)) {
        const auto fit = fitBlock<16>(kCoder, {0.75F, 1.5F, 20}, -32, 31, x + at, w + at);
        BlockQ3_K block{};
        block.d = StoredHalf::of(fit.d);
        for (std::size_t g = 0; g < 16; ++g) {
            const auto scale = static_cast<unsigned>(fit.scales[g] + 32);
            auto& low = block.scales[g % 8];
            auto& high = block.scales[8 + g % 4];
            low = static_cast<std::uint8_t>(low | ((scale & 15U) << (4 * (g / 8))));
            high = static_cast<std::uint8_t>(high | ((scale >> 4) << (2 * (g / 4))));
        }
        std::array<unsigned, kSize> codes;
        codesOf<16>(kCoder, x + at, fit, codes);
        for (std::size_t e = 0; e < kSize; ++e) {
            auto& two = block.qs[32 * (e / 128) + e % 32];
            auto& mask = block.hmask[e % 32];
            two = static_cast<std::uint8_t>(two | ((codes[e] & 3U) << (2 * (e % 128 / 32))));
            mask = static_cast<std::uint8_t>(mask | ((codes[e] >> 2) << (e / 32)));
        }
        std::memcpy(out, &block, sizeof block);
    }
}

HEARTH_CLONES void rowIQ4_XS(const float* x, const float* w, std::size_t n, std::byte* out) {
    constexpr NonLinearCoder kCoder;
    for (std::size_t at = 0; at < n; at += kSize, out += sizeof(BlockIQ4_XS)) {
        const auto fit = fitBlock<32>(kCoder, {0.8F, 1.2F, 12}, -32, 31, x + at, w + at);
        BlockIQ4_XS block{};
        block.d = StoredHalf::of(fit.d);
        for (std::size_t g = 0; g < 8; ++g) {
            const auto scale = static_cast<unsigned>(fit.scales[g] + 32);
            auto& low = block.scalesLow[g / 2];
            auto& high = block.scalesHigh[g / 4];
            low = static_cast<std::uint8_t>(low | ((scale & 15U) << (4 * (g % 2))));
            high = static_cast<std::uint8_t>(high | ((scale >> 4) << (2 * (g % 4))));
            const float step = fit.d * static_cast<float>(fit.scales[g]);
            const float inverse = step != 0 ? 1 / step : 0;
            for (std::size_t j = 0; j < 16; ++j) {
                const float* v = x + at + 32 * g + j;
                block.qs[16 * g + j] = static_cast<std::uint8_t>(
                    kNonLinearTable.index[NonLinearCoder::cell(inverse * v[0])] |
                    (kNonLinearTable.index[NonLinearCoder::cell(inverse * v[16])] << 4));
            }
        }
        std::memcpy(out, &block, sizeof block);
    }
}

} // namespace hearth::optimize
