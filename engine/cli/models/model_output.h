#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "engine/workbench/library/library.h"

namespace hearth::cli {

/// How hearthctl models shows things. Inside of cli/models.
[[nodiscard]] nlohmann::ordered_json toJson(const workbench::LibraryModel& model);
[[nodiscard]] nlohmann::ordered_json toJson(const workbench::LibraryVersion& version);
[[nodiscard]] nlohmann::ordered_json toJson(const workbench::Verification& verification);
void printJson(const nlohmann::ordered_json& json);

/// A model with its versions, a line each.
void printModel(const workbench::LibraryModel& model);
[[nodiscard]] std::string_view stateName(workbench::FileState state); ///< "present", "missing", …

} // namespace hearth::cli
