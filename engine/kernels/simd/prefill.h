#pragma once

#include "engine/kernels/simd/rescaled.h"

/// Products with many inputs: a tile of rows is unpacked to bytes once per 256 columns, in a buffer that the
/// first-level cache holds, and all inputs stream past it.
namespace hearth::kernels {
namespace {

template <class S, DType Type>
struct Prefill {
    using L = PanelLayout<S, Type>;
    using C = Coding<S, Type>;
    using Sc = typename L::Sc;
    using Floats = typename S::Floats;
    static constexpr int kGroups = kSuperCols / L::kType.groupCols;
    static constexpr int kVectors = S::kTileVectors, kTokens = S::kTileTokens;
    static constexpr std::size_t kTileRows = kVectors * S::kLanes;

    /// kTileRows rows × 256 columns, ready to multiply.
    struct Tile {
        alignas(64) std::uint8_t codes[kSuperCols / 4][kVectors][S::kBytes];
        alignas(64) float scale[kGroups][kVectors][S::kLanes];
        alignas(64) float min[kGroups][kVectors][S::kLanes]; ///< for the sum of the group's activations
    };

    /// Unpacks columns [256·super, …) of one panel into vector `v` of the tile.
    static void unpack(const std::uint8_t* panel, std::size_t cols, std::size_t super, int v, Tile& tile) {
        const int parts = static_cast<int>(smaller(cols - super * kSuperCols, kSuperCols)) / 32;
        const std::uint8_t* packed = panel + super * L::kSuperBytes;
        const Sc blockScales(packed);
        for (int part = 0; part < parts; ++part) {
            const Codes<S, Type> weights{L::codesOf(packed, part, parts)};
            unroll<0, 8>([&](auto stepIndex) HEARTH_INLINE {
                constexpr int step = decltype(stepIndex)::value;
                S::storeBytes(tile.codes[8 * part + step][v], weights.template step<step>());
            });
            for (int group = 0; group < L::kGroupsPer32; ++group) {
                if constexpr (L::kBlock256)
                    storeScales(blockScales, part, group, v, tile);
                else
                    storeScales(Sc(L::scalesOf(packed, part)), part, group, v, tile);
            }
        }
    }

    static void storeScales(const Sc& scales, int part, int group, int v, Tile& tile) {
        const int at = L::groupIndex(part, group), to = part * L::kGroupsPer32 + group;
        Floats scale = scales.scale(at);
        if constexpr (Sc::kHasFactor)
            scale = S::mul(scale, scales.factor());
        S::store(tile.scale[to][v], scale);
        if constexpr (Sc::kHasMin)
            S::store(tile.min[to][v],
                     Sc::kHasFactor ? S::mul(scales.min(at), scales.minFactor()) : scales.min(at));
    }

    /// to[t][v] = sums[t][v] + tile · 256 columns of Tokens inputs: see Panels.
    template <int Tokens, bool Streams>
    static void multiply(const Tile& tile, int groups, const detail::ActBlock* act, const float* sums,
                         Target<S, Streams> to) {
        alignas(64) float partial[Tokens][kVectors][S::kLanes];
        for (int t = 0; t < Tokens; ++t)
            for (int v = 0; v < kVectors; ++v)
                S::store(partial[t][v], S::zero());
        for (int group = 0; group < groups; ++group) {
            // Compilers may not keep these sums in registers: the integers of the next group need them.
            asm volatile("" : : "r"(partial) : "memory");
            typename S::template Sum<C::kMaxCode, L::kSteps> dot[Tokens][kVectors];
            typename S::Bytes start[Tokens];
            for (int t = 0; t < Tokens; ++t)
                start[t] = C::start(L::sumOf(act[t], group));
            unroll<0, L::kSteps>([&](auto stepIndex) HEARTH_INLINE {
                constexpr int local = decltype(stepIndex)::value;
                const int step = group * L::kSteps + local;
                typename S::Bytes w[kVectors];
                for (int v = 0; v < kVectors; ++v)
                    w[v] = S::loadBytes(tile.codes[step][v]);
                for (int t = 0; t < Tokens; ++t) {
                    const auto x = S::splat4(act[t].q + 4 * step);
                    for (int v = 0; v < kVectors; ++v)
                        dot[t][v].template add<local>(w[v], x, start[t]);
                }
            });
            // Vectors outermost: the scales of one are loaded once for all inputs.
            for (int v = 0; v < kVectors; ++v) {
                const Floats scale = S::load(tile.scale[group][v]);
                for (int t = 0; t < Tokens; ++t) {
                    Floats value = S::fma(dot[t][v].floats(), scale, S::load(partial[t][v]));
                    if constexpr (Sc::kHasMin)
                        value = S::fma(S::toFloats(S::splatInt(L::sumOf(act[t], group))),
                                       S::load(tile.min[group][v]), value);
                    S::store(partial[t][v], value);
                }
            }
        }
        for (int t = 0; t < Tokens; ++t)
            for (int v = 0; v < kVectors; ++v) {
                const Floats before = sums ? S::load(sums + (t * kVectors + v) * int(S::kLanes)) : S::zero();
                to.put(t, v, S::fma(S::load(partial[t][v]), S::splat(act[t].scale), before));
            }
    }

