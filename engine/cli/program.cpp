#include "engine/cli/program.h"

#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "engine/base/log.h"
#include "engine/cli/commands.h"
#include "engine/cli/exit_codes.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/cli/version.h"

namespace hearth::cli {

namespace {

void installLog(bool verbose) {
    auto logger = spdlog::stderr_color_mt("hearthctl");
    logger->set_level(verbose ? spdlog::level::debug : spdlog::level::warn);
    logger->set_pattern("%^%l%$ %v");
    setLogSink([logger](LogLevel level, std::string_view area, std::string_view text) {
        constexpr std::array kLevels{spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                     spdlog::level::err};
        logger->log(kLevels[static_cast<std::size_t>(level)], "{}: {}", area, text);
    });
}

/// One subcommand at a time, with a usage error (exit code 2) for anything else.
void describe(CLI::App& app, Command& chosen, bool& verbose) {
    app.set_version_flag("--version", "hearthctl " HEARTH_VERSION);
    app.add_flag("-v,--verbose", verbose, "Show what happens in more detail, on stderr");
    app.require_subcommand(1);
    app.fallthrough(); // --verbose may follow the subcommand
    app.footer(exitCodeHelp());
    addChat(app, chosen);
    addGenerate(app, chosen);
    addServe(app, chosen);
    addInspect(app, chosen);
    addModels(app, chosen);
    addPull(app, chosen);
    addHub(app, chosen);
    addProfile(app, chosen);
    addFit(app, chosen);
    addReport(app, chosen);
    addBench(app, chosen);
    addTokenize(app, chosen);
    addDetokenize(app, chosen);
    addRenderTemplate(app, chosen);
    addLogits(app, chosen);
    addSynthesize(app, chosen);
    addTrain(app, chosen);
    addQuantize(app, chosen);
    addImatrix(app, chosen);
    addPerplexity(app, chosen);
    addConvert(app, chosen);
    addSplit(app, chosen);
    addMerge(app, chosen);
    addEvaluate(app, chosen);
    addUser(app, chosen);
    addAudit(app, chosen);
    addPrivacy(app, chosen);
    addBackup(app, chosen);
    addSeal(app, chosen);
}

} // namespace

int run(int argc, char** argv) {
    Interrupt interrupt;
    CLI::App app("Run large language models on this machine.", "hearthctl");
    Command chosen;
    bool verbose = false;
    describe(app, chosen, verbose);
    try {
        app.parse(argc, argv);
    } catch (const CLI::RequiredError& error) {
        // CLI11 asks for a subcommand before it looks at words that it does not know.
        if (const auto unknown = app.remaining(); app.get_subcommands().empty() && !unknown.empty())
            std::cerr << "There is no command \"" << unknown.front()
                      << "\".\nRun with --help for the commands.\n";
        else
            app.exit(error, std::cout, std::cerr);
        return static_cast<int>(ExitCode::Usage);
    } catch (const CLI::ParseError& error) {
        // Help and version are "errors" of code 0, printed to stdout.
        const int code = app.exit(error, std::cout, std::cerr);
        return code == 0 ? 0 : static_cast<int>(ExitCode::Usage);
    }
    installLog(verbose);
    Environment environment{interrupt};
    auto result = chosen(environment);
    if (result)
        result = finishOutput();
    return static_cast<int>(result ? ExitCode::Ok : report(result.error()));
}

} // namespace hearth::cli
