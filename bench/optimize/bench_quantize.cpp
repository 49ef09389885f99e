// Weights per second that one thread quantises, by type, with and without importance.

#include <random>

#include <benchmark/benchmark.h>

#include "engine/optimize/quantize/quantize.h"

namespace {

using namespace hearth;

void quantize(benchmark::State& state, DType type, bool weighted) {
    constexpr std::size_t kCols = 4096, kRows = 16;
    std::mt19937_64 generator(1);
    std::normal_distribution<float> distribution(0, 0.02F);
    std::vector<float> values(kRows * kCols);
    for (float& value : values)
        value = distribution(generator);
    const std::vector<float> importance(weighted ? kCols : 0, 1.0F);
    std::vector<std::byte> out(bytesFor(type, values.size()).value());
    for (auto _ : state) {
        if (!optimize::quantizeRows(type, values, kCols, importance, out))
            state.SkipWithError("refused");
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * values.size()));
}

const bool kRegistered = [] {
    for (const DType type :
         {DType::F16, DType::BF16, DType::Q8_0, DType::Q6_K, DType::Q5_K, DType::Q5_1, DType::Q5_0,
          DType::Q4_K, DType::Q4_1, DType::Q4_0, DType::IQ4_NL, DType::IQ4_XS, DType::Q3_K, DType::Q2_K})
        for (const bool weighted : {false, true})
            benchmark::RegisterBenchmark(
                ("quantize/" + std::string(traitsOf(type).name) + (weighted ? "/importance" : "")).c_str(),
                quantize, type, weighted);
    return true;
}();

} // namespace
