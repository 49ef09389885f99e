#include "engine/workbench/jobs/job_store.h"

#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

#include "engine/base/utc_time.h"
#include "engine/store/connection.h"
#include "engine/store/file_care.h"

namespace hearth::workbench {

namespace {

using nlohmann::ordered_json;

// kind and state: numbers of JobKind and JobState. model and version are rows of library.db, which may be
// gone.
constexpr std::array<std::string_view, 4> kVersion1 = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO meta (key, value) VALUES ('database_id', randomblob(16)), ('last_write', x'')",
    "CREATE TABLE job (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND "
    "2), state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 5), model INTEGER NOT NULL, version INTEGER NOT "
    "NULL, created_ms INTEGER NOT NULL, started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL, "
    "title BLOB NOT NULL, request BLOB NOT NULL, progress BLOB NOT NULL, result BLOB NOT NULL, "
    "error BLOB NOT NULL) STRICT",
    "CREATE INDEX job_model ON job (model, id)",
};
// A fourth kind. Ids go on after those of jobs that were forgotten: versions keep the id of theirs.
constexpr std::array<std::string_view, 7> kVersion2 = {
    "ALTER TABLE job RENAME TO job_1",
    "CREATE TABLE job (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND "
    "3), state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 5), model INTEGER NOT NULL, version INTEGER NOT "
    "NULL, created_ms INTEGER NOT NULL, started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL, "
    "title BLOB NOT NULL, request BLOB NOT NULL, progress BLOB NOT NULL, result BLOB NOT NULL, "
    "error BLOB NOT NULL) STRICT",
    "INSERT INTO job SELECT * FROM job_1",
    "DELETE FROM sqlite_sequence WHERE name = 'job'",
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'job', seq FROM sqlite_sequence WHERE name = 'job_1'",
    "DROP TABLE job_1",
    "CREATE INDEX job_model ON job (model, id)",
};
// Whose job it is; those from before are the single person's, who may be nobody any more.
constexpr std::array<std::string_view, 1> kVersion3 = {
    "ALTER TABLE job ADD COLUMN owner INTEGER NOT NULL DEFAULT 0",
};
constexpr std::array<store::Migration, 3> kMigrations = {
    store::Migration{1, kVersion1}, store::Migration{2, kVersion2}, store::Migration{3, kVersion3}};

std::string toText(const std::optional<Error>& error) {
    if (!error)
        return {};
    ordered_json args = ordered_json::object();
    for (const auto& [name, value] : error->args)
        args[name] = value;
    ordered_json out{{"code", error->code}, {"detail", error->detail}, {"args", std::move(args)}};
    if (error->offset)
        out["offset"] = *error->offset;
    return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::optional<Error> errorFrom(const std::string& text) {
    const auto json = ordered_json::parse(text, nullptr, false);
    if (!json.is_object())
        return std::nullopt;
    const auto word = [&](const char* key) {
        return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string();
    };
    Error out{word("code"), word("detail")};
    if (json.contains("offset") && json["offset"].is_number_unsigned())
        out.offset = json["offset"].get<std::uint64_t>();
    if (json.contains("args") && json["args"].is_object())
        for (const auto& [name, value] : json["args"].items())
            if (value.is_string())
                out.args.emplace_back(name, value.get<std::string>());
    return out;
}

} // namespace

JobStore::JobStore(std::unique_ptr<store::Connection> connection, std::shared_ptr<AskedTexts> asked)
    : m_connection(std::move(connection)),
      m_asked(asked ? std::move(asked) : std::make_shared<AskedTexts>()) {}
JobStore::JobStore(JobStore&&) noexcept = default;
JobStore& JobStore::operator=(JobStore&&) noexcept = default;
JobStore::~JobStore() = default;

Result<JobStore> JobStore::open(const std::filesystem::path& database, std::shared_ptr<AskedTexts> asked) {
    HEARTH_TRY(auto connection, store::openShared(database, kMigrations));
    return JobStore(std::move(connection), std::move(asked));
}

Result<std::vector<Job>> JobStore::select(const std::string& where, std::int64_t value, std::size_t limit) {
    std::vector<Job> out;
    HEARTH_CHECK(m_connection->each(
        "SELECT id, kind, state, model, version, created_ms, started_ms, ended_ms, title, request, progress, "
        "result, error, owner FROM job WHERE " +
            where + " LIMIT ?",
        {value, static_cast<std::int64_t>(limit)}, [&](const store::Row& row) -> Result<void> {
            Job job;
            job.id = row.integer(0);
            job.kind = static_cast<JobKind>(row.integer(1));
            job.state = static_cast<JobState>(row.integer(2));
            job.model = row.integer(3);
            job.version = row.integer(4);
            job.createdMs = row.integer(5);
            job.startedMs = row.integer(6);
            job.endedMs = row.integer(7);
            job.title = row.bytes(8);
            job.request = row.bytes(9);
            job.progress = row.bytes(10);
            job.result = row.bytes(11);
            job.error = errorFrom(row.bytes(12));
            job.owner = row.integer(13);
            if (job.kind == JobKind::Ask)
                m_asked->fill(job);
            out.push_back(std::move(job));
            return {};
        }));
    return out;
}

Result<JobId> JobStore::add(const Job& job) {
    const bool asked = job.kind == JobKind::Ask;
    JobId id = 0;
    // Its texts are there before anybody can take it.
    HEARTH_CHECK(m_connection->transaction([&]() -> Result<void> {
        HEARTH_CHECK(m_connection->run(
            "INSERT INTO job (kind, state, model, version, created_ms, started_ms, ended_ms, title, request, "
            "progress, result, error, owner) VALUES (?, 0, ?, ?, ?, 0, 0, ?, ?, x'7B7D', x'7B7D', x'', ?)",
            {static_cast<std::int64_t>(job.kind), job.model, job.version, unixMsNow(), job.title,
             asked ? std::string("{}") : job.request, job.owner}));
        HEARTH_TRY(const auto row, m_connection->integer("SELECT last_insert_rowid()"));
        id = row.value_or(0);
        if (asked)
            m_asked->ask(id, job.request);
        return {};
    }));
    return id;
}

Result<Job> JobStore::get(JobId id) {
    HEARTH_TRY(auto found, select("id = ?", id, 1));
    if (found.empty())
        return tl::unexpected<Error>(
            Error{"jobs.not_found", "there is no job " + std::to_string(id)}.with("id", std::to_string(id)));
    return std::move(found.front());
}

Result<std::vector<Job>> JobStore::list(std::int64_t model, std::size_t limit) {
    return select("? IN (0, model) ORDER BY id DESC", model, limit);
}

Result<std::optional<Job>> JobStore::next() {
    HEARTH_TRY(auto found, select("state = ? ORDER BY id", static_cast<std::int64_t>(JobState::Queued), 1));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<bool> JobStore::take(JobId id) {
    HEARTH_CHECK(
        m_connection->run("UPDATE job SET state = 1, started_ms = ?, ended_ms = 0, error = x'' WHERE id "
                          "= ? AND state = 0",
                          {unixMsNow(), id}));
    return m_connection->changes() > 0;
}

Result<void> JobStore::touched(JobId id, const char* refusal) {
    if (m_connection->changes() > 0)
        return {};
    HEARTH_TRY(const Job job, get(id));
    return fail(refusal, "job " + std::to_string(id) + " is not in a state for that");
}

Result<void> JobStore::setProgress(JobId id, const std::string& json) {
    HEARTH_CHECK(m_connection->run("UPDATE job SET progress = ? WHERE id = ?", {json, id}));
    return touched(id, "jobs.not_waiting");
}

Result<void> JobStore::setModel(JobId id, std::int64_t model) {
    HEARTH_CHECK(m_connection->run("UPDATE job SET model = ? WHERE id = ?", {model, id}));
    return touched(id, "jobs.not_waiting");
}

Result<void> JobStore::end(JobId id, JobState state, const std::string& result,
                           const std::optional<Error>& error) {
    const std::string text = toText(error);
    m_asked->answer(id, result); // where it was asked
    HEARTH_CHECK(m_connection->run("UPDATE job SET state = ?, result = CASE kind WHEN ? THEN x'7B7D' ELSE ? "
                                   "END, error = ?, ended_ms = ? WHERE id = ?",
                                   {static_cast<std::int64_t>(state), static_cast<std::int64_t>(JobKind::Ask),
                                    result, text, unixMsNow(), id}));
    return touched(id, "jobs.not_waiting");
}

Result<void> JobStore::cancelWaiting(JobId id) {
    HEARTH_CHECK(m_connection->run("UPDATE job SET state = 4, ended_ms = ? WHERE id = ? AND state IN (0, 5)",
                                   {unixMsNow(), id}));
    return touched(id, "jobs.not_waiting");
}

Result<void> JobStore::requeue(JobId id) {
    HEARTH_CHECK(
        m_connection->run("UPDATE job SET state = 0, error = x'', ended_ms = 0 WHERE id = ? AND state IN "
                          "(3, 4, 5)",
                          {id}));
    return touched(id, "jobs.not_waiting");
}

Result<void> JobStore::remove(JobId id) {
    HEARTH_CHECK(m_connection->run("DELETE FROM job WHERE id = ? AND state IN (2, 3, 4)", {id}));
    return touched(id, "jobs.still_running");
}

Result<std::size_t> JobStore::forgetAsked() {
    HEARTH_CHECK(m_connection->run("DELETE FROM job WHERE kind = ? AND state > 1",
                                   {static_cast<std::int64_t>(JobKind::Ask)}));
    return static_cast<std::size_t>(m_connection->changes());
}

Result<std::size_t> JobStore::markInterrupted() {
    HEARTH_CHECK(m_connection->run("UPDATE job SET state = 5 WHERE state = 1"));
    return static_cast<std::size_t>(m_connection->changes());
}

} // namespace hearth::workbench
