#include <filesystem>
#include <memory>
#include <string>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "engine/cli/bench_run.h"
#include "engine/cli/commands.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/format/gguf/synthetic_model.h"

namespace hearth::cli {

namespace {

struct Options {
    ModelArguments model;
    BenchPlan plan;
    std::string shape;
    std::vector<std::string> types;
    bool json = false;
};

/// A synthesised model, removed with this.
class TemporaryModel {
public:
    TemporaryModel() {
        std::error_code ignored;
        const auto folder = std::filesystem::temp_directory_path(ignored);
        m_path = (folder.empty() ? std::filesystem::path(".") : folder) /
                 ("hearth-bench-" + std::to_string(::getpid()) + ".gguf");
    }
    ~TemporaryModel() {
        std::error_code ignored;
        std::filesystem::remove(m_path, ignored);
    }
    TemporaryModel(const TemporaryModel&) = delete;
    TemporaryModel& operator=(const TemporaryModel&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

void show(const Options& options, const BenchResult& result, bool first, bool several) {
    if (!options.json)
        print(benchTable(result, options.plan, first));
    else if (several)
        print((first ? "[" : ",\n") + benchJson(result, options.plan, options.model.kv));
    else
        print(benchJson(result, options.plan, options.model.kv) + "\n");
}

Result<void> benchTypes(const Options& options, const format::SyntheticShape& shape, std::stop_token stop) {
    const TemporaryModel file;
    bool first = true;
    for (const std::string& type : options.types) {
        const auto written = format::writeSyntheticModel(
            shape, type, file.path(), 1, stop, progressLine("writing " + options.shape + " " + type));
        clearProgressLine();
        HEARTH_CHECK(written);
        ModelArguments arguments = options.model;
        arguments.model = file.path();
        HEARTH_TRY(BenchResult result, runBench(std::move(arguments), options.plan, stop));
        result.file = options.shape + " " + type;
        show(options, result, first, true);
        first = false;
    }
    if (options.json)
        print("]\n");
    return {};
}

Result<void> bench(const Options& options, Environment& environment) {
    const Interrupt::Work work(environment.interrupt);
    if (!options.types.empty()) {
        const auto* shape = format::findSyntheticShape(options.shape);
        if (!shape)
            return fail("usage.unknown_shape", "there is no shape named " + options.shape);
        return benchTypes(options, *shape, work.token());
    }
    HEARTH_TRY(const BenchResult result, runBench(options.model, options.plan, work.token()));
    show(options, result, true, false);
    return {};
}

} // namespace

void addBench(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    BenchPlan& plan = options->plan;
    auto* command = app.add_subcommand("bench", "Measure the speed of prompt evaluation and generation");
    options->model.addTo(*command, ModelArguments::Choice::Optional);
    auto* file = command->get_option("--model");
    std::string shapes;
    for (const auto& shape : format::syntheticShapes())
        shapes += (shapes.empty() ? "" : ", ") + std::string(shape.name);
    auto* shape =
        command->add_option("--shape", options->shape, "Random weights of this shape instead: " + shapes);
    auto* types = command
                      ->add_option("--types", options->types,
                                   "With --shape: one run for each of these types, for example Q4_0,Q8_0")
                      ->delimiter(',');
    shape->needs(types)->excludes(file);
    types->needs(shape);
    const auto option = [&](const char* name, std::size_t& field, std::size_t least, std::size_t most,
                            const char* help) {
        command->add_option(name, field, help)->check(CLI::Range(least, most))->capture_default_str();
    };
    option("--pp", plan.pp, 0, 1U << 20, "Prompt tokens to evaluate; 0 = leave out");
    option("--tg", plan.tg, 0, 1U << 20, "Tokens to generate; 0 = leave out");
    option("-d,--depth", plan.depth, 0, 1U << 20, "Tokens already in the context");
    option("-b,--batch", plan.batch, 1, 4096, "Prompt tokens evaluated together");
    option("-s,--sequences", plan.sequences, 1, 64, "Sequences that generate together");
    option("-r,--repetitions", plan.repetitions, 1, 1000, "Measured rounds, after one that does not count");
    command->add_flag("--json", options->json, "Print JSON");
    command->callback([options, shape, file, &chosen] {
        if (file->empty() == shape->empty())
            throw CLI::RequiredError("--model, or --shape with --types");
        chosen = [options](Environment& environment) { return bench(*options, environment); };
    });
}

} // namespace hearth::cli
