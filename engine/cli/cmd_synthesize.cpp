#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/cli/accounts/model_gate.h"
#include "engine/cli/commands.h"
#include "engine/cli/error_text.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/format/gguf/synthetic_model.h"

namespace hearth::cli {

namespace {

struct Options {
    std::string shape, type;
    std::filesystem::path out;
    std::uint64_t seed = 1;
    ModelCaller caller;
};

Result<void> synthesize(const Options& options, Environment& environment) {
    const auto* shape = format::findSyntheticShape(options.shape);
    if (!shape)
        return fail("usage.unknown_shape", "there is no shape named " + options.shape);
    const Interrupt::Work work(environment.interrupt);
    const auto written =
        format::writeSyntheticModel(*shape, options.type, options.out, options.seed, work.token(),
                                    progressLine("writing " + options.out.filename().string()));
    clearProgressLine();
    HEARTH_CHECK(written);
    std::error_code ignored;
    note("wrote " + options.out.string() + " (" +
         bytesText(std::filesystem::file_size(options.out, ignored)) + ")");
    return {};
}

} // namespace

void addSynthesize(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("synthesize", "Write a model with random weights, for measuring speed");
    std::string shapes;
    for (const auto& shape : format::syntheticShapes())
        shapes += (shapes.empty() ? "" : ", ") + std::string(shape.name);
    command->add_option("--shape", options->shape, "Dimensions: " + shapes)->required();
    command->add_option("--type", options->type, "Weight type or mix, for example Q4_0 or Q4_K_M")
        ->required();
    command->add_option("--out", options->out, "The GGUF file to write")->required();
    command->add_option("--seed", options->seed, "Decides the random weights")->capture_default_str();
    options->caller.addTo(*command);
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) {
            return ModelGate(options->caller).mayMake(options->out, {}, [&] {
                return synthesize(*options, environment);
            });
        };
    });
}

} // namespace hearth::cli
