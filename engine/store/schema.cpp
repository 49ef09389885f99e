#include "engine/store/schema.h"

#include <array>
#include <map>

namespace hearth::store {

namespace {

// Texts are BLOBs because the codec may seal them. Times are Unix milliseconds, for showing only: `activity`
// counts up by one with every use of a conversation and gives the order of lists, whatever the clock does.
//
// message: `depth` (0 = first) bounds a walk along parents to the page that is wanted, and makes every such
// walk end. `active_child` is the version below that was last on screen. Small columns come first, so that
// walks do not touch the pages that hold long texts. active_leaf and active_child carry no REFERENCES:
// messages die only together with their conversation, and each would need an index of its own.
constexpr std::array<std::string_view, 13> kVersion1 = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO meta (key, value) VALUES ('database_id', randomblob(16)), ('last_write', x'')",

    "CREATE TABLE profile (id INTEGER PRIMARY KEY AUTOINCREMENT, created_ms INTEGER NOT NULL, "
    "name BLOB NOT NULL) STRICT",
    "INSERT INTO profile (id, created_ms, name) VALUES (1, 0, x'')",

    "CREATE TABLE conversation (id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "profile INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE, activity INTEGER NOT NULL, "
    "created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL, trashed_ms INTEGER, active_leaf INTEGER, "
    "title BLOB NOT NULL, model_path BLOB NOT NULL, system_prompt BLOB NOT NULL, parameters BLOB NOT NULL) "
    "STRICT",
    "CREATE INDEX conversation_kept ON conversation (profile, activity) WHERE trashed_ms IS NULL",
    "CREATE INDEX conversation_trashed ON conversation (profile, activity) WHERE trashed_ms IS NOT NULL",

    "CREATE TABLE message (id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE, "
    "parent INTEGER REFERENCES message (id) ON DELETE CASCADE, depth INTEGER NOT NULL CHECK (depth >= 0), "
    "active_child INTEGER, role INTEGER NOT NULL CHECK (role BETWEEN 0 AND 2), "
    "state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3), created_ms INTEGER NOT NULL, "
    "model_name BLOB NOT NULL, error_code BLOB NOT NULL, stats BLOB NOT NULL, reasoning BLOB NOT NULL, "
    "content BLOB NOT NULL) STRICT",
    "CREATE INDEX message_conversation ON message (conversation)",
    "CREATE INDEX message_siblings ON message (parent, conversation)",
    "CREATE INDEX message_streaming ON message (id) WHERE state = 1",

    // conversation 0: the text typed before a conversation exists (hence no REFERENCES; purging deletes it).
    "CREATE TABLE draft (profile INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE, "
    "conversation INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (profile, conversation)) "
    "STRICT, WITHOUT ROWID",
    "CREATE TABLE setting (profile INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE, "
    "key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (profile, key)) STRICT, WITHOUT ROWID",
};

constexpr std::array<Migration, 1> kMigrations = {Migration{1, kVersion1}};

using Schema = std::map<std::string, std::string>; // "type name" → SQL

Result<Schema> readSchema(Connection& connection) {
    Schema out;
    HEARTH_CHECK(connection.each(
        // ANALYZE's tables are SQLite's own and harmless; its other internal names are in every history.
        "SELECT type, name, coalesce(sql, '') FROM sqlite_schema "
        "WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4'))",
        {}, [&](const Row& row) -> Result<void> {
            out[row.bytes(0) + " " + row.bytes(1)] = row.bytes(2);
            return {};
        }));
    return out;
}

} // namespace

std::span<const Migration> migrations() {
    return kMigrations;
}

Result<void> migrate(Connection& connection, std::span<const Migration> steps,
                     const std::function<Result<void>(int, int)>& before) {
    HEARTH_TRY(const auto found, connection.integer("PRAGMA user_version"));
    for (const Migration& step : steps) {
        const int from = step.version - 1;
        if (step.version <= found.value_or(0))
            continue;
        HEARTH_CHECK(before(from, step.version));
        auto done = connection.transaction([&]() -> Result<void> {
            for (const std::string_view statement : step.statements)
                HEARTH_CHECK(connection.run(statement));
            HEARTH_TRY(const auto broken,
                       connection.integer("SELECT count(*) FROM pragma_foreign_key_check"));
            if (broken.value_or(0) != 0)
                return fail("store.constraint", "the step leaves rows without their parents");
            // Pragmas take no parameters; part of the transaction like any other write.
            return connection.run("PRAGMA user_version = " + std::to_string(step.version));
        });
        if (done)
            continue;
        Error& error = done.error();
        if (error.code == "store.disk_full" || error.code == "store.io" || error.code == "store.read_only")
            return done;
        return tl::unexpected<Error>(Error{"store.migration_failed", error.message()}
                                         .with("from", std::to_string(from))
                                         .with("to", std::to_string(step.version)));
    }
    return {};
}

Result<void> checkSchema(Connection& connection, std::span<const Migration> steps, int version) {
    HEARTH_TRY(const auto model, Connection::open({}, Connection::Mode::Memory));
    std::size_t count = 0;
    while (count < steps.size() && steps[count].version <= version)
        ++count;
    HEARTH_CHECK(migrate(*model, steps.first(count), [](int, int) { return Result<void>(); }));
    HEARTH_TRY(const Schema expected, readSchema(*model));
    HEARTH_TRY(const Schema found, readSchema(connection));
    const auto refuse = [](const std::string& name, const char* what) {
        return tl::unexpected<Error>(Error{"store.unexpected_schema", name + what}.with("name", name));
    };
    for (const auto& [name, sql] : found) {
        const auto it = expected.find(name);
        if (it == expected.end())
            return refuse(name, " does not belong into a history");
        if (it->second != sql)
            return refuse(name, " was changed");
    }
    for (const auto& [name, sql] : expected)
        if (!found.contains(name))
            return refuse(name, " is missing");
    return {};
}

} // namespace hearth::store