    static int units(std::size_t cols) { return static_cast<int>(cols) / L::kType.groupCols; }
};

/// The rows of a tile (see Prefill and Rescaled) times all inputs. The sums of the first 256 columns begin at
/// nothing (nullptr), those of the last go straight into the result where nothing is to be added or cut off.
template <class S, class Tiles>
struct Panels {
    using Tile = typename Tiles::Tile;
    static constexpr std::size_t kTileRows = Tiles::kTileRows;

    static std::size_t scratchBytes(std::size_t n) { return sizeof(Tile) + n * kTileRows * sizeof(float); }

    /// The rows of panels [begin, end), at most kTileVectors of them.
    static void run(const detail::Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
        Tile& tile = *reinterpret_cast<Tile*>(scratch);
        auto* sums = reinterpret_cast<float*>(scratch + sizeof(Tile));
        const bool direct = !p.bias && end - begin == Tiles::kVectors && end * S::kLanes <= p.rows;
        const std::size_t supers = (p.act.cols + kSuperCols - 1) / kSuperCols;
        for (std::size_t super = 0; super < supers; ++super) {
            for (std::size_t panel = begin; panel < end; ++panel)
                Tiles::unpack(p.panels + panel * p.panelBytes, p.act.cols, super,
                              static_cast<int>(panel - begin), tile);
            const float* before = super == 0 ? nullptr : sums;
            const bool last = super + 1 == supers;
            const Next next{p.panels + (last ? end : begin) * p.panelBytes +
                                (last ? 0 : super + 1) * Tiles::L::kSuperBytes,
                            p.panelBytes};
            if (!direct || !last) {
                columns(p, super, tile, before, next, Target<S, false>{sums, kTileRows});
            } else if (streams<S>(p)) {
                columns(p, super, tile, before, next, Target<S, true>{p.y + begin * S::kLanes, p.yStride});
                S::endStream();
            } else {
                columns(p, super, tile, before, next, Target<S, false>{p.y + begin * S::kLanes, p.yStride});
            }
        }
        if (!direct)
            storeTile<S>(p, begin, end - begin, sums, kTileRows);
    }

private:
    /// Where the columns lie that are unpacked next. They are asked for while others are multiplied: unpacking
    /// waits for memory for 1.5 (Q4_0) to 3 % (Q8_0) of a product otherwise.
    struct Next {
        static constexpr std::size_t kPanelLines = (Tiles::L::kSuperBytes + 63) / 64;
        static constexpr std::size_t kLines = kPanelLines * Tiles::kVectors;
        const std::uint8_t* panels;
        std::size_t panelBytes;
        std::size_t line = 0;

        void ask(std::size_t lines) {
            for (; lines > 0 && line < kLines; --lines, ++line)
                S::prefetch(panels + line / kPanelLines * panelBytes + line % kPanelLines * 64);
        }
    };

    /// The tile of columns [256·super, …) times all inputs, added to the sums `before`.
    template <bool Streams>
    static void columns(const detail::Product& p, std::size_t super, const Tile& tile, const float* before,
                        Next next, Target<S, Streams> to) {
        constexpr std::size_t most = Tiles::kTokens;
        const std::size_t n = p.act.n;
        const int units = Tiles::units(smaller(p.act.cols - super * kSuperCols, kSuperCols));
        const detail::ActBlock* act = p.act.blocks + super * n;
        const auto tokens = [&](auto count, std::size_t t) HEARTH_INLINE {
            Tiles::template multiply<decltype(count)::value>(
                tile, units, act + t, before ? before + t * kTileRows : nullptr,
                Target<S, Streams>{to.first + t * to.stride, to.stride});
        };
        const std::size_t lines = (Next::kLines * most + n - 1) / n;
        std::size_t t = 0;
        for (; t + most <= n; t += most) {
            next.ask(lines);
            tokens(Index<Tiles::kTokens>{}, t);
        }
        for (; t < n; ++t)
            tokens(Index<1>{}, t);
    }
};

/// Whether prefill brings a type to one scale per 256 columns. The largest weight of a row is taken from its
/// scales: of MXFP4, whose values end at 12 of the 127 that its byte could hold, that would waste three bits.
template <class S, DType Type>
constexpr bool kIsRescaled = S::kRescales&& packedTypeOf(Type).codeBook != CodeBook::MxFp4;

template <class S, DType Type>
constexpr auto tilesOf() {
    if constexpr (kIsRescaled<S, Type>)
        return Rescaled<S, Type>{};
    else
        return Prefill<S, Type>{};
}

/// The choice between decode and prefill: see WeightKernel::multiply.
template <class S, DType Type>
void multiplyQuantised(const detail::Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
    if (p.act.n <= S::kDecodeLimit) {
        decode<S, Type>(p, begin, end);
        return;
    }
    for (std::size_t panel = begin; panel < end; panel += S::kTileVectors)
        Panels<S, decltype(tilesOf<S, Type>())>::run(p, panel, smaller(end, panel + S::kTileVectors),
                                                     scratch);
}

template <class S, DType Type>
std::size_t quantisedScratchBytes(std::size_t, std::size_t n) {
    return n <= S::kDecodeLimit ? 0 : Panels<S, decltype(tilesOf<S, Type>())>::scratchBytes(n);
}

} // namespace
} // namespace hearth::kernels
