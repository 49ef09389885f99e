#pragma once

#include "engine/kernels/simd/passes.h"

/// Products with many inputs of types that have a number as scale for every 32 columns.
namespace hearth::kernels {
namespace {

template <class S, DType Type>
struct FloatScaled {
    using L = PanelLayout<S, Type>;
    using C = Coding<S, Type>;
    using Sc = typename L::Sc;
    using Floats = typename S::Floats;
    using Bytes = typename S::Bytes;
    static constexpr int kGroups = kSuperCols / 32;
    static constexpr int kPass = S::kPassVectors, kVectors = kPass * S::kPasses;
    static constexpr int kTokens = kPassInputs<S, Sc::kHasMin>;
    static constexpr std::size_t kTileRows = kVectors * S::kLanes;

    static_assert(!Sc::kHasFactor && L::kType.groupCols == 32);

    /// The signed codes of MXFP4, −12…12, become unsigned where signed bytes take more instructions.
    static constexpr bool kRaised = kSignedTakesWords<S, Type>;
    static constexpr int kOffset = kRaised ? 16 : C::kOffset, kMaxCode = kRaised ? 28 : C::kMaxCode;
    static constexpr std::size_t kDecodeLimit = kRaised ? S::kDecodeLimit : S::kPassDecodeLimit;

    /// kTileRows rows × 256 columns, ready to multiply; value = scale·(code − offset) + min.
    struct Tile {
        alignas(64) std::uint8_t codes[kSuperCols / 4][kVectors][S::kBytes];
        alignas(64) float scale[kGroups][kVectors][S::kLanes];
        alignas(64) float min[Sc::kHasMin ? kGroups : 1][kVectors][S::kLanes];
    };

    /// Columns [256·super, …) of one panel into vector `v` of the tile.
    static void unpack(const std::uint8_t* panel, std::size_t cols, std::size_t super, int v, Tile& tile) {
        const int parts = static_cast<int>(smaller(cols - super * kSuperCols, kSuperCols)) / 32;
        const std::uint8_t* packed = panel + super * L::kSuperBytes;
        for (int part = 0; part < parts; ++part) {
            const Codes<S, Type> weights{L::codesOf(packed, part, parts)};
            unroll<0, 8>([&](auto stepIndex) HEARTH_INLINE {
                constexpr int step = decltype(stepIndex)::value;
                Bytes code = weights.template step<step>();
                if constexpr (kRaised)
                    code = S::addBytes(code, S::splatByte(kOffset));
                S::storeBytes(tile.codes[8 * part + step][v], code);
            });
            const Sc scales(L::scalesOf(packed, part));
            S::store(tile.scale[part][v], scales.scale(0));
            if constexpr (Sc::kHasMin)
                S::store(tile.min[part][v], scales.min(0));
        }
    }

    /// What the groups of Tokens inputs add for the offset (see Coding::start) or the minimums.
    template <int Tokens>
    struct Inputs {
        alignas(64) std::int32_t starts[Tokens][kGroups];
        alignas(64) float sums[Tokens][kGroups];

        explicit Inputs(const detail::ActBlock* act) {
            for (int t = 0; t < Tokens; ++t)
                for (int group = 0; group < kGroups; ++group) {
                    if constexpr (kOffset != 0)
                        starts[t][group] = -kOffset * *L::sumOf(act[t], group);
                    if constexpr (Sc::kHasMin)
                        sums[t][group] = static_cast<float>(*L::sumOf(act[t], group));
                }
        }
        [[nodiscard]] Bytes start(int t, int group) const {
            if constexpr (kOffset == 0)
                return S::zeroInts();
            else
                return S::splatInt(starts[t] + group);
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

    static int units(std::size_t cols) { return static_cast<int>(cols) / 32; }

private:
    template <int Tokens, bool Streams>
    [[gnu::always_inline]] static void pass(const Tile& tile, int groups, int first,
                                            const detail::ActBlock* act, const Inputs<Tokens>& inputs,
                                            const float* sums, Target<S, Streams> to) {
        Floats starts[Tokens][kPass];
        eachSum<S, Tokens>([&](auto t, auto v) HEARTH_INLINE { starts[t.value][v.value] = S::zero(); });
        if constexpr (Sc::kHasMin)
            for (int group = 0; group < groups; ++group)
                eachSum<S, Tokens>([&](auto t, auto v) HEARTH_INLINE {
                    starts[t.value][v.value] =
                        S::fma(S::splat(inputs.sums[t.value][group]),
                               S::load(tile.min[group][first + v.value]), starts[t.value][v.value]);
                });
        alignas(64) PassSums<S, Tokens> partial;
        eachSum<S, Tokens>([&](auto t, auto v) HEARTH_INLINE {
            S::store(partial[t.value][v.value], starts[t.value][v.value]);
        });
        for (int group = 0; group < groups; ++group) {
            // Compilers may not keep these sums in registers: the integers of the next group need them.
            asm volatile("" : : "r"(partial) : "memory");
            typename S::template Sum<kMaxCode, L::kSteps> dot[Tokens][kPass];
            unroll<0, L::kSteps>([&](auto stepIndex) HEARTH_INLINE {
                constexpr int local = decltype(stepIndex)::value;
                const int step = group * L::kSteps + local;
                eachProduct<S, Tokens>(
                    tile.codes[step] + first, act, step, [&](auto t, auto v, Bytes w, Bytes x) HEARTH_INLINE {
                        dot[t.value][v.value].template add<local>(w, x, inputs.start(t.value, group));
                    });
            });
            addScaled<S, Tokens>(partial, tile.scale[group] + first, [&](auto t, auto v) HEARTH_INLINE {
                return dot[t.value][v.value].floats();
            });
        }
        endPass<S, Tokens>(act, first, sums, to,
                           [&](auto t, auto v) HEARTH_INLINE { return S::load(partial[t.value][v.value]); });
    }
};

} // namespace
} // namespace hearth::kernels
