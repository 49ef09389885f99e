#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/base/rate_text.h"
#include "engine/cli/accounts/hub_secrets.h"
#include "engine/cli/accounts/model_gate.h"
#include "engine/cli/commands.h"
#include "engine/cli/error_text.h"
#include "engine/cli/hardware/machine.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/hardware/online/hub_model.h"
#include "engine/hardware/predict/feedback.h"
#include "engine/hardware/predict/predict.h"
#include "engine/hardware/report/report.h"

namespace hearth::cli {

namespace {

constexpr const char* kUsualType = "Q4_K_M";

struct Options {
    std::string model; ///< a path or an address
    std::filesystem::path updateFrom;
    std::string catalogue, type, kv = "f16";
    std::size_t context = 0, depth = 0, threads = 0, prompt = 512;
    bool json = false, list = false;
    ModelCaller caller;
};

/// Of the file itself, here or on a hub.
Result<hardware::ModelShape> shapeOfModel(const std::string& model, const Machine& machine,
                                          const workbench::SecretHolder& holder, std::stop_token stop) {
    if (hardware::isWebAddress(model))
        return hardware::hubModelShape(model, hubAccess(machine, holder), std::move(stop));
    HEARTH_TRY(const auto file, format::GgufFile::open(model));
    return hardware::shapeOf(file);
}

Result<hardware::ModelShape> shapeFor(const Options& options, const Machine& machine,
                                      const workbench::SecretHolder& holder, std::stop_token stop) {
    if (!options.model.empty()) {
        HEARTH_TRY(hardware::ModelShape shape, shapeOfModel(options.model, machine, holder, std::move(stop)));
        if (options.type.empty())
            return shape;
        return hardware::quantised(shape, options.type);
    }
    HEARTH_TRY(const hardware::Catalogue catalogue, loadCatalogue(machine));
    const auto* entry = catalogue.find(options.catalogue);
    if (!entry)
        return tl::unexpected<Error>(
            Error{"usage.unknown_model", "the catalogue has no model \"" + options.catalogue +
                                             "\"; \"hearthctl fit --list\" shows all"}
                .with("model", options.catalogue));
    return hardware::quantised(entry->shape, options.type.empty() ? kUsualType : options.type);
}

Result<void> printList(const Machine& machine) {
    HEARTH_TRY(const hardware::Catalogue catalogue, loadCatalogue(machine));
    for (const auto& entry : catalogue.entries())
        print(entry.shape.id + "\t" + entry.name + "\t" + entry.licence + "\t" + entry.hub + "\n");
    return {};
}

std::string number(double value, int digits) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

void printText(const hardware::Prediction& p) {
    print(p.model + " " + p.quantisation + ": " + std::string(hardware::fitName(p.fit)) + "\n" +
          hardware::reasonText(p.reason) + "\n\n");
    for (const auto& term : p.memory)
        print("  " + bytesText(static_cast<std::uint64_t>(term.amount)) + "  " + term.name + ": " +
              term.formula + "\n");
    print("= " + bytesText(p.memoryBytes) + " of memory for " + std::to_string(p.context) + " positions\n\n");
    print("generation  " + rateText(p.decodeTps) + " tokens/s after " + std::to_string(p.depth) +
          " tokens\n");
    print("prompts     " + rateText(p.prefillTps) + " tokens/s, first token after " +
          number(p.firstTokenSeconds, 1) + " s\n");
    if (p.loadSeconds)
        print("loading     " + number(*p.loadSeconds, 1) + " s for " + bytesText(p.fileBytes) + "\n");
    if (p.downloadSeconds)
        print("download    " + number(*p.downloadSeconds, 0) + " s\n");
    if (p.correction.runs > 0 && p.correction.decode != 1)
        print("corrected   x " + number(p.correction.decode, 2) + " by " + std::to_string(p.correction.runs) +
              " real answers on this machine\n");
    if (p.estimated)
        print("Some weight types were not measured; their speed is that of similar ones.\n");
}

Result<void> fit(const Options& options, const workbench::SecretHolder& holder, Environment& environment) {
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const Machine machine, probeMachine(false));
    if (!options.updateFrom.empty()) {
        HEARTH_TRY(const std::size_t models,
                   hardware::Catalogue::install(options.updateFrom, machine.paths.catalogueFile()));
        note("the catalogue was updated with " + std::to_string(models) + " models");
        if (options.model.empty() && options.catalogue.empty() && !options.list)
            return {};
    }
    if (options.list)
        return printList(machine);
    if (options.model.empty() == options.catalogue.empty())
        return fail("usage.no_model", "give either --model or --catalogue");
    HEARTH_TRY(const hardware::ModelShape shape, shapeFor(options, machine, holder, work.token()));
    HEARTH_TRY(const hardware::Measurement measurement, lastMeasurement(machine, work.token()));
    hardware::Predictor predictor(measurement, {machine.profile.memory.availableBytes.valueOr(0),
                                                machine.profile.memory.totalBytes.valueOr(0)});
    if (const auto runs = hardware::RunHistory::open(machine.paths.runsFile()))
        predictor.correct(runs->correction(measurement.fingerprint));
    HEARTH_TRY(const hardware::Prediction prediction,
               predictor.predict(
                   shape, {.context = options.context,
                           .depth = options.depth,
                           .threads = options.threads,
                           .prompt = options.prompt,
                           .kvType = options.kv == "q8_0" ? kernels::KvType::Q8_0 : kernels::KvType::F16}));
    const auto gpu = hardware::offloadHere(prediction, machine.profile);
    if (options.json) {
        auto json = hardware::toJson(prediction);
        if (gpu)
            json["gpu_estimate"] = hardware::toJson(*gpu);
        print(json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
        return {};
    }
    printText(prediction);
    if (gpu)
        print("with " + gpu->gpu + "  " + rateText(gpu->decodeTps) + " tokens/s, " +
              number(100 * gpu->share, 0) + " % of the weights on it (estimated, not measured)\n");
    return {};
}

/// Nobody needs to sign in; who does asks hubs with their own tokens.
Result<void> fitFor(const Options& options, Environment& environment) {
    if (options.caller.as.empty() && options.caller.tokenFile.empty())
        return fit(options, {}, environment);
    ModelGate gate(options.caller);
    return gate.run(security::Action::View, workbench::Target::of(security::Resource::Model),
                    [&]() -> Result<void> {
                        HEARTH_TRY(const auto holder, hubSecretsOf(gate));
                        return fit(options, holder, environment);
                    });
}

} // namespace

void addFit(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("fit", "Say what a model needs on this machine and how fast it would be");
    command->add_option("-m,--model", options->model,
                        "A GGUF file, or the https:// address of one on a hub; only the header is read");
    command->add_option("--catalogue", options->catalogue, "A model of the catalogue, by its id or hub id");
    command->add_option("--update-catalogue", options->updateFrom,
                        "Take models from this file into the catalogue from now on");
    command->add_flag("--list", options->list, "List the catalogue");
    command->add_option("--type", options->type,
                        "Weight type or mix, for example Q8_0 (default: the file's, or Q4_K_M)");
    command->add_option("-c,--context", options->context, "Positions; 0 = the model's, at most 8192");
    command->add_option("-d,--depth", options->depth,
                        "Tokens in the context when speeds are meant; 0 = a quarter of it");
    command->add_option("--prompt", options->prompt, "Tokens of the prompt for the time to the first token")
        ->capture_default_str();
    command->add_option("-t,--threads", options->threads, "Threads; 0 = as measured");
    command->add_option("--kv", options->kv, "Type of the KV cache")
        ->check(CLI::IsMember({"f16", "q8_0"}))
        ->capture_default_str();
    command->add_flag("--json", options->json, "Print JSON");
    options->caller.addTo(*command);
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return fitFor(*options, environment); };
    });
}

} // namespace hearth::cli
