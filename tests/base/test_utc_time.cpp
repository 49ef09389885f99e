#include <limits>

#include <gtest/gtest.h>

#include "engine/base/utc_time.h"

namespace hearth {
namespace {

TEST(UtcTime, MomentsAreToldInUtc) {
    EXPECT_EQ(utcText(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(utcText(1'795'331'100), "2026-11-22T07:05:00Z");
    EXPECT_EQ(utcText(1'795'331'100, kUtcStamp), "20261122T070500Z");
    EXPECT_EQ(utcText(-1), "1969-12-31T23:59:59Z");
    EXPECT_EQ(utcNow().size(), 20U);
    const std::string before = utcNow();
    const std::string between = utcText(unixMsNow() / 1000);
    EXPECT_TRUE(before <= between && between <= utcNow()) << between;
}

TEST(UtcTime, AYearThatCannotBeToldIsEmpty) {
    EXPECT_EQ(utcText(std::numeric_limits<std::int64_t>::max()), "");
}

} // namespace
} // namespace hearth
