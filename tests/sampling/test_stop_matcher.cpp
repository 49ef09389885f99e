#include <chrono>

#include <gtest/gtest.h>

#include "engine/sampling/stop_matcher.h"

using namespace hearth;
using hearth::sampling::StopMatcher;

namespace {

struct Outcome {
    std::string text;
    std::optional<std::size_t> stop;
    bool operator==(const Outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Outcome& o) {
    return out << '"' << o.text << "\" stop " << (o.stop ? static_cast<long>(*o.stop) : -1);
}

StopMatcher matcher(const std::vector<std::string>& stops) {
    return StopMatcher::create(stops).value();
}

Outcome feed(StopMatcher& m, const std::vector<std::string>& pieces) {
    Outcome outcome;
    for (const std::string& piece : pieces) {
        auto output = m.push(piece);
        outcome.text += output.text;
        if (output.stop)
            outcome.stop = output.stop;
    }
    if (!outcome.stop)
        outcome.text += m.flush();
    return outcome;
}

/// Looks at the whole text: the stop that ends first, the longest of those that end there.
Outcome naive(const std::vector<std::string>& stops, const std::string& text) {
    for (std::size_t end = 1; end <= text.size(); ++end) {
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < stops.size(); ++i)
            if (end >= stops[i].size() && text.compare(end - stops[i].size(), stops[i].size(), stops[i]) == 0)
                if (!found || stops[i].size() > stops[*found].size())
                    found = i;
        if (found)
            return {text.substr(0, end - stops[*found].size()), found};
    }
    return {text, std::nullopt};
}

} // namespace

TEST(StopMatcher, HoldsBackWhatMayBegin) {
    StopMatcher m = matcher({"</s>"});
    EXPECT_EQ(m.push("Hello <").text, "Hello ");
    EXPECT_EQ(m.push("/").text, "");
    EXPECT_EQ(m.push("p>").text, "</p>");
    EXPECT_EQ(m.push("bye</").text, "bye");
    const auto last = m.push("s> more");
    EXPECT_EQ(last.text, "");
    EXPECT_EQ(last.stop, 0U);
    EXPECT_EQ(m.push("swallowed").text, "");
    EXPECT_EQ(m.flush(), "");
    m.reset();
    EXPECT_EQ(m.push("again").text, "again");
}

TEST(StopMatcher, FlushGivesWhatWasHeld) {
    StopMatcher m = matcher({"###"});
    EXPECT_EQ(m.push("a##").text, "a");
    EXPECT_EQ(m.flush(), "##");
    EXPECT_EQ(m.push("#").text, "") << "the held text is no longer part of the stream";
}

TEST(StopMatcher, AgreesWithASearchOfTheWholeText) {
    const std::vector<std::vector<std::string>> sets{{"aab"},
                                                     {"ab", "b"},
                                                     {"abab", "bab", "aba"},
                                                     {"aaa", "aa"},
                                                     {"abc", "bcd", "c"},
                                                     {"ba", "aabb", "bbbb"},
                                                     {}};
    std::uint32_t state = 1;
    const auto random = [&](std::uint32_t bound) {
        state = state * 1664525U + 1013904223U;
        return (state >> 16) % bound;
    };
    for (int round = 0; round < 3000; ++round) {
        const auto& stops = sets[random(static_cast<std::uint32_t>(sets.size()))];
        std::string text;
        std::vector<std::string> pieces;
        for (std::uint32_t i = 0, n = random(12); i < n; ++i) {
            std::string piece;
            for (std::uint32_t j = 0, k = random(4); j < k; ++j)
                piece += static_cast<char>('a' + random(round % 2 ? 2 : 4));
            text += piece;
            pieces.push_back(piece);
        }
        StopMatcher m = matcher(stops);
        ASSERT_EQ(feed(m, pieces), naive(stops, text)) << text;
    }
}

TEST(StopMatcher, KeepsCharactersWhole) {
    StopMatcher m = matcher({"你好"});
    EXPECT_EQ(m.push("x你").text, "x");
    EXPECT_EQ(m.push("们").text, "你们");
}

TEST(StopMatcher, LimitsAreNamed) {
    EXPECT_EQ(StopMatcher::create(std::vector<std::string>{"a", ""}).error().code, "sampling.empty_stop");
    EXPECT_EQ(StopMatcher::create(std::vector<std::string>(sampling::kMaxStops + 1, "a")).error().code,
              "sampling.too_many_stops");
    const auto tooLong =
        StopMatcher::create(std::vector<std::string>{std::string(sampling::kMaxStopBytes + 1, 'a')});
    EXPECT_EQ(tooLong.error().code, "sampling.stop_too_long");
    EXPECT_EQ(tooLong.error().arg("maximum"), "4096");
    EXPECT_EQ(StopMatcher::create(std::vector<std::string>(1000, std::string(4096, 'a'))).error().code,
              "sampling.stop_too_long");
}

TEST(StopMatcher, TenThousandStopsStayFast) {
    std::vector<std::string> stops;
    for (int i = 0; i < 10000; ++i)
        stops.push_back(std::string(80, 'a') + std::to_string(i));
    const auto begin = std::chrono::steady_clock::now();
    StopMatcher m = matcher(stops);
    std::size_t shown = 0;
    for (int i = 0; i < 20000; ++i)
        shown += m.push("aaaaaaaaaaaaaaaaaaaaaaaaa ").text.size();
    EXPECT_EQ(shown, 20000U * 26);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}
