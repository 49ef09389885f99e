#include "engine/optimize/quantize/write_behind.h"

#include <utility>

namespace hearth::optimize {

WriteBehind::WriteBehind() : m_thread([this] { loop(); }) {}

WriteBehind::~WriteBehind() {
    {
        const std::scoped_lock lock(m_mutex);
        m_end = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

Result<void> WriteBehind::add(Task task) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_tasks.size() < kWaiting || !m_result; });
    if (m_result) {
        m_tasks.push_back(std::move(task));
        m_changed.notify_all();
    }
    return m_result;
}

Result<void> WriteBehind::finish() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_tasks.empty() && !m_busy; });
    return m_result;
}

std::vector<std::byte> WriteBehind::buffer() {
    const std::scoped_lock lock(m_mutex);
    if (m_buffers.empty())
        return {};
    auto out = std::move(m_buffers.back());
    m_buffers.pop_back();
    return out;
}

void WriteBehind::giveBack(std::vector<std::byte> buffer) {
    const std::scoped_lock lock(m_mutex);
    m_buffers.push_back(std::move(buffer));
}

void WriteBehind::loop() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return !m_tasks.empty() || m_end; });
        if (m_tasks.empty())
            return;
        const Task task = std::move(m_tasks.front());
        m_tasks.pop_front();
        if (!m_result)
            continue; // what came before it is missing
        m_busy = true;
        lock.unlock();
        auto result = task();
        lock.lock();
        m_busy = false;
        if (!result)
            m_result = std::move(result);
        m_changed.notify_all();
    }
}

} // namespace hearth::optimize
