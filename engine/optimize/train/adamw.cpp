#include "engine/optimize/train/adamw.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/optimize/train/ops.h"

namespace hearth::optimize {

float learningRateAt(const AdamWParams& params, std::uint64_t step, std::uint64_t steps) {
    if (step < params.warmupSteps)
        return params.learningRate * static_cast<float>(step + 1) / static_cast<float>(params.warmupSteps);
    const double span =
        static_cast<double>(std::max<std::uint64_t>(1, steps - std::min(steps, params.warmupSteps)));
    const double done = std::min(1.0, static_cast<double>(step - params.warmupSteps) / span);
    const double low = static_cast<double>(params.minimumRatio);
    return params.learningRate *
           static_cast<float>(low + (1 - low) * 0.5 * (1 + std::cos(std::numbers::pi * done)));
}

AdamW::AdamW(const ParameterLayout& layout, AdamWParams params)
    : m_layout(layout), m_params(params), m_first(layout.size()), m_second(layout.size()) {}

double AdamW::update(ThreadPool& pool, std::uint64_t step, std::uint64_t steps, float* parameters,
                     const float* gradients) {
    const double norm = std::sqrt(ops::sumOfSquares(gradients, m_layout.size()));
    if (!std::isfinite(norm))
        return norm;
    const float clip = m_params.clipNorm > 0 && norm > static_cast<double>(m_params.clipNorm)
                           ? static_cast<float>(static_cast<double>(m_params.clipNorm) / norm)
                           : 1.0F;
    const auto t = static_cast<double>(step + 1);
    const float rate = learningRateAt(m_params, step, steps);
    const auto correction1 = static_cast<float>(1 - std::pow(static_cast<double>(m_params.beta1), t));
    const auto correction2 = static_cast<float>(1 - std::pow(static_cast<double>(m_params.beta2), t));
    const auto& views = m_layout.views();
    pool.forEach(views.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t index = begin; index < end; ++index)
            ops::adamStep({m_params.beta1, m_params.beta2, m_params.epsilon, rate, correction1, correction2,
                           clip, views[index].decays ? m_params.weightDecay : 0},
                          views[index].size(), gradients + views[index].offset,
                          m_first.data() + views[index].offset, m_second.data() + views[index].offset,
                          parameters + views[index].offset);
    });
    return norm;
}

} // namespace hearth::optimize
