#pragma once

#include "engine/kernels/simd/results.h"

/// What the ways of prefill to multiply a tile of bytes share.
namespace hearth::kernels {
namespace {

/// Inputs of a pass; minimums need registers of their own.
template <class S, bool HasMin>
constexpr int kPassInputs = HasMin ? S::kTileTokens : S::kPlainTileTokens;

/// Whether signed bytes are multiplied as words of 16 bits.
template <class S, DType Type>
constexpr bool kSignedTakesWords = Coding<S, Type>::kSigned&& S::kMultipliesWords;

/// One step of 4 columns: body(token, vector, weights, activations) for every input and vector of a pass.
/// `codes` are those of its first vector, and of the vectors that follow.
template <class S, int Tokens, class Body>
[[gnu::always_inline]] inline void eachProduct(const std::uint8_t (*codes)[S::kBytes],
                                               const detail::ActBlock* act, int step, const Body& body) {
    typename S::Bytes weights[S::kPassVectors];
    unroll<0, S::kPassVectors>(
        [&](auto vector) HEARTH_INLINE { weights[vector.value] = S::loadBytes(codes[vector.value]); });
    unroll<0, Tokens>([&](auto token) HEARTH_INLINE {
        const typename S::Bytes x = S::splat4(act[token.value].q + 4 * step);
        unroll<0, S::kPassVectors>([&](auto vector)
                                       HEARTH_INLINE { body(token, vector, weights[vector.value], x); });
    });
}

/// body(token, vector) for every input and vector of a pass; the inputs of a vector follow each other, so
/// that what belongs to its rows is loaded once.
template <class S, int Tokens, class Body>
[[gnu::always_inline]] inline void eachSum(const Body& body) {
    unroll<0, S::kPassVectors>([&](auto vector) HEARTH_INLINE {
        unroll<0, Tokens>([&](auto token) HEARTH_INLINE { body(token, vector); });
    });
}

/// The sums of a pass: floats in memory, since the integers of the next columns need the registers.
template <class S, int Tokens>
using PassSums = float[Tokens][S::kPassVectors][S::kLanes];

/// sums[token][vector] += dot(token, vector)·scale[vector]
template <class S, int Tokens, class Dot>
[[gnu::always_inline]] inline void addScaled(PassSums<S, Tokens>& sums, const float (*scale)[S::kLanes],
                                             const Dot& dot) {
    eachSum<S, Tokens>([&](auto token, auto vector) HEARTH_INLINE {
        float* sum = sums[token.value][vector.value];
        S::store(sum, S::fma(dot(token, vector), S::load(scale[vector.value]), S::load(sum)));
    });
}

/// Ends a pass over the vectors from `first` on of a tile: value(token, vector) times the scales of the
/// inputs, added to the sums `before` of the tile, goes to `to`.
template <class S, int Tokens, bool Streams, class Value>
[[gnu::always_inline]] inline void endPass(const detail::ActBlock* act, int first, const float* before,
                                           Target<S, Streams> to, const Value& value) {
    constexpr int vectors = S::kPassVectors * S::kPasses;
    eachSum<S, Tokens>([&](auto token, auto vector) HEARTH_INLINE {
        const int t = token.value, v = first + vector.value;
        const typename S::Floats sum =
            before ? S::load(before + (t * vectors + v) * int(S::kLanes)) : S::zero();
        to.put(t, v, S::fma(value(token, vector), S::splat(act[t].scale), sum));
    });
}

} // namespace
} // namespace hearth::kernels
