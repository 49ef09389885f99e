#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/base/processor_time.h"
#include "engine/base/thread_pool.h"
#include "engine/cli/accounts/model_gate.h"
#include "engine/cli/commands.h"
#include "engine/cli/error_text.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/sizes.h"
#include "engine/cli/terminal.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/quant_mix.h"
#include "engine/optimize/quantize/importance.h"
#include "engine/optimize/quantize/quantize.h"

namespace hearth::cli {

namespace {

struct Options {
    std::filesystem::path source, target, importance;
    std::string type, budget, name;
    std::vector<std::string> rules;
    std::size_t threads = 0;
    bool requantize = false, json = false, dryRun = false, resume = false;
    ModelCaller caller;
};

/// "EXPRESSION=TYPE"
Result<std::vector<optimize::TypeRule>> parseRules(const std::vector<std::string>& texts) {
    std::vector<optimize::TypeRule> rules;
    for (const auto& text : texts) {
        const auto split = text.rfind('=');
        const auto type = split == std::string::npos
                              ? std::nullopt
                              : dtypeFromName(std::string_view(text).substr(split + 1));
        if (!type || split == 0)
            return fail("usage.bad_tensor_type",
                        "\"" + text + "\" is not of the form EXPRESSION=TYPE, for example attn_v=Q6_K");
        rules.push_back({text.substr(0, split), *type});
    }
    return rules;
}

Result<optimize::QuantizePlan> makePlan(const Options& options, const format::GgufFile& file,
                                        const optimize::ImportanceMatrix* importance, ThreadPool& pool,
                                        std::stop_token stop) {
    HEARTH_TRY(auto rules, parseRules(options.rules));
    if (options.budget.empty())
        return optimize::planQuantization(file, {options.type, std::move(rules), options.requantize});
    HEARTH_TRY(const auto bytes, parseSize(options.budget));
    auto plan = optimize::planForBudget(file, {bytes, std::move(rules), options.requantize}, importance, pool,
                                        std::move(stop), timedProgressLine("measuring tensors"));
    clearProgressLine();
    return plan;
}

std::string number(const char* pattern, double value) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), pattern, value);
    return text.data();
}

/// "Q4_K 156, Q6_K 29, F32 49": tensors of each type.
std::string typeCounts(const optimize::QuantizePlan& plan) {
    std::map<std::string_view, std::size_t> counts;
    for (const auto& tensor : plan.tensors)
        ++counts[traitsOf(tensor.to).name];
    std::string text;
    for (const auto& [name, count] : counts)
        text.append(text.empty() ? "" : ", ").append(name).append(" ").append(std::to_string(count));
    return text;
}

void printPlan(const optimize::QuantizePlan& plan) {
    for (const auto& tensor : plan.tensors)
        print(tensor.name + "\t" + std::string(traitsOf(tensor.from).name) + "\t" +
              std::string(traitsOf(tensor.to).name) + "\t" + std::to_string(tensor.bytes) + "\n");
    note(plan.label + ": " + bytesText(plan.bytes()) +
         number(", %.2f bits a weight; ", plan.bitsPerWeight()) + typeCounts(plan));
}

/// How well the machine was used.
struct Effort {
    double processorSeconds = 0; ///< of all threads
    std::size_t threads = 0;
    /// Share of the time that the threads were busy; the one that writes comes on top of them.
    [[nodiscard]] double busy(double seconds) const {
        return seconds > 0 && threads > 0 ? processorSeconds / seconds / static_cast<double>(threads) : 0;
    }
};

