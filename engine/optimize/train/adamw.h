#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/thread_pool.h"
#include "engine/optimize/train/shape.h"

namespace hearth::optimize {

struct AdamWParams {
    float learningRate = 1e-3F,
          minimumRatio = 0.1F; ///< cosine from learningRate to learningRate·minimumRatio
    std::uint64_t warmupSteps = 100;
    float beta1 = 0.9F, beta2 = 0.95F, epsilon = 1e-8F, weightDecay = 0.1F;
    float clipNorm = 1.0F; ///< 0 = no clipping
};

/// The rate at `step` (from 0) of `steps`: linear warm-up, then cosine (Loshchilov and Hutter 2017).
[[nodiscard]] float learningRateAt(const AdamWParams& params, std::uint64_t step, std::uint64_t steps);

/// AdamW (Loshchilov and Hutter 2019) with decay on matrices only. Moments are part of a checkpoint.
class AdamW {
public:
    AdamW(const ParameterLayout& layout, AdamWParams params);

    /// One update, clipping the gradients to params.clipNorm first. Returns the norm before clipping; when it
    /// is not finite nothing is changed. `step` counts from 0.
    double update(ThreadPool& pool, std::uint64_t step, std::uint64_t steps, float* parameters,
                  const float* gradients);

    [[nodiscard]] std::vector<float>& firstMoment() { return m_first; }
    [[nodiscard]] std::vector<float>& secondMoment() { return m_second; }

private:
    const ParameterLayout& m_layout;
    AdamWParams m_params;
    std::vector<float> m_first, m_second;
};

} // namespace hearth::optimize
