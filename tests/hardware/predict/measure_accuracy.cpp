// Synthesises models of three sizes in four types, predicts them, runs them and says how far off the
// predictions were. Ends with 1 when a figure is outside its bound.
//
// Measuring and running take turns. Beside every token of the run stands a read of memory, as beside every
// slice of the measurement: on virtual machines memory becomes faster or slower by a half within seconds,
// because others use it too, and a prediction is made for the bandwidth that was measured. Tokens beside a
// read that was more than a tenth faster or slower do not count; what is left of the difference is put into
// the prediction, token by token. Where too few tokens count, the round is repeated. The table also shows the
// bandwidths, and how far off the prediction was without regard to all this ("as it was").
//
// Then the models that stay in caches: the Guide, and a model of 260 thousand parameters where it is at hand.
// Those have to be within a factor of two (prompts: three).
//
// usage: measure_accuracy [SHAPE…]     HEARTH_ACCURACY_ROUNDS=N (default 3), HEARTH_ACCURACY_TYPES="Q4_0
// Q8_0",
//                                      HEARTH_ACCURACY_THREADS=N; the shape "small" names those in caches

#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
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
#include "tests/support/test_data.h"

namespace {

using namespace hearth;

constexpr double kSpeedBound = 0.15, kMemoryBound = 0.05, kSmallFactor = 2, kSmallPrefillFactor = 3;
constexpr double kSameMemory = 0.1;       ///< of bandwidths that a prediction is held to account for
constexpr std::size_t kFewestTokens = 12; ///< of a round, that count
constexpr std::size_t kMostTries = 4;     ///< times the rounds wanted
constexpr const char* kSmall = "small";

struct Lengths {
    std::size_t context = 2048, prompt = 512, answer = 40, prompts = 2;
    [[nodiscard]] std::size_t depth() const { return prompt + answer / 2; }
};

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

struct Token {
    double seconds = 0, bandwidth = 0; ///< bandwidth of the read beside it
    double share = 0;                  ///< of the processors (hardware::Watch)
};
struct Seen {
    std::vector<Token> tokens; ///< of answers, those that no other program disturbed
    double prefill = 0;        ///< tokens per second of the faster prompt
};

/// Prompt passes and tokens of an answer on a model that is loaded already.
class Run {
public:
    Run(runtime::LoadedModel& loaded, const Lengths& lengths) : m_loaded(loaded), m_lengths(lengths) {
        m_cache = model::KvCache::create(loaded.config(),
                                         {lengths.context, kernels::KvType::F16, runtime::kMaxBatch})
                      .value();
        // A cache is memory from the start, however little of it a short run would touch.
        for (std::size_t i = 0; i < loaded.config().layers; ++i) {
            const kernels::KvLayer& layer = m_cache.layer(i);
            const std::size_t cells = layer.kvHeads * layer.capacity;
            std::memset(layer.keys, 0, cells * kernels::kvCellBytes(layer.type, layer.keyDim));
            std::memset(layer.values, 0, cells * kernels::kvCellBytes(layer.type, layer.valueDim));
        }
        m_logits.resize(loaded.config().vocabulary);
        m_tokens.assign(lengths.prompt, 30);
    }
    /// `reads` stand beside every token, where there are any.
    Seen measure(ThreadPool& pool, hardware::MemoryReads* reads) {
        std::vector<double> prompts;
        std::vector<Token> tokens;
        for (std::size_t i = 0; i < m_lengths.prompts; ++i) {
            m_cache.clear();
            prompts.push_back(pass(m_lengths.prompt));
            for (std::size_t token = 0; token < m_lengths.answer; ++token) {
                const double bandwidth = reads ? reads->run(pool) : 0;
                const hardware::Watch watch(pool.size());
                const double seconds = pass(1);
                tokens.push_back({seconds, bandwidth, watch.share()});
            }
        }
        return {hardware::undisturbed(std::move(tokens)),
                static_cast<double>(m_lengths.prompt) / *std::min_element(prompts.begin(), prompts.end())};
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
    Lengths m_lengths;
    model::KvCache m_cache;
    std::vector<float> m_logits;
    std::vector<std::int32_t> m_tokens;
};

template <class Value>
double medianOf(const std::vector<Token>& tokens, const Value& value) {
    std::vector<double> values;
    for (const Token& token : tokens)
        values.push_back(value(token));
    return hardware::median(std::move(values));
}

void printTerms(const hardware::Measurement& m, const hardware::Prediction& p) {
    for (const auto* terms : {&p.memory, &p.decode, &p.prefill})
        for (const hardware::Term& term : *terms)
            std::fprintf(stderr, "  %-10s %.6g  %s\n", term.name.c_str(), term.amount, term.formula.c_str());
    std::fprintf(stderr, "  measured in %.1f s; other programs %.1f %%, other machines %.1f %%\n", m.seconds,
                 100 * m.conditions.otherShare.value_or(0), 100 * m.conditions.stolenShare.value_or(0));
}

struct Row {
    double decode = 0, prefill = 0, memory = 0; ///< predicted ÷ actual, medians over the rounds
};

/// A model in memory, and predictions for it.
class Subject {
public:
    Subject(const std::filesystem::path& path, const Lengths& lengths, std::size_t threads)
        : m_pool(threads), m_lengths(lengths),
          m_shape(hardware::shapeOf(format::GgufFile::open(path).value()).value()) {
        const double before = residentBytes();
        runtime::LoadOptions options;
        options.contextTokens = lengths.context;
        m_loaded = runtime::LoadedModel::load(path, m_pool, options).value();
        m_run.emplace(*m_loaded, lengths);
        (void)m_run->measure(m_pool, nullptr); // touches everything; does not count
        bytes = residentBytes() - before;
    }
    [[nodiscard]] hardware::Prediction predict(const hardware::Measurement& from) const {
        const hardware::MemoryRoom room{availableMemory().value_or(0), availableMemory().value_or(0)};
        return hardware::Predictor(from, room)
            .predict(m_shape,
                     {.context = m_lengths.context, .depth = m_lengths.depth(), .prompt = m_lengths.prompt})
            .value();
    }
    [[nodiscard]] Seen measure(hardware::MemoryReads* reads) { return m_run->measure(m_pool, reads); }

