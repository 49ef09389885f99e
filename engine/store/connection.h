#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "engine/base/error.h"

class QSqlQuery;

namespace hearth::store {

/// A bound parameter: NULL, an integer, or bytes (stored as BLOB; the view must live through the call).
using Value = std::variant<std::monostate, std::int64_t, std::string_view>;
inline constexpr std::monostate kNull{};

/// The current row of a running query; valid inside the callback only. Columns count from 0.
class Row {
public:
    explicit Row(const QSqlQuery& query) : m_query(query) {}
    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const; ///< 0 for NULL
    [[nodiscard]] std::optional<std::int64_t> maybe(int column) const;
    [[nodiscard]] std::string bytes(int column) const; ///< "" for NULL; TEXT as UTF-8

private:
    const QSqlQuery& m_query;
};

/// One SQLite connection with its prepared statements, under a name of its own. Confined to the thread that
/// opened it. SQLite's result codes become stable ones: store.locked, store.read_only, store.io,
/// store.corrupt, store.disk_full, store.open_failed, store.not_database, store.text_too_large,
/// store.constraint, store.out_of_memory, store.failed.
class Connection {
public:
    enum class Mode {
        ReadWrite, ///< an existing file, with all the pragmas of a history
        ReadOnly,  ///< never writes the database file nor checkpoints its log
        Immutable, ///< the database file alone, its log ignored
        Memory     ///< a private database in memory
    };
    [[nodiscard]] static Result<std::unique_ptr<Connection>>
    open(const std::filesystem::path& file, Mode mode,
         std::chrono::milliseconds busyTimeout = std::chrono::milliseconds(3000));
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Runs one statement to its end. `sql` is kept prepared under its text.
    [[nodiscard]] Result<void> run(std::string_view sql, std::initializer_list<Value> values = {});
    /// Calls `row` for every row until it fails. `row` must not use this connection.
    [[nodiscard]] Result<void> each(std::string_view sql, std::initializer_list<Value> values,
                                    const std::function<Result<void>(const Row&)>& row);
    /// The first column of the first row; nullopt when there is no row or it is NULL.
    [[nodiscard]] Result<std::optional<std::int64_t>> integer(std::string_view sql,
                                                              std::initializer_list<Value> values = {});
    [[nodiscard]] Result<std::optional<std::string>> bytes(std::string_view sql,
                                                           std::initializer_list<Value> values = {});
    /// Rows that the last run() of an INSERT, UPDATE or DELETE touched.
    [[nodiscard]] std::int64_t changes() const { return m_changes; }

    /// Runs `work` between BEGIN IMMEDIATE and COMMIT; inside another transaction, as a savepoint of it. An
    /// error undoes all that `work` did. `beforeCommit` runs ahead of every COMMIT.
    [[nodiscard]] Result<void> transaction(const std::function<Result<void>()>& work);
    void setBeforeCommit(std::string_view sql) { m_beforeCommit = sql; }

private:
    Connection();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
    std::int64_t m_changes = 0;
    int m_depth = 0;
    std::string m_beforeCommit;
};

} // namespace hearth::store
