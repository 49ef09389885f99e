#pragma once

#include "engine/kernels/simd/weight_kernel.h"

/// Weights in bfloat16 on processors that multiply pairs of them: activations are rounded to bfloat16 too,
/// and each instruction adds two products per row to a float32 sum. The panels are those of float_weights.h.
namespace hearth::kernels {
namespace {

template <class S>
struct Bfloat16Dots {
    using Floats = typename S::Floats;
    static constexpr std::size_t kLanes = S::kLanes;
    static constexpr std::size_t kPairBytes = 4 * kLanes; ///< two columns of all rows of a panel
    static constexpr int kVectors = S::kTileVectors;
    static constexpr std::size_t kTileRows = kVectors * kLanes;
    /// A tile fills half of a 32 KiB first-level cache.
    static constexpr std::size_t kTilePairs = 16384 / (kVectors * kPairBytes);

    static constexpr std::size_t pairsOf(std::size_t cols) { return (cols + 1) / 2; }

    /// To the nearest, ties to even; what is not a number stays so.
    static std::uint32_t rounded(float value) {
        std::uint32_t bits;
        __builtin_memcpy(&bits, &value, sizeof bits);
        const std::uint32_t nearest = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
        return (bits & 0x7FFFFFFF) > 0x7F800000 ? 0x7FC0 : nearest;
    }

    /// The inputs as [n][pairs]; an odd last column is paired with zero.
    static void roundInputs(const detail::Activations& act, std::uint32_t* out) {
        for (std::size_t t = 0; t < act.n; ++t) {
            const float* x = act.x + t * act.cols;
            for (std::size_t i = 0; i < act.cols / 2; ++i)
                *out++ = rounded(x[2 * i]) | rounded(x[2 * i + 1]) << 16;
            if (act.cols % 2)
                *out++ = rounded(x[act.cols - 1]);
        }
    }

    /// Adds `count` pairs of columns of Vectors panels times Tokens inputs.
    template <int Tokens, int Vectors>
    static void dots(const std::uint8_t* panels, std::size_t panelBytes, std::size_t count,
                     const std::uint32_t* x, std::size_t xStride, float* sums) {
        Floats sum[Tokens][Vectors];
        for (int t = 0; t < Tokens; ++t)
            for (int v = 0; v < Vectors; ++v)
                sum[t][v] = S::load(sums + std::size_t(t) * kTileRows + std::size_t(v) * kLanes);
        for (std::size_t i = 0; i < count; ++i) {
            typename S::Bytes w[Vectors];
            for (int v = 0; v < Vectors; ++v) {
                const std::uint8_t* from = panels + std::size_t(v) * panelBytes + i * kPairBytes;
                if constexpr (Tokens == 1)
                    S::prefetch(from + S::kDecodePrefetch);
                w[v] = S::loadBytes(from);
            }
            for (int t = 0; t < Tokens; ++t) {
                const auto pair = S::splatWord(x[std::size_t(t) * xStride + i]);
                for (int v = 0; v < Vectors; ++v)
                    sum[t][v] = S::dotBfloat16(sum[t][v], w[v], pair);
            }
        }
        for (int t = 0; t < Tokens; ++t)
            for (int v = 0; v < Vectors; ++v)
                S::store(sums + std::size_t(t) * kTileRows + std::size_t(v) * kLanes, sum[t][v]);
    }

    /// All inputs times Vectors panels from `panel` on.
    template <int Vectors>
    static void tile(const detail::Product& p, std::size_t panel, const std::uint32_t* x, float* sums) {
        constexpr std::size_t most = S::kTileTokens;
        const std::size_t n = p.act.n, pairs = pairsOf(p.act.cols);
        // Few inputs read every weight once: the longer the run, the better for the prefetcher.
        const std::size_t run = n <= S::kDecodeLimit ? pairs : kTilePairs;
        const std::uint8_t* panels = p.panels + panel * p.panelBytes;
        __builtin_memset(sums, 0, n * kTileRows * sizeof(float));
        for (std::size_t at = 0; at < pairs; at += run) {
            const std::size_t count = smaller(run, pairs - at);
            const std::uint8_t* from = panels + at * kPairBytes;
            std::size_t t = 0;
            for (; t + most <= n; t += most)
                dots<S::kTileTokens, Vectors>(from, p.panelBytes, count, x + t * pairs + at, pairs,
                                              sums + t * kTileRows);
            for (; t < n; ++t)
                dots<1, Vectors>(from, p.panelBytes, count, x + t * pairs + at, pairs, sums + t * kTileRows);
        }
        for (std::size_t t = 0; t < n; ++t)
            for (std::size_t v = 0; v < Vectors; ++v)
                storeRows<S>(p, (panel + v) * kLanes, t, S::load(sums + t * kTileRows + v * kLanes));
    }

    static void multiply(const detail::Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
        auto* sums = reinterpret_cast<float*>(scratch);
        auto* x = reinterpret_cast<std::uint32_t*>(scratch + p.act.n * kTileRows * sizeof(float));
        roundInputs(p.act, x);
        std::size_t panel = begin;
        for (; panel + kVectors <= end; panel += kVectors)
            tile<kVectors>(p, panel, x, sums);
        for (; panel < end; ++panel)
            tile<1>(p, panel, x, sums);
    }

    static std::size_t scratchBytes(std::size_t cols, std::size_t n) {
        return n * (kTileRows * sizeof(float) + pairsOf(cols) * sizeof(std::uint32_t));
    }
};

template <class S>
constexpr detail::WeightKernel bfloat16Kernel() {
    using B = Bfloat16Dots<S>;
    return {.panelRows = S::kLanes,
            .tilePanels = S::kTileVectors,
            .quantisedActivations = false,
            .packs = true,
            .panelBytes = packedPanelBytes<S, DType::BF16>,
            .pack = packPanel<S, DType::BF16>,
            .row = packedRow<S, DType::BF16>,
            .multiply = B::multiply,
            .scratchBytes = B::scratchBytes};
}

} // namespace
} // namespace hearth::kernels
