#include "engine/kernels/task_share.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

namespace hearth::kernels {
namespace {

TEST(TaskShare, TheOwnerTakesHalfOfWhatIsLeft) {
    TaskShare share;
    share.set({100, 132});
    const TaskRange expected[] = {{100, 116}, {116, 124}, {124, 128}, {128, 130}, {130, 131}, {131, 132}};
    for (const TaskRange& range : expected)
        EXPECT_EQ(share.takeFirst(), range);
    EXPECT_EQ(share.takeFirst(), std::nullopt);
    EXPECT_EQ(share.takeLast(), std::nullopt);
}

TEST(TaskShare, OthersTakeAQuarterFromTheEnd) {
    TaskShare share;
    share.set({0, 32});
    EXPECT_EQ(share.takeLast(), (TaskRange{24, 32}));
    EXPECT_EQ(share.takeLast(), (TaskRange{18, 24}));
    EXPECT_EQ(share.takeFirst(), (TaskRange{0, 9}));
    EXPECT_EQ(share.takeLast(), (TaskRange{15, 18}));
}

TEST(TaskShare, LongTasksAreTakenOneByOne) {
    TaskShare share;
    share.set({4, 20}, 1);
    EXPECT_EQ(share.takeFirst(), (TaskRange{4, 5}));
    EXPECT_EQ(share.takeLast(), (TaskRange{19, 20}));
    EXPECT_EQ(share.takeFirst(), (TaskRange{5, 6}));
}

TEST(TaskShare, AnEmptyOneHasNothing) {
    TaskShare share;
    EXPECT_EQ(share.takeFirst(), std::nullopt);
    share.set({7, 7});
    EXPECT_EQ(share.takeFirst(), std::nullopt);
    EXPECT_EQ(share.takeLast(), std::nullopt);
    share.set({7, 8});
    EXPECT_EQ(share.takeLast(), (TaskRange{7, 8}));
    EXPECT_EQ(share.takeFirst(), std::nullopt);
}

TEST(TaskShare, EveryTaskIsTakenOnceByWhoeverComes) {
    constexpr std::size_t kThreads = 4, kTasks = 1009;
    for (int round = 0; round < 200; ++round) {
        std::array<TaskShare, kThreads> shares;
        for (std::size_t i = 0; i < kThreads; ++i)
            shares[i].set({kTasks * i / kThreads, kTasks * (i + 1) / kThreads});
        std::vector<std::atomic<int>> taken(kTasks);
        std::vector<std::thread> threads;
        for (std::size_t part = 0; part < kThreads; ++part)
            threads.emplace_back([&, part] {
                const auto mark = [&](const TaskRange& range) {
                    for (std::size_t task = range.begin; task < range.end; ++task)
                        ++taken[task];
                };
                while (const auto own = shares[part].takeFirst())
                    mark(*own);
                for (std::size_t k = 1; k < kThreads; ++k)
                    while (const auto left = shares[(part + k) % kThreads].takeLast())
                        mark(*left);
            });
        for (std::thread& thread : threads)
            thread.join();
        for (const std::atomic<int>& count : taken)
            ASSERT_EQ(count, 1);
    }
}

} // namespace
} // namespace hearth::kernels
