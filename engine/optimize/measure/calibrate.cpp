#include "engine/optimize/measure/calibrate.h"

#include <algorithm>
#include <new>
#include <optional>
#include <unordered_map>

#include "engine/optimize/measure/chunk_runner.h"
#include "engine/optimize/measure/kept_sums.h"
#include "engine/optimize/measure/work_name.h"
#include "engine/runtime/loaded_model.h"

namespace hearth::optimize {

namespace {

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
        KeptSums::Tensor* sums = known->second;
        if (!sums)
            return; // another part of a fused tensor has the same input
        double* squares = sums->squares.data() + origin.matrix * sums->cols;
        for (std::size_t row = 0; row < n; ++row, x += sums->cols)
            for (std::size_t i = 0; i < sums->cols; ++i)
                squares[i] += double(x[i]) * double(x[i]);
        sums->counts[origin.matrix] += static_cast<double>(n);
    }

    /// In double: a text has millions of values per column.
    [[nodiscard]] KeptSums& sums() { return m_sums; }

    [[nodiscard]] ImportanceMatrix result() const {
        ImportanceMatrix out;
        for (const auto& [name, sums] : m_sums.tensors) {
            auto& entry = out.entries[name];
            entry.cols = sums.cols;
            entry.sums.assign(sums.squares.begin(), sums.squares.end());
            entry.counts.assign(sums.counts.begin(), sums.counts.end());
        }
        return out;
    }

private:
    /// Where the inputs of these weights are counted; nullptr when another object already counts them.
    KeptSums::Tensor* place(const kernels::Weights& weights) {
        const auto& origin = weights.origin();
        KeptSums::Tensor& sums = m_sums.tensors[origin.tensor];
        if (sums.cols == 0) {
            const bool stacked = origin.tensor.find("_exps.") != std::string::npos;
            const std::size_t matrices = stacked ? m_experts : 1;
            sums.cols = weights.cols();
            sums.squares.resize(matrices * sums.cols);
            sums.counts.resize(matrices);
        }
        auto& owners = m_owners[origin.tensor]; // per matrix, of whom inputs are counted
        owners.resize(sums.counts.size());
        if (origin.matrix >= owners.size() || owners[origin.matrix] || sums.cols != weights.cols())
            return nullptr;
        owners[origin.matrix] = &weights;
        return &sums;
    }

    std::size_t m_experts;
    KeptSums m_sums;
    std::map<std::string, std::vector<const kernels::Weights*>> m_owners;
    std::unordered_map<const kernels::Weights*, KeptSums::Tensor*> m_byWeights;
};

/// Writes now and then what has been gathered.
class Keeper {
public:
    Keeper(CalibrationKeep& keep, std::string work) : m_keep(keep), m_work(std::move(work)) {}

    /// What an earlier run has left.
    void restore(KeptSums& sums, std::size_t chunks) {
        if (auto kept = KeptSums::read(m_keep.file, m_work); kept && kept->chunks <= chunks)
            sums = std::move(*kept);
        m_keep.resumedChunks = sums.chunks;
    }
    Result<void> chunkDone(const KeptSums& sums) {
        const auto begin = Clock::now();
        if (m_kept && m_keep.every.count() > 0 &&
            begin - m_last < std::max<Clock::duration>(m_keep.every, 20 * m_took))
            return {};
        HEARTH_CHECK(sums.write(m_keep.file, m_work));
        m_last = Clock::now();
        m_took = m_last - begin;
        m_kept = true;
        return {};
    }

private:
    using Clock = std::chrono::steady_clock;
    CalibrationKeep& m_keep;
    std::string m_work;
    bool m_kept = false;
    Clock::time_point m_last;
    Clock::duration m_took{};
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
                                          std::stop_token stop, const ProgressSink& progress,
                                          CalibrationKeep* keep) {
    try {
        Gatherer gatherer(model.config().experts);
        std::optional<Keeper> keeper;
        if (keep) {
            keeper.emplace(*keep, "calibration " + workName(model, text));
            keeper->restore(gatherer.sums(), text.chunks());
        }
        std::size_t& done = gatherer.sums().chunks;
        HEARTH_TRY(auto runner, ChunkRunner::create(model, text));
        {
            const Observation observation(model.compute(),
                                          [&](const kernels::Weights& weights, const float* x,
                                              std::size_t n) { gatherer.see(weights, x, n); });
            while (done < text.chunks()) {
                if (progress)
                    progress({"calibrate", done, text.chunks()});
                HEARTH_CHECK(runner.run(done, 0, stop, [](std::size_t, std::span<const float>) {}));
                ++done;
                if (keeper && done < text.chunks())
                    HEARTH_CHECK(keeper->chunkDone(gatherer.sums()));
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
