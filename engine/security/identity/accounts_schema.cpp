#include "engine/security/identity/accounts_schema.h"

#include <array>
#include <string_view>

namespace hearth::security {

namespace {

// profile: salt and cost belong to by_password. by_password and by_recovery are the master key, wrapped; x''
// where there is none. failures counts wrong passwords since the last right one; wait_until_ms is when the
// next try counts.
//
// permission, model_access: role, action, resource and scope are the numbers of the enums in roles.h.
// model_access: subject_kind 0 = role, 1 = profile.
//
// What one person may do hangs on these rows, so all of them together are sealed: meta.generation counts the
// changes, meta.seal is an HMAC over everything but the times of last use.
constexpr std::array<std::string_view, 8> kVersion1 = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO meta (key, value) VALUES ('database_id', randomblob(16)), ('last_write', x''), "
    "('generation', x'30'), ('seal', x'')",

    "CREATE TABLE profile (id INTEGER PRIMARY KEY AUTOINCREMENT, name BLOB NOT NULL UNIQUE, "
    "role INTEGER NOT NULL CHECK (role BETWEEN 0 AND 3), disabled INTEGER NOT NULL CHECK (disabled IN (0, "
    "1)), "
    "recovery_tested INTEGER NOT NULL CHECK (recovery_tested IN (0, 1)), created_ms INTEGER NOT NULL, "
    "memory_kib INTEGER NOT NULL, passes INTEGER NOT NULL, lanes INTEGER NOT NULL, salt BLOB NOT NULL, "
    "by_password BLOB NOT NULL, by_recovery BLOB NOT NULL, failures INTEGER NOT NULL, "
    "wait_until_ms INTEGER NOT NULL) STRICT",
    "CREATE TABLE data_key (profile INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE, "
    "purpose TEXT NOT NULL, wrapped BLOB NOT NULL, PRIMARY KEY (profile, purpose)) STRICT, WITHOUT ROWID",
    "CREATE TABLE token (id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "profile INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE, name BLOB NOT NULL, "
    "hash BLOB NOT NULL UNIQUE, scope INTEGER NOT NULL CHECK (scope BETWEEN 0 AND 2), "
    "created_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, revoked INTEGER NOT NULL CHECK (revoked IN "
    "(0, 1)), "
    "last_used_ms INTEGER NOT NULL) STRICT",
    "CREATE TABLE permission (role INTEGER NOT NULL, action INTEGER NOT NULL, resource INTEGER NOT NULL, "
    "scope INTEGER NOT NULL CHECK (scope BETWEEN 0 AND 2), PRIMARY KEY (role, action, resource)) "
    "STRICT, WITHOUT ROWID",
    "CREATE TABLE model_access (model BLOB NOT NULL, action INTEGER NOT NULL, "
    "subject_kind INTEGER NOT NULL CHECK (subject_kind IN (0, 1)), subject INTEGER NOT NULL, "
    "PRIMARY KEY (model, action, subject_kind, subject)) STRICT, WITHOUT ROWID",
    "CREATE INDEX token_profile ON token (profile)",
};
constexpr std::array<store::Migration, 1> kMigrations = {store::Migration{1, kVersion1}};

} // namespace

std::span<const store::Migration> accountsMigrations() {
    return kMigrations;
}

} // namespace hearth::security
