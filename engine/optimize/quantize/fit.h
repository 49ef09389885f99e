#pragma once

// Inside of optimize/quantize: searches for the scale of a small group of values. Everything here is inlined
// into functions that are compiled for several instruction sets, so it has internal linkage; sums run in
// eight fixed lanes, which makes them vector code and gives the same result everywhere.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "engine/tensor/blocks.h"

#define HEARTH_INLINE [[gnu::always_inline]] inline

// Compiled once more for AVX2 and chosen when the program starts. Not under sanitizers, which cannot run in
// the resolver. Without FMA, so that both give the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&     \
    !defined(__SANITIZE_THREAD__)
#define HEARTH_CLONES [[gnu::target_clones("avx2", "default")]]
#else
#define HEARTH_CLONES
#endif

namespace hearth::optimize {

namespace {

constexpr std::size_t kLanes = 8;
using Lanes [[gnu::vector_size(kLanes * sizeof(float))]] = float;

HEARTH_INLINE Lanes load(const float* x) {
    Lanes v;
    std::memcpy(&v, x, sizeof v);
    return v;
}
HEARTH_INLINE float total(const Lanes& v) {
    return ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7]));
}
HEARTH_INLINE float smaller(float a, float b) {
    return a < b ? a : b;
}
HEARTH_INLINE float larger(float a, float b) {
    return a > b ? a : b;
}
/// x, but not below `low` and not above `high`.
HEARTH_INLINE float within(float low, float high, float x) {
    return smaller(high, larger(low, x));
}
HEARTH_INLINE Lanes within(float low, float high, Lanes x) {
    const Lanes lows = Lanes{} + low, highs = Lanes{} + high;
    x = x > lows ? x : lows;
    return x < highs ? x : highs;
}
/// To nearest even by the addition itself; |x| < 2²².
template <class T>
HEARTH_INLINE T rounded(T x) {
    constexpr float kMagic = 12582912.0F; // 1.5·2²³
    return (x + kMagic) - kMagic;
}

/// Codes are the whole numbers lo…hi.
struct UniformCoder {
    float lo, hi;
    template <class T>
    HEARTH_INLINE T code(T x) const {
        return rounded(within(lo, hi, x));
    }
};

/// The nearest value of kNonLinear in steps of a half: all midpoints of the code book are multiples of a
/// half, so cell i, which covers [i/2 − 128, i/2 − 127.5), has one answer.
struct NonLinearTable {
    std::array<float, 512> value{};
    std::array<std::uint8_t, 512> index{};

    constexpr NonLinearTable() {
        for (std::size_t i = 0; i < 512; ++i) {
            const int middle = 2 * static_cast<int>(i) - 511; // of the cell, in quarters
            std::size_t best = 0;
            int least = 10'000;
            for (std::size_t k = 0; k < 16; ++k) {
                const int d = middle - 4 * int{kNonLinear[k]};
                if (const int distance = d < 0 ? -d : d; distance < least) {
                    least = distance;
                    best = k;
                }
            }
            value[i] = static_cast<float>(kNonLinear[best]);
            index[i] = static_cast<std::uint8_t>(best);
        }
    }
};
constexpr NonLinearTable kNonLinearTable;

/// Codes are the values of kNonLinear.
struct NonLinearCoder {
    static constexpr float lo = -127, hi = 113;
    HEARTH_INLINE static std::size_t cell(float x) {
        return static_cast<std::size_t>(
            static_cast<std::int32_t>(2.0F * (within(-128.0F, 127.5F, x) + 128.0F)));
    }
    HEARTH_INLINE float code(float x) const { return kNonLinearTable.value[cell(x)]; }
    HEARTH_INLINE Lanes code(Lanes x) const {
        Lanes out;
        for (std::size_t l = 0; l < kLanes; ++l)
            out[l] = code(x[l]);
        return out;
    }
};

/// The value of largest magnitude, with its sign.
HEARTH_INLINE float topOf(const float* x, std::size_t n) {
    float top = 0, magnitude = 0;
    for (std::size_t i = 0; i < n; ++i)
        if (const float m = std::fabs(x[i]); m > magnitude) {
            magnitude = m;
            top = x[i];
        }
    return top;
}

/// The largest magnitude.
template <std::size_t N>
HEARTH_INLINE float magnitudeOf(const float* x) {
    Lanes most{};
    for (std::size_t i = 0; i < N; i += kLanes) {
        const Lanes value = load(x + i);
        const Lanes magnitude = value < 0 ? -value : value;
        most = magnitude > most ? magnitude : most;
    }
    float out = 0;
    for (std::size_t l = 0; l < kLanes; ++l)
        out = larger(out, most[l]);
    return out;
}

/// Below this a group counts as zero: its scale would vanish in float16.
constexpr float kNothing = 1e-10F;

struct ScaleSums {
    float lx = 0, ll = 0; ///< Σ w·code·x and Σ w·code²
    /// What the best scale for these codes takes off the error Σ w·x².
    HEARTH_INLINE float gain() const { return ll > 0 ? lx * lx / ll : 0; }
    HEARTH_INLINE float scale() const { return ll > 0 ? lx / ll : 0; }
};

template <std::size_t N, class Coder>
HEARTH_INLINE ScaleSums scaleSums(const Coder& coder, const float* x, const float* w, float inverse) {
    Lanes lx{}, ll{};
    for (std::size_t i = 0; i < N; i += kLanes) {
        const Lanes value = load(x + i);
        const Lanes code = coder.code(inverse * value);
        const Lanes weighted = load(w + i) * code;
        lx += weighted * value;
        ll += weighted * code;
    }
    return {total(lx), total(ll)};
}

/// How far around the range's end the search places the largest value, in `steps` steps.
struct Grid {
    float from, to; ///< as multiples of the range's end
    int steps;
};

