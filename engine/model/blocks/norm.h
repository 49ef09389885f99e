#pragma once

#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/kernels/compute.h"
#include "engine/model/blocks/tensor_binder.h"

namespace hearth::model {

/// Root mean square norm with a weight per element: x / √(mean(x²) + ε) · w.
struct RmsNorm {
    std::vector<float> weight;

    [[nodiscard]] Result<void> bind(TensorBinder& tensors, const std::string& name, std::size_t dim) {
        return tensors.vector(weight, name, dim);
    }
    /// The norms of `x` [rows][weight.size()] as a product's input; `normed`, as large, is for them where
    /// they are wanted in memory.
    [[nodiscard]] kernels::Input of(const float* x, float epsilon, float* normed) const {
        return {.x = x, .norm = weight.data(), .epsilon = epsilon, .prepared = normed};
    }
    /// `x` and `y` [rows][weight.size()], may be the same.
    void run(kernels::Compute& compute, const float* x, std::size_t rows, float epsilon, float* y) const {
        compute.rmsNorm(x, weight.data(), rows, weight.size(), epsilon, y);
    }
};

} // namespace hearth::model
