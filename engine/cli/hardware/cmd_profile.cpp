#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/rate_text.h"
#include "engine/cli/accounts/hub_secrets.h"
#include "engine/cli/accounts/model_gate.h"
#include "engine/cli/commands.h"
#include "engine/cli/error_text.h"
#include "engine/cli/hardware/machine.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/hardware/pdf/pdf_report.h"
#include "engine/hardware/probe/environment.h"
#include "engine/hardware/report/report.h"
#include "engine/hardware/report/signed_report.h"
#include "engine/security/crypto/signature.h"

namespace hearth::cli {

namespace {

using hardware::ReportFormat;

struct Options {
    std::filesystem::path json, html, pdf, markdown;
    std::string language = "en", download;
    std::size_t threads = 0, context = 0;
    bool quick = false, identifying = false, noEnvironment = false;
    ModelCaller caller;
};

Result<void> writeSigned(const std::filesystem::path& file, std::string text, ReportFormat format,
                         const security::SigningKey& key) {
    HEARTH_TRY(const std::string whole, hardware::signReport(std::move(text), format, key));
    if (file == "-") {
        print(whole);
        return {};
    }
    HEARTH_TRY(AtomicFile out, AtomicFile::create(file));
    HEARTH_CHECK(out.write(whole));
    HEARTH_CHECK(out.commit());
    note("wrote " + file.string());
    return {};
}

Result<void> writeReports(const Options& options, const Machine& machine,
                          const nlohmann::ordered_json& report) {
    const auto language =
        options.language == "zh" ? hardware::Language::Chinese : hardware::Language::English;
    HEARTH_TRY(const auto key, security::SigningKey::loadOrCreate(machine.paths.reportKeyFile()));
    if (!options.json.empty())
        HEARTH_CHECK(writeSigned(options.json,
                                 report.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
                                 ReportFormat::Json, key));
    if (!options.html.empty())
        HEARTH_CHECK(
            writeSigned(options.html, hardware::htmlReport(report, language), ReportFormat::Html, key));
    if (!options.markdown.empty())
        HEARTH_CHECK(writeSigned(options.markdown, hardware::markdownReport(report, language),
                                 ReportFormat::Markdown, key));
    if (!options.pdf.empty()) {
        HEARTH_TRY(std::string pdf, hardware::pdfReport(report, language));
        HEARTH_CHECK(writeSigned(options.pdf, std::move(pdf), ReportFormat::Pdf, key));
    }
    return {};
}

std::string number(double value, int digits) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

/// Share of processor time of other programs from which on figures say little about the machine.
constexpr double kBusy = 0.2;

void printSummary(const hardware::ReportContent& content) {
    const auto& p = content.profile;
    const auto& m = *content.measurement;
    print(p.cpu.model.valueOr("unknown processor") + ", " + std::to_string(p.cpu.usableCores) +
          " cores usable, " + std::string(kernels::isaName(m.isa)) + "\n");
    print("memory       " + bytesText(p.memory.totalBytes.valueOr(0)) + ", free " +
          bytesText(p.memory.availableBytes.valueOr(0)) + ", read at " + number(m.readBandwidth() / 1e9, 1) +
          " GB/s\n");
    for (const auto& gpu : p.gpus)
        if (gpu.kind != hardware::GpuInfo::Kind::Software)
            print("graphics     " + gpu.name + ", " + bytesText(gpu.memoryBytes.valueOr(0)) + "\n");
    for (const auto& disk : m.disks)
        print("disk         " + disk.role + ": " + number(disk.sequentialBytesPerSecond / 1e6, 0) +
              " MB/s in sequence, " + number(disk.randomBytesPerSecond / 1e6, 1) + " MB/s at random\n");
    if (m.downloadBytesPerSecond)
        print("download     " + number(*m.downloadBytesPerSecond / 1e6, 1) + " MB/s\n");
    for (const auto& item : p.environment)
        if (item.needed && item.verdict != hardware::Verdict::Fine)
            print("check        " + item.name + ": " + std::string(hardware::verdictName(item.verdict)) +
                  (item.advice ? ". " + hardware::adviceText(*item.advice) : "") + "\n");
    if (m.conditions.otherShare.value_or(0) > kBusy)
        print("busy         other programs used " + number(100 * *m.conditions.otherShare, 0) +
              " % of the processor meanwhile; the figures are too low\n");
    if (content.sinceLast)
        for (const auto& cause : content.sinceLast->causes)
            print("slower       " + hardware::causeText(cause) + "\n");
    hardware::Purpose last{};
    bool first = true;
    for (const auto& [purpose, row] : content.recommendations) {
        if (!first && purpose == last)
            continue; // the best of each; reports have more
        first = false;
        last = purpose;
        print("recommended  " + std::string(hardware::purposeName(purpose)) + ": " + row.entry->name + " " +
              row.prediction.quantisation + ", " + bytesText(row.prediction.memoryBytes) + ", " +
              rateText(row.prediction.decodeTps) + " tokens/s\n");
    }
}

Result<void> profile(const Options& options, workbench::SecretHolder holder, Environment& environment) {
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(Machine machine, probeMachine(options.identifying));
    if (!options.noEnvironment)
        machine.profile.environment = hardware::checkEnvironment(machine.profile, {}, work.token());
    HEARTH_TRY(Measured measured,
               measureMachine(machine, {options.quick, options.threads, options.download, std::move(holder)},
                              work.token()));
    HEARTH_TRY(const hardware::Catalogue catalogue, loadCatalogue(machine));
    hardware::RunHistory runs;
    if (auto stored = hardware::RunHistory::open(machine.paths.runsFile()))
        runs = std::move(*stored);
    HEARTH_TRY(hardware::ReportContent content,
               hardware::assemble(machine.profile, measured.measurement, catalogue, runs,
                                  {.context = options.context}));
    content.sinceLast = std::move(measured.sinceLast);
    HEARTH_CHECK(writeReports(options, machine, hardware::reportJson(content)));
    if (options.json != "-" && options.html != "-" && options.markdown != "-" && options.pdf != "-")
        printSummary(content);
    return {};
}

Result<void> profileAllowed(const Options& options, Environment& environment) {
    ModelGate gate(options.caller);
    return gate.run(security::Action::Create, workbench::Target::of(security::Resource::Report),
                    [&]() -> Result<void> {
                        HEARTH_TRY(auto holder, hubSecretsOf(gate));
                        return profile(options, std::move(holder), environment);
                    });
}

} // namespace

void addProfile(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("profile", "Measure this machine and report what it can run (about 20 seconds)");
    command->add_flag("--quick", options->quick, "Measure the common weight types only, about 4 seconds");
    command->add_option("--json", options->json, "Write the report as JSON; - = standard output");
    command->add_option("--html", options->html, "Write it as one HTML file");
    command->add_option("--pdf", options->pdf, "Write it as PDF");
    command->add_option("--markdown", options->markdown, "Write it as Markdown");
    command->add_option("--language", options->language, "Language of HTML, PDF and Markdown")
        ->check(CLI::IsMember({"en", "zh"}))
        ->capture_default_str();
    command->add_option("-t,--threads", options->threads, "Most threads; 0 = one per usable core");
    command->add_option("-c,--context", options->context, "Positions that models are judged with; 0 = 8192");
    command->add_option("--download", options->download,
                        "Measure the download from this address too (at most 64 MB in 6 seconds)");
    command->add_flag("--identifying", options->identifying,
                      "Put serial numbers, MAC addresses, host and user name into the report");
    command->add_flag("--no-environment", options->noEnvironment,
                      "Leave out the check of installed software");
    options->caller.addTo(*command);
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return profileAllowed(*options, environment); };
    });
}

} // namespace hearth::cli
