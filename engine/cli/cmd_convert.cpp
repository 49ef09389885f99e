// hearthctl convert, split and merge: models from one form of files into another.

#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/base/thread_pool.h"
#include "engine/cli/accounts/model_gate.h"
#include "engine/cli/commands.h"
#include "engine/cli/error_text.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/sizes.h"
#include "engine/cli/terminal.h"
#include "engine/optimize/convert/convert.h"
#include "engine/optimize/convert/split.h"

namespace hearth::cli {

namespace {

struct Options {
    std::filesystem::path source, target;
    std::string type = "F16", name, size;
    std::size_t threads = 0;
    bool json = false, resume = false;
    ModelCaller caller;
};

Result<void> convert(const Options& options, Environment& environment) {
    const auto type = dtypeFromName(options.type);
    if (!type)
        return fail("usage.bad_type", "there is no weight type named " + options.type);
    const Interrupt::Work work(environment.interrupt);
    ThreadPool pool(options.threads);
    const auto unfinished = options.resume ? optimize::Unfinished::Keep : optimize::Unfinished::Discard;
    const auto report =
        optimize::convertFolder(options.source, options.target, {*type, options.name, unfinished}, pool,
                                work.token(), timedProgressLine("converting"));
    clearProgressLine();
    HEARTH_CHECK(report);
    if (options.json) {
        const nlohmann::ordered_json out{{"file", options.target.string()},
                                         {"architecture", report->architecture},
                                         {"tokenizer", report->tokenizer},
                                         {"tensors", report->tensors},
                                         {"parameters", report->parameters},
                                         {"bytes", report->bytes},
                                         {"chat_template", report->hasTemplate},
                                         {"left_out", report->leftOut},
                                         {"seconds", report->seconds}};
        print(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
        return {};
    }
    note("wrote " + options.target.string() + ": " + report->architecture + ", " +
         std::to_string(report->tensors) + " tensors, " + bytesText(report->bytes) + ", tokeniser " +
         report->tokenizer + ", in " + durationText(report->seconds));
    if (report->resumedTensors)
        note("went on after " + std::to_string(report->resumedTensors) + " tensors of an interrupted run");
    if (!report->hasTemplate)
        note("the folder has no chat template");
    if (!report->leftOut.empty())
        note("left out " + std::to_string(report->leftOut.size()) +
             " tensors of another part of the model, for example " + report->leftOut.front());
    return {};
}

Result<void> split(const Options& options, Environment& environment) {
    HEARTH_TRY(const auto bytes, parseSize(options.size));
    const Interrupt::Work work(environment.interrupt);
    const auto parts = optimize::splitFile(options.source, options.target, bytes, work.token(),
                                           timedProgressLine("splitting"));
    clearProgressLine();
    HEARTH_CHECK(parts);
    for (const auto& part : *parts)
        print(part.string() + "\n");
    return {};
}

Result<void> merge(const Options& options, Environment& environment) {
    const Interrupt::Work work(environment.interrupt);
    const auto done =
        optimize::mergeFile(options.source, options.target, work.token(), timedProgressLine("merging"));
    clearProgressLine();
    HEARTH_CHECK(done);
    note("wrote " + options.target.string());
    return {};
}

using Run = Result<void> (*)(const Options&, Environment&);
enum class Source { Folder, Model };

void choose(CLI::App& command, const std::shared_ptr<Options>& options, Command& chosen, Source source,
            Run run) {
    options->caller.addTo(command);
    command.callback([options, source, run, &chosen] {
        chosen = [options, source, run](Environment& environment) {
            return ModelGate(options->caller)
                .mayMake(options->target, source == Source::Model ? options->source : std::filesystem::path(),
                         [&] { return run(*options, environment); });
        };
    });
}

} // namespace

void addConvert(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("convert", "Make a GGUF file of a Hugging Face folder of safetensors");
    command->add_option("folder", options->source, "The folder with config.json, weights and tokeniser")
        ->required();
    command->add_option("output", options->target, "The GGUF file to write")->required();
    command->add_option("--type", options->type, "Type of the matrices: F16, BF16, F32 or Q8_0")
        ->capture_default_str();
    command->add_option("--name", options->name, "The model's name; otherwise the folder's");
    command->add_option("-t,--threads", options->threads, "Threads; 0 = one per physical core")
        ->check(CLI::Range(0, 1024));
    command->add_flag(
        "--resume", options->resume,
        "When interrupted, keep what is written in OUTPUT.part; the same command goes on from it");
    command->add_flag("--json", options->json, "Report as JSON");
    choose(*command, options, chosen, Source::Folder, convert);
}

void addSplit(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("split", "Cut a GGUF file into parts; prints their paths");
    command->add_option("input", options->source, "The GGUF file")->required();
    command->add_option("prefix", options->target, "The parts are named PREFIX-00001-of-0000N.gguf")
        ->required();
    command->add_option("--max-size", options->size, "Tensors of a part, at most, for example 2GB")
        ->required();
    choose(*command, options, chosen, Source::Model, split);
}

void addMerge(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("merge", "Make one GGUF file of the parts of a set");
    command->add_option("input", options->source, "Any part of the set")->required();
    command->add_option("output", options->target, "The GGUF file to write")->required();
    choose(*command, options, chosen, Source::Model, merge);
}

} // namespace hearth::cli
