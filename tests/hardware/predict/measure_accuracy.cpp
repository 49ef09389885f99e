// Synthesises models of three sizes in four types, predicts them, runs them and says how far off the
// predictions were. Measuring and running take turns, each run is held against the measurement just before
// it, and the median of that counts, so that other programs on the machine touch both alike. Ends with 1 when
// a figure is outside its bound.
//
// usage: measure_accuracy [SHAPE…]     HEARTH_ACCURACY_ROUNDS=N (default 5), HEARTH_ACCURACY_TYPES="Q4_0
// Q8_0",
//                                      HEARTH_ACCURACY_THREADS=N

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/available_memory.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/synthetic_model.h"
#include "engine/hardware/measure/measure.h"
#include "engine/hardware/predict/predict.h"
#include "engine/model/kv_cache.h"
#include "engine/model/model.h"
#include "engine/runtime/loaded_model.h"
#include "tests/support/temporary_folder.h"

namespace {

using namespace hearth;

constexpr std::size_t kContext = 2048, kPrompt = 512, kAnswer = 24;
constexpr double kSpeedBound = 0.15, kMemoryBound = 0.05;

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double fastestQuarter(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t count = std::max<std::size_t>(1, values.size() / 4);
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i)
        sum += values[i];
    return sum / static_cast<double>(count);
}

std::size_t numberFrom(const char* variable, std::size_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::strtoul(text, nullptr, 10) : otherwise;
}

std::vector<std::string> wordsFrom(const char* variable, std::vector<std::string> otherwise) {
    const char* text = std::getenv(variable);
    if (!text)
        return otherwise;
    std::istringstream words(text);
    return {std::istream_iterator<std::string>(words), {}};
}

/// Memory of this process that is its own, in bytes. Pages of the model's file that are only mapped are the
/// system's, and can be dropped.
double residentBytes() {
    ::malloc_trim(0); // what the model before left in the heap is not this one's
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("RssAnon:"))
            return std::strtod(line.c_str() + 8, nullptr) * 1024;
    return 0;
}

/// Times of the tokens of an answer, and of prompt passes, on a model that is loaded already.
class Run {
public:
    explicit Run(runtime::LoadedModel& loaded) : m_loaded(loaded) {
        m_cache =
            model::KvCache::create(loaded.config(), {kContext, kernels::KvType::F16, runtime::kMaxBatch})
                .value();
        // A cache is memory from the start, however little of it a short run would touch.
        for (std::size_t i = 0; i < loaded.config().layers; ++i) {
            const kernels::KvLayer& layer = m_cache.layer(i);
            const std::size_t cells = layer.kvHeads * layer.capacity;
            std::memset(layer.keys, 0, cells * kernels::kvCellBytes(layer.type, layer.keyDim));
            std::memset(layer.values, 0, cells * kernels::kvCellBytes(layer.type, layer.valueDim));
        }
        m_logits.resize(loaded.config().vocabulary);
        m_tokens.assign(kPrompt, 300);
    }
    void once(std::vector<double>& prompt, std::vector<double>& answer) {
        m_cache.clear();
        prompt.push_back(seconds(kPrompt));
        for (std::size_t i = 0; i < kAnswer; ++i)
            answer.push_back(seconds(1));
    }

private:
    double seconds(std::size_t tokens) {
        const model::BatchItem item{.cache = &m_cache, .tokens = std::span(m_tokens).first(tokens)};
        const auto begin = std::chrono::steady_clock::now();
        if (!m_loaded.model().forward({&item, 1}, m_logits.data()))
            std::abort();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }
    runtime::LoadedModel& m_loaded;
    model::KvCache m_cache;
    std::vector<float> m_logits;
    std::vector<std::int32_t> m_tokens;
};

struct Row {
    std::string shape, mix;
    double decode = 0, prefill = 0, memory = 0; ///< predicted ÷ actual
};

