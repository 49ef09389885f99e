#pragma once

#include <span>

#include "engine/store/schema.h"

namespace hearth::workbench {

/// Inside of workbench/library: the steps of library.db.
[[nodiscard]] std::span<const store::Migration> libraryMigrations();

} // namespace hearth::workbench
