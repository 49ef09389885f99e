// hearthctl imatrix and hearthctl perplexity: what an evaluation over a text tells about a model.

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/cli/input.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/sizes.h"
#include "engine/cli/terminal.h"
#include "engine/optimize/measure/calibrate.h"
#include "engine/optimize/measure/evaluate.h"

namespace hearth::cli {

namespace {

struct Options {
    ModelArguments model;
    std::filesystem::path text, target, reference, folder;
    optimize::TextOptions chunks;
    bool json = false, resume = false;

    void addTo(CLI::App& command) {
        command.add_option("-m,--model", model.model, "The GGUF file (any file of a split set)")->required();
        command.add_option("-t,--threads", model.threads, "Threads; 0 = one per physical core")
            ->check(CLI::Range(0, 1024));
        command.add_option("-c,--context", chunks.context, "Tokens evaluated together")
            ->check(CLI::Range(4, 1 << 20))
            ->capture_default_str();
        command.add_option("--chunks", chunks.maxChunks, "At most this many chunks of the text; 0 = all")
            ->capture_default_str();
        command.add_flag("--ignore-memory", model.ignoreMemory,
                         "Load even when the memory does not seem to suffice");
        model.caller.addTo(command);
    }
    [[nodiscard]] Result<Engine> load(const std::filesystem::path& path,
                                      const std::shared_ptr<ModelGate>& gate, std::stop_token stop) const {
        ModelArguments arguments = model;
        arguments.model = path;
        arguments.context = chunks.context;
        return loadEngine(arguments, std::move(stop), gate);
    }
};

Result<void> calibrate(const Options& options, const std::shared_ptr<ModelGate>& gate,
                       Environment& environment) {
    const Interrupt::Work work(environment.interrupt);
    std::string given;
    if (!options.text.empty()) {
        HEARTH_TRY(given, readInput(options.text));
    }
    HEARTH_TRY(const auto engine, options.load(options.model.model, gate, work.token()));
    HEARTH_TRY(const auto text,
               optimize::EvaluationText::prepare(*engine.model,
                                                 options.text.empty() ? optimize::defaultCalibrationText()
                                                                      : std::string_view(given),
                                                 options.chunks));
    optimize::CalibrationKeep keep{options.target.string() + ".part"};
    auto matrix =
        optimize::gatherImportance(*engine.model, text, work.token(), timedProgressLine("calibrating"),
                                   options.resume ? &keep : nullptr);
    clearProgressLine();
    HEARTH_CHECK(matrix);
    matrix->datasets = {options.text.empty() ? "hearth-bilingual" : options.text.filename().string()};
    HEARTH_CHECK(matrix->write(options.target));
    if (options.resume) {
        std::error_code ignored;
        std::filesystem::remove(keep.file, ignored);
    }
    std::size_t unseen = 0;
    for (const auto& [name, entry] : matrix->entries)
        for (const float count : entry.counts)
            unseen += count <= 0 ? 1 : 0;
    note("wrote " + options.target.string() + ": " + std::to_string(matrix->entries.size()) +
         " tensors from " + std::to_string(text.tokens.size()) + " tokens");
    if (keep.resumedChunks)
        note("went on after " + std::to_string(keep.resumedChunks) + " chunks of an interrupted run");
    if (unseen)
        note("warning: " + std::to_string(unseen) +
             " experts were never used by this text and stay without importance; a longer text reaches more");
    return {};
}

/// What a model is calibrated with is the work of people who may do that; their own, whoever asks for it.
Result<void> calibrateAllowed(const Options& options, Environment& environment) {
    const auto gate = std::make_shared<ModelGate>(options.model.caller);
    auto target = workbench::Target::of(security::Resource::CalibrationData);
    target.object = options.target.string();
    return gate->run(security::Action::Create, target, [&] { return calibrate(options, gate, environment); });
}

std::string number(const char* pattern, double value) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), pattern, value);
    return text.data();
}

void printEvaluation(const optimize::Evaluation& measured, const optimize::Evaluation* reference) {
    const auto line = [](const char* label, const std::string& value) {
        std::array<char, 160> text{};
        std::snprintf(text.data(), text.size(), "%-22s %s\n", label, value.c_str());
        print(text.data());
    };
    line("perplexity", number("%.4f", measured.perplexity) + number(" ± %.4f", measured.perplexityError));
    if (reference)
        line("of the reference",
             number("%.4f", reference->perplexity) + number(" ± %.4f", reference->perplexityError));
    if (const auto& d = measured.divergence) {
        line("divergence, mean", number("%.6f", d->mean) + number(" ± %.6f", d->meanError));
        line("divergence, median", number("%.6f", d->median));
        line("divergence, 99 %", number("%.6f", d->p99));
        line("divergence, largest", number("%.6f", d->max));
        line("same likeliest token", number("%.2f %%", 100 * d->sameTop));
        line("change of probability", number("%.2f %% (RMS)", 100 * d->rmsDeltaP));
    }
    line("tokens scored", std::to_string(measured.tokens) + " in " + std::to_string(measured.chunks) +
                              " chunks of " + std::to_string(measured.context));
}

