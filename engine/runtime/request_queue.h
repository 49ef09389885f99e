#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/answer_stream.h"
#include "engine/runtime/scheduler.h"

namespace hearth::runtime {

/// A request on its way through the scheduler. Engine thread, once it has left the queue.
struct Job {
    Scheduler::RequestId id;
    Request request;
    AnswerStream answer;
    std::chrono::steady_clock::time_point submitted, firstToken = {};
    GenerationStats times = {};
    bool decoding = false; ///< its first token has come

    /// The result as far as it came; nothing can follow.
    [[nodiscard]] GenerationResult finish(StopReason reason);
    /// Calls done(), if there is one.
    void tell(Result<GenerationResult> result) const;
};

/// Where callers' threads and the engine thread meet: requests that wait, in the order they came, how many
/// run, and which are no longer wanted. Thread-safe but for what first() gives.
class RequestQueue {
public:
    explicit RequestQueue(std::size_t limit) : m_limit(limit) {}

    /// Errors: scheduler.queue_full (arg waiting).
    [[nodiscard]] Result<Scheduler::RequestId> push(Request request, AnswerStream answer);
    void cancel(Scheduler::RequestId id);
    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::size_t active() const;
    [[nodiscard]] bool isIdle() const; ///< nothing waits and nothing runs

    /// Sleeps until something waits, or `stop`.
    void sleep(const std::stop_token& stop);
    /// The request that came first; nullptr when none waits. Engine thread, as what follows.
    [[nodiscard]] const Job* first() const;
    /// The same, taken out; it counts as active until ended().
    [[nodiscard]] std::unique_ptr<Job> takeFirst();
    void ended();
    /// What nobody wants any more: waiting requests, taken out, and the ids that were cancelled since the
    /// last call.
    struct Stopped {
        std::vector<std::unique_ptr<Job>> waiting;
        std::set<Scheduler::RequestId> cancelled;
        [[nodiscard]] bool has(const Job& job) const;
    };
    [[nodiscard]] Stopped takeStopped();

private:
    const std::size_t m_limit;
    mutable std::mutex m_mutex; ///< guards what follows
    std::condition_variable_any m_arrived;
    std::deque<std::unique_ptr<Job>> m_jobs;
    std::set<Scheduler::RequestId> m_cancelled;
    Scheduler::RequestId m_lastId = 0;
    std::size_t m_active = 0;
};

} // namespace hearth::runtime
