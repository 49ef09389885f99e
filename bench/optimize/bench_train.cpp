// Training throughput against this machine's sgemm rate.
//
// BM_Sgemm          the largest product of the model, on every core: the ceiling
// BM_TrainingStep   forward + backward of a 6-million-parameter model, sequences of 256 tokens
// Both report GFLOP/s; a step counts 6 operations per parameter and token (2 forward, 4 backward; the
// embedding's lookup is free, its use as output is counted) plus attention's 12·dim·length/2 per layer and
// token.

#include <vector>

#include <benchmark/benchmark.h>

#include "engine/base/thread_pool.h"
#include "engine/optimize/train/gemm.h"
#include "engine/optimize/train/random.h"
#include "engine/optimize/train/transformer.h"

namespace hearth::optimize {
namespace {

constexpr std::size_t kLength = 256, kShardTokens = 2048;

TrainShape sixMillion() {
    TrainShape s;
    s.vocabulary = 6000;
    s.dim = 256;
    s.layers = 6;
    s.heads = 4;
    s.kvHeads = 2;
    s.headDim = 64;
    s.feedForward = 704;
    s.context = kLength;
    return s;
}

void BM_Sgemm(benchmark::State& state) {
    ThreadPool pool;
    const std::size_t n = 1024;
    std::vector<float> a(n * n, 0.5F), b(n * n, 0.25F), c(pool.size() * n * n);
    for (auto _ : state)
        pool.run([&](std::size_t part, std::size_t) {
            gemm(Op::None, Op::Transpose, n, n, n, 1, a.data(), n, b.data(), n, 0, c.data() + part * n * n,
                 n);
        });
    state.counters["GFLOP/s"] = benchmark::Counter(2e-9 * static_cast<double>(pool.size() * n * n * n),
                                                   benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_Sgemm)->UseRealTime()->Unit(benchmark::kMillisecond);

void BM_TrainingStep(benchmark::State& state) {
    ThreadPool pool;
    const TrainShape shape = sixMillion();
    const ParameterLayout layout(shape);
    std::vector<float> parameters(layout.size());
    initialise(layout, 1, parameters.data());
    Batch batch;
    Random random(2);
    for (std::size_t i = 0; i < kShardTokens; ++i) {
        if (i % kLength == 0)
            batch.sequenceStarts.push_back(i);
        batch.tokens.push_back(static_cast<std::int32_t>(random.below(shape.vocabulary)));
        batch.targets.push_back(static_cast<std::int32_t>(random.below(shape.vocabulary)));
    }
    std::vector<std::unique_ptr<Transformer>> transformers;
    std::vector<std::vector<float>> gradients;
    for (std::size_t i = 0; i < pool.size(); ++i) {
        transformers.push_back(std::make_unique<Transformer>(layout, kShardTokens, false));
        gradients.emplace_back(layout.size());
    }
    for (auto _ : state)
        pool.run([&](std::size_t part, std::size_t) {
            transformers[part]->forwardBackward(parameters.data(), batch, 1e-3F, gradients[part].data());
        });
    const double tokens = static_cast<double>(pool.size() * kShardTokens);
    const double attention = 12.0 * static_cast<double>(shape.layers * shape.qDim() * kLength) / 2;
    state.counters["GFLOP/s"] =
        benchmark::Counter(1e-9 * tokens * (6.0 * static_cast<double>(layout.size()) + attention),
                           benchmark::Counter::kIsIterationInvariantRate);
    state.counters["tokens/s"] = benchmark::Counter(tokens, benchmark::Counter::kIsIterationInvariantRate);
    state.counters["parameters"] = static_cast<double>(layout.size());
}
BENCHMARK(BM_TrainingStep)->UseRealTime()->Unit(benchmark::kMillisecond)->MinTime(3);

} // namespace
} // namespace hearth::optimize
