#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <random>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/cli/error_text.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/model_facts.h"
#include "engine/cli/terminal.h"
#include "engine/model/kv_cache.h"
#include "engine/model/model.h"
#include "engine/workbench/model_facts.h"

namespace hearth::cli {

namespace {

struct Options {
    ModelArguments model;
    std::size_t pp = 512, tg = 64, depth = 0, batch = 512, repetitions = 5;
    bool json = false;
};

struct Speed {
    double mean = 0, sd = 0;
};

/// Mean and sample standard deviation.
Speed speedOf(const std::vector<double>& values) {
    Speed speed;
    for (const double v : values)
        speed.mean += v / static_cast<double>(values.size());
    double squares = 0;
    for (const double v : values)
        squares += (v - speed.mean) * (v - speed.mean);
    if (values.size() > 1)
        speed.sd = std::sqrt(squares / static_cast<double>(values.size() - 1));
    return speed;
}

/// Prefill and decode on one cache, without tokeniser and sampler, as the field measures them.
class Runner {
public:
    [[nodiscard]] static Result<Runner> create(const Engine& engine, const Options& options,
                                               std::stop_token stop) {
        const auto& config = engine.model->config();
        Runner runner(engine.model->model(), std::move(stop));
        const std::size_t positions = options.depth + std::max(options.pp, options.tg + 1);
        model::KvCacheOptions cache;
        cache.context = positions;
        cache.batch = options.batch;
        cache.type = engine.model->options().kvType;
        HEARTH_CHECK(runner.m_model.reserve(positions, options.batch));
        HEARTH_TRY(runner.m_cache, model::KvCache::create(config, cache));
        runner.m_logits.resize(config.vocabulary);
        std::mt19937 random(1);
        std::uniform_int_distribution<std::int32_t> token(0,
                                                          static_cast<std::int32_t>(config.vocabulary) - 1);
        runner.m_tokens.resize(positions);
        for (auto& id : runner.m_tokens)
            id = token(random);
        return runner;
    }

    /// Forgets everything and fills `depth` positions.
    [[nodiscard]] Result<void> restart(std::size_t depth) {
        m_cache.clear();
        return prefill(depth);
    }
    [[nodiscard]] Result<void> prefill(std::size_t count) {
        while (count > 0) {
            const std::size_t part = std::min(count, m_cache.maxBatch());
            HEARTH_CHECK(forward(part, part == count ? model::LogitsOf::Last : model::LogitsOf::None));
            count -= part;
        }
        return {};
    }
    [[nodiscard]] Result<void> decode(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            HEARTH_CHECK(forward(1, model::LogitsOf::Last));
        return {};
    }

private:
    Runner(model::Model& model, std::stop_token stop) : m_model(model), m_stop(std::move(stop)) {}

    [[nodiscard]] Result<void> forward(std::size_t count, model::LogitsOf wanted) {
        const std::array items{
            model::BatchItem{&m_cache, std::span(m_tokens).subspan(m_cache.size(), count), wanted}};
        return m_model.forward(items, m_logits.data(), m_stop);
    }

