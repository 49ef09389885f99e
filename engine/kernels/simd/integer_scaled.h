#pragma once

#include "engine/kernels/simd/passes.h"

/// Products with many inputs of types whose scales are small whole numbers times one number per 256 columns:
/// the sums stay integers over 256 columns, which is exact, and takes no conversion for each scale.
namespace hearth::kernels {
namespace {

template <class S, DType Type>
struct IntegerScaled {
    using L = PanelLayout<S, Type>;
    using C = Coding<S, Type>;
    using Sc = typename L::Sc;
    using Floats = typename S::Floats;
    using Bytes = typename S::Bytes;
    static_assert(Sc::kHasFactor && L::kBlock256);
    static constexpr int kGroups = kSuperCols / L::kType.groupCols;
    static constexpr int kPass = S::kPassVectors, kVectors = kPass * S::kPasses;
    static constexpr int kTokens = kPassInputs<S, Sc::kHasMin>;
    static constexpr std::size_t kDecodeLimit = S::kWholeDecodeLimit;
    static constexpr std::size_t kTileRows = kVectors * S::kLanes;

    /// Steps whose sums one multiplication by their scale takes.
    static constexpr int kRun = S::template runSteps<C::kMaxCode, C::kOffset>(L::kSteps);
    static_assert(L::kSteps % kRun == 0 && (C::kOffset == 0 || kRun == L::kSteps));
    /// Minimums are multiplied by sums of so many groups at once.
    static constexpr int kJoined = Sc::kHasMin ? S::kJoinedSums : 1;
    static constexpr int kMins = Sc::kHasMin ? kGroups / kJoined : 0;

    // The largest sum of 256 products code·scale·activation: Q6_K, 32·128·127·256 = 133·10⁶ (IQ4_XS,
    // 127·32·127·256, is as large); of minimums and sums of activations, 63·127·256.
    static_assert(std::int64_t{32} * 128 * 127 * 256 < INT32_MAX);

    /// kTileRows rows × 256 columns; value = factor·scale·(code − offset) − minFactor·min.
    struct Tile {
        alignas(64) std::uint8_t codes[kSuperCols / 4][kVectors][S::kBytes];
        alignas(64) std::int32_t scale[kGroups][kVectors][S::kLanes]; ///< see S::joined
        alignas(64) std::int32_t min[kMins + 1][kVectors][S::kLanes];
        alignas(64) float factor[kVectors][S::kLanes];
        alignas(64) float minFactor[kVectors][S::kLanes];
    };

    /// Columns [256·super, …) of one panel into vector `v` of the tile.
    static void unpack(const std::uint8_t* panel, std::size_t, std::size_t super, int v, Tile& tile) {
        constexpr int parts = kSuperCols / 32;
        const std::uint8_t* packed = panel + super * L::kSuperBytes;
        for (int part = 0; part < parts; ++part) {
            const Codes<S, Type> weights{L::codesOf(packed, part, parts)};
            unroll<0, 8>([&](auto stepIndex) HEARTH_INLINE {
                constexpr int step = decltype(stepIndex)::value;
                S::storeBytes(tile.codes[8 * part + step][v], weights.template step<step>());
            });
        }
        const Sc scales(packed);
        for (int group = 0; group < kGroups; ++group) {
            const Bytes scale = S::toInts(scales.scale(group));
            S::storeBytes(tile.scale[group][v], S::joined(scale, scale));
        }
        S::store(tile.factor[v], scales.factor());
        if constexpr (Sc::kHasMin) {
            for (int at = 0; at < kMins; ++at)
                S::storeBytes(tile.min[at][v], S::joined(S::toInts(scales.min(kJoined * at)),
                                                         S::toInts(scales.min(kJoined * at + kJoined - 1))));
            S::store(tile.minFactor[v], scales.minFactor());
        }
    }

    /// Of Tokens inputs, what their groups begin with (an offset) or their sums (minimums).
    template <int Tokens>
    struct Inputs {
        alignas(64) std::int32_t groups[Tokens][kGroups];

