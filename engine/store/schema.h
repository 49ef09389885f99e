#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/store/connection.h"

namespace hearth::store {

/// In the header of every history file: "HRTH".
inline constexpr std::int64_t kApplicationId = 0x48525448;

/// Changes the page that holds meta.database_id. Part of every transaction of a history, so that its
/// write-ahead log always holds that page and tells which database it belongs to.
inline constexpr std::string_view kMarkLog =
    "UPDATE meta SET value = randomblob(16) WHERE key = 'last_write'";

/// One step of the schema: brings a database from `version` − 1 to `version`. Steps are never changed once
/// released; a new schema is a new step.
struct Migration {
    int version;
    std::span<const std::string_view> statements;
};
[[nodiscard]] std::span<const Migration> migrations();

/// Runs the missing steps, each in a transaction of its own together with the version number, so that a step
/// is there wholly or not at all; calls `before(from, to)` ahead of each. Errors: store.migration_failed
/// (args from, to), what `before` reports, store.disk_full, store.io.
[[nodiscard]] Result<void> migrate(Connection& connection, std::span<const Migration> steps,
                                   const std::function<Result<void>(int from, int to)>& before);

/// Compares the tables, indexes, views and triggers of a database with what its version must have. A trigger
/// or view that somebody slipped in would run with every write. Errors: store.unexpected_schema (arg name).
[[nodiscard]] Result<void> checkSchema(Connection& connection, std::span<const Migration> steps, int version);

} // namespace hearth::store
