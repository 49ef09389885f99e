#include "engine/cli/hardware/machine.h"

#include "engine/cli/error_text.h"
#include "engine/cli/terminal.h"
#include "engine/cli/version.h"
#include "engine/hardware/measure/measure.h"
#include "engine/hardware/online/download_speed.h"
#include "engine/workbench/hub/hub_settings.h"
#include "engine/workbench/settings.h"

namespace hearth::cli {

namespace {

std::string fingerprintOf(const Machine& machine) {
    return hardware::machineFingerprint(machine.profile);
}

/// The stored measurements, or nothing with a note when the file is damaged.
std::optional<hardware::MeasurementHistory> historyOf(const Machine& machine) {
    auto history = hardware::MeasurementHistory::open(machine.paths.measurementsFile());
    if (history)
        return std::move(*history);
    note("measurements are not stored: " + errorText(history.error()));
    return std::nullopt;
}

} // namespace

Result<Machine> probeMachine(bool identifying) {
    Machine machine;
    HEARTH_TRY(machine.paths, workbench::DataPaths::prepare());
    const auto settings = workbench::SettingsFile(machine.paths.settingsFile()).load().settings;
    machine.folders = hardware::usualFolders(settings.modelFolders, machine.paths.data);
    hardware::ProbeOptions options;
    options.folders = machine.folders;
    options.identifying = identifying;
    machine.profile = hardware::probe(options);
    return machine;
}

hub::HttpOptions hubAccess(const Machine& machine, const workbench::SecretHolder& holder) {
    const auto loaded =
        workbench::HubSettingsFile(machine.paths.hubSettingsFile(), machine.paths.hubKeyFile(), holder)
            .load();
    for (const auto& problem : loaded.problems)
        note(errorText(problem));
    return loaded.settings.http("hearth/" HEARTH_VERSION);
}

Result<Measured> measureMachine(const Machine& machine, const MeasureHow& how, std::stop_token stop) {
    std::optional<double> downloadSpeed;
    if (!how.download.empty()) {
        auto speed = hardware::measureDownload(how.download, {.http = hubAccess(machine, how.holder)}, stop,
                                               progressLine("downloading"));
        clearProgressLine();
        HEARTH_TRY(downloadSpeed, std::move(speed));
    }
    hardware::MeasureOptions options{.quick = how.quick,
                                     .threads = how.threads,
                                     .folders = hardware::oneADisk(machine.folders, machine.profile),
                                     .fingerprint = fingerprintOf(machine),
                                     .version = HEARTH_VERSION};
    auto measured = hardware::measure(options, std::move(stop), progressLine("measuring"));
    clearProgressLine();
    if (!measured)
        return tl::unexpected<Error>(std::move(measured).error());
    Measured out{std::move(*measured), std::nullopt};
    out.measurement.downloadBytesPerSecond = downloadSpeed;
    if (auto history = historyOf(machine)) {
        if (const auto* last = history->last(options.fingerprint))
            out.sinceLast = hardware::compare(*last, out.measurement);
        if (const auto stored = history->append(out.measurement); !stored)
            note("the measurement is not stored: " + errorText(stored.error()));
    }
    return out;
}

Result<hardware::Measurement> lastMeasurement(const Machine& machine, std::stop_token stop) {
    if (const auto history = hardware::MeasurementHistory::open(machine.paths.measurementsFile()))
        if (const auto* last = history->last(fingerprintOf(machine))) {
            hardware::Measurement found = *last;
            found.downloadBytesPerSecond = history->lastDownload(found.fingerprint);
            return found;
        }
    note("this machine was not measured yet; measuring for a few seconds (\"hearthctl profile\" does it in "
         "full)");
    HEARTH_TRY(Measured now, measureMachine(machine, {.quick = true}, std::move(stop)));
    return std::move(now.measurement);
}

Result<hardware::Catalogue> loadCatalogue(const Machine& machine) {
    auto catalogue = hardware::Catalogue::load(machine.paths.catalogueFile());
    if (catalogue)
        return catalogue;
    note(machine.paths.catalogueFile().string() + " is left out: " + errorText(catalogue.error()));
    return hardware::Catalogue::load();
}

} // namespace hearth::cli
