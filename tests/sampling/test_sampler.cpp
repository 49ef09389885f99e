#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>

#include <gtest/gtest.h>

#include "engine/sampling/random.h"
#include "engine/sampling/sampler.h"
#include "engine/sampling/sampling_ranges.h"
#include "tests/sampling/reference.h"

using namespace hearth;
using namespace hearth::sampling;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

SamplingParams greedy() {
    SamplingParams params;
    params.temperature = 0;
    return params;
}

/// Everything off: a draw from the softmax itself.
SamplingParams plain(std::uint64_t seed) {
    SamplingParams params;
    params.temperature = 1;
    params.topK = 0;
    params.topP = 1;
    params.minP = 0;
    params.seed = seed;
    return params;
}

TokenId one(const SamplingParams& params, std::vector<float> logits) {
    Sampler sampler(params, logits.size());
    return sampler.sample(logits).value().id;
}

/// Pearson's statistic of `draws` draws against the probabilities.
double chiSquare(Sampler& sampler, const std::vector<float>& logits, const std::vector<double>& p,
                 int draws) {
    std::vector<int> seen(logits.size());
    for (int i = 0; i < draws; ++i) {
        auto copy = logits;
        ++seen[static_cast<std::size_t>(sampler.sample(copy).value().id)];
    }
    double statistic = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (p[i] == 0) {
            EXPECT_EQ(seen[i], 0) << "token " << i << " should never be drawn";
            continue;
        }
        const double expected = p[i] * draws;
        statistic += (seen[i] - expected) * (seen[i] - expected) / expected;
    }
    return statistic;
}

} // namespace

TEST(Random, GivesThePublishedSequence) {
    // SplitMix64 from seed 0 begins e220a8397b1dcdaf; xoshiro256** follows from the four words.
    Random random(0);
    const std::uint64_t first = random.next(), second = random.next();
    std::uint64_t s[4] = {0xe220a8397b1dcdafU, 0x6e789e6aa1b965f4U, 0x06c45d188009454fU, 0xf88bb8a8724c81ecU};
    const auto rotl = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
    EXPECT_EQ(first, rotl(s[1] * 5, 7) * 9);
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    EXPECT_EQ(second, rotl(s[1] * 5, 7) * 9);
}

TEST(Sampler, GreedyTakesTheLargest) {
    EXPECT_EQ(one(greedy(), {1, 5, 3}), 1);
    EXPECT_EQ(one(greedy(), {2, 2, 2}), 0) << "the first of equals";
    EXPECT_EQ(one(greedy(), {kNan, -kInfinity, -7}), 2);
    EXPECT_EQ(one(greedy(), {1, kInfinity, 3}), 1);
    EXPECT_EQ(one(greedy(), {-4}), 0);
}

TEST(Sampler, GreedyHonoursBiasAndPenalties) {
    SamplingParams params = greedy();
    params.logitBias = {{1, -100.0F}, {999, 100.0F}};
    EXPECT_EQ(one(params, {1, 5, 3}), 2);
    params = greedy();
    params.repetitionPenalty = 2;
    Sampler sampler(params, 3);
    sampler.accept(1);
    std::vector<float> logits{1, 5, 3};
    EXPECT_EQ(sampler.sample(logits).value().id, 2);
    sampler.reset();
    logits = {1, 5, 3};
    EXPECT_EQ(sampler.sample(logits).value().id, 1);
}

TEST(Sampler, NothingToChooseIsNamed) {
    for (const SamplingParams& params : {greedy(), plain(1)}) {
        Sampler sampler(params, 3);
        std::vector<float> logits{kNan, -kInfinity, kNan};
        EXPECT_EQ(sampler.sample(logits).error().code, "sampling.no_candidate");
    }
    SamplingParams params = plain(1);
    params.mirostat = true;
    Sampler mirostat(params, 1);
    std::vector<float> logits{kNan};
    EXPECT_EQ(mirostat.sample(logits).error().code, "sampling.no_candidate");
    Sampler empty(greedy(), 0);
    EXPECT_EQ(empty.sample({}).error().code, "sampling.no_candidate");
    Sampler other(greedy(), 5);
    EXPECT_EQ(other.sample(logits).error().code, "sampling.vocabulary_mismatch");
}

TEST(Sampler, AVocabularyOfOneAlwaysWorks) {
    for (const float logit : {-1e30F, 0.0F, kInfinity}) {
        EXPECT_EQ(one(SamplingParams{}, {logit}), 0);
        SamplingParams params = plain(3);
        params.mirostat = true;
        EXPECT_EQ(one(params, {logit}), 0);
        params = plain(3);
        params.topP = 0;
        params.typicalP = 0;
        params.minP = 1;
        params.topK = 1;
        EXPECT_EQ(one(params, {logit}), 0);
    }
}

