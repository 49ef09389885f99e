#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/cli/input.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/workbench/data_paths.h"
#include "engine/workbench/run_recorder.h"

namespace hearth::cli {

namespace {

struct Options {
    ModelArguments model;
    GenerationArguments generation;
    std::string prompt, system;
    std::filesystem::path promptFile;
    bool chat = false, specials = false, noBos = false, stats = false;
};

/// The prompt's tokens for plain continuation: BOS where the model wants one, then the text.
Result<std::vector<text::TokenId>> promptTokens(const Options& options, const std::string& prompt,
                                                const text::Tokenizer& tokenizer) {
    using Specials = text::Tokenizer::Specials;
    HEARTH_TRY(auto ids, tokenizer.encode(prompt, options.specials ? Specials::Parse : Specials::Plain));
    const auto& known = tokenizer.specials();
    if (known.addBos && known.bos && !options.noBos)
        ids.insert(ids.begin(), *known.bos);
    if (ids.empty())
        return fail("usage.empty_prompt", "the prompt is empty and this model has no token to begin with");
    return ids;
}

Result<void> generate(const Options& options, Environment& environment) {
    HEARTH_TRY(const auto params, options.generation.resolve());
    std::string prompt = options.prompt;
    if (!options.promptFile.empty()) {
        HEARTH_TRY(prompt, readInput(options.promptFile));
    }
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const auto engine, loadEngine(options.model, work.token()));
    HEARTH_TRY(const auto session, runtime::Session::create(engine.model));
    HEARTH_CHECK(useDraftModel(options.generation, options.model, engine, *session, work.token()));
    HEARTH_CHECK(usePrefixCache(options.generation, engine, *session));
    // As in a chat: what really happened corrects the predictions of the hardware report.
    const auto runs = workbench::recordRuns(workbench::DataPaths::locate());
    runs->loaded(options.model.model, options.model.loadOptions(), engine.pool->size());

    const bool terminal = stdoutIsTerminal();
    const Style style = styleFor(terminal);
    const auto show = [&](const runtime::Piece& piece) {
        if (piece.kind == runtime::PieceKind::Reasoning) {
            if (terminal)
                printNow(std::string(style.dim) + printable(piece.text) + std::string(style.reset));
            return; // only the answer goes into a file or a pipe
        }
        printNow(terminal ? printable(piece.text) : piece.text);
    };
    Result<runtime::GenerationResult> result;
    if (options.chat) {
        std::vector<runtime::ChatMessage> messages;
        if (!options.system.empty())
            messages.push_back({"system", options.system});
        messages.push_back({"user", prompt});
        result = session->chat(messages, params, work.token(), show);
    } else {
        HEARTH_TRY(const auto ids, promptTokens(options, prompt, engine.model->tokenizer()));
        result = session->complete(ids, params, work.token(), show);
    }
    if (terminal)
        printNow("\n");
    if (!result)
        return tl::unexpected<Error>(std::move(result).error());
    if (options.stats)
        note(statsText(result->stats) + ", seed " + std::to_string(result->seed));
    runs->answered(result->stats);
    noteProblems(*result);
    if (result->stop == runtime::StopReason::Cancelled)
        return fail(kCancelled, "stopped");
    if (result->stop == runtime::StopReason::Loop || result->stop == runtime::StopReason::Context)
        note("hearthctl: " + stopText(result->stop));
    return {};
}

} // namespace

void addGenerate(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("generate", "Continue a prompt; only the new text goes to stdout");
    options->model.addTo(*command);
    auto* source = command->add_option_group("prompt")->require_option(1);
    source->add_option("-p,--prompt", options->prompt, "The prompt");
    source->add_option("--prompt-file", options->promptFile,
                       "A file with the prompt; - is the standard input");
    options->generation.addTo(*command);
    auto* chat = command->add_flag("--chat", options->chat, "Put the prompt into the model's chat template");
    command->add_option("--system", options->system, "A system prompt")->needs(chat);
    command->add_flag("--special", options->specials, "Recognise special tokens written in the prompt");
    command->add_flag("--no-bos", options->noBos, "Do not begin with the beginning-of-text token");
    command->add_flag("--stats", options->stats, "Print counts and speed to stderr afterwards");
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return generate(*options, environment); };
    });
}

} // namespace hearth::cli
