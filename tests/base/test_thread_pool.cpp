#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <numeric>
#include <set>
#include <thread>
#include <vector>

#include "engine/base/thread_pool.h"

namespace {

using hearth::ThreadPool;

TEST(ThreadPool, RunsEveryPartOnce) {
    for (const std::size_t threads : {1U, 2U, 3U, 8U}) {
        ThreadPool pool(threads);
        EXPECT_EQ(pool.size(), threads);
        std::vector<std::atomic<int>> calls(threads);
        std::atomic<bool> wrongParts = false;
        for (int round = 0; round < 200; ++round)
            pool.run([&](std::size_t part, std::size_t parts) {
                calls[part].fetch_add(1, std::memory_order_relaxed);
                if (parts != threads)
                    wrongParts = true;
            });
        for (const auto& count : calls)
            EXPECT_EQ(count.load(), 200);
        EXPECT_FALSE(wrongParts);
        EXPECT_EQ(pool.jobsRun(), 200U);
    }
}

TEST(ThreadPool, CallerTakesPartZeroAndWritesAreSeen) {
    ThreadPool pool(4);
    const auto caller = std::this_thread::get_id();
    std::vector<std::thread::id> ids(4);
    std::vector<int> plain(4, 0); // no atomics: run() itself orders the writes
    for (int round = 1; round <= 1000; ++round) {
        pool.run([&](std::size_t part, std::size_t) {
            ids[part] = std::this_thread::get_id();
            plain[part] += round;
        });
        ASSERT_EQ(std::accumulate(plain.begin(), plain.end(), 0), 4 * round * (round + 1) / 2);
    }
    EXPECT_EQ(ids[0], caller);
    EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 4U);
}

TEST(ThreadPool, ForEachCoversTheRangeOnce) {
    ThreadPool pool(3);
    for (const std::size_t count : {0U, 1U, 7U, 64U, 1000U}) {
        for (const std::size_t grain : {0U, 1U, 7U, 64U, 5000U}) {
            std::vector<std::atomic<int>> seen(count);
            std::atomic<std::size_t> largest = 0;
            pool.forEach(count, grain, [&](std::size_t begin, std::size_t end) {
                for (std::size_t i = begin; i < end; ++i)
                    seen[i].fetch_add(1);
                std::size_t known = largest.load();
                while (end - begin > known && !largest.compare_exchange_weak(known, end - begin)) {
                }
            });
            for (const auto& n : seen)
                ASSERT_EQ(n.load(), 1) << count << " in steps of " << grain;
            if (count > 0) {
                EXPECT_LE(largest.load(), std::max<std::size_t>(grain, 1));
            }
        }
    }
}

TEST(ThreadPool, ResizesBetweenJobs) {
    ThreadPool pool(1);
    for (const std::size_t threads : {4U, 2U, 2U, 1U, 5U}) {
        pool.resize(threads);
        EXPECT_EQ(pool.size(), threads);
        std::atomic<std::size_t> calls = 0;
        pool.run([&](std::size_t, std::size_t parts) {
            EXPECT_EQ(parts, threads);
            ++calls;
        });
        EXPECT_EQ(calls.load(), threads);
    }
    pool.resize(0);
    EXPECT_EQ(pool.size(), hearth::usableCores());
}

TEST(ThreadPool, UnequalPartsAreWaitedFor) {
    ThreadPool pool(2);
    std::atomic<bool> finished = false;
    pool.run([&](std::size_t part, std::size_t) {
        if (part == 1) {
            std::this_thread::sleep_for(std::chrono::milliseconds(30)); // beyond the spinning time
            finished = true;
        }
    });
    EXPECT_TRUE(finished);
}

/// Workers that have nothing to do sleep: an idle program must not use processor time.
TEST(ThreadPool, IdleUsesNoProcessorTime) {
    ThreadPool pool(4);
    pool.run([](std::size_t, std::size_t) {});
    // The spinning ends soon, but on a busy machine nobody knows when: the quietest of several whiles counts.
    double used = 1;
    for (int attempt = 0; attempt < 10 && used >= 0.03; ++attempt) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        const auto before = std::clock();
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        used = std::min(used, double(std::clock() - before) / CLOCKS_PER_SEC);
    }
    EXPECT_LT(used, 0.03);
}

TEST(ThreadPool, UsableCoresIsPositiveAndBounded) {
    EXPECT_GE(hearth::usableCores(), 1U);
    EXPECT_LE(hearth::usableCores(), std::max(1U, std::thread::hardware_concurrency()));
}

} // namespace
