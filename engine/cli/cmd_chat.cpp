#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/cli/arguments.h"
#include "engine/cli/chat_loop.h"
#include "engine/cli/commands.h"
#include "engine/cli/interrupt.h"

namespace hearth::cli {

namespace {

struct Options {
    ModelArguments model;
    GenerationArguments generation;
    std::string system;
    bool stats = false;
};

Result<void> chat(const Options& options, Environment& environment) {
    HEARTH_TRY(auto params, options.generation.resolve());
    Engine engine;
    {
        const Interrupt::Work work(environment.interrupt);
        HEARTH_TRY(engine, loadEngine(options.model, work.token()));
    }
    HEARTH_TRY(const auto session, runtime::Session::create(engine.model));
    ChatLoop loop(engine, *session, std::move(params), options.system, options.stats);
    return loop.run(environment.interrupt);
}

} // namespace

void addChat(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    // A long talk should go on: in a chat the oldest turns make room.
    options->generation.contextPolicy = "drop-oldest";
    auto* command = app.add_subcommand("chat", "Talk with a model; /help inside lists the commands");
    options->model.addTo(*command);
    options->generation.addTo(*command);
    command->add_option("--system", options->system, "The system prompt");
    command->add_flag("--stats", options->stats,
                      "Print counts and speed to stderr after each answer, also when piped");
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return chat(*options, environment); };
    });
}

} // namespace hearth::cli
