#include "engine/base/thread_pool.h"

#include <thread>
#include <vector>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace hearth {

namespace {

/// About 50 µs: longer than the gap between two operations of a forward pass, short enough that an idle
/// program is asleep at once.
constexpr int kSpinRounds = 4000;

inline void pauseProcessor() {
#if defined(__x86_64__) || defined(__i386__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

} // namespace

struct ThreadPool::State {
    // The two hot words live on cache lines of their own.
    alignas(64) std::atomic<std::uint32_t> generation{0};
    alignas(64) std::atomic<std::uint32_t> pending{0};
    alignas(64) Erased call = nullptr;
    void* job = nullptr;
    bool stopping = false;
    std::uint64_t jobs = 0;
    std::vector<std::thread> workers;

    void work(std::size_t part, std::uint32_t seen) {
        for (;;) {
            int round = 0;
            while (generation.load(std::memory_order_acquire) == seen) {
                if (++round < kSpinRounds)
                    pauseProcessor();
                else
                    generation.wait(seen, std::memory_order_acquire);
            }
            ++seen;
            if (stopping)
                return;
            call(job, part, workers.size() + 1);
            if (pending.fetch_sub(1, std::memory_order_acq_rel) == 1)
                pending.notify_one();
        }
    }

    void publish() {
        generation.fetch_add(1, std::memory_order_release);
        generation.notify_all();
    }

    void start(std::size_t threads) {
        stopping = false;
        workers.resize(threads - 1);
        const std::uint32_t seen = generation.load();
        for (std::size_t i = 0; i < workers.size(); ++i)
            workers[i] = std::thread([this, i, seen] { work(i + 1, seen); });
    }

    void stop() {
        stopping = true;
        publish();
        for (auto& worker : workers)
            worker.join();
        workers.clear();
    }
};

ThreadPool::ThreadPool(std::size_t threads) : m_state(std::make_unique<State>()) {
    m_state->start(threads ? threads : usableCores());
}

ThreadPool::~ThreadPool() {
    m_state->stop();
}

std::size_t ThreadPool::size() const {
    return m_state->workers.size() + 1;
}

void ThreadPool::resize(std::size_t threads) {
    if (threads == 0)
        threads = usableCores();
    if (threads == size())
        return;
    m_state->stop();
    m_state->start(threads);
}

std::uint64_t ThreadPool::jobsRun() const {
    return m_state->jobs;
}

void ThreadPool::runErased(Erased call, void* job) {
    State& s = *m_state;
    ++s.jobs;
    const auto others = static_cast<std::uint32_t>(s.workers.size());
    if (others == 0) {
        call(job, 0, 1);
        return;
    }
    s.call = call;
    s.job = job;
    s.pending.store(others, std::memory_order_relaxed);
    s.publish();
    call(job, 0, others + 1);
    int round = 0;
    for (std::uint32_t left; (left = s.pending.load(std::memory_order_acquire)) != 0;) {
        if (++round < kSpinRounds)
            pauseProcessor();
        else
            s.pending.wait(left, std::memory_order_acquire);
    }
}

} // namespace hearth
