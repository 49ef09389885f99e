#include "gui/bridge/run_records.h"

#include "engine/hardware/probe/probe.h"
#include "engine/workbench/run_recorder.h"

namespace hearth::gui {

std::function<std::unique_ptr<workbench::RunObserver>()> runRecords(const std::filesystem::path& dataFolder) {
    return [dataFolder] {
        return workbench::recordRuns(dataFolder / "measurements.json", dataFolder / "runs.json",
                                     [] { return hardware::machineFingerprint(hardware::probe({})); });
    };
}

} // namespace hearth::gui
