#pragma once

#include <span>

#include "engine/store/schema.h"

namespace hearth::security {

/// The schema of accounts.db, for store::openShared().
[[nodiscard]] std::span<const store::Migration> accountsMigrations();

} // namespace hearth::security
