#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "engine/workbench/jobs/job_store.h"
#include "engine/workbench/library/library.h"

namespace hearth::workbench {

struct JobFiles {
    std::filesystem::path jobs, library; ///< databases
    std::filesystem::path scratch;       ///< folders of single jobs go below it
    std::shared_ptr<AskedTexts> asked = std::make_shared<AskedTexts>(); ///< shared by copies
};

/// How far the running job is. Phases of job_context.h.
struct JobProgress {
    JobId job = 0;
    std::string phase;
    std::uint64_t done = 0, total = 0;
};

/// Called from the queue's thread; must return quickly and must not call the queue.
struct JobEvents {
    std::function<void(JobId)> changed = {}; ///< state, progress or result in jobs.db; 0 = anything
    std::function<void(const JobProgress&)> progress = {};
    std::function<void(const Error&)> failed = {}; ///< of the queue itself (a database cannot be opened)
};

/// Runs the queued jobs of jobs.db one after another in a thread of its own, in at most one process. Jobs are
/// added, and taken back while they wait, through a JobStore; wake() after that. What ran when the program
/// ended, however it ended, is found again as Interrupted; scratch folders of jobs that are gone, done or
/// cancelled are removed when it begins.
class JobQueue {
public:
    /// Never waits for the databases; errors come through JobEvents::failed.
    JobQueue(JobFiles files, LibraryOptions library, std::size_t threads, JobEvents events);
    ~JobQueue(); ///< as shutdown()
    JobQueue(const JobQueue&) = delete;
    JobQueue& operator=(const JobQueue&) = delete;

    // Thread-safe:
    void wake();
    /// Stops the job if it is the one that runs: it ends as Cancelled and what it had made goes.
    void cancel(JobId job);
    void setThreads(std::size_t threads); ///< from the next job on
    /// Stops what runs (it ends as Interrupted) and joins. Idempotent; from one thread only.
    void shutdown();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The versions of the library whose files the job reads, each once.
[[nodiscard]] std::vector<LibraryId> versionsRead(const Job& job);

/// Removes what a job that is given up has left: unfinished files and its scratch folder.
void discardJob(const Job& job, const JobFiles& files);
/// What discardJob() would free.
[[nodiscard]] std::uint64_t bytesHeld(const Job& job, const JobFiles& files);

} // namespace hearth::workbench
