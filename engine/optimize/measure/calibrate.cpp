#include "engine/optimize/measure/calibrate.h"

#include <new>
#include <unordered_map>

#include "engine/optimize/measure/chunk_runner.h"
#include "engine/runtime/loaded_model.h"

namespace hearth::optimize {

namespace {

/// Sums of squares of one tensor, in double: a text has millions of values per column.
struct Sums {
    std::size_t cols = 0;
    std::vector<double> squares, counts;
    std::vector<const kernels::Weights*> owners; ///< per matrix, of whom inputs are counted
};

class Gatherer {
public:
    explicit Gatherer(std::size_t experts) : m_experts(experts) {}

    void see(const kernels::Weights& weights, const float* x, std::size_t n) {
        const auto& origin = weights.origin();
        if (origin.tensor.empty())
            return;
        auto [known, isNew] = m_byWeights.try_emplace(&weights, nullptr);
        if (isNew)
            known->second = place(weights);
        Sums* sums = known->second;
        if (!sums)
            return; // another part of a fused tensor has the same input
        double* squares = sums->squares.data() + origin.matrix * sums->cols;
        for (std::size_t row = 0; row < n; ++row, x += sums->cols)
            for (std::size_t i = 0; i < sums->cols; ++i)
                squares[i] += double(x[i]) * double(x[i]);
        sums->counts[origin.matrix] += static_cast<double>(n);
    }

    [[nodiscard]] ImportanceMatrix result() const {
        ImportanceMatrix out;
        for (const auto& [name, sums] : m_byTensor) {
            auto& entry = out.entries[name];
            entry.cols = sums.cols;
            entry.sums.assign(sums.squares.begin(), sums.squares.end());
            entry.counts.assign(sums.counts.begin(), sums.counts.end());
        }
        return out;
    }

private:
    /// Where the inputs of these weights are counted; nullptr when another object already counts them.
    Sums* place(const kernels::Weights& weights) {
        const auto& origin = weights.origin();
        Sums& sums = m_byTensor[origin.tensor];
        if (sums.cols == 0) {
            const bool stacked = origin.tensor.find("_exps.") != std::string::npos;
            const std::size_t matrices = stacked ? m_experts : 1;
            sums.cols = weights.cols();
            sums.squares.resize(matrices * sums.cols);
            sums.counts.resize(matrices);
            sums.owners.resize(matrices);
        }
        if (origin.matrix >= sums.owners.size() || sums.owners[origin.matrix])
            return nullptr;
        sums.owners[origin.matrix] = &weights;
        return &sums;
    }

    std::size_t m_experts;
    std::map<std::string, Sums> m_byTensor;
    std::unordered_map<const kernels::Weights*, Sums*> m_byWeights;
};

/// The observer, for the length of a scope.
class Observation {
public:
    Observation(kernels::Compute& compute, kernels::ProjectionObserver observer) : m_compute(compute) {
        m_compute.observeProjections(std::move(observer));
    }
    ~Observation() { m_compute.observeProjections({}); }
    Observation(const Observation&) = delete;
    Observation& operator=(const Observation&) = delete;

private:
    kernels::Compute& m_compute;
};

} // namespace

Result<ImportanceMatrix> gatherImportance(runtime::LoadedModel& model, const EvaluationText& text,
                                          std::stop_token stop, const ProgressSink& progress) {
    try {
        Gatherer gatherer(model.config().experts);
        HEARTH_TRY(auto runner, ChunkRunner::create(model, text));
        {
            const Observation observation(model.compute(),
                                          [&](const kernels::Weights& weights, const float* x,
                                              std::size_t n) { gatherer.see(weights, x, n); });
            for (std::size_t i = 0; i < text.chunks(); ++i) {
                if (progress)
                    progress({"calibrate", i, text.chunks()});
                HEARTH_CHECK(runner.run(i, 0, stop, [](std::size_t, std::span<const float>) {}));
            }
        }
        if (progress)
            progress({"calibrate", text.chunks(), text.chunks()});
        ImportanceMatrix out = gatherer.result();
        out.chunks = static_cast<std::uint32_t>(text.chunks());
        out.chunkTokens = static_cast<std::uint32_t>(text.context);
        return out;
    } catch (const std::bad_alloc&) {
        return fail("model.out_of_memory", "no memory for the sums of a calibration");
    }
}

} // namespace hearth::optimize
