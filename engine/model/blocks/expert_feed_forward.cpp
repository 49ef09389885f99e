#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "engine/model/blocks/feed_forward.h"

namespace hearth::model {

namespace {

/// One tensor with all experts (ffn_gate_exps.weight), or one tensor each (ffn_gate.3.weight) in older files.
Result<void> bindExperts(TensorBinder& tensors, std::vector<kernels::Weights>& out, const std::string& prefix,
                         const std::string& part, std::size_t count, std::size_t rows, std::size_t cols) {
    const std::string merged = prefix + part + "_exps.weight";
    const auto single = [&](std::size_t i) { return prefix + part + "." + std::to_string(i) + ".weight"; };
    if (tensors.has(merged) || !tensors.has(single(0)))
        return tensors.stack(out, merged, count, rows, cols);
    out.resize(count);
    for (std::size_t i = 0; i < count; ++i)
        HEARTH_CHECK(tensors.matrix(out[i], single(i), rows, cols));
    return {};
}

void addScaled(float* sum, const float* x, float factor, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        sum[i] += factor * x[i];
}

} // namespace

Result<void> ExpertFeedForward::bind(TensorBinder& tensors, const ModelConfig& config,
                                     const LayerDesign& design, std::size_t layer) {
    const std::string prefix = "blk." + std::to_string(layer) + ".ffn_";
    m_activation = design.activation;
    const std::size_t width = config.expertFeedForward;
    HEARTH_CHECK(tensors.matrix(m_router, prefix + "gate_inp.weight", config.experts, config.dim));
    HEARTH_CHECK(bindExperts(tensors, m_gate, prefix, "gate", config.experts, width, config.dim));
    HEARTH_CHECK(bindExperts(tensors, m_up, prefix, "up", config.experts, width, config.dim));
    return bindExperts(tensors, m_down, prefix, "down", config.experts, config.dim, width);
}

void ExpertFeedForward::route(const Pass& pass, const float* x) const {
    const std::size_t experts = pass.config.experts, used = pass.config.expertsUsed;
    Workspace& work = pass.work;
    const std::array projection{kernels::Projection{&m_router, work.router.data(), experts, nullptr}};
    pass.compute.project(x, pass.rows, projection);
    for (std::size_t row = 0; row < pass.rows; ++row) {
        float* scores = work.router.data() + row * experts;
        for (std::size_t i = 0; i < experts; ++i)
            if (std::isnan(scores[i])) // a damaged file; NaN has no place in an order
                scores[i] = -std::numeric_limits<float>::infinity();
        std::iota(work.ranking.begin(), work.ranking.end(), 0U);
        // Equal scores go to the lower index, so that every instruction set and batch size agrees.
        std::partial_sort(work.ranking.begin(), work.ranking.begin() + static_cast<std::ptrdiff_t>(used),
                          work.ranking.end(), [&](std::uint32_t a, std::uint32_t b) {
                              return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
                          });
        // The softmax over all experts, normalised over the chosen ones, is the softmax over the chosen ones.
        const float largest = scores[work.ranking[0]];
        float sum = 0;
        Workspace::Route* routes = work.routes.data() + row * used;
        for (std::size_t i = 0; i < used; ++i) {
            routes[i] = {static_cast<std::uint32_t>(row), work.ranking[i],
                         std::exp(scores[work.ranking[i]] - largest)};
            sum += routes[i].weight;
        }
        for (std::size_t i = 0; i < used; ++i)
            routes[i].weight /= sum;
    }
}

void ExpertFeedForward::run(const Pass& pass, const kernels::Input& input, float* out) const {
    // The router, in float32, and the gathering of rows want them in memory.
    const float* x = pass.compute.prepare(input, pass.rows, pass.config.dim);
    route(pass, x);
    if (pass.rows == 1)
        runOneRow(pass, x, out);
    else
        runGathered(pass, x, out);
}

void ExpertFeedForward::runOneRow(const Pass& pass, const float* x, float* out) const {
    // All chosen experts read the same row: one group of products for their gates and ups.
    const std::size_t width = pass.config.expertFeedForward, used = pass.config.expertsUsed,
                      dim = pass.config.dim;
    Workspace& work = pass.work;
    work.projections.clear();
    for (std::size_t i = 0; i < used; ++i) {
        const std::uint32_t expert = work.routes[i].expert;
        work.projections.push_back({&m_gate[expert], work.gate.data() + i * width, width, nullptr});
        work.projections.push_back({&m_up[expert], work.up.data() + i * width, width, nullptr});
    }
    pass.compute.project(x, 1, work.projections);
    std::memset(out, 0, dim * sizeof(float));
    for (std::size_t i = 0; i < used; ++i) {
        const std::array down{
            kernels::Projection{&m_down[work.routes[i].expert], work.expertOut.data(), dim, nullptr}};
        const std::size_t at = i * width;
        pass.compute.project(gated(m_activation, work.gate.data() + at, work.up.data() + at), 1, down);
        addScaled(out, work.expertOut.data(), work.routes[i].weight, dim);
    }
}

void ExpertFeedForward::runGathered(const Pass& pass, const float* x, float* out) const {
    const std::size_t width = pass.config.expertFeedForward, dim = pass.config.dim;
    Workspace& work = pass.work;
    const std::span routes(work.routes.data(), pass.rows * pass.config.expertsUsed);
    std::sort(routes.begin(), routes.end(), [](const Workspace::Route& a, const Workspace::Route& b) {
        return a.expert != b.expert ? a.expert < b.expert : a.row < b.row;
    });
    pass.compute.pool().forEach(routes.size(), 16, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            std::memcpy(work.gathered.data() + i * dim, x + routes[i].row * dim, dim * sizeof(float));
    });
    for (std::size_t begin = 0; begin < routes.size();) {
        const std::uint32_t expert = routes[begin].expert;
        std::size_t end = begin + 1;
        while (end < routes.size() && routes[end].expert == expert)
            ++end;
        const std::size_t count = end - begin;
        const std::array inputs{kernels::Projection{&m_gate[expert], work.gate.data(), width, nullptr},
                                kernels::Projection{&m_up[expert], work.up.data(), width, nullptr}};
        pass.compute.project(work.gathered.data() + begin * dim, count, inputs);
        const std::array down{
            kernels::Projection{&m_down[expert], work.expertOut.data() + begin * dim, dim, nullptr}};
        pass.compute.project(gated(m_activation, work.gate.data(), work.up.data()), count, down);
        begin = end;
    }
    std::memset(out, 0, pass.rows * dim * sizeof(float));
    for (std::size_t i = 0; i < routes.size(); ++i)
        addScaled(out + routes[i].row * dim, work.expertOut.data() + i * dim, routes[i].weight, dim);
}

} // namespace hearth::model
