#pragma once

#include "engine/kernels/simd/float_weights.h"

/// Weights in bfloat16 or float16 on processors that multiply pairs of bfloat16: activations are rounded to
/// bfloat16, and each instruction adds two products per row to a float32 sum. The panels are those of
/// float_weights.h. Float16 is rounded to bfloat16 tile by tile for many inputs; few inputs, which wait for
/// memory anyway, take the exact way of float_weights.h.
namespace hearth::kernels {
namespace {

template <class S, DType Type>
struct Bfloat16Dots {
    using Floats = typename S::Floats;
    using Bytes = typename S::Bytes;
    static constexpr std::size_t kLanes = S::kLanes;
    static constexpr std::size_t kPairBytes = 4 * kLanes; ///< two columns of all rows of a panel
    static constexpr int kVectors = S::kTileVectors;
    static constexpr std::size_t kTileRows = kVectors * kLanes;
    /// A tile fills half of a 32 KiB first-level cache.
    static constexpr std::size_t kTilePairs = 16384 / (kVectors * kPairBytes);
    static constexpr bool kConverts = Type == DType::F16;
    using Exact = FloatWeights<S, Type>;

    struct Tile {
        alignas(64) std::uint8_t pairs[kVectors][kTilePairs][kPairBytes];
    };

    static constexpr std::size_t pairsOf(std::size_t cols) { return (cols + 1) / 2; }

    /// Adds `count` pairs of columns of Vectors panels, panelBytes apart, times Tokens inputs.
    template <int Tokens, int Vectors>
    static void dots(const std::uint8_t* panels, std::size_t panelBytes, std::size_t count,
                     const std::uint32_t* x, std::size_t xStride, float* sums) {
        Floats sum[Tokens][Vectors];
        for (int t = 0; t < Tokens; ++t)
            for (int v = 0; v < Vectors; ++v)
                sum[t][v] = S::load(sums + std::size_t(t) * kTileRows + std::size_t(v) * kLanes);
        for (std::size_t i = 0; i < count; ++i) {
            Bytes w[Vectors];
            for (int v = 0; v < Vectors; ++v) {
                const std::uint8_t* from = panels + std::size_t(v) * panelBytes + i * kPairBytes;
                if constexpr (Tokens == 1 && S::kFloatPrefetch > 0)
                    S::prefetch(from + S::kFloatPrefetch);
                w[v] = S::loadBytes(from);
            }
            for (int t = 0; t < Tokens; ++t) {
                const Bytes pair = S::splatWord(x[std::size_t(t) * xStride + i]);
                for (int v = 0; v < Vectors; ++v)
                    sum[t][v] = S::dotBfloat16(sum[t][v], w[v], pair);
            }
        }
        for (int t = 0; t < Tokens; ++t)
            for (int v = 0; v < Vectors; ++v)
                S::store(sums + std::size_t(t) * kTileRows + std::size_t(v) * kLanes, sum[t][v]);
    }

    /// `count` pairs of columns of a float16 panel from pair `at` on, rounded; an odd last column is paired
    /// with zeros.
    static void convert(const std::uint8_t* panel, std::size_t cols, std::size_t at, std::size_t count,
                        std::uint8_t (&out)[kTilePairs][kPairBytes]) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t col = 2 * (at + i);
            const Floats even = S::fromHalf(panel + col * 2 * kLanes);
            const Floats odd = col + 1 < cols ? S::fromHalf(panel + (col + 1) * 2 * kLanes) : S::zero();
            S::storeBytes(out[i], S::bfloat16Pairs(even, odd));
        }
    }

    /// All inputs times Vectors panels from `panel` on.
    template <int Vectors>
    static void rows(const detail::Product& p, std::size_t panel, float* sums, Tile& tile) {
        constexpr std::size_t most = S::kFloatTileTokens;
        const std::size_t n = p.act.n, pairs = pairsOf(p.act.cols);
        const std::uint32_t* x = p.act.pairs;
        // Few inputs read every weight once: the longer the run, the better for the prefetcher.
        const std::size_t run = n <= S::kDecodeLimit && !kConverts ? pairs : kTilePairs;
        const std::uint8_t* panels = p.panels + panel * p.panelBytes;
        __builtin_memset(sums, 0, n * kTileRows * sizeof(float));
        for (std::size_t at = 0; at < pairs; at += run) {
            const std::size_t count = smaller(run, pairs - at);
            const std::uint8_t* from = panels + at * kPairBytes;
            std::size_t stride = p.panelBytes;
            if constexpr (kConverts) {
                for (int v = 0; v < Vectors; ++v)
                    convert(panels + std::size_t(v) * p.panelBytes, p.act.cols, at, count, tile.pairs[v]);
                from = tile.pairs[0][0];
                stride = sizeof tile.pairs[0];
            }
            std::size_t t = 0;
            for (; t + most <= n; t += most)
                dots<S::kFloatTileTokens, Vectors>(from, stride, count, x + t * pairs + at, pairs,
                                                   sums + t * kTileRows);
            for (; t < n; ++t)
                dots<1, Vectors>(from, stride, count, x + t * pairs + at, pairs, sums + t * kTileRows);
        }
        storeTile<S>(p, panel, Vectors, sums, kTileRows);
    }

    static void multiply(const detail::Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
        if constexpr (kConverts)
            if (p.act.n <= S::kDecodeLimit) {
                Exact::decode(p, begin, end);
                return;
            }
        Tile& tile = *reinterpret_cast<Tile*>(scratch);
        auto* sums = reinterpret_cast<float*>(scratch + (kConverts ? sizeof(Tile) : 0));
        std::size_t panel = begin;
        for (; panel + kVectors <= end; panel += kVectors)
            rows<kVectors>(p, panel, sums, tile);
        for (; panel < end; ++panel)
            rows<1>(p, panel, sums, tile);
    }

    static std::size_t scratchBytes(std::size_t, std::size_t n) {
        return n * kTileRows * sizeof(float) + (kConverts ? sizeof(Tile) : 0);
    }
};

template <class S, DType Type>
constexpr detail::WeightKernel bfloat16Kernel() {
    using B = Bfloat16Dots<S, Type>;
    return {.panelRows = S::kLanes,
            .tilePanels = S::kTileVectors,
            .fewInputs = S::kDecodeLimit,
            .quantisedActivations = false,
            .roundedInputs = B::kConverts ? S::kDecodeLimit + 1 : 1,
            .exactInputs = B::kConverts ? S::kDecodeLimit : SIZE_MAX,
            .packs = true,
            .panelBytes = packedPanelBytes<S, Type>,
            .pack = packPanel<S, Type>,
            .row = packedRow<S, Type>,
            .multiply = B::multiply,
            .scratchBytes = B::scratchBytes};
}

/// See KernelTable::roundPairs. To the nearest, ties to even; what is not a number stays so.
inline void roundPairs(const float* x, std::size_t cols, std::uint32_t* out) {
    auto* to = reinterpret_cast<std::uint16_t*>(out);
    for (std::size_t i = 0; i < cols; ++i) {
        std::uint32_t bits;
        __builtin_memcpy(&bits, x + i, sizeof bits);
        const std::uint32_t nearest = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
        const std::uint32_t rounded = (bits & 0x7FFFFFFF) > 0x7F800000 ? 0x7FC0 : nearest;
        const auto word = static_cast<std::uint16_t>(rounded);
        __builtin_memcpy(to + i, &word, sizeof word);
    }
    if (cols % 2)
        __builtin_memset(to + cols, 0, sizeof *to);
}

} // namespace
} // namespace hearth::kernels
