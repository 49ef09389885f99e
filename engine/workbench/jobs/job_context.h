#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/workbench/jobs/job_types.h"
#include "engine/workbench/library/library.h"

namespace hearth::workbench {

/// What a running job works with. Lives as long as the run; confined to its thread.
struct JobContext {
    Library& library;
    std::filesystem::path scratch; ///< a folder of this job's own; kept while it may be gone on with
    std::size_t threads = 0;       ///< 0 = one per usable core
    std::stop_token stop = {};
    /// Progress phases: "job.calibrate", "job.plan", "job.quantise", "job.convert", "job.record",
    /// "job.reference", "job.measure", "job.ask".
    ProgressSink progress = {};
    /// Makes known what an interrupted run needs to go on (Job::progress).
    std::function<Result<void>(const std::string& json)> save = {};
};

/// A version of the library that jobs can read, as Library::version() gives it. Errors: library.not_found,
/// library.file_missing, jobs.sealed (arg path), store.*.
[[nodiscard]] Result<LibraryModel> readableVersion(Library& library, LibraryId version);

/// jobs.bad_request: what is wrong with the request of a job, by its key.
[[nodiscard]] tl::unexpected<Error> badRequest(const std::string& key);

/// A sink that reports another one's progress under a phase of its own.
[[nodiscard]] inline ProgressSink as(std::string_view phase, const ProgressSink& sink) {
    return [phase, sink](const Progress& p) {
        if (sink)
            sink({phase, p.done, p.total});
    };
}

} // namespace hearth::workbench