TEST(Sampler, BadLogitsAreNeverDrawn) {
    Sampler sampler(plain(5), 5);
    for (int i = 0; i < 2000; ++i) {
        std::vector<float> logits{kNan, 1, -kInfinity, 1.2F, -kNan};
        const TokenId id = sampler.sample(logits).value().id;
        EXPECT_TRUE(id == 1 || id == 3);
    }
    std::vector<float> logits{1, kInfinity, 2};
    Sampler infinite(plain(5), 3);
    EXPECT_EQ(infinite.sample(logits).value().id, 1);
}

TEST(Sampler, ASeedGivesTheSameTokens) {
    SamplingParams params;
    params.seed = 42;
    Sampler a(params, 1000), b(params, 1000);
    std::vector<TokenId> first;
    for (std::uint32_t i = 0; i < 100; ++i) {
        auto x = test::someLogits(1000, i), y = x;
        first.push_back(a.sample(x).value().id);
        EXPECT_EQ(first.back(), b.sample(y).value().id);
    }
    a.reset();
    for (std::uint32_t i = 0; i < 100; ++i) {
        auto x = test::someLogits(1000, i);
        EXPECT_EQ(a.sample(x).value().id, first[i]);
    }
    params.seed = 43;
    Sampler c(params, 1000);
    int same = 0;
    for (std::uint32_t i = 0; i < 100; ++i) {
        auto x = test::someLogits(1000, i);
        same += c.sample(x).value().id == first[i];
    }
    EXPECT_LT(same, 60);
    EXPECT_EQ(a.seed(), 42U);
    params.seed = 0;
    EXPECT_NE(Sampler(params, 10).seed(), 0U);
    EXPECT_NE(Sampler(params, 10).seed(), Sampler(params, 10).seed());
}

// With k − 1 degrees of freedom the 99.9 % quantile is 36.1 for 15 and 18.5 for 4; the seed is fixed.

TEST(Sampler, DrawsFollowTheSoftmax) {
    const auto logits = test::someLogits(16, 3);
    Sampler sampler(plain(7), 16);
    EXPECT_LT(chiSquare(sampler, logits, test::softmax(logits), 100000), 36.1);
}

TEST(Sampler, DrawsFollowTheTemperature) {
    auto logits = test::someLogits(16, 4);
    SamplingParams params = plain(8);
    params.temperature = 2.5F;
    Sampler sampler(params, 16);
    auto scaled = logits;
    for (float& l : scaled)
        l /= 2.5F;
    EXPECT_LT(chiSquare(sampler, logits, test::softmax(scaled), 100000), 36.1);
}

TEST(Sampler, DrawsAfterTruncationAreRenormalised) {
    const auto logits = test::someLogits(16, 5);
    SamplingParams params = plain(9);
    params.topK = 5;
    Sampler sampler(params, 16);
    auto kept = std::vector<float>(16, -kInfinity);
    for (const TokenId id : test::naiveTopK(logits, 5))
        kept[static_cast<std::size_t>(id)] = logits[static_cast<std::size_t>(id)];
    EXPECT_LT(chiSquare(sampler, logits, test::softmax(kept), 100000), 18.5);
}

TEST(Sampler, MirostatHoldsTheSurprise) {
    std::vector<float> logits; // Zipf's law, which words follow and for which mirostat was made
    for (int rank = 1; rank <= 2000; ++rank)
        logits.push_back(-1.2F * std::log(static_cast<float>(rank)));
    const auto p = test::softmax(logits);
    for (const float tau : {3.0F, 5.0F}) {
        SamplingParams params = plain(10);
        params.mirostat = true;
        params.mirostatTau = tau;
        Sampler sampler(params, logits.size());
        double surprise = 0;
        const int draws = 4000;
        for (int i = 0; i < draws; ++i) {
            auto copy = logits;
            surprise -= std::log2(p[static_cast<std::size_t>(sampler.sample(copy).value().id)]);
        }
        EXPECT_NEAR(surprise / draws, static_cast<double>(tau), 0.1);
    }
}

TEST(Sampler, LogProbabilitiesAreTheModels) {
    const auto logits = test::someLogits(500, 11);
    const auto p = test::softmax(logits);
    SamplingParams params;
    params.logProbs = 5;
    params.temperature = 0;
    params.logitBias = {{7, 100.0F}};
    Sampler sampler(params, logits.size());
    auto copy = logits;
    const Sampled sampled = sampler.sample(copy).value();
    EXPECT_EQ(sampled.id, 7) << "the bias decides";
    EXPECT_NEAR(static_cast<double>(sampled.logProb), std::log(p[7]), 1e-4)
        << "and is not part of the report";
    ASSERT_EQ(sampled.top.size(), 5U);
    const auto ordered = test::order(p);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(sampled.top[i].id, ordered[i]);
        EXPECT_NEAR(static_cast<double>(sampled.top[i].logProb),
                    std::log(p[static_cast<std::size_t>(ordered[i])]), 1e-4);
    }
    params.logProbs = 50;
    Sampler small(params, 3);
    std::vector<float> three{1, kNan, 2};
    EXPECT_EQ(small.sample(three).value().top.size(), 2U);
}