void printJson(const optimize::QuantizePlan& plan, const Options& options,
               const optimize::QuantizeReport* report, const Effort& effort = {}) {
    nlohmann::ordered_json out;
    out["file"] = options.target.string();
    out["label"] = plan.label;
    out["bits_per_weight"] = plan.bitsPerWeight();
    out["tensor_bytes"] = plan.bytes();
    if (report) {
        out["bytes_before"] = report->bytesBefore;
        out["bytes_after"] = report->bytesAfter;
        out["parameters"] = report->parameters;
        out["seconds"] = report->seconds;
        out["read_bytes"] = report->bytesRead;
        out["written_bytes"] = report->bytesWritten;
        out["processor_seconds"] = effort.processorSeconds;
        out["threads"] = effort.threads;
    }
    auto& tensors = out["tensors"] = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
        const auto& tensor = plan.tensors[i];
        nlohmann::ordered_json entry{{"name", tensor.name},
                                     {"from", traitsOf(tensor.from).name},
                                     {"to", traitsOf(tensor.to).name},
                                     {"bytes", tensor.bytes}};
        if (report)
            entry["weight_error"] = report->tensors[i].weightError;
        tensors.push_back(std::move(entry));
    }
    print(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

void printReport(const optimize::QuantizePlan& plan, const Options& options,
                 const optimize::QuantizeReport& report, const Effort& effort) {
    const optimize::QuantizeReport::Tensor* worst = nullptr;
    for (const auto& tensor : report.tensors)
        if (!worst || tensor.weightError > worst->weightError)
            worst = &tensor;
    note("wrote " + options.target.string() + ": " + bytesText(report.bytesBefore) + " -> " +
         bytesText(report.bytesAfter) + number(", %.2f bits a weight, in ", report.bitsPerWeight()) +
         durationText(report.seconds));
    if (report.seconds > 0)
        note("speed: read " +
             number("%.0f MB/s", static_cast<double>(report.bytesRead) / report.seconds / 1e6) + ", wrote " +
             number("%.0f MB/s; ", static_cast<double>(report.bytesWritten) / report.seconds / 1e6) +
             std::to_string(effort.threads) + " threads" +
             number(" %.0f %% busy", 100 * effort.busy(report.seconds)));
    note("tensors: " + typeCounts(plan));
    if (report.resumedTensors)
        note("went on after " + std::to_string(report.resumedTensors) + " tensors of an interrupted run");
    if (worst && worst->weightError > 0)
        note("largest weight error: " + worst->name + number(" with %.2e", worst->weightError));
}

Result<void> quantize(const Options& options, Environment& environment) {
    const Interrupt::Work work(environment.interrupt);
    ThreadPool pool(options.threads);
    std::optional<optimize::ImportanceMatrix> importance;
    if (!options.importance.empty()) {
        HEARTH_TRY(importance, optimize::ImportanceMatrix::read(options.importance));
    }
    const auto* matrix = importance ? &*importance : nullptr;
    std::optional<optimize::QuantizePlan> plan;
    {
        HEARTH_TRY(const auto file, format::GgufFile::open(options.source));
        HEARTH_TRY(plan, makePlan(options, file, matrix, pool, work.token()));
    }
    if (!options.name.empty())
        plan->modelName = options.name;
    if (options.dryRun) {
        if (options.json)
            printJson(*plan, options, nullptr);
        else
            printPlan(*plan);
        return {};
    }
    if (options.requantize)
        note("warning: tensors with less than eight bits are quantised again, which loses more than starting "
             "from "
             "the original model");
    const double before = processorSeconds();
    const auto report = optimize::quantizeFile(
        options.source, options.target, *plan, matrix, pool, work.token(), timedProgressLine("quantising"),
        options.resume ? optimize::Unfinished::Keep : optimize::Unfinished::Discard);
    clearProgressLine();
    HEARTH_CHECK(report);
    const Effort effort{processorSeconds() - before, pool.size()};
    if (options.json)
        printJson(*plan, options, &*report, effort);
    else
        printReport(*plan, options, *report, effort);
    return {};
}

Result<void> quantizeAllowed(const Options& options, Environment& environment) {
    ModelGate gate(options.caller);
    if (!options.importance.empty()) { // what a model was calibrated with
        auto target = workbench::Target::of(security::Resource::CalibrationData);
        target.object = options.importance.string();
        HEARTH_CHECK(gate.run(security::Action::Use, target, [] { return Result<void>(); }));
    }
    if (options.dryRun) {
        HEARTH_CHECK(gate.mayUse(options.source));
        return quantize(options, environment);
    }
    return gate.mayMake(options.target, options.source, [&] { return quantize(options, environment); });
}

} // namespace

void addQuantize(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("quantize", "Write a model with smaller weight types");
    std::string types;
    for (const auto& mix : format::quantMixes())
        types += (types.empty() ? "" : " ") + std::string(mix.name);
    command->add_option("input", options->source, "The GGUF file to read (any file of a split set)")
        ->required();
    command->add_option("output", options->target, "The GGUF file to write")->required();
    auto* target = command->add_option_group("target")->require_option(1);
    target->add_option("--type", options->type, "Weight type or mix: " + types);
    target->add_option("--budget", options->budget,
                       "Choose types for a file of at most this size, for example 4.5GiB, by measured error");
    command->add_option("--imatrix", options->importance, "An importance matrix made by hearthctl imatrix");
    command
        ->add_option(
            "--tensor-type", options->rules,
            "EXPRESSION=TYPE: a type of your own for tensors whose names match; may be given several times")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--name", options->name, "A new name for the model");
    command->add_option("-t,--threads", options->threads, "Threads; 0 = one per physical core")
        ->check(CLI::Range(0, 1024));
    command->add_flag("--requantize", options->requantize, "Allow a source that is already below eight bits");
    command->add_flag(
        "--resume", options->resume,
        "When interrupted, keep what is written in OUTPUT.part; the same command goes on from it");
    command->add_flag("--dry-run", options->dryRun, "Only show which type each tensor would get");
    command->add_flag("--json", options->json, "Report as JSON, with the error of every tensor");
    options->caller.addTo(*command);
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return quantizeAllowed(*options, environment); };
    });
}

} // namespace hearth::cli
