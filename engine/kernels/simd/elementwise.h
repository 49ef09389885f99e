#pragma once

#include "engine/kernels/kernel_table.h"
#include "engine/kernels/simd/math.h"

/// Norms, activations, rotary embedding and quantisation of activations: contracts in KernelTable.
namespace hearth::kernels {
namespace {

/// A whole vector, or the first `count` values of one followed by zeros.
template <class S>
typename S::Floats loadSome(const float* from, std::size_t count) {
    if (count >= S::kLanes)
        return S::load(from);
    float buffer[S::kLanes] = {};
    __builtin_memcpy(buffer, from, count * sizeof(float));
    return S::load(buffer);
}

template <class S>
void storeSome(float* to, typename S::Floats v, std::size_t count) {
    if (count >= S::kLanes) {
        S::store(to, v);
        return;
    }
    float buffer[S::kLanes];
    S::store(buffer, v);
    __builtin_memcpy(to, buffer, count * sizeof(float));
}

/// x[i] = f(x[i], y[i]) by vectors; y may be x.
template <class S, class F>
void transform(float* x, const float* y, std::size_t count, const F& f) {
    for (std::size_t i = 0; i < count; i += S::kLanes)
        storeSome<S>(x + i, f(loadSome<S>(x + i, count - i), loadSome<S>(y + i, count - i)), count - i);
}

template <class S>
struct Elementwise {
    using Floats = typename S::Floats;

    static void add(float* x, const float* y, std::size_t count) {
        transform<S>(x, y, count, [](Floats a, Floats b) { return S::add(a, b); });
    }

    static void scale(float* x, float factor, std::size_t count) {
        const Floats f = S::splat(factor);
        transform<S>(x, x, count, [&](Floats a, Floats) { return S::mul(a, f); });
    }

    static void siluMul(float* gate, const float* up, std::size_t count) {
        transform<S>(gate, up, count, [](Floats g, Floats u) {
            const Floats e = exp<S>(S::sub(S::zero(), g));
            return S::mul(S::div(g, S::add(e, S::splat(1))), u);
        });
    }

    /// ½·g·(1 + tanh t) = g / (1 + e⁻²ᵗ)
    static void geluMul(float* gate, const float* up, std::size_t count) {
        constexpr float twoSqrtTwoOverPi = 1.59576912160573070F;
        transform<S>(gate, up, count, [](Floats g, Floats u) {
            const Floats cubic =
                S::fma(S::mul(g, g), S::splat(0.044715F * -twoSqrtTwoOverPi), S::splat(-twoSqrtTwoOverPi));
            return S::mul(S::div(g, S::add(exp<S>(S::mul(g, cubic)), S::splat(1))), u);
        });
    }

    static void softcap(float* x, float cap, std::size_t count) {
        const Floats c = S::splat(cap), inverse = S::splat(1 / cap);
        transform<S>(x, x, count, [&](Floats a, Floats) { return S::mul(c, tanh<S>(S::mul(a, inverse))); });
    }

    static void rmsNorm(const float* x, const float* weight, std::size_t dim, float eps, float* y) {
        Floats power[4] = {S::zero(), S::zero(), S::zero(), S::zero()};
        for (std::size_t i = 0; i < dim; i += S::kLanes) {
            const Floats v = loadSome<S>(x + i, dim - i);
            Floats& to = power[i / S::kLanes % 4];
            to = S::fma(v, v, to);
        }
        const float total = S::sum(S::add(S::add(power[0], power[1]), S::add(power[2], power[3])));
        const Floats factor = S::splat(1 / __builtin_sqrtf(total / static_cast<float>(dim) + eps));
        for (std::size_t i = 0; i < dim; i += S::kLanes)
            storeSome<S>(
                y + i, S::mul(S::mul(loadSome<S>(x + i, dim - i), factor), loadSome<S>(weight + i, dim - i)),
                dim - i);
    }

    static void rope(float* x, std::size_t heads, std::size_t headDim, const float* cos, const float* sin,
                     std::size_t pairs, bool interleaved) {
        for (std::size_t h = 0; h < heads; ++h, x += headDim) {
            std::size_t i = 0;
            if (interleaved) {
                for (; i + S::kLanes / 2 <= pairs; i += S::kLanes / 2) {
                    const Floats v = S::load(x + 2 * i);
                    S::store(x + 2 * i, S::fmaAlternating(v, S::duplicate(cos + i),
                                                          S::mul(S::swapPairs(v), S::duplicate(sin + i))));
                }
            } else {
                for (; i + S::kLanes <= pairs; i += S::kLanes) {
                    const Floats a = S::load(x + i), b = S::load(x + pairs + i);
                    const Floats c = S::load(cos + i), s = S::load(sin + i);
                    S::store(x + i, S::sub(S::mul(a, c), S::mul(b, s)));
                    S::store(x + pairs + i, S::fma(a, s, S::mul(b, c)));
                }
            }
            const std::size_t step = interleaved ? 2 : 1, apart = interleaved ? 1 : pairs;
            for (; i < pairs; ++i) {
                const float a = x[i * step], b = x[i * step + apart];
                x[i * step] = a * cos[i] - b * sin[i];
                x[i * step + apart] = a * sin[i] + b * cos[i];
            }
        }
    }

    static void quantise(const float* x, std::size_t cols, detail::ActBlock* block, std::size_t stride) {
        constexpr std::size_t whole = detail::kActGroup;
        for (std::size_t begin = 0; begin < cols; begin += whole, block += stride) {
            const float* from = x + begin;
            alignas(64) float padded[whole];
            if (cols - begin < whole) {
                __builtin_memset(padded, 0, sizeof padded);
                __builtin_memcpy(padded, from, (cols - begin) * sizeof(float));
                from = padded;
            }
            Floats most = S::zero();
            for (std::size_t i = 0; i < whole; i += S::kLanes)
                most = S::max(most, S::abs(S::load(from + i)));
            const float largest = S::largest(most);
            const Floats inverse = S::splat(largest > 0 ? 127 / largest : 0);
            block->scale = largest / 127;
            for (std::size_t i = 0; i < whole; i += S::kLanes)
                S::toInt8(block->q + i, S::mul(S::load(from + i), inverse));
            S::sumsOf16(block->q, block->sum16);
            std::int32_t all = 0;
            for (std::size_t g = 0; g < whole / 32; ++g) {
                block->sum32[g] = block->sum16[2 * g] + block->sum16[2 * g + 1];
                all += block->sum32[g];
            }
            block->sum = all;
        }
    }
};

} // namespace
} // namespace hearth::kernels