Row judge(const std::string& shapeName, const std::string& mix, const std::filesystem::path& folder,
          std::size_t rounds, std::size_t threads) {
    const auto path = folder / "model.gguf";
    if (auto written = format::writeSyntheticModel(*format::findSyntheticShape(shapeName), mix, path);
        !written) {
        std::fprintf(stderr, "%s\n", written.error().message().c_str());
        std::exit(2);
    }
    const auto shape = hardware::shapeOf(format::GgufFile::open(path).value()).value();
    ThreadPool pool(threads);
    const double before = residentBytes();
    runtime::LoadOptions options;
    options.contextTokens = kContext;
    auto loaded = runtime::LoadedModel::load(path, pool, options).value();
    std::vector<double> prompt, answer, decodePredicted, prefillPredicted, decodeActual, prefillActual,
        decodeRatio, prefillRatio;
    double predictedBytes = 0, actualBytes = 0;
    {
        Run run(*loaded);
        run.once(prompt, answer); // touches everything; does not count
        actualBytes = residentBytes() - before;
        for (std::size_t round = 0; round < rounds; ++round) {
            const auto m = hardware::measure({.quick = true, .threads = threads}).value();
            hardware::Predictor predictor(m, {availableMemory().value_or(0), availableMemory().value_or(0)});
            const auto p = predictor.predict(shape, {.context = kContext, .depth = kPrompt}).value();
            decodePredicted.push_back(p.decodeTps);
            prefillPredicted.push_back(p.prefillTps);
            predictedBytes = double(p.memoryBytes);
            if (std::getenv("HEARTH_ACCURACY_TERMS")) {
                for (const auto* terms : {&p.memory, &p.decode, &p.prefill})
                    for (const hardware::Term& term : *terms)
                        std::fprintf(stderr, "  %-10s %.6g  %s\n", term.name.c_str(), term.amount,
                                     term.formula.c_str());
                std::fprintf(stderr, "  measured in %.1f s; other programs %.1f %%, other machines %.1f %%\n",
                             m.seconds, 100 * m.conditions.otherShare.value_or(0),
                             100 * m.conditions.stolenShare.value_or(0));
            }
            prompt.clear(), answer.clear();
            for (int i = 0; i < 2; ++i)
                run.once(prompt, answer);
            decodeActual.push_back(1 / fastestQuarter(answer));
            prefillActual.push_back(double(kPrompt) / fastestQuarter(prompt));
            // Memory of a virtual machine is now fast, now slow: only what lies close together is compared.
            decodeRatio.push_back(decodePredicted.back() / decodeActual.back());
            prefillRatio.push_back(prefillPredicted.back() / prefillActual.back());
        }
    }
    Row row{shapeName, mix};
    row.decode = median(decodeRatio);
    row.prefill = median(prefillRatio);
    row.memory = predictedBytes / actualBytes;
    const double decode = median(decodeActual), prefill = median(prefillActual);
    std::printf("| %-5s | %-7s | %8.2f | %8.2f | %+6.1f %% | %8.1f | %8.1f | %+6.1f %% | %7.0f | %7.0f | "
                "%+6.1f %% |\n",
                shapeName.c_str(), mix.c_str(), median(decodePredicted), decode, 100 * (row.decode - 1),
                median(prefillPredicted), prefill, 100 * (row.prefill - 1), predictedBytes / 1e6,
                actualBytes / 1e6, 100 * (row.memory - 1));
    std::fflush(stdout);
    return row;
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::string> shapes(argv + 1, argv + argc);
    if (shapes.empty())
        shapes = {"0.5b", "1b", "3b"};
    const std::size_t rounds = std::max<std::size_t>(1, numberFrom("HEARTH_ACCURACY_ROUNDS", 5));
    const std::size_t threads = numberFrom("HEARTH_ACCURACY_THREADS", 0);
    const test::TemporaryFolder folder;
    std::printf("| shape | type    | tok/s p. | measured |    off   | prefill  | measured |    off   |   MB "
                "p. | measured |    off   |\n");
    std::printf("|-------|---------|----------|----------|----------|----------|----------|----------|-------"
                "--|---------|----------|\n");
    int outside = 0, count = 0;
    for (const std::string& shape : shapes) {
        if (!format::findSyntheticShape(shape)) {
            std::fprintf(stderr, "there is no shape named %s\n", shape.c_str());
            return 2;
        }
        for (const std::string& mix :
             wordsFrom("HEARTH_ACCURACY_TYPES", {"Q4_0", "Q4_K_M", "Q6_K", "Q8_0"})) {
            const Row row = judge(shape, mix, folder.path(), rounds, threads);
            ++count;
            outside += std::abs(row.decode - 1) > kSpeedBound || std::abs(row.prefill - 1) > kSpeedBound ||
                       std::abs(row.memory - 1) > kMemoryBound;
        }
    }
    std::printf("%d of %d outside: decode and prefill within %.0f %%, memory within %.0f %%\n", outside,
                count, 100 * kSpeedBound, 100 * kMemoryBound);
    return outside ? 1 : 0;
}
