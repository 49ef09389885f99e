// Synthesises models of three sizes in four types, predicts them, runs them and says how far off the
// predictions were. Ends with 1 when a figure is outside its bound.
//
// Measuring and running take turns. Beside every token of the run stands a read of memory, as beside every
// slice of the measurement: where memory itself became faster or slower in between (on virtual machines by a
// third within seconds, because others use it too), the prediction is made for the bandwidth that was there
// while the model ran. That is what is judged; the table also shows the bandwidths and how far off the
// prediction was without regard to them ("as it was").
//
// usage: measure_accuracy [SHAPE…]     HEARTH_ACCURACY_ROUNDS=N (default 3), HEARTH_ACCURACY_TYPES="Q4_0
// Q8_0",
//                                      HEARTH_ACCURACY_THREADS=N

#include <malloc.h>

#include <algorithm>
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
#include "engine/hardware/measure/memory_reads.h"
#include "engine/hardware/measure/parts.h"
#include "engine/hardware/measure/slices.h"
#include "engine/hardware/predict/predict.h"
#include "engine/model/kv_cache.h"
#include "engine/model/model.h"
#include "engine/runtime/loaded_model.h"
#include "tests/support/temporary_folder.h"

namespace {

using namespace hearth;

constexpr std::size_t kContext = 2048, kPrompt = 512, kAnswer = 40, kPrompts = 2;
constexpr double kSpeedBound = 0.15, kMemoryBound = 0.05;

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

/// The measurement as it would have been with memory as fast as `readBytesPerSecond`: what keeps its share of
/// reads keeps it.
hardware::Measurement atBandwidth(hardware::Measurement m, double readBytesPerSecond) {
    const double was = m.readBandwidth();
    const auto moved = [&](double rate) {
        return hardware::Streamed{rate / was, rate}.at(readBytesPerSecond);
    };
    for (hardware::KernelRate& rate : m.kernels)
        rate.decodeBytesPerSecond = moved(rate.decodeBytesPerSecond);
    for (hardware::AttentionRate& rate : m.attention)
        if (rate.decodeSecondsPerByte > 0)
            rate.decodeSecondsPerByte = 1 / moved(1 / rate.decodeSecondsPerByte);
    for (hardware::ThreadBandwidth& point : m.bandwidth)
        point.bytesPerSecond = moved(point.bytesPerSecond);
    return m;
}

/// Prompt passes and tokens of an answer on a model that is loaded already.
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
    struct Speeds {
        double decode = 0;    ///< tokens per second: the median of tokens that no other program disturbed
        double prefill = 0;   ///< of the faster prompt
        double bandwidth = 0; ///< of the reads beside the tokens
    };
    Speeds measure(ThreadPool& pool, std::size_t answer) {
        auto reads = hardware::MemoryReads::create(hardware::streamBytes(availableMemory())).value();
        struct Token {
            double seconds = 0, share = 0;
        };
        std::vector<double> prompts, seconds;
        std::vector<Token> tokens;
        for (std::size_t i = 0; i < kPrompts; ++i) {
            m_cache.clear();
            prompts.push_back(pass(kPrompt));
            for (std::size_t token = 0; token < answer; ++token) {
                reads.run(pool);
                const hardware::Watch watch(pool.size());
                tokens.push_back({pass(1), watch.share()});
            }
        }
        for (const Token& token : hardware::undisturbed(tokens))
            seconds.push_back(token.seconds);
        return {1 / hardware::median(seconds),
                static_cast<double>(kPrompt) / *std::min_element(prompts.begin(), prompts.end()),
                reads.typical()};
    }

private:
    /// Seconds of one pass.
    double pass(std::size_t tokens) {
        const model::BatchItem item{.cache = &m_cache, .tokens = std::span(m_tokens).first(tokens)};
        const auto begin = hardware::SliceClock::now();
        if (!m_loaded.model().forward({&item, 1}, m_logits.data()))
            std::abort();
        return hardware::secondsSince(begin);
    }
    runtime::LoadedModel& m_loaded;
    model::KvCache m_cache;
    std::vector<float> m_logits;
    std::vector<std::int32_t> m_tokens;
};

