#pragma once

#include <string>

#include "engine/base/error.h"
#include "engine/workbench/library/library.h"

namespace hearth::cli {

/// What a person named: a model ("3", "Qwen3-4B", a path) and a version of it (its label, or "#12").
/// Inside of cli/models.

/// Errors: usage.unknown_model (arg name), usage.ambiguous_model.
[[nodiscard]] Result<workbench::LibraryModel> chooseModel(workbench::Library& library,
                                                          const std::string& name);
/// "" = the default one. Errors: usage.unknown_version (args name, known).
[[nodiscard]] Result<workbench::LibraryVersion> chooseVersion(const workbench::LibraryModel& model,
                                                              const std::string& name);

} // namespace hearth::cli
