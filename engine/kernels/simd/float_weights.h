#pragma once

#include "engine/kernels/simd/weight_kernel.h"

/// Weights in float32, float16 and bfloat16: packed so that a vector holds one column of all rows of a panel
/// (see pack/float_panel.cpp). Activations stay float32.
namespace hearth::kernels {
namespace {

template <class S, DType Type>
struct FloatWeights {
    using Floats = typename S::Floats;
    static constexpr std::size_t kLanes = S::kLanes;
    static constexpr std::size_t kColumnBytes = (Type == DType::F32 ? 4 : 2) * kLanes;
    static constexpr int kVectors = S::kTileVectors;
    static constexpr std::size_t kTileRows = kVectors * kLanes;
    /// A tile fills half of a 32 KiB first-level cache.
    static constexpr std::size_t kTileCols = 16384 / (kTileRows * sizeof(float));

    /// Column `at` of the panel, with at % 2 == Odd: bfloat16 columns are stored in pairs.
    template <int Odd>
    static Floats column(const std::uint8_t* panel, std::size_t at) {
        if constexpr (Type == DType::F32)
            return S::load(reinterpret_cast<const float*>(panel + at * kColumnBytes));
        else if constexpr (Type == DType::F16)
            return S::fromHalf(panel + at * kColumnBytes);
        else
            return S::template fromBfloat16Pair<Odd>(panel + (at - Odd) * kColumnBytes);
    }

    /// One panel times Tokens inputs. Four chains of sums hide the latency of a multiply-add.
    template <int Tokens>
    static void decodeTokens(const detail::Product& p, std::size_t panel, std::size_t token) {
        constexpr int chains = Tokens >= 4 ? 2 : 4;
        const std::size_t cols = p.act.cols;
        const std::uint8_t* w = p.panels + panel * p.panelBytes;
        const float* x = p.act.x + token * cols;
        Floats sum[Tokens][chains];
        for (auto& chain : sum)
            for (auto& s : chain)
                s = S::zero();
        std::size_t i = 0;
        for (; i + chains <= cols; i += chains) {
            if constexpr (S::kFloatPrefetch > 0)
                for (std::size_t line = 0; line < chains * kColumnBytes; line += 64)
                    S::prefetch(w + i * kColumnBytes + S::kFloatPrefetch + line);
            unroll<0, chains>([&](auto index) HEARTH_INLINE {
                constexpr int c = decltype(index)::value;
                const Floats weight = column<c % 2>(w, i + c);
                for (int t = 0; t < Tokens; ++t)
                    sum[t][c] = S::fma(weight, S::splat(x[std::size_t(t) * cols + i + c]), sum[t][c]);
            });
        }
        for (; i < cols; ++i) {
            const Floats weight = i % 2 ? column<1>(w, i) : column<0>(w, i);
            for (int t = 0; t < Tokens; ++t)
                sum[t][0] = S::fma(weight, S::splat(x[std::size_t(t) * cols + i]), sum[t][0]);
        }
        for (int t = 0; t < Tokens; ++t) {
            Floats total = S::add(sum[t][0], sum[t][1]);
            if constexpr (chains == 4)
                total = S::add(total, S::add(sum[t][2], sum[t][3]));
            storeRows<S>(p, panel * kLanes, token + std::size_t(t), total);
        }
    }

    static void decode(const detail::Product& p, std::size_t begin, std::size_t end) {
        for (std::size_t panel = begin; panel < end; ++panel) {
            std::size_t token = 0;
            for (; token + 4 <= p.act.n; token += 4)
                decodeTokens<4>(p, panel, token);
            for (; token + 2 <= p.act.n; token += 2)
                decodeTokens<2>(p, panel, token);
            if (token < p.act.n)
                decodeTokens<1>(p, panel, token);
        }
    }

    /// kTileRows rows × kTileCols columns as float32.
    struct Tile {
        alignas(64) float weights[kTileCols][kTileRows];
    };

    static void unpack(const std::uint8_t* panel, std::size_t col, std::size_t count, int v, Tile& tile) {
        const std::size_t at = std::size_t(v) * kLanes;
        for (std::size_t i = 0; i < count; ++i)
            S::store(tile.weights[i] + at, i % 2 ? column<1>(panel, col + i) : column<0>(panel, col + i));
    }

    template <int Tokens>
    static void multiply(const Tile& tile, std::size_t count, const float* x, std::size_t cols, float* sums) {
        Floats sum[Tokens][kVectors];
        for (int t = 0; t < Tokens; ++t)
            for (int v = 0; v < kVectors; ++v)
                sum[t][v] = S::load(sums + (t * kVectors + v) * int(kLanes));
        for (std::size_t i = 0; i < count; ++i) {
            Floats w[kVectors];
            for (int v = 0; v < kVectors; ++v)
                w[v] = S::load(tile.weights[i] + v * int(kLanes));
            for (int t = 0; t < Tokens; ++t) {
                const Floats value = S::splat(x[std::size_t(t) * cols + i]);
                for (int v = 0; v < kVectors; ++v)
                    sum[t][v] = S::fma(value, w[v], sum[t][v]);
            }
        }
        for (int t = 0; t < Tokens; ++t)
            for (int v = 0; v < kVectors; ++v)
                S::store(sums + (t * kVectors + v) * int(kLanes), sum[t][v]);
    }

    static void tile(const detail::Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
        constexpr std::size_t most = S::kFloatTileTokens;
        Tile& tile = *reinterpret_cast<Tile*>(scratch);
        auto* sums = reinterpret_cast<float*>(scratch + sizeof(Tile));
        const std::size_t n = p.act.n, cols = p.act.cols;
        __builtin_memset(sums, 0, n * kTileRows * sizeof(float));
        for (std::size_t col = 0; col < cols; col += kTileCols) {
            const std::size_t count = smaller(kTileCols, cols - col);
            for (std::size_t panel = begin; panel < end; ++panel)
                unpack(p.panels + panel * p.panelBytes, col, count, static_cast<int>(panel - begin), tile);
            std::size_t t = 0;
            for (; t + most <= n; t += most)
                multiply<S::kFloatTileTokens>(tile, count, p.act.x + t * cols + col, cols,
                                              sums + t * kTileRows);
            for (; t < n; ++t)
                multiply<1>(tile, count, p.act.x + t * cols + col, cols, sums + t * kTileRows);
        }
        storeTile<S>(p, begin, end - begin, sums, kTileRows);
    }

    static void multiply(const detail::Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
        if (p.act.n <= S::kDecodeLimit) {
            decode(p, begin, end);
            return;
        }
        for (std::size_t panel = begin; panel < end; panel += kVectors)
            tile(p, panel, smaller(end, panel + kVectors), scratch);
    }

    static std::size_t scratchBytes(std::size_t, std::size_t n) {
        return n <= S::kDecodeLimit ? 0 : sizeof(Tile) + n * kTileRows * sizeof(float);
    }
};

template <class S, DType Type>
constexpr detail::WeightKernel floatKernel() {
    using F = FloatWeights<S, Type>;
    return {.panelRows = S::kLanes,
            .tilePanels = S::kTileVectors,
            .fewInputs = S::kDecodeLimit,
            .quantisedActivations = false,
            .packs = true,
            .panelBytes = packedPanelBytes<S, Type>,
            .pack = packPanel<S, Type>,
            .row = packedRow<S, Type>,
            .multiply = F::multiply,
            .scratchBytes = F::scratchBytes};
}

} // namespace
} // namespace hearth::kernels