void printTerms(const hardware::Measurement& m, const hardware::Prediction& p) {
    for (const auto* terms : {&p.memory, &p.decode, &p.prefill})
        for (const hardware::Term& term : *terms)
            std::fprintf(stderr, "  %-10s %.6g  %s\n", term.name.c_str(), term.amount, term.formula.c_str());
    std::fprintf(stderr, "  measured in %.1f s; other programs %.1f %%, other machines %.1f %%\n", m.seconds,
                 100 * m.conditions.otherShare.value_or(0), 100 * m.conditions.stolenShare.value_or(0));
}

struct Row {
    std::string shape, mix;
    double decode = 0, prefill = 0, memory = 0; ///< predicted ÷ actual, medians over the rounds
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
    std::vector<double> decodePredicted, decodeActual, prefillPredicted, prefillActual, bandwidthBefore,
        bandwidthThen, decodeRatio, decodeAsItWas, prefillRatio;
    double predictedBytes = 0, actualBytes = 0;
    {
        Run run(*loaded);
        (void)run.measure(pool, 2); // touches everything; does not count
        actualBytes = residentBytes() - before;
        for (std::size_t round = 0; round < rounds; ++round) {
            const auto m = hardware::measure({.quick = true, .threads = threads}).value();
            const Run::Speeds actual = run.measure(pool, kAnswer);
            const hardware::MemoryRoom room{availableMemory().value_or(0), availableMemory().value_or(0)};
            const auto predict = [&](const hardware::Measurement& from) {
                return hardware::Predictor(from, room)
                    .predict(shape, {.context = kContext, .depth = kPrompt + kAnswer / 2})
                    .value();
            };
            const auto p = predict(atBandwidth(m, actual.bandwidth));
            if (std::getenv("HEARTH_ACCURACY_TERMS"))
                printTerms(m, p);
            predictedBytes = double(p.memoryBytes);
            bandwidthBefore.push_back(m.readBandwidth() / 1e9);
            bandwidthThen.push_back(actual.bandwidth / 1e9);
            decodePredicted.push_back(p.decodeTps);
            decodeActual.push_back(actual.decode);
            decodeRatio.push_back(p.decodeTps / actual.decode);
            decodeAsItWas.push_back(predict(m).decodeTps / actual.decode);
            prefillPredicted.push_back(p.prefillTps);
            prefillActual.push_back(actual.prefill);
            prefillRatio.push_back(p.prefillTps / actual.prefill);
        }
    }
    using hardware::median;
    const Row row{shapeName, mix, median(decodeRatio), median(prefillRatio), predictedBytes / actualBytes};
    std::printf("| %-5s | %-7s | %8.2f | %8.2f | %+6.1f %% | %4.1f → %4.1f | %+6.1f %%  | %8.1f | %8.1f | "
                "%+6.1f %% | %7.0f | %7.0f | %+6.1f %% |\n",
                shapeName.c_str(), mix.c_str(), median(decodePredicted), median(decodeActual),
                100 * (row.decode - 1), median(bandwidthBefore), median(bandwidthThen),
                100 * (median(decodeAsItWas) - 1), median(prefillPredicted), median(prefillActual),
                100 * (row.prefill - 1), predictedBytes / 1e6, actualBytes / 1e6, 100 * (row.memory - 1));
    std::fflush(stdout);
    return row;
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::string> shapes(argv + 1, argv + argc);
    if (shapes.empty())
        shapes = {"0.5b", "1b", "3b"};
    const std::size_t rounds = std::max<std::size_t>(1, numberFrom("HEARTH_ACCURACY_ROUNDS", 3));
    const std::size_t threads = numberFrom("HEARTH_ACCURACY_THREADS", 0);
    const test::TemporaryFolder folder;
    std::setvbuf(stdout, nullptr, _IOLBF, 0); // a run that is stopped has told what it has
    std::printf("| shape | type    | tok/s p. | measured |    off   |  GB/s, then | as it was | prefill  | "
                "measured |    off   |   MB p. | measured |    off   |\n"
                "|-------|---------|----------|----------|----------|-------------|-----------|----------|"
                "----------|----------|---------|----------|----------|\n");
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
