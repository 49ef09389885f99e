#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace hearth::workbench {

/// What a model is called in figures about use: its file's name without the ending, sealed or not.
[[nodiscard]] std::string usageName(const std::filesystem::path& model);
/// Those of all versions in the library: the names that a release tells apart, which do not depend on what
/// anybody used. Empty while there is no library. Errors: those of Library::open().
[[nodiscard]] Result<std::vector<std::string>> usageNames(const std::filesystem::path& library);

} // namespace hearth::workbench
