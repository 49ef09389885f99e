#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <type_traits>

namespace hearth {

/// A persistent fork-join pool for compute. `run(f)` calls f(part, parts) once on every thread, the caller
/// included, and returns when all have finished. Workers spin briefly after a job, then sleep, so that an
/// idle pool uses no processor time.
///
/// Thread rule: one thread at a time calls run() or resize(). A job must not call run() of the same pool, and
/// must not throw.
class ThreadPool {
public:
    /// `threads` counts the caller; 0 = one per physical core that this process may use (affinity and cgroup
    /// limits honoured).
    explicit ThreadPool(std::size_t threads = 0);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    [[nodiscard]] std::size_t size() const;
    /// Changes the number of threads between two jobs; 0 as in the constructor.
    void resize(std::size_t threads);

    /// Runs `job(part, parts)` on every thread. Does not allocate.
    template <class Job>
    void run(Job&& job) {
        using Callable = std::remove_reference_t<Job>;
        runErased(
            [](void* f, std::size_t part, std::size_t parts) { (*static_cast<Callable*>(f))(part, parts); },
            const_cast<void*>(static_cast<const void*>(std::addressof(job))));
    }

    /// Runs `body(begin, end)` over [0, count) in chunks of at most `grain`, handed out as threads get free.
    template <class Body>
    void forEach(std::size_t count, std::size_t grain, Body&& body) {
        if (grain == 0)
            grain = 1;
        if (count <= grain) {
            if (count)
                body(std::size_t{0}, count);
            return;
        }
        std::atomic<std::size_t> next{0};
        run([&](std::size_t, std::size_t) {
            for (;;) {
                const std::size_t begin = next.fetch_add(grain, std::memory_order_relaxed);
                if (begin >= count)
                    return;
                body(begin, begin + grain < count ? begin + grain : count);
            }
        });
    }

    /// Fork-joins so far; for tests that count barriers.
    [[nodiscard]] std::uint64_t jobsRun() const;

private:
    using Erased = void (*)(void*, std::size_t, std::size_t);
    void runErased(Erased call, void* job);
    struct State;
    std::unique_ptr<State> m_state;
};

/// Physical cores that this process may use, at least 1: the affinity mask, one per core before siblings,
/// capped by the cgroup CPU quota (v1 and v2, rounded up).
[[nodiscard]] std::size_t usableCores();

} // namespace hearth
