#pragma once

#include "engine/kernels/simd/unroll.h"

/// Transcendental functions on vectors.
namespace hearth::kernels {
namespace {

/// x = n·ln 2 + r with |r| ≤ ln 2 / 2 (Cody and Waite's two-part constant), and eʳ − 1 as its Taylor
/// polynomial of degree 7: relative error below 2·10⁻⁸ on that interval, under half a unit in the last place.
template <class S>
struct Exponent {
    using Floats = typename S::Floats;
    Floats n, fraction; ///< fraction = eʳ − 1

    /// −87 ≤ x ≤ 88, so that 2ⁿ and the result are normal numbers.
    explicit Exponent(Floats x) {
        n = S::round(S::mul(x, S::splat(1.44269504F)));
        const Floats r = S::fma(n, S::splat(-1.42860677e-6F), S::fma(n, S::splat(-0.693145752F), x));
        Floats p = S::splat(1.0F / 5040);
        p = S::fma(p, r, S::splat(1.0F / 720));
        p = S::fma(p, r, S::splat(1.0F / 120));
        p = S::fma(p, r, S::splat(1.0F / 24));
        p = S::fma(p, r, S::splat(1.0F / 6));
        p = S::fma(p, r, S::splat(0.5F));
        fraction = S::fma(S::mul(p, r), r, r);
    }
};

/// eˣ; x outside [−87, 88] is clamped.
template <class S>
typename S::Floats exp(typename S::Floats x) {
    const Exponent<S> e(S::min(S::max(x, S::splat(-87)), S::splat(88)));
    return S::scaleByPower(S::add(e.fraction, S::splat(1)), e.n);
}

/// eˣ for x ≤ 0, to 16 bits: beside numbers that are rounded to bfloat16. x below −87 is clamped.
template <class S>
typename S::Floats roughExp(typename S::Floats x) {
    using Floats = typename S::Floats;
    const Floats from = S::max(x, S::splat(-87));
    const Floats n = S::round(S::mul(from, S::splat(1.44269504F)));
    const Floats r = S::fma(n, S::splat(-0.693147181F), from);
    Floats p = S::fma(r, S::splat(1.0F / 24), S::splat(1.0F / 6));
    p = S::fma(p, r, S::splat(0.5F));
    p = S::fma(p, r, S::splat(1));
    p = S::fma(p, r, S::splat(1));
    return S::scaleByPower(p, n);
}

/// tanh x = (e²ˣ − 1) / (e²ˣ + 1), accurate near zero because e²ˣ − 1 is computed as such.
template <class S>
typename S::Floats tanh(typename S::Floats x) {
    // From 2|x| = 20 on the result rounds to 1.
    const Exponent<S> e(S::min(S::mul(S::abs(x), S::splat(2)), S::splat(20)));
    const auto power = S::scaleByPower(S::splat(1), e.n);
    const auto less1 = S::fma(e.fraction, power, S::sub(power, S::splat(1)));
    return S::copySign(S::div(less1, S::add(less1, S::splat(2))), x);
}

} // namespace
} // namespace hearth::kernels