void printJson(const optimize::Evaluation& measured, const optimize::Evaluation* reference) {
    nlohmann::ordered_json out{{"ppl", measured.perplexity},  {"ppl_error", measured.perplexityError},
                               {"tokens", measured.tokens},   {"chunks", measured.chunks},
                               {"context", measured.context}, {"seconds", measured.seconds}};
    if (reference) {
        out["reference_ppl"] = reference->perplexity;
        out["reference_ppl_error"] = reference->perplexityError;
    }
    if (const auto& d = measured.divergence) {
        out["kld_mean"] = d->mean;
        out["kld_mean_error"] = d->meanError;
        out["kld_median"] = d->median;
        out["kld_p99"] = d->p99;
        out["kld_max"] = d->max;
        out["same_top"] = d->sameTop;
        out["rms_delta_p"] = d->rmsDeltaP;
    }
    print(out.dump(2) + "\n");
}

/// The reference's predictions; its weights leave the memory before the other model comes.
Result<optimize::ReferencePredictions> record(const Options& options, std::string_view given,
                                              const std::shared_ptr<ModelGate>& gate, std::stop_token stop) {
    HEARTH_TRY(const auto engine, options.load(options.reference, gate, stop));
    HEARTH_TRY(const auto text, optimize::EvaluationText::prepare(*engine.model, given, options.chunks));
    auto recorded = optimize::ReferencePredictions::record(*engine.model, text, options.folder, stop,
                                                           timedProgressLine("measuring the reference"));
    clearProgressLine();
    return recorded;
}

Result<void> perplexity(const Options& options, Environment& environment) {
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const std::string given, readInput(options.text));
    const auto gate = std::make_shared<ModelGate>(options.model.caller);
    std::optional<optimize::ReferencePredictions> reference;
    if (!options.reference.empty()) {
        // What cannot be read here (a sealed file, a missing one) is told where it is loaded.
        if (const auto comparable = optimize::checkComparable(options.reference, options.model.model);
            !comparable && comparable.error().code == "measure.different_tokenizer") {
            HEARTH_CHECK(gate->mayUse(options.reference)); // nobody is told about a model that is not theirs
            HEARTH_CHECK(gate->mayUse(options.model.model));
            return comparable;
        }
        HEARTH_TRY(reference, record(options, given, gate, work.token()));
    }
    HEARTH_TRY(const auto engine, options.load(options.model.model, gate, work.token()));
    // With a reference its tokens count: a version has the same vocabulary.
    optimize::EvaluationText text;
    if (reference) {
        text = reference->text();
    } else {
        HEARTH_TRY(text, optimize::EvaluationText::prepare(*engine.model, given, options.chunks));
    }
    const auto measured = optimize::evaluate(*engine.model, text, reference ? &*reference : nullptr,
                                             work.token(), timedProgressLine("measuring"));
    clearProgressLine();
    HEARTH_CHECK(measured);
    const auto* base = reference ? &reference->evaluation() : nullptr;
    if (options.json)
        printJson(*measured, base);
    else
        printEvaluation(*measured, base);
    return {};
}

} // namespace

void addImatrix(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("imatrix", "Measure which weights matter, for hearthctl quantize --imatrix");
    options->addTo(*command);
    command->add_option(
        "--text-file", options->text,
        "A text like those the model is for; - is the standard input. Without it: a neutral text "
        "in Chinese and English");
    command->add_option("output", options->target, "The importance matrix to write, a GGUF file")->required();
    command->add_flag(
        "--resume", options->resume,
        "When interrupted, keep what is gathered in OUTPUT.part; the same command goes on from it");
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return calibrateAllowed(*options, environment); };
    });
}

void addPerplexity(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    std::error_code error;
    options->folder = std::filesystem::temp_directory_path(error);
    auto* command =
        app.add_subcommand("perplexity", "How well a model predicts a text, and how far it is from another");
    options->addTo(*command);
    command->add_option("--text-file", options->text, "The text; - is the standard input")->required();
    command->add_option("--reference", options->reference,
                        "Compare with this model, for example the one before quantising");
    command
        ->add_option(
            "--temp-folder", options->folder,
            "Where the reference's predictions lie meanwhile: 4 bytes for every token scored and token "
            "of the vocabulary")
        ->capture_default_str();
    command->add_flag("--json", options->json,
                      "Print JSON: ppl, kld_mean, kld_median, kld_p99, kld_max, same_top");
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return perplexity(*options, environment); };
    });
}

} // namespace hearth::cli
