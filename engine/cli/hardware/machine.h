#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "engine/base/error.h"
#include "engine/hardware/measure/measurement_history.h"
#include "engine/hardware/predict/catalogue.h"
#include "engine/hardware/probe/probe.h"
#include "engine/hub/http.h"
#include "engine/workbench/data_paths.h"
#include "engine/workbench/hub/hub_settings.h"

namespace hearth::cli {

/// What the hardware subcommands know about this machine. Confined to the main thread.
struct Machine {
    workbench::DataPaths paths;
    std::vector<hardware::ProbedFolder> folders; ///< of the library and the data
    hardware::HardwareProfile profile;
};

/// Asks the machine what it is. Errors: paths.unwritable.
[[nodiscard]] Result<Machine> probeMachine(bool identifying);

/// The tokens and the proxy of `holder`, for what asks hubs.
[[nodiscard]] hub::HttpOptions hubAccess(const Machine& machine, const workbench::SecretHolder& holder);

struct Measured {
    hardware::Measurement measurement;
    std::optional<hardware::Comparison> sinceLast; ///< absent for the first one of this machine
};
struct MeasureHow {
    bool quick = false;
    std::size_t threads = 0;
    std::string download = {};           ///< an address whose speed is measured first, or ""
    workbench::SecretHolder holder = {}; ///< whose tokens are used for it
};
/// Measures with a progress line and stores the result; a history that cannot be read is left as it is, with
/// a note. Errors: as hardware::measure and hardware::measureDownload.
[[nodiscard]] Result<Measured> measureMachine(const Machine& machine, const MeasureHow& how,
                                              std::stop_token stop);
/// The last measurement of this machine, or a quick one made now; with the newest download speed.
[[nodiscard]] Result<hardware::Measurement> lastMeasurement(const Machine& machine, std::stop_token stop);

/// The built-in catalogue with the person's own; when that is malformed, without it and with a note.
[[nodiscard]] Result<hardware::Catalogue> loadCatalogue(const Machine& machine);

} // namespace hearth::cli
