#include "engine/cli/bench_run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>

#include "engine/cli/terminal.h"
#include "engine/model/kv_cache.h"
#include "engine/model/model.h"

namespace hearth::cli {

namespace {

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n == 0 ? 0 : (values[(n - 1) / 2] + values[n / 2]) / 2;
}

/// `values` tokens per second, each of `cost` bytes or operations; limits per second, one beside each value.
Speed speedOf(const std::vector<double>& values, double cost, const std::vector<double>& limits) {
    Speed speed;
    for (const double v : values)
        speed.mean += v / static_cast<double>(values.size());
    double squares = 0;
    std::vector<double> shares;
    for (std::size_t i = 0; i < values.size(); ++i) {
        squares += (values[i] - speed.mean) * (values[i] - speed.mean);
        shares.push_back(limits[i] > 0 ? values[i] * cost / limits[i] : 0);
    }
    if (values.size() > 1)
        speed.sd = std::sqrt(squares / static_cast<double>(values.size() - 1));
    speed.ofLimit = median(std::move(shares));
    return speed;
}

hardware::MachineLimits medians(const std::vector<hardware::MachineLimits>& rounds) {
    const auto of = [&](double hardware::MachineLimits::*figure) {
        std::vector<double> values;
        for (const auto& limits : rounds)
            values.push_back(limits.*figure);
        return median(std::move(values));
    };
    using Limits = hardware::MachineLimits;
    return {of(&Limits::readBytesPerSecond), of(&Limits::integerOperationsPerSecond),
            of(&Limits::floatOperationsPerSecond), of(&Limits::bfloat16OperationsPerSecond)};
}

std::size_t positionsOf(const BenchPlan& plan) {
    return plan.depth + std::max(plan.pp, plan.tg + 2);
}

/// Prefill of the first cache and decode of all.
class Runner {
public:
    [[nodiscard]] static Result<Runner> create(const Engine& engine, const BenchPlan& plan,
                                               std::stop_token stop) {
        const auto& config = engine.model->config();
        Runner runner(engine.model->model(), std::move(stop));
        model::KvCacheOptions options;
        options.context = positionsOf(plan);
        options.batch = plan.batch;
        options.type = engine.model->options().kvType;
        HEARTH_CHECK(
            runner.m_model.reserve(options.context, std::max(plan.batch, plan.sequences), plan.sequences));
        for (std::size_t i = 0; i < plan.sequences; ++i) {
            HEARTH_TRY(auto cache, model::KvCache::create(config, options));
            runner.m_caches.push_back(std::move(cache));
        }
        runner.m_logits.resize(plan.sequences * config.vocabulary);
        std::mt19937 random(1);
        std::uniform_int_distribution<std::int32_t> token(0,
                                                          static_cast<std::int32_t>(config.vocabulary) - 1);
        runner.m_tokens.resize(options.context);
        for (auto& id : runner.m_tokens)
            id = token(random);
        return runner;
    }

    /// Forgets everything and fills `depth` positions of the first `caches` caches.
    [[nodiscard]] Result<void> restart(std::size_t depth, std::size_t caches) {
        for (std::size_t i = 0; i < caches; ++i) {
            m_caches[i].clear();
            HEARTH_CHECK(prefill(depth, i));
        }
        return {};
    }
    [[nodiscard]] Result<void> prefill(std::size_t count, std::size_t index = 0) {
        model::KvCache& cache = m_caches[index];
        while (count > 0) {
            const std::size_t part = std::min(count, cache.maxBatch());
            const model::BatchItem item{&cache, std::span(m_tokens).subspan(cache.size(), part),
                                        part == count ? model::LogitsOf::Last : model::LogitsOf::None};
            HEARTH_CHECK(m_model.forward({&item, 1}, m_logits.data(), m_stop));
            count -= part;
        }
        return {};
    }
    [[nodiscard]] Result<void> decode(std::size_t count) {
        std::vector<model::BatchItem> items;
        for (std::size_t i = 0; i < count; ++i) {
            items.clear();
            for (model::KvCache& cache : m_caches)
                items.push_back({&cache, std::span(m_tokens).subspan(cache.size(), 1)});
            HEARTH_CHECK(m_model.forward(items, m_logits.data(), m_stop));
        }
        return {};
    }

private:
    Runner(model::Model& model, std::stop_token stop) : m_model(model), m_stop(std::move(stop)) {}

