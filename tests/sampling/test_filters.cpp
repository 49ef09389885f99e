#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "engine/sampling/filters/filters.h"
#include "tests/sampling/reference.h"

using namespace hearth;
using namespace hearth::sampling;

namespace {

std::set<TokenId> ids(const Candidates& candidates) {
    std::set<TokenId> out;
    for (const Candidate& c : candidates)
        out.insert(c.id);
    return out;
}

/// Two ways of summing may put the border one token apart; it is then a token of the border.
void expectSame(const std::set<TokenId>& got, const std::set<TokenId>& want, const std::string& what) {
    std::vector<TokenId> differing;
    std::set_symmetric_difference(got.begin(), got.end(), want.begin(), want.end(),
                                  std::back_inserter(differing));
    EXPECT_LE(differing.size(), 1U) << what;
}

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

} // namespace

TEST(Filters, TopKKeepsTheLargest) {
    for (const std::size_t size : {1U, 2U, 7U, 100U, 5000U})
        for (const std::size_t k : {1U, 2U, 40U, 1024U, 1025U, 3000U, 9999U})
            for (std::uint32_t seed = 0; seed < 3; ++seed) {
                const auto logits = test::someLogits(size, seed);
                Candidates c;
                topK(logits, k, c);
                EXPECT_EQ(ids(c), test::naiveTopK(logits, k)) << size << ' ' << k;
            }
}

TEST(Filters, TopKOfEqualLogitsTakesTheFirstIds) {
    const std::vector<float> logits(5000, 1.5F);
    for (const std::size_t k : {3U, 1024U, 2000U}) {
        Candidates c;
        topK(logits, k, c);
        EXPECT_EQ(ids(c), test::naiveTopK(logits, k));
    }
}

TEST(Filters, TopKZeroTakesAllThatAreNumbers) {
    const std::vector<float> logits{1, kNan, -kInfinity, kInfinity, -3};
    Candidates c;
    topK(logits, 0, c);
    EXPECT_EQ(ids(c), (std::set<TokenId>{0, 3, 4}));
    topK(logits, 2, c);
    EXPECT_EQ(ids(c), (std::set<TokenId>{0, 3}));
}

TEST(Filters, TopPMatchesASort) {
    for (const std::size_t size : {1U, 2U, 50U, 4000U})
        for (const float p : {0.0F, 0.1F, 0.5F, 0.9F, 0.95F, 0.999F})
            for (std::uint32_t seed = 0; seed < 4; ++seed) {
                const auto logits = test::someLogits(size, seed);
                Candidates c;
                collect(logits, c);
                topP(c, p);
                expectSame(ids(c), test::naiveTopP(logits, static_cast<double>(p)),
                           std::to_string(size) + " " + std::to_string(p));
            }
}

TEST(Filters, TopPOfOneIsOff) {
    Candidates c;
    collect(test::someLogits(100, 1), c);
    topP(c, 1.0F);
    EXPECT_EQ(c.size(), 100U);
}

TEST(Filters, TypicalMatchesASort) {
    for (const std::size_t size : {1U, 2U, 50U, 4000U})
        for (const float p : {0.05F, 0.2F, 0.5F, 0.9F})
            for (std::uint32_t seed = 0; seed < 4; ++seed) {
                const auto logits = test::someLogits(size, seed);
                Candidates c;
                collect(logits, c);
                typical(c, p);
                expectSame(ids(c), test::naiveTypical(logits, static_cast<double>(p)),
                           std::to_string(size) + " " + std::to_string(p));
            }
}

TEST(Filters, MinPMatchesItsDefinition) {
    for (const float p : {0.01F, 0.05F, 0.5F, 1.0F})
        for (std::uint32_t seed = 0; seed < 4; ++seed) {
            const auto logits = test::someLogits(2000, seed);
            Candidates c;
            collect(logits, c);
            minP(c, p);
            expectSame(ids(c), test::naiveMinP(logits, static_cast<double>(p)), std::to_string(p));
        }
}

TEST(Filters, TemperatureDividesAndSurvivesExtremes) {
    Candidates c;
    collect(std::vector<float>{1, 2, 4}, c);
    temperature(c, 0.5F);
    EXPECT_FLOAT_EQ(c[2].logit - c[0].logit, 6.0F);
    collect(std::vector<float>{-1e30F, 1e30F, 0}, c);
    temperature(c, 1e-6F);
    const double sum = weigh(c);
    EXPECT_DOUBLE_EQ(sum, 1.0);
    EXPECT_EQ(c[1].weight, 1.0F);
}

