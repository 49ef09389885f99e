#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/base/error.h"

namespace hearth::optimize {

/// Inside of optimize/quantize: does what it is given in that order, in a thread of its own, so that
/// computing does not wait for the disk. A few tasks wait at most; the first that fails ends the rest. Used
/// from one thread; the destructor waits for what was given.
class WriteBehind {
public:
    using Task = std::function<Result<void>()>;

    WriteBehind();
    ~WriteBehind();
    WriteBehind(const WriteBehind&) = delete;
    WriteBehind& operator=(const WriteBehind&) = delete;

    /// Waits while enough is under way. Errors: of an earlier task.
    [[nodiscard]] Result<void> add(Task task);
    /// Waits until all is done. Errors: of the tasks.
    [[nodiscard]] Result<void> finish();

    /// A buffer that no task uses: one that was given back, or a new one.
    [[nodiscard]] std::vector<std::byte> buffer();
    void giveBack(std::vector<std::byte> buffer); ///< from a task

private:
    static constexpr std::size_t kWaiting = 3; ///< pieces: enough for a disk that stutters, little memory

    void loop();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Task> m_tasks;
    std::vector<std::vector<std::byte>> m_buffers;
    Result<void> m_result;
    bool m_busy = false, m_end = false;
    std::thread m_thread;
};

} // namespace hearth::optimize
