#include "engine/store/connection.h"

#include <atomic>
#include <map>

#include <QtSql/QSqlDatabase>
#include <QtSql/QSqlError>
#include <QtSql/QSqlQuery>

#include <QtCore/QByteArray>
#include <QtCore/QString>
#include <QtCore/QUrl>
#include <QtCore/QVariant>

namespace hearth::store {

namespace {

/// Primary result codes of SQLite (https://www.sqlite.org/rescode.html); extended codes hold them in the low
/// byte.
const char* codeFor(int native) {
    switch (native & 0xff) {
    case 5:
    case 6:
        return "store.locked";
    case 7:
        return "store.out_of_memory";
    case 8:
        return "store.read_only";
    case 10:
        return "store.io";
    case 11:
        return "store.corrupt";
    case 13:
        return "store.disk_full";
    case 14:
        return "store.open_failed";
    case 18:
        return "store.text_too_large";
    case 19:
        return "store.constraint";
    case 26:
        return "store.not_database";
    default:
        return "store.failed";
    }
}

tl::unexpected<Error> failure(const QSqlError& error) {
    bool numeric = false;
    const int native = error.nativeErrorCode().toInt(&numeric);
    const std::string text = error.text().toStdString();
    return tl::unexpected<Error>(Error{numeric ? codeFor(native) : "store.failed",
                                       text + " (SQLite " + error.nativeErrorCode().toStdString() + ")"});
}

/// A URI names any path, whatever its bytes; mode=rw never creates.
QString uriOf(const std::filesystem::path& file, Connection::Mode mode) {
    if (mode == Connection::Mode::Memory)
        return QStringLiteral("file::memory:");
    std::error_code ignored;
    const std::string native = std::filesystem::absolute(file, ignored).native();
    const QByteArray raw(native.data(), static_cast<qsizetype>(native.size()));
    const QByteArray query = mode == Connection::Mode::ReadWrite  ? QByteArray("?mode=rw")
                             : mode == Connection::Mode::ReadOnly ? QByteArray("?mode=ro")
                                                                  : QByteArray("?mode=ro&immutable=1");
    return QString::fromLatin1(QByteArray("file://") + raw.toPercentEncoding("/") + query);
}

QVariant variantOf(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return QVariant(static_cast<qlonglong>(*number));
    if (const auto* text = std::get_if<std::string_view>(&value))
        return QVariant(text->empty() ? QByteArray("") // not null: the columns are NOT NULL
                                      : QByteArray(text->data(), static_cast<qsizetype>(text->size())));
    return QVariant(QMetaType(QMetaType::QByteArray));
}

/// A SELECT left open would keep its snapshot and stop the log from being folded back; bound texts would stay
/// in memory.
struct Finisher {
    QSqlQuery& query;
    std::size_t values;
    ~Finisher() {
        query.finish();
        for (std::size_t i = 0; i < values; ++i)
            query.bindValue(static_cast<int>(i), QVariant());
    }
};

} // namespace

struct Connection::Impl {
    QString name;
    QSqlDatabase database;
    std::map<std::string, QSqlQuery, std::less<>> statements;

