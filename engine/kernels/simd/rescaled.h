#pragma once

#include "engine/kernels/simd/decode.h"

/// Products with many inputs whose weights are brought to bytes with one scale per 256 columns and row: no
/// scale interrupts the integer sums of 256 columns. What that costs in accuracy is below a tenth of what the
/// rounding of activations costs, and nothing beside the error of the weights' own type (see test_products).
namespace hearth::kernels {
namespace {

template <class S, DType Type>
struct Rescaled {
    using L = PanelLayout<S, Type>;
    using C = Coding<S, Type>;
    using Sc = typename L::Sc;
    using Floats = typename S::Floats;
    using Bytes = typename S::Bytes;
    static constexpr int kVectors = S::kTileVectors, kTokens = S::kRescaledTileTokens;
    static constexpr std::size_t kTileRows = kVectors * S::kLanes, kDecodeLimit = S::kDecodeLimit;
    static constexpr int kGroups = kSuperCols / L::kType.groupCols;

    /// value = scale·(code − 128)
    struct Tile {
        alignas(64) std::uint8_t codes[kSuperCols / 4][kVectors][S::kBytes];
        alignas(64) float scale[kVectors][S::kLanes];
    };

    // Unpacking ---------------------------------------------------------------------------------------------
    // A code c becomes (a·c + b) in units of 1/64 of a byte's step, all in 16 bits: a·c as the high half of
    // (c·2^kShift)·(a·2^kGain), where c·2^kShift fills 15 bits.
    static constexpr int kFraction = 6, kMaxCode = C::kMaxCode;
    static constexpr int kShift = 15 - C::kCodeBits, kGain = kFraction + 15 - kShift;

    /// Numbers of 16 bits, one a row, each four times as the codes of two halves of a vector lie.
    struct Words {
        Bytes low, high;
        explicit Words(Floats values) {
            const Bytes pairs = S::doubledWords(values);
            low = S::interleaveLowInts(pairs, pairs);
            high = S::interleaveHighInts(pairs, pairs);
        }
    };

    struct Affine {
        Floats scale, min; ///< value = scale·code + min
    };
    static Affine affineOf(const Sc& scales, int at) {
        Affine out{scales.scale(at), S::zero()};
        if constexpr (Sc::kHasFactor)
            out.scale = S::mul(out.scale, scales.factor());
        if constexpr (Sc::kHasMin)
            out.min = Sc::kHasFactor ? S::mul(scales.min(at), scales.minFactor()) : scales.min(at);
        else
            out.min = S::mul(out.scale, S::splat(-C::kOffset));
        return out;
    }

    /// Columns [256·super, …) of one panel into vector `v` of the tile.
    static void unpack(const std::uint8_t* panel, std::size_t cols, std::size_t super, int v, Tile& tile) {
        const int parts = static_cast<int>(smaller(cols - super * kSuperCols, kSuperCols)) / 32;
        const int groups = parts * L::kGroupsPer32;
        const std::uint8_t* packed = panel + super * L::kSuperBytes;
        Affine affine[kGroups];
        const Sc blockScales(packed);
        Floats largest = S::zero();
        for (int group = 0; group < groups; ++group) {
            const int part = group / L::kGroupsPer32;
            const int at = L::groupIndex(part, group % L::kGroupsPer32);
            if constexpr (L::kBlock256)
                affine[group] = affineOf(blockScales, at);
            else
                affine[group] = affineOf(Sc(L::scalesOf(packed, part)), at);
            const Floats end = S::fma(affine[group].scale, S::splat(kMaxCode), affine[group].min);
            largest = S::max(largest, S::max(S::abs(affine[group].min), S::abs(end)));
        }
        S::store(tile.scale[v], S::mul(largest, S::splat(1.0F / 127)));
        // Rows of zeros keep their zeros.
        const Floats inverse = S::div(S::splat(127), S::max(largest, S::splat(1e-30F)));
        for (int part = 0; part < parts; ++part) {
            const Codes<S, Type> weights{L::codesOf(packed, part, parts)};
            unroll<0, L::kGroupsPer32>([&](auto groupIndex) HEARTH_INLINE {
                constexpr int group = decltype(groupIndex)::value;
                const Affine& to = affine[part * L::kGroupsPer32 + group];
                const Words gain(S::mul(S::mul(to.scale, inverse), S::splat(1 << kGain)));
                // Half a step more, so that cutting the fraction off rounds.
                const Words start(S::fma(S::mul(to.min, inverse), S::splat(1 << kFraction),
                                         S::splat((128 << kFraction) + (1 << (kFraction - 1)))));
                unroll<0, L::kSteps>([&](auto stepIndex) HEARTH_INLINE {
                    constexpr int step = group * L::kSteps + decltype(stepIndex)::value;
                    const Bytes code = weights.template step<step>();
                    const auto scaled = [&](Bytes words, Bytes by, Bytes from) HEARTH_INLINE {
                        return S::template shiftRightSigned<kFraction>(
                            S::addWords(S::mulHighRounded(S::template shiftLeft<kShift>(words), by), from));
                    };
                    S::storeBytes(tile.codes[8 * part + step][v],
                                  S::packUnsigned(scaled(S::widenLow(code), gain.low, start.low),
                                                  scaled(S::widenHigh(code), gain.high, start.high)));
                });
            });
        }
    }

