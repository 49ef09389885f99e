#pragma once

#include <string>
#include <vector>

#include "engine/base/thread_pool.h"
#include "engine/workbench/jobs/job_context.h"

namespace hearth::workbench {

inline constexpr std::size_t kMeasureContext = 512; ///< tokens of a chunk, as the field measures

/// Measures `made` against `source` on the evaluation part of the built-in text, and both for speed and
/// memory; the figures go into both rows of the library. Of the two models only one is in memory at a time.
/// Progress phases "job.reference" and "job.measure". Errors: those of runtime and optimize/measure,
/// library.*, base.cancelled. Interrupted, it goes on at the chunk, with the same scratch folder.
[[nodiscard]] Result<void> measureVersions(const LibraryVersion& source, const LibraryVersion& made,
                                           std::size_t chunks, JobContext& context, ThreadPool& pool);

/// What a version is measured against: the one it was made from, or else the largest other one of its model
/// that is there and readable, if that is larger. nullptr = there is none.
[[nodiscard]] const LibraryVersion* referenceOf(const LibraryModel& model, const LibraryVersion& version);

/// Job::request of JobKind::Measure, for a version that was not measured when it was made: {"source": id,
/// "version": id}; its result: {"version": id}. Errors: jobs.bad_request, library.*, those of
/// measureVersions().
[[nodiscard]] std::string measureRequest(LibraryId source, LibraryId version);
[[nodiscard]] Result<std::string> runMeasure(const Job& job, JobContext& context);

/// The prompt's answers, in this order. Each model is loaded with its own chat template; greedy, at most
/// `maxTokens`. Progress phase "job.ask", in models.
struct Answer {
    LibraryId version = 0;
    std::string text;
    double tokensPerSecond = 0;
};
[[nodiscard]] Result<std::vector<Answer>> askVersions(const std::vector<LibraryVersion>& versions,
                                                      const std::string& prompt, std::size_t maxTokens,
                                                      JobContext& context, ThreadPool& pool);

/// Job::request of JobKind::Ask: {"versions": [ids], "prompt": "…"}; its result: {"prompt": "…", "answers":
/// [{"version", "text", "tokens_per_second"}]}. Errors: jobs.bad_request, library.*, runtime's.
[[nodiscard]] Result<std::string> runAsk(const Job& job, JobContext& context);

} // namespace hearth::workbench