    Result<QSqlQuery*> start(std::string_view sql, std::initializer_list<Value> values) {
        auto found = statements.find(sql);
        if (found == statements.end()) {
            QSqlQuery query(database);
            query.setForwardOnly(true);
            if (!query.prepare(QString::fromUtf8(sql.data(), static_cast<qsizetype>(sql.size()))))
                return failure(query.lastError());
            found = statements.emplace(std::string(sql), std::move(query)).first;
        }
        QSqlQuery& query = found->second;
        int place = 0;
        for (const Value& value : values)
            query.bindValue(place++, variantOf(value));
        if (!query.exec()) {
            auto error = failure(query.lastError());
            query.finish();
            return error;
        }
        return &query;
    }
};

bool Row::isNull(int column) const {
    return m_query.isNull(column);
}

std::int64_t Row::integer(int column) const {
    return m_query.value(column).toLongLong();
}

std::optional<std::int64_t> Row::maybe(int column) const {
    return isNull(column) ? std::nullopt : std::optional(integer(column));
}

std::string Row::bytes(int column) const {
    return m_query.value(column).toByteArray().toStdString();
}

Connection::Connection() : m_impl(std::make_unique<Impl>()) {}

Connection::~Connection() {
    if (!m_impl)
        return;
    m_impl->statements.clear();
    m_impl->database.close();
    m_impl->database = {};
    QSqlDatabase::removeDatabase(m_impl->name);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file, Mode mode,
                                                     std::chrono::milliseconds busyTimeout) {
    static std::atomic<unsigned> counter{0};
    std::unique_ptr<Connection> connection(new Connection);
    Impl& impl = *connection->m_impl;
    impl.name = QStringLiteral("hearth-store-%1").arg(counter.fetch_add(1));
    impl.database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), impl.name);
    if (!impl.database.isValid())
        return fail("store.open_failed", "Qt's SQLite driver (QSQLITE) is not installed");
    impl.database.setDatabaseName(uriOf(file, mode));
    impl.database.setConnectOptions(
        QStringLiteral("QSQLITE_OPEN_URI;QSQLITE_BUSY_TIMEOUT=%1").arg(busyTimeout.count()));
    if (!impl.database.open())
        return failure(impl.database.lastError());

    // Functions and virtual tables named by a foreign schema stay inert, and cells are checked when a page is
    // read.
    HEARTH_CHECK(connection->run("PRAGMA trusted_schema = OFF"));
    HEARTH_CHECK(connection->run("PRAGMA cell_size_check = ON"));
    // Private text never goes into temporary files.
    HEARTH_CHECK(connection->run("PRAGMA temp_store = MEMORY"));
    if (mode == Mode::ReadWrite) {
        HEARTH_TRY(const auto journal, connection->bytes("PRAGMA journal_mode = WAL"));
        if (journal != "wal")
            return fail("store.open_failed", "the file system cannot hold a write-ahead log (journal mode " +
                                                 journal.value_or("?") + ")");
        HEARTH_CHECK(connection->run("PRAGMA synchronous = FULL"));
        HEARTH_CHECK(connection->run("PRAGMA foreign_keys = ON"));
        // What is deleted is overwritten, and a log that once grew shrinks again.
        HEARTH_CHECK(connection->run("PRAGMA secure_delete = ON"));
        HEARTH_CHECK(connection->run("PRAGMA journal_size_limit = 16777216"));
    }
    return connection;
}

Result<void> Connection::run(std::string_view sql, std::initializer_list<Value> values) {
    HEARTH_TRY(QSqlQuery * query, m_impl->start(sql, values));
    const Finisher finisher{*query, values.size()};
    while (query->next()) {
    }
    if (query->lastError().isValid())
        return failure(query->lastError());
    m_changes = query->numRowsAffected();
    return {};
}

Result<void> Connection::each(std::string_view sql, std::initializer_list<Value> values,
                              const std::function<Result<void>(const Row&)>& row) {
    HEARTH_TRY(QSqlQuery * query, m_impl->start(sql, values));
    const Finisher finisher{*query, values.size()};
    while (query->next())
        HEARTH_CHECK(row(Row(*query)));
    // next() also ends, silently, on a damaged page.
    if (query->lastError().isValid())
        return failure(query->lastError());
    return {};
}

Result<std::optional<std::int64_t>> Connection::integer(std::string_view sql,
                                                        std::initializer_list<Value> values) {
    std::optional<std::int64_t> out;
    bool first = true;
    HEARTH_CHECK(each(sql, values, [&](const Row& row) -> Result<void> {
        if (std::exchange(first, false))
            out = row.maybe(0);
        return {};
    }));
    return out;
}

Result<std::optional<std::string>> Connection::bytes(std::string_view sql,
                                                     std::initializer_list<Value> values) {
    std::optional<std::string> out;
    bool first = true;
    HEARTH_CHECK(each(sql, values, [&](const Row& row) -> Result<void> {
        if (std::exchange(first, false) && !row.isNull(0))
            out = row.bytes(0);
        return {};
    }));
    return out;
}

Result<void> Connection::transaction(const std::function<Result<void>()>& work) {
    const bool outermost = m_depth == 0;
    HEARTH_CHECK(run(outermost ? "BEGIN IMMEDIATE" : "SAVEPOINT inner_step"));
    ++m_depth;
    Result<void> result = work();
    --m_depth;
    if (result && outermost && !m_beforeCommit.empty())
        result = run(m_beforeCommit);
    if (result) {
        result = run(outermost ? "COMMIT" : "RELEASE inner_step");
        if (result)
            return result;
    }
    // A full disk or a failing one may already have undone the transaction: then these find nothing to undo.
    if (outermost) {
        static_cast<void>(run("ROLLBACK"));
    } else {
        static_cast<void>(run("ROLLBACK TO inner_step"));
        static_cast<void>(run("RELEASE inner_step"));
    }
    return result;
}

} // namespace hearth::store
