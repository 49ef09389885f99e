#include "engine/runtime/request_queue.h"

#include <string>
#include <utility>

namespace hearth::runtime {

GenerationResult Job::finish(StopReason reason) {
    GenerationResult result = answer.finish(reason, request.sink);
    times.generatedTokens = result.stats.generatedTokens;
    times.reasoningTokens = result.stats.reasoningTokens;
    result.stats = times;
    return result;
}

void Job::tell(Result<GenerationResult> result) const {
    if (request.done)
        request.done(std::move(result));
}

Result<Scheduler::RequestId> RequestQueue::push(Request request, AnswerStream answer) {
    const std::scoped_lock lock(m_mutex);
    if (m_jobs.size() >= m_limit)
        return tl::unexpected<Error>(
            Error{"scheduler.queue_full", std::to_string(m_jobs.size()) + " requests are waiting"}.with(
                "waiting", std::to_string(m_jobs.size())));
    const Scheduler::RequestId id = ++m_lastId;
    m_jobs.push_back(std::make_unique<Job>(
        Job{id, std::move(request), std::move(answer), std::chrono::steady_clock::now()}));
    m_arrived.notify_one();
    return id;
}

void RequestQueue::cancel(Scheduler::RequestId id) {
    const std::scoped_lock lock(m_mutex);
    m_cancelled.insert(id);
}

std::size_t RequestQueue::waiting() const {
    const std::scoped_lock lock(m_mutex);
    return m_jobs.size();
}

std::size_t RequestQueue::active() const {
    const std::scoped_lock lock(m_mutex);
    return m_active;
}

bool RequestQueue::isIdle() const {
    const std::scoped_lock lock(m_mutex);
    return m_active == 0 && m_jobs.empty();
}

void RequestQueue::sleep(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    m_arrived.wait(lock, stop, [&] { return !m_jobs.empty(); });
}

const Job* RequestQueue::first() const {
    const std::scoped_lock lock(m_mutex);
    return m_jobs.empty() ? nullptr : m_jobs.front().get();
}

std::unique_ptr<Job> RequestQueue::takeFirst() {
    const std::scoped_lock lock(m_mutex);
    if (m_jobs.empty())
        return nullptr;
    auto job = std::move(m_jobs.front());
    m_jobs.pop_front();
    ++m_active;
    return job;
}

void RequestQueue::ended() {
    const std::scoped_lock lock(m_mutex);
    --m_active;
}

bool RequestQueue::Stopped::has(const Job& job) const {
    return cancelled.count(job.id) > 0 || job.request.stop.stop_requested();
}

RequestQueue::Stopped RequestQueue::takeStopped() {
    Stopped out;
    const std::scoped_lock lock(m_mutex);
    out.cancelled.swap(m_cancelled);
    std::erase_if(m_jobs, [&](std::unique_ptr<Job>& job) {
        const bool stopped = out.has(*job);
        if (stopped)
            out.waiting.push_back(std::move(job));
        return stopped;
    });
    return out;
}

} // namespace hearth::runtime
