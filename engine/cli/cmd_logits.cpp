#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/base/atomic_file.h"
#include "engine/cli/arguments.h"
#include "engine/cli/commands.h"
#include "engine/cli/input.h"
#include "engine/cli/interrupt.h"

namespace hearth::cli {

namespace {

struct Options {
    ModelArguments model;
    std::string tokens;
    std::filesystem::path out;
    std::size_t batch = 512;
};

Result<void> logits(const Options& options, Environment& environment) {
    HEARTH_TRY(const auto tokens, parseTokens(options.tokens));
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const auto engine, loadEngine(options.model, work.token()));
    HEARTH_CHECK(checkTokens(tokens, engine.model->config().vocabulary));
    HEARTH_TRY(const auto session, runtime::Session::create(engine.model));
    HEARTH_TRY(const auto values, session->logits(tokens, options.batch));
    HEARTH_TRY(auto file, AtomicFile::create(options.out, FileAccess::Umask));
    HEARTH_CHECK(file.write(std::as_bytes(std::span(values))));
    return file.commit();
}

} // namespace

void addLogits(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "logits", "Logits after every token, as little-endian float32 [tokens, vocabulary]");
    options->model.addTo(*command);
    command->add_option("--tokens", options->tokens, "The ids, as 1,2,3")->required();
    command->add_option("--out", options->out, "The file to write")->required();
    command->add_option("--batch", options->batch, "Tokens evaluated together")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str();
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return logits(*options, environment); };
    });
}

} // namespace hearth::cli
