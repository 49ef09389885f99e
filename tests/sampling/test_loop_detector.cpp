#include <gtest/gtest.h>

#include "engine/sampling/loop_detector.h"

using namespace hearth::sampling;

namespace {

/// Feeds tokens; the first alarm and how many tokens it took.
struct Alarm {
    std::optional<LoopDetector::Loop> loop;
    std::size_t after = 0;
};

template <class Next>
Alarm feed(LoopDetector& detector, std::size_t count, Next next) {
    for (std::size_t i = 0; i < count; ++i)
        if (auto loop = detector.push(next(i)))
            return {loop, i + 1};
    return {std::nullopt, count};
}

/// Text without repetition.
TokenId prose(std::size_t i) {
    return static_cast<TokenId>((i * 2654435761U) >> 7 & 0x7FFF);
}

} // namespace

TEST(LoopDetector, FindsEveryPeriod) {
    for (std::size_t period = 1; period <= 512; period += period < 20 ? 1 : 61) {
        LoopDetector detector;
        const Alarm alarm = feed(detector, 20000, [&](std::size_t i) {
            return i < 100 ? prose(i) : static_cast<TokenId>(100000 + (i - 100) % period);
        });
        ASSERT_TRUE(alarm.loop) << period;
        EXPECT_EQ(alarm.loop->period, period);
        EXPECT_LE(alarm.after, 100 + std::max<std::size_t>(512, 6 * period) + period) << period;
        EXPECT_GE(alarm.loop->repeats, 6U);
    }
}

TEST(LoopDetector, FindsTheSmallestPeriodInside) {
    LoopDetector detector;
    const Alarm alarm = feed(detector, 5000, [](std::size_t i) { return static_cast<TokenId>(i % 3 == 0); });
    ASSERT_TRUE(alarm.loop);
    EXPECT_EQ(alarm.loop->period, 3U);
}

TEST(LoopDetector, ProseRaisesNothing) {
    LoopDetector detector;
    EXPECT_FALSE(feed(detector, 100000, prose).loop);
}

TEST(LoopDetector, CountersRaiseNothing) {
    LoopDetector detector; // "- Item <n> of the list\n": only the number changes, for ever
    EXPECT_FALSE(feed(detector, 50000, [](std::size_t i) {
                     return static_cast<TokenId>(i % 6 == 2 ? 1000 + i / 6 : i % 6);
                 }).loop);
}

TEST(LoopDetector, TablesRaiseNothing) {
    LoopDetector detector; // 60 rows of 8 cells; rules between them, one column of digits
    EXPECT_FALSE(feed(detector, 60 * 17, [](std::size_t i) {
                     const std::size_t column = i % 17, row = i / 17;
                     return static_cast<TokenId>(column == 5 ? 500 + prose(row) % 10 : column % 2);
                 }).loop);
}

TEST(LoopDetector, IndentationAndRulersRaiseNothing) {
    LoopDetector detector;
    for (int line = 0; line < 400; ++line) {
        EXPECT_FALSE(feed(detector, 40, [](std::size_t) { return 9; }).loop) << "deep indentation";
        EXPECT_FALSE(feed(detector, 6, [&](std::size_t i) {
                         return prose(i + static_cast<std::size_t>(line) * 6);
                     }).loop);
    }
    EXPECT_FALSE(feed(detector, 400, [](std::size_t) { return 7; }).loop) << "a ruler of 400 dashes";
}

TEST(LoopDetector, ARefrainRaisesNothing) {
    LoopDetector detector;
    EXPECT_FALSE(feed(detector, 5 * 100, [](std::size_t i) { return static_cast<TokenId>(i % 100); }).loop);
}

TEST(LoopDetector, ResetForgets) {
    LoopDetector detector;
    EXPECT_FALSE(feed(detector, 500, [](std::size_t) { return 1; }).loop);
    detector.reset();
    EXPECT_FALSE(feed(detector, 500, [](std::size_t) { return 1; }).loop);
    EXPECT_TRUE(feed(detector, 20, [](std::size_t) { return 1; }).loop);
}

TEST(LoopDetector, AgreesWithComparingDirectly) {
    const LoopRule rule{8, 24, 3};
    std::uint32_t state = 5;
    LoopDetector detector(rule);
    std::vector<TokenId> all;
    int alarms = 0;
    for (int i = 0; i < 20000; ++i) {
        state = state * 1664525U + 1013904223U;
        const bool noise = (state >> 8) % 40 == 0;
        const std::size_t period = 1 + (static_cast<std::size_t>(i) / 200) % 10;
        const TokenId token =
            noise || all.size() < 10 ? static_cast<TokenId>(state >> 28) : all[all.size() - period];
        all.push_back(token);
        std::size_t expected = 0;
        for (std::size_t p = 1; p <= rule.maxPeriod && !expected; ++p) {
            std::size_t matched = 0;
            while (matched + p < all.size() &&
                   all[all.size() - 1 - matched] == all[all.size() - 1 - matched - p])
                ++matched;
            if (matched && matched + p >= rule.minTokens && matched + p >= p * rule.minRepeats)
                expected = p;
        }
        const auto loop = detector.push(token);
        ASSERT_EQ(loop ? loop->period : 0, expected) << i;
        alarms += expected != 0;
    }
    EXPECT_GT(alarms, 100);
}