TEST(Filters, MirostatMatchesItsFormula) {
    for (const double mu : {0.0, 1.0, 4.0, 10.0, 40.0})
        for (std::uint32_t seed = 0; seed < 4; ++seed) {
            const auto logits = test::someLogits(1000, seed);
            Candidates c;
            collect(logits, c);
            mirostatTruncate(c, mu);
            expectSame(ids(c), test::naiveMirostat(logits, mu), std::to_string(mu));
        }
    EXPECT_DOUBLE_EQ(mirostatUpdate(10, 7, 5, 0.1), 10 - 0.1 * (7 - 5));
}

TEST(Filters, PenaltiesFollowTheirFormula) {
    History history(6, 4);
    for (const TokenId id : {5, 5, 1, 2, 1, 1}) // the window holds 1 2 1 1
        history.append(id);
    std::vector<float> logits{1, 2, -2, 3, 4, 5};
    applyPenalties(logits, history, 2.0F, 0.5F, 0.25F);
    EXPECT_EQ(logits,
              (std::vector<float>{1, 2.0F / 2 - 3 * 0.5F - 0.25F, -2.0F * 2 - 0.5F - 0.25F, 3, 4, 5}));
}

TEST(Filters, HistoryCountsItsWindow) {
    for (const std::int32_t window : {-1, 1, 3, 10}) {
        History history(8, window);
        std::vector<TokenId> all;
        std::uint32_t state = 7;
        for (int step = 0; step < 200; ++step) {
            state = state * 1664525U + 1013904223U;
            const auto id = static_cast<TokenId>((state >> 20) % 9) - 0; // 8 is outside the vocabulary
            history.append(id);
            all.push_back(id);
            const std::size_t n =
                window < 0 ? all.size() : std::min<std::size_t>(all.size(), static_cast<std::size_t>(window));
            std::map<TokenId, std::uint32_t> counts;
            for (std::size_t i = all.size() - n; i < all.size(); ++i)
                if (all[i] < 8)
                    ++counts[all[i]];
            ASSERT_EQ(history.distinct().size(), counts.size());
            for (const TokenId t : history.distinct())
                ASSERT_EQ(history.count(t), counts[t]);
        }
        history.clear();
        EXPECT_TRUE(history.distinct().empty());
        EXPECT_TRUE(history.tokens().empty());
    }
}

TEST(Filters, DryMatchesTheNaiveSearch) {
    std::uint32_t state = 99;
    const auto random = [&](std::uint32_t bound) {
        state = state * 1664525U + 1013904223U;
        return (state >> 16) % bound;
    };
    int penalised = 0;
    for (int round = 0; round < 300; ++round) {
        SamplingParams params;
        params.dryMultiplier = 0.8F;
        params.dryAllowedLength = static_cast<std::int32_t>(1 + random(4));
        params.dryWindow = round % 3 == 0 ? static_cast<std::int32_t>(random(60)) : -1;
        if (round % 2)
            params.dryBreakers = {{3}, {1, 2}};
        std::vector<TokenId> history;
        for (std::uint32_t i = 0, n = random(120); i < n; ++i)
            history.push_back(static_cast<TokenId>(random(4 + round % 3)));
        DryPenalty dry(params);
        std::vector<float> logits(8, 0.0F);
        dry.apply(logits, history);
        const auto want = test::naiveDry(history, params, 8);
        for (TokenId t = 0; t < 8; ++t) {
            const double expected = params.dryWindow == 0 || !want.count(t) ? 0.0 : want.at(t);
            penalised += expected > 0;
            ASSERT_NEAR(-static_cast<double>(logits[static_cast<std::size_t>(t)]), expected, 1e-4 * expected)
                << "round " << round << " token " << t;
        }
    }
    EXPECT_GT(penalised, 100);
}

TEST(Filters, DryOfALongRepetitionStaysFinite) {
    SamplingParams params;
    params.dryMultiplier = 10;
    params.dryBase = 10;
    DryPenalty dry(params);
    std::vector<float> logits(4, 1.0F);
    dry.apply(logits, std::vector<TokenId>(5000, 2));
    EXPECT_TRUE(std::isfinite(logits[2]));
    EXPECT_LT(logits[2], -1e20F);
}
