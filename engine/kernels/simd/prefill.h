#pragma once

#include "engine/kernels/simd/decode.h"

/// Products with many inputs: a tile of rows is unpacked to bytes once per 256 columns, in a buffer that the
/// first-level cache holds, and all inputs stream past it.
namespace hearth::kernels {
namespace {

/// kTileVectors·kLanes rows × 256 columns, ready to multiply. `Groups` scales per 256 columns.
template <class S, int Groups>
struct Tile {
    static constexpr int kVectors = S::kTileVectors;
    alignas(64) std::uint8_t codes[kSuperCols / 4][kVectors][S::kBytes];
    alignas(64) float scale[Groups][kVectors][S::kLanes];
    /// Offset and minimum of the group, for the sum of its activations.
    alignas(64) float min[Groups][kVectors][S::kLanes];
};

template <class S, DType Type>
struct Prefill {
    using L = PanelLayout<S, Type>;
    using C = Coding<S, Type>;
    using Sc = typename L::Sc;
    using Floats = typename S::Floats;
    static constexpr int kGroups = kSuperCols / L::kType.groupCols;
    static constexpr int kVectors = S::kTileVectors;
    static constexpr std::size_t kTileRows = kVectors * S::kLanes;
    static constexpr bool kHasMin = Sc::kHasMin || C::kOffset != 0;
    using TileOf = Tile<S, kGroups>;

    /// Unpacks columns [256·super, …) of one panel into vector `v` of the tile.
    static void unpack(const std::uint8_t* panel, std::size_t cols, std::size_t super, int v, TileOf& tile) {
        const int parts = static_cast<int>(smaller(cols - super * kSuperCols, kSuperCols)) / 32;
        const std::uint8_t* codes = panel + super * L::kSuperBytes;
        const std::uint8_t* scaleRun = codes + std::size_t(parts) * C::kGroupBytes;
        const Sc blockScales(scaleRun);
        for (int part = 0; part < parts; ++part, codes += C::kGroupBytes) {
            const Codes<S, Type> weights{codes};
            unroll<0, 8>([&](auto stepIndex) HEARTH_INLINE {
                constexpr int step = decltype(stepIndex)::value;
                S::storeBytes(tile.codes[8 * part + step][v], weights.template step<step>());
            });
            for (int group = 0; group < L::kGroupsPer32; ++group) {
                if constexpr (L::kBlock256)
                    storeScales(blockScales, part, group, v, tile);
                else
                    storeScales(Sc(L::scalesOf(scaleRun, part)), part, group, v, tile);
            }
        }
    }

    static void storeScales(const Sc& scales, int part, int group, int v, TileOf& tile) {
        const int at = L::groupIndex(part, group), to = part * L::kGroupsPer32 + group;
        Floats scale = scales.scale(at);
        if constexpr (Sc::kHasFactor)
            scale = S::mul(scale, scales.factor());
        S::store(tile.scale[to][v], scale);
        if constexpr (Sc::kHasMin)
            S::store(tile.min[to][v],
                     Sc::kHasFactor ? S::mul(scales.min(at), scales.minFactor()) : scales.min(at));
        else if constexpr (C::kOffset != 0)
            S::store(tile.min[to][v], S::mul(scale, S::splat(-C::kOffset)));
    }

    /// sums[t][v] += tile · 256 columns of Tokens inputs.
    template <int Tokens>
    static void multiply(const TileOf& tile, int groups, const detail::ActBlock* act, float* sums) {
        alignas(64) float partial[Tokens][kVectors][S::kLanes];
        for (int t = 0; t < Tokens; ++t)
            for (int v = 0; v < kVectors; ++v)
                S::store(partial[t][v], S::zero());
        for (int group = 0; group < groups; ++group) {
            typename S::template Sum<C::kMaxCode, L::kSteps> dot[Tokens][kVectors];
            unroll<0, L::kSteps>([&](auto stepIndex) HEARTH_INLINE {
                constexpr int local = decltype(stepIndex)::value;
                const int step = group * L::kSteps + local;
                typename S::Bytes w[kVectors];
                for (int v = 0; v < kVectors; ++v)
                    w[v] = S::loadBytes(tile.codes[step][v]);
                for (int t = 0; t < Tokens; ++t) {
                    const auto x = S::splat4(act[t].q + 4 * step);
                    for (int v = 0; v < kVectors; ++v)
                        dot[t][v].template add<local>(w[v], x);
                }
            });
            // Vectors outermost: the scales of one are loaded once for all inputs.
            for (int v = 0; v < kVectors; ++v) {
                const Floats scale = S::load(tile.scale[group][v]);
                for (int t = 0; t < Tokens; ++t) {
                    Floats value = S::fma(dot[t][v].floats(), scale, S::load(partial[t][v]));
                    if constexpr (kHasMin) {
                        const float* sum = L::kSteps == 8 ? act[t].sum32 : act[t].sum16;
                        value = S::fma(S::splat(sum[group]), S::load(tile.min[group][v]), value);
                    }
                    S::store(partial[t][v], value);
                }
            }
        }
        for (int t = 0; t < Tokens; ++t)
            for (int v = 0; v < kVectors; ++v) {
                float* to = sums + (t * kVectors + v) * int(S::kLanes);
                S::store(to, S::fma(S::load(partial[t][v]), S::splat(act[t].scale), S::load(to)));
            }
    }

    static std::size_t scratchBytes(std::size_t n) { return sizeof(TileOf) + n * kTileRows * sizeof(float); }

    /// The rows of panels [begin, end), at most kTileVectors of them.
    static void tile(const detail::Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
        constexpr std::size_t most = S::kTileTokens;
        TileOf& tile = *reinterpret_cast<TileOf*>(scratch);
        auto* sums = reinterpret_cast<float*>(scratch + sizeof(TileOf));
        const std::size_t n = p.act.n;
        __builtin_memset(sums, 0, n * kTileRows * sizeof(float));
        for (std::size_t super = 0; super * kSuperCols < p.act.cols; ++super) {
            for (std::size_t panel = begin; panel < end; ++panel)
                unpack(p.panels + panel * p.panelBytes, p.act.cols, super, static_cast<int>(panel - begin),
                       tile);
            const std::size_t cols = smaller(p.act.cols - super * kSuperCols, kSuperCols);
            const int groups = static_cast<int>(cols) / L::kType.groupCols;
            const detail::ActBlock* act = p.act.blocks + super * n;
            std::size_t t = 0;
            for (; t + most <= n; t += most)
                multiply<S::kTileTokens>(tile, groups, act + t, sums + t * kTileRows);
            for (; t < n; ++t)
                multiply<1>(tile, groups, act + t, sums + t * kTileRows);
        }
        for (std::size_t t = 0; t < n; ++t)
            for (std::size_t panel = begin; panel < end; ++panel)
                storeRows<S>(p, panel * S::kLanes, t,
                             S::load(sums + t * kTileRows + (panel - begin) * S::kLanes));
    }
};

/// The choice between the two: see WeightKernel::multiply.
template <class S, DType Type>
void multiplyQuantised(const detail::Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
    if (p.act.n <= S::kDecodeLimit) {
        decode<S, Type>(p, begin, end);
        return;
    }
    for (std::size_t panel = begin; panel < end; panel += S::kTileVectors)
        Prefill<S, Type>::tile(p, panel, smaller(end, panel + S::kTileVectors), scratch);
}

template <class S, DType Type>
std::size_t quantisedScratchBytes(std::size_t, std::size_t n) {
    return n <= S::kDecodeLimit ? 0 : Prefill<S, Type>::scratchBytes(n);
}

} // namespace
} // namespace hearth::kernels