TEST(Ranges, DefaultsAreTheTables) {
    const SamplingParams p;
    const auto expect = [](std::string_view name, double value) {
        const FieldRange* range = fieldRange(name);
        ASSERT_NE(range, nullptr) << name;
        EXPECT_NEAR(range->defaultValue, value, 1e-6) << name;
        EXPECT_LE(range->minimum, range->usualMinimum) << name;
        EXPECT_LE(range->usualMaximum, range->maximum) << name;
        EXPECT_GT(range->step, 0) << name;
    };
    expect("temperature", static_cast<double>(p.temperature));
    expect("topK", p.topK);
    expect("topP", static_cast<double>(p.topP));
    expect("minP", static_cast<double>(p.minP));
    expect("typicalP", static_cast<double>(p.typicalP));
    expect("repetitionPenalty", static_cast<double>(p.repetitionPenalty));
    expect("frequencyPenalty", static_cast<double>(p.frequencyPenalty));
    expect("presencePenalty", static_cast<double>(p.presencePenalty));
    expect("penaltyWindow", p.penaltyWindow);
    expect("dryMultiplier", static_cast<double>(p.dryMultiplier));
    expect("dryBase", static_cast<double>(p.dryBase));
    expect("dryAllowedLength", p.dryAllowedLength);
    expect("dryWindow", p.dryWindow);
    expect("mirostatTau", static_cast<double>(p.mirostatTau));
    expect("mirostatEta", static_cast<double>(p.mirostatEta));
    expect("seed", static_cast<double>(p.seed));
    expect("logProbs", p.logProbs);
    EXPECT_TRUE(p.validate());
    EXPECT_EQ(fieldRange("nothing"), nullptr);
}

namespace {

template <class T>
void expectBounds(std::string_view field, T SamplingParams::*member) {
    const FieldRange& range = *fieldRange(field);
    const auto with = [&](double value) {
        SamplingParams params;
        params.*member = static_cast<T>(value);
        return params.validate();
    };
    EXPECT_TRUE(with(range.minimum)) << field;
    EXPECT_TRUE(with(range.maximum)) << field;
    for (const double value : {range.minimum - 1, range.maximum + 1}) {
        const auto result = with(value);
        ASSERT_FALSE(result) << field << " = " << value;
        EXPECT_EQ(result.error().code, "sampling.out_of_range");
        EXPECT_EQ(result.error().arg("field"), field);
        EXPECT_NEAR(std::atof(result.error().arg("value").c_str()), value, 1e-3);
        EXPECT_NEAR(std::atof(result.error().arg("minimum").c_str()), range.minimum, 1e-6);
        EXPECT_NEAR(std::atof(result.error().arg("maximum").c_str()), range.maximum, 1e-6);
    }
    if constexpr (std::is_floating_point_v<T>) {
        EXPECT_FALSE(with(static_cast<double>(kNan))) << field;
        EXPECT_FALSE(with(static_cast<double>(kInfinity))) << field;
    }
}

} // namespace

TEST(Ranges, EveryFieldIsChecked) {
    using P = SamplingParams;
    expectBounds("temperature", &P::temperature);
    expectBounds("topK", &P::topK);
    expectBounds("topP", &P::topP);
    expectBounds("minP", &P::minP);
    expectBounds("typicalP", &P::typicalP);
    expectBounds("repetitionPenalty", &P::repetitionPenalty);
    expectBounds("frequencyPenalty", &P::frequencyPenalty);
    expectBounds("presencePenalty", &P::presencePenalty);
    expectBounds("penaltyWindow", &P::penaltyWindow);
    expectBounds("dryMultiplier", &P::dryMultiplier);
    expectBounds("dryBase", &P::dryBase);
    expectBounds("dryAllowedLength", &P::dryAllowedLength);
    expectBounds("dryWindow", &P::dryWindow);
    expectBounds("mirostatTau", &P::mirostatTau);
    expectBounds("mirostatEta", &P::mirostatEta);
    expectBounds("logProbs", &P::logProbs);
}

TEST(Ranges, ListsAreChecked) {
    SamplingParams params;
    params.logitBias = {{-1, 0.0F}};
    EXPECT_EQ(params.validate().error().arg("field"), "logitBias.token");
    params.logitBias = {{1, 101.0F}};
    EXPECT_EQ(params.validate().error().arg("field"), "logitBias");
    params.logitBias = {{1, kNan}};
    EXPECT_EQ(params.validate().error().arg("field"), "logitBias");
    params.logitBias.clear();
    for (TokenId i = 0; i <= static_cast<TokenId>(kMaxLogitBiases); ++i)
        params.logitBias[i] = 0;
    EXPECT_EQ(params.validate().error().arg("field"), "logitBias.count");
    params.logitBias.clear();
    params.dryBreakers = {{}};
    EXPECT_EQ(params.validate().error().arg("field"), "dryBreakers.length");
    params.dryBreakers.assign(kMaxDryBreakers + 1, {1});
    EXPECT_EQ(params.validate().error().arg("field"), "dryBreakers");
}