        explicit Inputs(const detail::ActBlock* act) {
            for (int t = 0; t < Tokens; ++t) {
                if constexpr (C::kOffset != 0)
                    S::template runStarts<C::kOffset>(act[t].q, L::sumOf(act[t], 0), groups[t]);
                if constexpr (Sc::kHasMin)
                    for (int group = 0; group < kGroups; group += int(S::kLanes))
                        S::storeBytes(groups[t] + group,
                                      S::joinedNeighbours(S::loadBytes(L::sumOf(act[t], group))));
            }
        }
        [[nodiscard]] Bytes start(int t, int group) const {
            if constexpr (C::kOffset == 0)
                return S::zeroInts();
            else
                return S::splatInt(groups[t] + group);
        }
    };

    /// to[t][v] = sums[t][v] + tile · 256 columns of Tokens inputs: see Panels.
    template <int Tokens, bool Streams>
    static void multiply(const Tile& tile, int, const detail::ActBlock* act, const float* sums,
                         Target<S, Streams> to) {
        const Inputs<Tokens> inputs(act);
        for (int first = 0; first < kVectors; first += kPass)
            pass<Tokens>(tile, first, act, inputs, sums, to);
    }

    static int units(std::size_t) { return kGroups; }

private:
    template <int Tokens, bool Streams>
    [[gnu::always_inline]] static void pass(const Tile& tile, int first, const detail::ActBlock* act,
                                            const Inputs<Tokens>& inputs, const float* sums,
                                            Target<S, Streams> to) {
        alignas(64) std::int32_t total[Tokens][kPass][S::kLanes];
        eachSum<S, Tokens>([&](auto t, auto v)
                               HEARTH_INLINE { S::storeBytes(total[t.value][v.value], S::zeroInts()); });
        for (int group = 0; group < kGroups; ++group) {
            // Compilers may not keep these sums in registers: the sums of the next run need them.
            asm volatile("" : : "r"(total) : "memory");
            unroll<0, L::kSteps / kRun>([&](auto run) HEARTH_INLINE {
                typename S::template Run<C::kMaxCode> dot[Tokens][kPass];
                unroll<0, kRun>([&](auto stepIndex) HEARTH_INLINE {
                    constexpr int local = decltype(stepIndex)::value;
                    const int step = group * L::kSteps + decltype(run)::value * kRun + local;
                    eachProduct<S, Tokens>(tile.codes[step] + first, act, step,
                                           [&](auto t, auto v, Bytes w, Bytes x) HEARTH_INLINE {
                                               dot[t.value][v.value].template add<local, C::kOffset != 0>(
                                                   w, x, inputs.start(t.value, group));
                                           });
                });
                eachSum<S, Tokens>([&](auto t, auto v) HEARTH_INLINE {
                    std::int32_t* sum = total[t.value][v.value];
                    S::storeBytes(sum, S::addProducts(S::loadBytes(sum), dot[t.value][v.value].sum,
                                                      S::loadBytes(tile.scale[group][first + v.value])));
                });
            });
        }
        Bytes mins[Tokens][kPass];
        if constexpr (Sc::kHasMin) {
            eachSum<S, Tokens>([&](auto t, auto v) HEARTH_INLINE { mins[t.value][v.value] = S::zeroInts(); });
            for (int at = 0; at < kMins; ++at)
                eachSum<S, Tokens>([&](auto t, auto v) HEARTH_INLINE {
                    mins[t.value][v.value] = S::addProducts(
                        mins[t.value][v.value], S::splatInt(inputs.groups[t.value] + kJoined * at),
                        S::loadBytes(tile.min[at][first + v.value]));
                });
        }
        endPass<S, Tokens>(act, first, sums, to, [&](auto ti, auto vi) HEARTH_INLINE {
            constexpr int t = decltype(ti)::value, v = decltype(vi)::value;
            Floats value = S::mul(S::toFloats(S::loadBytes(total[t][v])), S::load(tile.factor[first + v]));
            if constexpr (Sc::kHasMin)
                value = S::fma(S::toFloats(mins[t][v]), S::load(tile.minFactor[first + v]), value);
            return value;
        });
    }
};

} // namespace
} // namespace hearth::kernels
