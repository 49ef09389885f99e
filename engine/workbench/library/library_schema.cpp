#include "engine/workbench/library/library_schema.h"

#include <array>
#include <string_view>

namespace hearth::workbench {

namespace {

// Times are Unix milliseconds, modified_ns a file's time in nanoseconds. version.parent and default_version
// carry no REFERENCES: a version outlives what it was made from, and rows are put back by restore().
// mode: numbers of FileMode. default_change: every default a model had, the last row being the present one.
constexpr std::array<std::string_view, 10> kVersion1 = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO meta (key, value) VALUES ('database_id', randomblob(16)), ('last_write', x'')",

    "CREATE TABLE model (id INTEGER PRIMARY KEY AUTOINCREMENT, created_ms INTEGER NOT NULL, "
    "parameters INTEGER NOT NULL, trained_context INTEGER NOT NULL, name BLOB NOT NULL, family BLOB NOT "
    "NULL, "
    "licence BLOB NOT NULL, note BLOB NOT NULL, defaults BLOB NOT NULL) STRICT",

    "CREATE TABLE version (id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "model INTEGER NOT NULL REFERENCES model (id) ON DELETE CASCADE, parent INTEGER NOT NULL, "
    "job INTEGER NOT NULL, created_ms INTEGER NOT NULL, last_used_ms INTEGER NOT NULL, "
    "label BLOB NOT NULL, quantisation BLOB NOT NULL, origin BLOB NOT NULL, source BLOB NOT NULL, "
    "note BLOB NOT NULL, recipe BLOB NOT NULL, measured BLOB NOT NULL) STRICT",
    "CREATE INDEX version_model ON version (model)",

    "CREATE TABLE file (id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "version INTEGER NOT NULL REFERENCES version (id) ON DELETE CASCADE, part INTEGER NOT NULL, "
    "mode INTEGER NOT NULL CHECK (mode BETWEEN 0 AND 3), bytes INTEGER NOT NULL CHECK (bytes >= 0), "
    "modified_ns INTEGER NOT NULL, verified_ms INTEGER NOT NULL, "
    "differed INTEGER NOT NULL CHECK (differed IN (0, 1)), sha256 BLOB NOT NULL, path BLOB NOT NULL UNIQUE) "
    "STRICT",
    "CREATE INDEX file_version ON file (version, part)",
    "CREATE INDEX file_content ON file (sha256)",

    "CREATE TABLE default_change (id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "model INTEGER NOT NULL REFERENCES model (id) ON DELETE CASCADE, version INTEGER NOT NULL, "
    "at_ms INTEGER NOT NULL) STRICT",
    "CREATE INDEX default_change_model ON default_change (model, id)",
};
// leftover: readable files whose sealed ones are in place and that are still to be overwritten and removed.
constexpr std::array<std::string_view, 1> kVersion2 = {
    "CREATE TABLE leftover (path BLOB PRIMARY KEY) STRICT, WITHOUT ROWID"};
constexpr std::array<store::Migration, 2> kMigrations = {store::Migration{1, kVersion1},
                                                         store::Migration{2, kVersion2}};

} // namespace

std::span<const store::Migration> libraryMigrations() {
    return kMigrations;
}

} // namespace hearth::workbench
