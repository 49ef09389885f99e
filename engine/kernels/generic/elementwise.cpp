#include <algorithm>
#include <cmath>

#include "engine/kernels/generic/generic.h"

namespace hearth::kernels::generic {

void quantise(const float* x, std::size_t cols, ActBlock* blocks, std::size_t stride) {
    for (std::size_t begin = 0; begin < cols; begin += detail::kActGroup, blocks += stride) {
        const std::size_t count = std::min(detail::kActGroup, cols - begin);
        float largest = 0;
        for (std::size_t i = 0; i < count; ++i)
            largest = std::max(largest, std::fabs(x[begin + i]));
        const float inverse = largest > 0 ? 127 / largest : 0;
        std::fill(std::begin(blocks->q), std::end(blocks->q), std::int8_t{0});
        for (std::size_t i = 0; i < count; ++i)
            blocks->q[i] = static_cast<std::int8_t>(std::lrint(x[begin + i] * inverse));
        for (std::size_t g = 0; g < detail::kActGroup / 16; ++g) {
            int sum = 0;
            for (std::size_t i = 0; i < 16; ++i)
                sum += blocks->q[16 * g + i];
            blocks->sum16[g] = sum;
        }
        blocks->sum = 0;
        for (std::size_t g = 0; g < detail::kActGroup / 32; ++g) {
            blocks->sum32[g] = blocks->sum16[2 * g] + blocks->sum16[2 * g + 1];
            blocks->sum += blocks->sum32[g];
        }
        blocks->scale = largest / 127;
    }
}

void rmsNorm(const float* x, const float* weight, std::size_t dim, float eps, float* y) {
    double power = 0;
    for (std::size_t i = 0; i < dim; ++i)
        power += double{x[i]} * double{x[i]};
    const auto factor = static_cast<float>(1 / std::sqrt(power / static_cast<double>(dim) + double{eps}));
    for (std::size_t i = 0; i < dim; ++i)
        y[i] = x[i] * factor * weight[i];
}

void rope(float* x, std::size_t heads, std::size_t headDim, const float* cos, const float* sin,
          std::size_t pairs, bool interleaved) {
    const std::size_t step = interleaved ? 2 : 1, apart = interleaved ? 1 : pairs;
    for (std::size_t h = 0; h < heads; ++h, x += headDim)
        for (std::size_t i = 0; i < pairs; ++i) {
            float& a = x[i * step];
            float& b = x[i * step + apart];
            const float rotated = a * cos[i] - b * sin[i];
            b = a * sin[i] + b * cos[i];
            a = rotated;
        }
}

void add(float* x, const float* y, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        x[i] += y[i];
}

void scale(float* x, float factor, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        x[i] *= factor;
}

void siluMul(float* gate, const float* up, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        gate[i] = gate[i] / (1 + std::exp(-gate[i])) * up[i];
}

void geluMul(float* gate, const float* up, std::size_t count) {
    // ½·g·(1 + tanh t) = g / (1 + e⁻²ᵗ), which keeps its precision in the negative tail.
    constexpr float twoSqrtTwoOverPi = 1.59576912160573070F;
    for (std::size_t i = 0; i < count; ++i) {
        const float g = gate[i];
        gate[i] = g / (1 + std::exp(-twoSqrtTwoOverPi * g * (1 + 0.044715F * g * g))) * up[i];
    }
}

void softcap(float* x, float cap, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        x[i] = cap * std::tanh(x[i] / cap);
}

} // namespace hearth::kernels::generic
