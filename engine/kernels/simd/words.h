#pragma once

#include "engine/kernels/simd/passes.h"

/// Products with many inputs of types whose weights are signed bytes, where bytes can only be multiplied
/// unsigned: as words of 16 bits. Whole-number scales are multiplied into the words.
namespace hearth::kernels {
namespace {

template <class S, DType Type>
struct Words {
    using L = PanelLayout<S, Type>;
    using Sc = typename L::Sc;
    using Floats = typename S::Floats;
    using Bytes = typename S::Bytes;
    static constexpr int kPass = S::kPassVectors, kVectors = kPass * S::kPasses;
    static constexpr int kTokens = S::kTileTokens;
    static constexpr std::size_t kDecodeLimit = S::kPassDecodeLimit;
    static constexpr std::size_t kTileRows = kVectors * S::kLanes;
    static constexpr bool kWhole = Sc::kHasFactor;
    static_assert(!Sc::kHasMin && L::kType.groupCols == 32);
    /// Columns of one scale of a tile. The largest sum, of IQ4_XS, is 127·32·127·256 = 132·10⁶.
    static constexpr int kGroupCols = kWhole ? kSuperCols : 32;
    static constexpr int kGroups = kSuperCols / kGroupCols, kSteps = kGroupCols / 4;

    /// Half of a step: its even or its odd columns.
    struct Tile {
        alignas(64) std::uint8_t codes[kSuperCols / 4][2][kVectors][S::kBytes];
        alignas(64) float scale[kGroups][kVectors][S::kLanes];
    };

    /// Columns [256·super, …) of one panel into vector `v` of the tile.
    static void unpack(const std::uint8_t* panel, std::size_t cols, std::size_t super, int v, Tile& tile) {
        const int parts = static_cast<int>(smaller(cols - super * kSuperCols, kSuperCols)) / 32;
        const std::uint8_t* packed = panel + super * L::kSuperBytes;
        const Sc blockScales(packed);
        if constexpr (kWhole)
            S::store(tile.scale[0][v], blockScales.factor());
        for (int part = 0; part < parts; ++part) {
            const Codes<S, Type> weights{L::codesOf(packed, part, parts)};
            Bytes whole = S::zeroInts();
            if constexpr (kWhole) {
                const Bytes scale = S::toInts(blockScales.scale(part));
                whole = S::joined(scale, scale);
            } else {
                S::store(tile.scale[part][v], Sc(L::scalesOf(packed, part)).scale(0));
            }
            unroll<0, 8>([&](auto stepIndex) HEARTH_INLINE {
                constexpr int step = decltype(stepIndex)::value;
                const Bytes code = weights.template step<step>();
                auto& to = tile.codes[8 * part + step];
                const Bytes even = S::evenWords(code), odd = S::oddWords(code);
                S::storeBytes(to[0][v], kWhole ? S::mulWords(even, whole) : even);
                S::storeBytes(to[1][v], kWhole ? S::mulWords(odd, whole) : odd);
            });
        }
    }

    /// The activations of Tokens inputs: the even columns of each step, and the odd ones.
    template <int Tokens>
    struct Inputs {
        alignas(64) std::int32_t words[Tokens][2][kSuperCols / 4];

        explicit Inputs(const detail::ActBlock* act) {
            for (int t = 0; t < Tokens; ++t)
                for (std::size_t at = 0; at < kSuperCols; at += S::kBytes) {
                    const Bytes q = S::loadBytes(act[t].q + at);
                    S::storeBytes(words[t][0] + at / 4, S::evenWords(q));
                    S::storeBytes(words[t][1] + at / 4, S::oddWords(q));
                }
        }
    };

    /// to[t][v] = sums[t][v] + tile · 256 columns of Tokens inputs: see Panels.
    template <int Tokens, bool Streams>
    static void multiply(const Tile& tile, int groups, const detail::ActBlock* act, const float* sums,
                         Target<S, Streams> to) {
        const Inputs<Tokens> inputs(act);
        for (int first = 0; first < kVectors; first += kPass)
            pass<Tokens>(tile, groups, first, act, inputs, sums, to);
    }

    static int units(std::size_t cols) { return static_cast<int>(cols) / kGroupCols; }

private:
    template <int Tokens, bool Streams>
    [[gnu::always_inline]] static void pass(const Tile& tile, int groups, int first,
                                            const detail::ActBlock* act, const Inputs<Tokens>& inputs,
                                            const float* sums, Target<S, Streams> to) {
        alignas(64) PassSums<S, Tokens> partial;
        eachSum<S, Tokens>([&](auto t, auto v)
                               HEARTH_INLINE { S::store(partial[t.value][v.value], S::zero()); });
        for (int group = 0; group < groups; ++group) {
            // Compilers may not keep these sums in registers: the integers of the next group need them.
            asm volatile("" : : "r"(partial) : "memory");
            Bytes dot[Tokens][kPass];
            eachSum<S, Tokens>([&](auto t, auto v) HEARTH_INLINE { dot[t.value][v.value] = S::zeroInts(); });
            for (int step = group * kSteps; step < (group + 1) * kSteps; step += 4)
                unroll<0, 8>([&](auto index) HEARTH_INLINE {
                    constexpr int half = decltype(index)::value % 2;
                    const int at = step + decltype(index)::value / 2;
                    Bytes weights[kPass];
                    unroll<0, kPass>([&](auto v) HEARTH_INLINE {
                        weights[v.value] = S::loadBytes(tile.codes[at][half][first + v.value]);
                    });
                    unroll<0, Tokens>([&](auto t) HEARTH_INLINE {
                        const Bytes x = S::splatInt(inputs.words[t.value][half] + at);
                        unroll<0, kPass>([&](auto v) HEARTH_INLINE {
                            Bytes& sum = dot[t.value][v.value];
                            sum = S::addProducts(sum, weights[v.value], x);
                        });
                    });
                });
            addScaled<S, Tokens>(partial, tile.scale[group] + first, [&](auto t, auto v) HEARTH_INLINE {
                return S::toFloats(dot[t.value][v.value]);
            });
        }
        endPass<S, Tokens>(act, first, sums, to,
                           [&](auto t, auto v) HEARTH_INLINE { return S::load(partial[t.value][v.value]); });
    }
};

} // namespace
} // namespace hearth::kernels