    double bytes = 0; ///< that it takes

private:
    ThreadPool m_pool;
    Lengths m_lengths;
    hardware::ModelShape m_shape;
    std::shared_ptr<runtime::LoadedModel> m_loaded;
    std::optional<Run> m_run;
};

Row judge(const std::string& shapeName, const std::string& mix, const std::filesystem::path& folder,
          std::size_t rounds, std::size_t threads) {
    const auto path = folder / "model.gguf";
    if (auto written = format::writeSyntheticModel(*format::findSyntheticShape(shapeName), mix, path);
        !written) {
        std::fprintf(stderr, "%s\n", written.error().message().c_str());
        std::exit(2);
    }
    Subject subject(path, {}, threads);
    auto reads = hardware::MemoryReads::create(hardware::streamBytes(availableMemory())).value();
    std::vector<double> predicted, actual, prefillPredicted, prefillActual, before, then, ratio, asItWas,
        prefillRatio;
    double predictedBytes = 0;
    std::size_t repeated = 0;
    for (std::size_t tries = kMostTries * rounds; ratio.size() < rounds; --tries) {
        const auto m = hardware::measure({.quick = true, .threads = threads}).value();
        const Seen seen = subject.measure(&reads);
        std::vector<Token> tokens = seen.tokens;
        std::erase_if(tokens, [&](const Token& token) {
            return std::abs(token.bandwidth / m.readBandwidth() - 1) > kSameMemory;
        });
        if (tokens.size() < kFewestTokens) {
            if (tries > rounds - ratio.size()) {
                ++repeated;
                continue;
            }
            tokens = seen.tokens; // memory never holds still: all there is
        }
        const auto p = subject.predict(m);
        if (std::getenv("HEARTH_ACCURACY_TERMS"))
            printTerms(m, p);
        predictedBytes = double(p.memoryBytes);
        before.push_back(m.readBandwidth() / 1e9);
        then.push_back(medianOf(tokens, [](const Token& token) { return token.bandwidth / 1e9; }));
        ratio.push_back(medianOf(tokens, [&](const Token& token) {
            return subject.predict(atBandwidth(m, token.bandwidth)).decodeTps * token.seconds;
        }));
        actual.push_back(1 / medianOf(tokens, [](const Token& token) { return token.seconds; }));
        predicted.push_back(ratio.back() * actual.back());
        asItWas.push_back(p.decodeTps *
                          medianOf(seen.tokens, [](const Token& token) { return token.seconds; }));
        prefillPredicted.push_back(p.prefillTps);
        prefillActual.push_back(seen.prefill);
        prefillRatio.push_back(p.prefillTps / seen.prefill);
    }
    using hardware::median;
    const Row row{median(ratio), median(prefillRatio), predictedBytes / subject.bytes};
    std::printf("| %-5s | %-7s | %8.2f | %8.2f | %+6.1f %% | %4.1f → %4.1f | %+6.1f %%  | %8.1f | %8.1f | "
                "%+6.1f %% | %7.0f | %7.0f | %+6.1f %% | %8zu |\n",
                shapeName.c_str(), mix.c_str(), median(predicted), median(actual), 100 * (row.decode - 1),
                median(before), median(then), 100 * (median(asItWas) - 1), median(prefillPredicted),
                median(prefillActual), 100 * (row.prefill - 1), predictedBytes / 1e6, subject.bytes / 1e6,
                100 * (row.memory - 1), repeated);
    std::fflush(stdout);
    return row;
}

/// A model that stays in the caches. Returns whether both speeds are within their factors.
bool judgeSmall(const std::filesystem::path& path, std::size_t rounds, std::size_t threads) {
    Subject subject(path, {.context = 256, .prompt = 128, .answer = 64, .prompts = 8}, threads);
    std::vector<double> decode, prefill, decodeActual, prefillActual;
    for (std::size_t round = 0; round < rounds; ++round) {
        const auto m = hardware::measure({.quick = true, .threads = threads}).value();
        (void)subject.measure(nullptr); // what was measured has filled the caches
        const Seen seen = subject.measure(nullptr);
        const auto p = subject.predict(m);
        if (std::getenv("HEARTH_ACCURACY_TERMS"))
            printTerms(m, p);
        const double seconds = medianOf(seen.tokens, [](const Token& token) { return token.seconds; });
        decode.push_back(p.decodeTps * seconds);
        decodeActual.push_back(1 / seconds);
        prefill.push_back(p.prefillTps / seen.prefill);
        prefillActual.push_back(seen.prefill);
    }
    using hardware::median;
    const double decodes = median(decode), prefills = median(prefill);
    std::printf("| %-18s | %8.0f | × %4.2f | %8.0f | × %4.2f |\n", path.stem().c_str(), median(decodeActual),
                decodes, median(prefillActual), prefills);
    const auto within = [](double ratio, double factor) { return ratio <= factor && ratio >= 1 / factor; };
    return within(decodes, kSmallFactor) && within(prefills, kSmallPrefillFactor);
}

int judgeSmallOnes(std::size_t rounds, std::size_t threads) {
    int outside = 0;
    std::printf("| model              | tok/s    | off by | prefill  | off by |\n"
                "|--------------------|----------|--------|----------|--------|\n");
    for (const std::filesystem::path& path :
         {std::filesystem::path(HEARTH_SOURCE_DIR) / "resources/guide/guide-Q8_0.gguf",
          test::shared("stories260K/stories260K.gguf")})
        if (std::filesystem::exists(path))
            outside += !judgeSmall(path, rounds, threads);
    return outside;
}

} // namespace

int main(int argc, char** argv) {
    std::vector<std::string> shapes(argv + 1, argv + argc);
    if (shapes.empty())
        shapes = {"0.5b", "1b", "3b", kSmall};
    const std::size_t rounds = std::max<std::size_t>(1, numberFrom("HEARTH_ACCURACY_ROUNDS", 3));
    const std::size_t threads = numberFrom("HEARTH_ACCURACY_THREADS", 0);
    const test::TemporaryFolder folder;
    std::setvbuf(stdout, nullptr, _IOLBF, 0); // a run that is stopped has told what it has
    std::printf("| shape | type    | tok/s p. | measured |    off   |  GB/s, then | as it was | prefill  | "
                "measured |    off   |   MB p. | measured |    off   | repeated |\n"
                "|-------|---------|----------|----------|----------|-------------|-----------|----------|"
                "----------|----------|---------|----------|----------|----------|\n");
    int outside = 0, count = 0, smallOutside = 0;
    for (const std::string& shape : shapes) {
        if (shape == kSmall) {
            smallOutside += judgeSmallOnes(rounds, threads);
            continue;
        }
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
    std::printf("%d small models outside: decode within a factor of %.0f, prefill of %.0f\n", smallOutside,
                kSmallFactor, kSmallPrefillFactor);
    return outside || smallOutside ? 1 : 0;
}
