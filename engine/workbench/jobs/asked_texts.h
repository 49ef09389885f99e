#pragma once

#include <map>
#include <mutex>
#include <string>

#include "engine/workbench/jobs/job_types.h"

namespace hearth::workbench {

/// What people ask versions of a model and what those answer (Job::request and Job::result of JobKind::Ask).
/// They are a person's own words: never in jobs.db, which everybody's jobs share and which is not sealed, but
/// here, in memory, for the stores and the queue of one program. Thread-safe.
class AskedTexts {
public:
    void ask(JobId job, std::string request);
    /// Nothing for a job that was forgotten meanwhile.
    void answer(JobId job, std::string result);
    /// Puts the texts into a job of this kind; "{}" where there are none.
    void fill(Job& job) const;
    /// Everything: what still waits will fail for want of a request.
    void forget();

private:
    struct Texts {
        std::string request, result = "{}";
    };
    mutable std::mutex m_mutex;
    std::map<JobId, Texts> m_texts;
};

} // namespace hearth::workbench
