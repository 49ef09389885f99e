// How long wrong keys wait, and how often they are noted.
#include <gtest/gtest.h>

#include "engine/server/failure_limit.h"

namespace hearth::server {
namespace {

using namespace std::chrono_literals;

TEST(FailureLimit, GrowsIsBoundedAndForgets) {
    FailureLimit limit;
    FailureLimit::Time now{};
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(limit.failed("a", now).delay, 0ms);
    EXPECT_EQ(limit.failed("a", now).delay, 100ms);
    EXPECT_EQ(limit.failed("a", now).delay, 200ms);
    EXPECT_EQ(limit.failed("b", now).delay, 0ms) << "another address has its own count";
    for (int i = 0; i < 1000; ++i)
        EXPECT_LE(limit.failed("a", now).delay, 10s);
    EXPECT_EQ(limit.failed("a", now).delay, 10s);
    now += FailureLimit::kForgotten + 1s;
    EXPECT_EQ(limit.failed("a", now).delay, 0ms);
}

TEST(FailureLimit, EveryFailureIsCountedInSomeNote) {
    FailureLimit limit;
    int noted = 0, notes = 0;
    for (int i = 1; i <= 4096; ++i) {
        const int count = limit.failed("a", {}).note;
        noted += count;
        notes += count > 0 ? 1 : 0;
        if (i <= 8) {
            EXPECT_EQ(count, 1);
        }
    }
    EXPECT_EQ(noted, 4096);
    EXPECT_EQ(notes, 17); // the first eight, then 16, 32 … 4096
}

TEST(FailureLimit, RemembersABoundedNumberOfAddresses) {
    FailureLimit limit;
    FailureLimit::Time now{};
    for (std::size_t i = 0; i < 3 * FailureLimit::kMostAddresses; ++i)
        (void)limit.failed(std::to_string(i), now += 1ms);
    for (int i = 0; i < 3; ++i)
        (void)limit.failed("last", now += 1ms);
    EXPECT_EQ(limit.failed("last", now).delay, 100ms);
}

} // namespace
} // namespace hearth::server
