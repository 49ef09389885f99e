#include "gui/bridge/run_records.h"

#include "engine/workbench/run_recorder.h"

namespace hearth::gui {

std::function<std::unique_ptr<workbench::RunObserver>()> runRecords(const std::filesystem::path& dataFolder) {
    workbench::DataPaths paths;
    paths.data = dataFolder;
    return [paths] { return workbench::recordRuns(paths); };
}

} // namespace hearth::gui
