#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <utility>

namespace hearth::server {

/// Work for one thread, sent by others. post() is safe; run() and drain() belong to that thread. A task runs
/// without a lock held and may post further ones.
class TaskQueue {
public:
    using Task = std::function<void()>;

    void post(Task task) {
        const std::scoped_lock lock(m_mutex);
        m_tasks.push_back(std::move(task));
        m_arrived.notify_one();
    }
    /// Runs tasks as they come, until `stop`.
    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            {
                std::unique_lock lock(m_mutex);
                m_arrived.wait(lock, stop, [&] { return !m_tasks.empty(); });
            }
            if (!stop.stop_requested())
                drain();
        }
    }
    /// Runs what is there.
    void drain() {
        std::deque<Task> tasks;
        {
            const std::scoped_lock lock(m_mutex);
            tasks.swap(m_tasks);
        }
        for (Task& task : tasks) {
            task();
            task = nullptr; // what it holds goes here, in this thread
        }
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_arrived;
    std::deque<Task> m_tasks;
};

} // namespace hearth::server
