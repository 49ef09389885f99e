#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/base/rate_text.h"
#include "engine/cli/accounts/model_gate.h"
#include "engine/cli/commands.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/sizes.h"
#include "engine/cli/terminal.h"
#include "engine/optimize/train/trainer.h"

namespace hearth::cli {

namespace {

struct Options {
    std::filesystem::path recipe;
    std::size_t threads = 0;
    bool resume = false;
    ModelCaller caller;
};

template <class... Values>
std::string format(const char* pattern, Values... values) {
    char text[256];
    std::snprintf(text, sizeof text, pattern, values...);
    return text;
}

void show(const optimize::TrainEvent& event) {
    using Kind = optimize::TrainEvent::Kind;
    const auto step = static_cast<unsigned long long>(event.step);
    const auto steps = static_cast<unsigned long long>(event.steps);
    switch (event.kind) {
    case Kind::Prepared:
        for (const auto& [path, bad] : event.badLines)
            note(path.string() + ", line " + std::to_string(bad.line) + " left out: " + bad.reason);
        note(event.text + (event.step ? "; going on after step " + std::to_string(event.step) : ""));
        break;
    case Kind::Step:
        if (event.step % 10 == 0 || event.step == 1 || event.step == event.steps)
            note(format("step %llu/%llu  loss %.4f  rate %.2e  |g| %.2f  %s tokens/s  %s left", step, steps,
                        event.loss, event.learningRate, event.gradientNorm,
                        rateText(event.tokensPerSecond).c_str(), durationText(event.etaSeconds).c_str()));
        break;
    case Kind::Evaluated:
        note(format("step %llu  held-out loss %.4f", step, event.loss));
        break;
    case Kind::Sample:
        note("sample: " + event.text);
        break;
    case Kind::Checkpoint:
        note(format("step %llu  checkpoint written", step));
        break;
    }
}

Result<void> trainModel(const Options& options, Environment& environment) {
    HEARTH_TRY(const auto recipe, optimize::Recipe::read(options.recipe));
    ThreadPool pool(options.threads);
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const auto outcome, optimize::train(recipe, options.resume, pool, work.token(), show));
    note(format("trained %llu parameters in %s, final loss %.4f, held-out loss %.4f",
                static_cast<unsigned long long>(outcome.parameters), durationText(outcome.seconds).c_str(),
                outcome.finalLoss, outcome.validationLoss));
    for (const auto& file : outcome.files)
        print(file.string() + "\n");
    return {};
}

Result<void> trainAllowed(const Options& options, Environment& environment) {
    ModelGate gate(options.caller);
    auto target = workbench::Target::of(security::Resource::TrainingJob);
    target.object = options.recipe.string();
    return gate.run(security::Action::Create, target, [&] { return trainModel(options, environment); });
}

} // namespace

void addTrain(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("train", "Train a small model from a recipe; prints the files written");
    command->add_option("--recipe", options->recipe, "The recipe, a JSON file (see the manual, \"Training\")")
        ->required();
    command->add_flag("--resume", options->resume, "Go on from the last checkpoint, if there is one");
    command->add_option("--threads", options->threads, "Threads; 0 = one per usable core")
        ->capture_default_str();
    options->caller.addTo(*command);
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return trainAllowed(*options, environment); };
    });
}

} // namespace hearth::cli