    // Multiplying -------------------------------------------------------------------------------------------
    /// to[t][v] = sums[t][v] + tile · 4·steps columns of Tokens inputs: see Panels.
    template <int Tokens, bool Streams>
    static void multiply(const Tile& tile, int steps, const detail::ActBlock* act, const float* sums,
                         Target<S, Streams> to) {
        // Every index is a constant, so that the sums are registers and nothing but registers.
        const auto each = [](const auto& body) HEARTH_INLINE {
            unroll<0, Tokens>([&](auto token) HEARTH_INLINE {
                unroll<0, kVectors>([&](auto vector) HEARTH_INLINE { body(token.value, vector.value); });
            });
        };
        typename S::template Sum<255, 2> dot[Tokens][kVectors];
        unroll<0, Tokens>([&](auto token) HEARTH_INLINE {
            constexpr int t = decltype(token)::value;
            const Bytes start = S::template negativeShifted<7>(S::splatInt(&act[t].sum));
            unroll<0, kVectors>([&](auto vector) HEARTH_INLINE { dot[t][vector.value].begin(start); });
        });
        for (int step = 0; step < steps; step += 2)
            unroll<0, 2>([&](auto index) HEARTH_INLINE {
                const int at = step + decltype(index)::value;
                // The next inputs, then where their sums go: a line in each of 64 steps.
                constexpr int lines = Tokens * int(sizeof(detail::ActBlock) / 64);
                const int sum = at - lines;
                if (at < lines)
                    S::prefetch(reinterpret_cast<const char*>(act + Tokens) + 64 * at);
                else
                    to.prefetch(Tokens + sum / kVectors, sum % kVectors);
                Bytes w[kVectors];
                unroll<0, kVectors>([&](auto vector) HEARTH_INLINE {
                    w[vector.value] = S::loadBytes(tile.codes[at][vector.value]);
                });
                unroll<0, Tokens>([&](auto token) HEARTH_INLINE {
                    constexpr int t = decltype(token)::value;
                    const Bytes x = S::splat4(act[t].q + 4 * at);
                    unroll<0, kVectors>([&](auto vector) HEARTH_INLINE {
                        dot[t][vector.value].template add<1>(w[vector.value], x, x);
                    });
                });
            });
        each([&](int t, int v) HEARTH_INLINE {
            const Floats before = sums ? S::load(sums + (t * kVectors + v) * int(S::kLanes)) : S::zero();
            const Floats scale = S::mul(S::splat(act[t].scale), S::load(tile.scale[v]));
            to.put(t, v, S::fma(dot[t][v].floats(), scale, before));
        });
    }

    static int units(std::size_t cols) { return static_cast<int>(cols) / 4; }
};

} // namespace
} // namespace hearth::kernels
