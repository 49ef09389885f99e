#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/workbench/jobs/asked_texts.h"
#include "engine/workbench/jobs/job_types.h"

namespace hearth::store {
class Connection;
}

namespace hearth::workbench {

/// The rows of jobs.db, which several threads and programs may have open, each with a JobStore of its own.
/// Confined to one thread. Errors of all: store.*; jobs.not_found (arg id).
class JobStore {
public:
    /// Without `asked` jobs of JobKind::Ask have neither request nor result.
    [[nodiscard]] static Result<JobStore> open(const std::filesystem::path& database,
                                               std::shared_ptr<AskedTexts> asked = {});
    JobStore(JobStore&&) noexcept;
    JobStore& operator=(JobStore&&) noexcept;
    ~JobStore();

    /// At the end of the queue; `id`, `state` and times of `job` are set here.
    [[nodiscard]] Result<JobId> add(const Job& job);
    [[nodiscard]] Result<Job> get(JobId id);
    /// Newest first; of one model of the library, or all (0). At most `limit`.
    [[nodiscard]] Result<std::vector<Job>> list(std::int64_t model = 0, std::size_t limit = 200);
    /// The oldest that is queued.
    [[nodiscard]] Result<std::optional<Job>> next();

    /// Queued → Running. False when somebody else took or cancelled it meanwhile.
    [[nodiscard]] Result<bool> take(JobId id);
    [[nodiscard]] Result<void> setProgress(JobId id, const std::string& json);
    [[nodiscard]] Result<void> setModel(JobId id, std::int64_t model);
    [[nodiscard]] Result<void> end(JobId id, JobState state, const std::string& result,
                                   const std::optional<Error>& error = {});
    /// Queued or Interrupted → Cancelled. Errors: jobs.not_waiting (it runs or is over).
    [[nodiscard]] Result<void> cancelWaiting(JobId id);
    /// Interrupted, Failed or Cancelled → Queued, keeping its progress. Errors: jobs.not_waiting.
    [[nodiscard]] Result<void> requeue(JobId id);
    /// Takes one that is over out of the history. Errors: jobs.still_running.
    [[nodiscard]] Result<void> remove(JobId id);
    /// Takes out jobs of JobKind::Ask that do not wait any more: they serve only the page that asked. Returns
    /// how many.
    [[nodiscard]] Result<std::size_t> forgetAsked();
    /// Rows that say Running though nobody runs them become Interrupted; returns how many. Only for the one
    /// process that runs jobs.
    [[nodiscard]] Result<std::size_t> markInterrupted();

private:
    JobStore(std::unique_ptr<store::Connection> connection, std::shared_ptr<AskedTexts> asked);
    [[nodiscard]] Result<std::vector<Job>> select(const std::string& where, std::int64_t value,
                                                  std::size_t limit);
    [[nodiscard]] Result<void> touched(JobId id, const char* refusal);
    std::unique_ptr<store::Connection> m_connection;
    std::shared_ptr<AskedTexts> m_asked;
};

} // namespace hearth::workbench
