#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "engine/cli/arguments.h"
#include "engine/cli/chat_loop.h"
#include "engine/cli/commands.h"
#include "engine/cli/input.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/workbench/data_paths.h"
#include "engine/workbench/guide.h"
#include "engine/workbench/run_recorder.h"

namespace hearth::cli {

namespace {

struct Options {
    ModelArguments model;
    GenerationArguments generation;
    std::string system, question;
    bool once = false, stats = false, temperatureGiven = false;
};

/// The question of --once, without the line end that a pipe puts after it.
Result<std::string> questionOf(const Options& options) {
    std::string question = options.question;
    if (question == "-") {
        HEARTH_TRY(question, readInput("-"));
    }
    const auto end = question.find_last_not_of(" \t\r\n");
    if (end == std::string::npos)
        return fail("usage.empty_prompt", "the question is empty");
    question.resize(end + 1);
    return question;
}

/// One question, and nothing but its answer on stdout.
Result<void> answerOnce(const Options& options, const std::string& question, runtime::Session& session,
                        const runtime::GenerationParams& params, workbench::RunObserver& runs,
                        std::stop_token stop) {
    std::vector<runtime::ChatMessage> messages;
    if (!options.system.empty())
        messages.push_back({"system", options.system});
    messages.push_back({"user", question});
    const bool terminal = stdoutIsTerminal();
    HEARTH_TRY(const auto result,
               session.chat(messages, params, std::move(stop), [&](const runtime::Piece& piece) {
                   if (piece.kind == runtime::PieceKind::Answer)
                       printNow(terminal ? printable(piece.text) : piece.text);
               }));
    printNow("\n");
    if (options.stats)
        note(statsText(result.stats));
    runs.answered(result.stats);
    noteProblems(result);
    if (result.stop == runtime::StopReason::Cancelled)
        return fail(kCancelled, "stopped");
    if (const auto text = stopText(result.stop); !text.empty())
        note("hearthctl: " + text);
    return {};
}

Result<void> chat(Options& options, Environment& environment) {
    HEARTH_TRY(auto params, options.generation.resolve());
    std::string question;
    if (options.once) { // before the model: a wrong question needs no loading
        HEARTH_TRY(question, questionOf(options));
    }
    HEARTH_CHECK(options.model.useGuideWithoutModel());
    const bool isGuide = workbench::isGuide(options.model.model);
    if (isGuide && !options.system.empty())
        return fail("usage.guide_system",
                    "the Guide takes no system prompt; name another model with --model");
    if (isGuide && !options.temperatureGiven)
        params.sampling.temperature = 0;
    Engine engine;
    std::unique_ptr<runtime::Session> session;
    {
        const Interrupt::Work work(environment.interrupt);
        HEARTH_TRY(engine, loadEngine(options.model, work.token()));
        HEARTH_TRY(session, runtime::Session::create(engine.model));
        HEARTH_CHECK(useDraftModel(options.generation, options.model, engine, *session, work.token()));
        HEARTH_CHECK(usePrefixCache(options.generation, engine, *session));
    }
    // Real answers correct the predictions of the hardware report, as those in the window do.
    const auto runs = workbench::recordRuns(workbench::DataPaths::locate());
    runs->loaded(options.model.model, options.model.loadOptions(), engine.pool->size());
    if (options.once) {
        const Interrupt::Work work(environment.interrupt);
        return answerOnce(options, question, *session, params, *runs, work.token());
    }
    ChatLoop loop(engine, *session, *runs, {std::move(params), options.system, isGuide, options.stats});
    return loop.run(environment.interrupt);
}

} // namespace

void addChat(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    // A long talk should go on: in a chat the oldest turns make room.
    options->generation.contextPolicy = "drop-oldest";
    auto* command = app.add_subcommand("chat", "Talk with a model; /help inside lists the commands");
    options->model.addTo(*command, ModelArguments::Choice::GuideByDefault);
    options->generation.addTo(*command);
    command->add_option("--system", options->system, "The system prompt");
    auto* once =
        command->add_option("--once", options->question,
                            "Answer this one question, print the answer alone and leave; - reads the "
                            "question from the standard input");
    command->add_flag("--stats", options->stats,
                      "Print counts and speed to stderr after each answer, also when piped");
    const auto* temperature = command->get_option("--temperature");
    command->callback([options, once, temperature, &chosen] {
        options->once = once->count() > 0;
        options->temperatureGiven = temperature->count() > 0;
        chosen = [options](Environment& environment) { return chat(*options, environment); };
    });
}

} // namespace hearth::cli