    model::Model& m_model;
    std::stop_token m_stop;
    std::vector<model::KvCache> m_caches;
    std::vector<float> m_logits;
    std::vector<std::int32_t> m_tokens;
};

template <class Work>
Result<double> tokensPerSecond(std::size_t count, const Work& work) {
    const auto start = std::chrono::steady_clock::now();
    HEARTH_CHECK(work());
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    return static_cast<double>(count) / taken.count();
}

/// Counts what one token reads and multiplies, by looking on: experts that are not asked do not count.
Result<void> countToken(const Engine& engine, Runner& runner, BenchResult& out) {
    kernels::Compute& compute = engine.model->compute();
    std::uint64_t floatBytes = 0, halfBytes = 0;
    compute.observeProjections([&](const kernels::Weights& weights, const float*, std::size_t n) {
        out.bytesPerToken += weights.bytes();
        const std::uint64_t operations = 2 * std::uint64_t{weights.rows()} * weights.cols() * n;
        out.operationsPerToken += operations;
        if (weights.rows() == engine.model->config().vocabulary)
            out.headOperations += operations;
        const bool isFloat = traitsOf(weights.type()).blockSize == 1;
        floatBytes += isFloat ? weights.bytes() : 0;
        halfBytes += isFloat && weights.type() != DType::F32 ? weights.bytes() : 0;
    });
    auto done = runner.restart(1, 1);
    compute.observeProjections({});
    HEARTH_CHECK(done);
    out.floatWeights = 2 * floatBytes > out.bytesPerToken;
    out.halfWeights = 2 * halfBytes > out.bytesPerToken;
    return {};
}

Result<void> measure(const Engine& engine, const BenchPlan& plan, Runner& runner, const std::stop_token& stop,
                     BenchResult& out) {
    std::vector<double> pp, tg, operations, reads;
    std::vector<hardware::MachineLimits> limits;
    // The first round touches every page and starts the threads; it does not count.
    for (std::size_t round = 0; round <= plan.repetitions; ++round) {
        double prompt = 0, answer = 0;
        if (plan.pp > 0) {
            HEARTH_CHECK(runner.restart(plan.depth, 1));
            HEARTH_TRY(prompt, tokensPerSecond(plan.pp, [&] { return runner.prefill(plan.pp); }));
        }
        if (plan.tg > 0)
            HEARTH_CHECK(runner.restart(std::max<std::size_t>(plan.depth, 1), plan.sequences));
        // Between the two, so that both are held against what the machine could do at that moment.
        HEARTH_TRY(const auto beside,
                   hardware::measureLimits(*engine.pool, engine.model->compute().isa(), stop));
        if (plan.tg > 0) {
            HEARTH_TRY(answer,
                       tokensPerSecond(plan.tg * plan.sequences, [&] { return runner.decode(plan.tg); }));
        }
        if (round > 0) {
            pp.push_back(prompt);
            tg.push_back(answer);
            limits.push_back(beside);
            operations.push_back(out.operationsLimit(beside));
            reads.push_back(beside.readBytesPerSecond);
        }
        if (const auto progress = progressLine("measuring"))
            progress({"bench", round + 1, plan.repetitions + 1});
    }
    clearProgressLine();
    out.pp = speedOf(pp, out.operationsPerPromptToken(plan), operations);
    out.tg = speedOf(tg, out.bytesPerAnswerToken(plan), reads);
    out.limits = medians(limits);
    return {};
}

} // namespace

Result<BenchResult> runBench(ModelArguments arguments, const BenchPlan& plan, std::stop_token stop) {
    BenchResult out;
    out.file = arguments.model.string();
    HEARTH_TRY(out.facts, workbench::readModelFacts(arguments.model));
    if (arguments.context == 0)
        arguments.context = positionsOf(plan);
    HEARTH_TRY(const auto engine, loadEngine(arguments, stop));
    out.weightBytes = engine.model->model().weightBytes();
    out.threads = engine.pool->size();
    out.isa = kernels::isaName(engine.model->compute().isa());
    HEARTH_TRY(auto runner, Runner::create(engine, plan, stop));
    HEARTH_CHECK(countToken(engine, runner, out));
    HEARTH_CHECK(measure(engine, plan, runner, stop, out));
    return out;
}

} // namespace hearth::cli
