#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "engine/workbench/chat.h"

namespace hearth::gui {

/// What keeps real speeds beside predicted ones, in the files of the hardware report below the data folder
/// (see workbench/run_recorder.h). For modelHostBackend().
[[nodiscard]] std::function<std::unique_ptr<workbench::RunObserver>()>
runRecords(const std::filesystem::path& dataFolder);

} // namespace hearth::gui