/// The scale for which x ≈ scale·code has the least weighted error: every candidate's best scale in closed
/// form, both signs, then codes and scale improved in turns.
template <std::size_t N, class Coder>
HEARTH_INLINE float fitScale(const Coder& coder, const Grid& grid, const float* x, const float* w) {
    const float top = topOf(x, N);
    if (std::fabs(top) < kNothing)
        return 0;
    ScaleSums best;
    const float step = (grid.to - grid.from) / static_cast<float>(grid.steps > 1 ? grid.steps - 1 : 1);
    for (int i = 0; i < grid.steps; ++i)
        for (const float end : {coder.lo, coder.hi}) {
            const float inverse = end * (grid.from + step * static_cast<float>(i)) / top;
            const ScaleSums sums = scaleSums<N>(coder, x, w, inverse);
            if (sums.gain() > best.gain())
                best = sums;
        }
    for (int turn = 0; turn < 4 && best.scale() != 0; ++turn) {
        const ScaleSums sums = scaleSums<N>(coder, x, w, 1 / best.scale());
        if (!(sums.gain() > best.gain()))
            break;
        best = sums;
    }
    return best.scale();
}

/// Σ w·(scale·code − x)², with the codes that are nearest under `scale`.
template <std::size_t N, class Coder>
HEARTH_INLINE float scaleError(const Coder& coder, const float* x, const float* w, float scale) {
    const float inverse = scale != 0 ? 1 / scale : 0;
    Lanes sum{};
    for (std::size_t i = 0; i < N; i += kLanes) {
        const Lanes value = load(x + i);
        const Lanes d = scale * coder.code(inverse * value) - value;
        sum += load(w + i) * d * d;
    }
    return total(sum);
}

/// value = scale·code + min, codes 0…hi.
struct Linear {
    float scale = 0, min = 0;
    [[nodiscard]] HEARTH_INLINE float inverse() const { return scale > 0 ? 1 / scale : 0; }
    /// The nearest code; `inverse` is inverse(), taken out of the loops.
    template <class T>
    [[nodiscard]] HEARTH_INLINE T code(float hi, float inverse, T x) const {
        return rounded(within(0, hi, inverse * (x - min)));
    }
};

template <std::size_t N>
HEARTH_INLINE float linearError(float hi, const float* x, const float* w, Linear f) {
    const float inverse = f.inverse();
    Lanes sum{};
    for (std::size_t i = 0; i < N; i += kLanes) {
        const Lanes value = load(x + i);
        const Lanes d = f.scale * f.code(hi, inverse, value) + f.min - value;
        sum += load(w + i) * d * d;
    }
    return total(sum);
}

/// Weighted least squares for the codes that `f` gives.
template <std::size_t N>
HEARTH_INLINE Linear solveLinear(float hi, const float* x, const float* w, Linear f, bool minBelowZero) {
    const float inverse = f.inverse();
    Lanes sw{}, sx{}, sc{}, scc{}, scx{};
    for (std::size_t i = 0; i < N; i += kLanes) {
        const Lanes value = load(x + i), weight = load(w + i);
        const Lanes code = f.code(hi, inverse, value);
        const Lanes weighted = weight * code;
        sw += weight;
        sx += weight * value;
        sc += weighted;
        scc += weighted * code;
        scx += weighted * value;
    }
    const double W = double(total(sw)), X = double(total(sx)), C = double(total(sc)), CC = double(total(scc)),
                 CX = double(total(scx));
    const double det = W * CC - C * C;
    if (!(det > 1e-12 * W * CC))
        return f;
    double scale = (W * CX - C * X) / det, min = (CC * X - C * CX) / det;
    if (minBelowZero && min > 0) {
        min = 0;
        scale = CX / CC;
    }
    return scale > 0 ? Linear{static_cast<float>(scale), static_cast<float>(min)} : f;
}

/// The scale and minimum of least weighted error; `minBelowZero` keeps the minimum at or below zero, as the
/// 256-element types need.
template <std::size_t N>
HEARTH_INLINE Linear fitLinear(float hi, int steps, const float* x, const float* w, bool minBelowZero) {
    float lowest = x[0], highest = x[0];
    for (std::size_t i = 1; i < N; ++i) {
        lowest = smaller(lowest, x[i]);
        highest = larger(highest, x[i]);
    }
    if (minBelowZero) {
        lowest = smaller(lowest, 0);
        highest = larger(highest, 0);
    }
    const float range = highest - lowest;
    if (range < kNothing)
        return {0, lowest};
    Linear best{range / hi, lowest};
    float bestError = linearError<N>(hi, x, w, best);
    for (int i = 0; i < steps; ++i) {
        // The range shrinks from both sides by up to one and a half steps each; least squares move it.
        const float shrink = 3.0F * static_cast<float>(i) / static_cast<float>(steps) - 0.6F;
        const float scale = range / (hi + shrink);
        Linear f{scale, lowest + 0.25F * scale * shrink};
        f = solveLinear<N>(hi, x, w, f, minBelowZero);
        f = solveLinear<N>(hi, x, w, f, minBelowZero);
        if (const float error = linearError<N>(hi, x, w, f); error < bestError) {
            bestError = error;
            best = f;
        }
    }
    for (int turn = 0; turn < 4; ++turn) {
        const Linear f = solveLinear<N>(hi, x, w, best, minBelowZero);
        const float error = linearError<N>(hi, x, w, f);
        if (!(error < bestError))
            break;
        bestError = error;
        best = f;
    }
    return best;
}

/// What a float16 field will hold.
HEARTH_INLINE float throughHalf(float value) {
    return halfToFloat(floatToHalf(value));
}

} // namespace

} // namespace hearth::optimize