    model::Model& m_model;
    std::stop_token m_stop;
    model::KvCache m_cache;
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

struct Report {
    workbench::ModelFacts facts;
    std::uint64_t weightBytes = 0;
    std::size_t threads = 0;
    std::string isa;
    Speed pp, tg;
};

Result<void> measure(const Options& options, Runner& runner, Report& report) {
    std::vector<double> pp, tg;
    // The first round touches every page and starts the threads; it does not count.
    for (std::size_t round = 0; round <= options.repetitions; ++round) {
        if (options.pp > 0) {
            HEARTH_CHECK(runner.restart(options.depth));
            HEARTH_TRY(const double speed,
                       tokensPerSecond(options.pp, [&] { return runner.prefill(options.pp); }));
            if (round > 0)
                pp.push_back(speed);
        }
        if (options.tg > 0) {
            HEARTH_CHECK(runner.restart(std::max<std::size_t>(options.depth, 1)));
            HEARTH_TRY(const double speed,
                       tokensPerSecond(options.tg, [&] { return runner.decode(options.tg); }));
            if (round > 0)
                tg.push_back(speed);
        }
        if (const auto progress = progressLine("measuring"))
            progress({"bench", round + 1, options.repetitions + 1});
    }
    clearProgressLine();
    report.pp = speedOf(pp);
    report.tg = speedOf(tg);
    return {};
}

void printTable(const Report& report, const Options& options) {
    const std::string name = report.facts.family + " " + report.facts.quantisation;
    const std::string depth = options.depth ? " @ d" + std::to_string(options.depth) : "";
    print("| model                  |       size |   params | isa     | threads | test           |       "
          "tokens/s |      GB/s |\n");
    print("| ---------------------- | ---------: | -------: | ------- | ------: | -------------- | "
          "----------------: | --------: |\n");
    const auto row = [&](const std::string& test, const Speed& speed, double gigabytes) {
        std::array<char, 64> value{}, bandwidth{};
        std::snprintf(value.data(), value.size(), "%.2f ± %.2f", speed.mean, speed.sd);
        if (gigabytes > 0)
            std::snprintf(bandwidth.data(), bandwidth.size(), "%.2f", gigabytes);
        std::array<char, 256> line{};
        // "±" has two bytes and one column.
        std::snprintf(line.data(), line.size(),
                      "| %-22.22s | %10s | %8s | %-7s | %7zu | %-14s | %18s | %9s |\n", name.c_str(),
                      bytesText(report.facts.fileBytes).c_str(), countText(report.facts.parameters).c_str(),
                      report.isa.c_str(), report.threads, (test + depth).c_str(), value.data(),
                      bandwidth.data());
        print(line.data());
    };
    if (options.pp > 0)
        row("pp" + std::to_string(options.pp), report.pp, 0);
    if (options.tg > 0)
        row("tg" + std::to_string(options.tg), report.tg,
            report.tg.mean * static_cast<double>(report.weightBytes) / 1e9);
}

void printJson(const Report& report, const Options& options) {
    const auto speed = [](const Speed& s) { return nlohmann::ordered_json{{"mean", s.mean}, {"sd", s.sd}}; };
    nlohmann::ordered_json out;
    out["model"] = options.model.model.string();
    out["name"] = report.facts.name;
    out["architecture"] = report.facts.family;
    out["quantisation"] = report.facts.quantisation;
    out["size_bytes"] = report.facts.fileBytes;
    out["weight_bytes"] = report.weightBytes;
    out["parameters"] = report.facts.parameters;
    out["threads"] = report.threads;
    out["isa"] = report.isa;
    out["kv"] = options.model.kv;
    out["pp"] = options.pp;
    out["tg"] = options.tg;
    out["depth"] = options.depth;
    out["batch"] = options.batch;
    out["repetitions"] = options.repetitions;
    out["pp_tps"] = speed(report.pp);
    out["tg_tps"] = speed(report.tg);
    print(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

Result<void> bench(const Options& options, Environment& environment) {
    const Interrupt::Work work(environment.interrupt);
    Report report;
    HEARTH_TRY(report.facts, workbench::readModelFacts(options.model.model));
    ModelArguments arguments = options.model;
    if (arguments.context == 0)
        arguments.context = options.depth + std::max(options.pp, options.tg + 1);
    HEARTH_TRY(const auto engine, loadEngine(arguments, work.token()));
    report.weightBytes = engine.model->model().weightBytes();
    report.threads = engine.pool->size();
    report.isa = kernels::isaName(engine.model->compute().isa());
    HEARTH_TRY(auto runner, Runner::create(engine, options, work.token()));
    HEARTH_CHECK(measure(options, runner, report));
    if (options.json)
        printJson(report, options);
    else
        printTable(report, options);
    return {};
}

} // namespace

void addBench(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("bench", "Measure the speed of prompt evaluation and generation");
    options->model.addTo(*command);
    const auto option = [&](const char* name, std::size_t& field, std::size_t least, std::size_t most,
                            const char* help) {
        command->add_option(name, field, help)->check(CLI::Range(least, most))->capture_default_str();
    };
    option("--pp", options->pp, 0, 1U << 20, "Prompt tokens to evaluate; 0 = leave out");
    option("--tg", options->tg, 0, 1U << 20, "Tokens to generate; 0 = leave out");
    option("-d,--depth", options->depth, 0, 1U << 20, "Tokens already in the context");
    option("-b,--batch", options->batch, 1, 4096, "Prompt tokens evaluated together");
    option("-r,--repetitions", options->repetitions, 1, 1000,
           "Measured rounds, after one that does not count");
    command->add_flag("--json", options->json, "Print JSON");
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return bench(*options, environment); };
    });
}

} // namespace hearth::cli
