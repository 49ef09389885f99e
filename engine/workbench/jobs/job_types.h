#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/error.h"

namespace hearth::workbench {

using JobId = std::int64_t; ///< 0 = none

enum class JobKind {
    Quantise, ///< quantise_job.h
    Convert,  ///< convert_job.h
    Ask,      ///< the person's own prompt to two versions; measure_version.h
    Measure   ///< a version against another of its model; measure_version.h
};

enum class JobState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,   ///< by the person; what it had made is gone
    Interrupted, ///< the program ended meanwhile: it can be gone on with
};

/// One entry of the queue and of its history. A value.
struct Job {
    JobId id = 0;
    JobKind kind = JobKind::Quantise;
    JobState state = JobState::Queued;
    std::string title = {};                                 ///< the model's name, for showing
    std::int64_t model = 0;                                 ///< of the library; 0 = none (yet)
    std::int64_t version = 0;                               ///< it starts from; 0 = none
    std::string request = "{}";                             ///< JSON of the kind's request
    std::string progress = "{}";                            ///< JSON: what an interrupted run needs to go on
    std::string result = "{}";                              ///< JSON of the kind's result
    std::optional<Error> error = {};                        ///< of Failed
    std::int64_t createdMs = 0, startedMs = 0, endedMs = 0; ///< Unix milliseconds
    std::int64_t owner = 0; ///< the profile that added it; 0 = the single person
};

[[nodiscard]] constexpr bool isOver(JobState state) {
    return state == JobState::Done || state == JobState::Failed || state == JobState::Cancelled;
}

} // namespace hearth::workbench
