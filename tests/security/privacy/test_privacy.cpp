#include <cmath>
#include <map>
#include <random>

#include <nlohmann/json.hpp>

#include "engine/security/privacy/discrete_laplace.h"
#include "engine/security/privacy/person_export.h"
#include "engine/security/privacy/usage_statistics.h"
#include "engine/store/connection.h"
#include "tests/store/store_fixture.h"

namespace hearth::security {
namespace {

/// Repeatable words for the stochastic tests.
RandomWords seeded(std::uint64_t seed) {
    return
        [engine = std::make_shared<std::mt19937_64>(seed)]() -> Result<std::uint64_t> { return (*engine)(); };
}

TEST(DiscreteLaplace, FollowsItsDistribution) {
    // P[x] = (1 − q)/(1 + q)·q^|x|, q = exp(−s/t).
    for (const auto& [s, t] : {std::pair{1, 1}, {1, 3}, {5, 2}, {100, 1000}}) {
        constexpr int kSamples = 100'000;
        const auto words = seeded(42);
        std::map<std::int64_t, int> counts;
        for (int i = 0; i < kSamples; ++i) {
            const auto x =
                discreteLaplace(static_cast<std::uint64_t>(s), static_cast<std::uint64_t>(t), words);
            ASSERT_TRUE(x);
            ++counts[*x];
        }
        const double q = std::exp(-double(s) / t);
        double chi = 0;
        int cells = 0;
        for (const auto& [x, count] : counts) {
            const double expected = kSamples * (1 - q) / (1 + q) * std::pow(q, std::abs(double(x)));
            if (expected < 10)
                continue;
            chi += (count - expected) * (count - expected) / expected;
            ++cells;
        }
        ASSERT_GE(cells, 3) << s << "/" << t;
        // Mean and deviation of chi-square: its degrees of freedom n and sqrt(2n); five deviations.
        EXPECT_LT(chi, cells + 5 * std::sqrt(2.0 * cells)) << s << "/" << t << ", " << cells << " cells";
    }
}

TEST(DiscreteLaplace, NeighbouringSumsAreHardToTellApart) {
    // ε = 0.5 for a count that one person changes by 1: no value may be more than e^0.5 times as likely.
    constexpr int kSamples = 200'000;
    std::map<std::int64_t, double> with, without;
    const auto words = seeded(7);
    for (int i = 0; i < kSamples; ++i) {
        with[11 + *discreteLaplace(500, 1000, words)] += 1;
        without[10 + *discreteLaplace(500, 1000, words)] += 1;
    }
    int compared = 0;
    for (const auto& [value, count] : with) {
        if (count < 500 || without[value] < 500)
            continue;
        const double slack = 4 * std::sqrt(1 / count + 1 / without[value]);
        EXPECT_LT(std::abs(std::log(count / without[value])), 0.5 + slack) << value;
        ++compared;
    }
    EXPECT_GT(compared, 10);
}

TEST(DiscreteLaplace, RefusesNonsenseAndUsesTheSystemsGenerator) {
    const auto words = systemRandomWords();
    EXPECT_EQ(discreteLaplace(0, 1, words).error().code, "privacy.bad_epsilon");
    EXPECT_EQ(discreteLaplace(1, 0, words).error().code, "privacy.bad_epsilon");
    EXPECT_EQ(discreteLaplace(1, UINT64_MAX, words).error().code, "privacy.bad_epsilon");
    std::map<std::int64_t, int> seen;
    for (int i = 0; i < 1000; ++i)
        ++seen[*discreteLaplace(1, 20, words)];
    EXPECT_GT(seen.size(), 40U);
    for (const std::uint64_t below : {1ULL, 2ULL, 3ULL, 1000ULL, (1ULL << 63) + 1})
        for (int i = 0; i < 100; ++i)
            ASSERT_LT(*uniformBelow(below, words), below);
}

class Usage : public test::StoreTest {
protected:
    std::unique_ptr<UsageStatistics> open(PrivacyRules rules = {}) const {
        auto out = UsageStatistics::open(folder() / "usage.db", rules, seeded(1));
        EXPECT_TRUE(out) << out.error().message();
        return out ? std::move(*out) : nullptr;
    }
    static constexpr std::int64_t kDay = 20'000; // 2024-10-04
};

TEST_F(Usage, AFigureIsReleasedOnceAndStaysTheSame) {
    std::int64_t value = 0;
    {
        const auto usage = open();
        ASSERT_TRUE(usage->record(1, kDay, Measure::Messages, 20));
        ASSERT_TRUE(usage->record(2, kDay, Measure::Messages));
        EXPECT_EQ(usage->release(Measure::Messages, kDay, kDay).error().code, "privacy.day_not_over");
        const auto figure = usage->release(Measure::Messages, kDay, kDay + 1);
        ASSERT_TRUE(figure) << figure.error().message();
        value = figure->value;
        EXPECT_EQ(figure->epsilonThousandths, 100U);
    }
    auto usage = UsageStatistics::open(folder() / "usage.db", {}, seeded(99)); // other noise would show
    ASSERT_TRUE(usage);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ((*usage)->release(Measure::Messages, kDay, kDay + 1)->value, value);
    EXPECT_EQ((*usage)->spentInMonthOf(kDay).value(), 100U);
}

TEST_F(Usage, ABudgetThatIsSpentStaysSpentAfterARestart) {
    const PrivacyRules rules{1000, 2500};
    {
        const auto usage = open(rules);
        EXPECT_TRUE(usage->release(Measure::Messages, kDay, kDay + 9));
        EXPECT_TRUE(usage->release(Measure::Answers, kDay, kDay + 9));
    }
    const auto usage = open(rules);
    const auto refused = usage->release(Measure::Tokens, kDay + 1, kDay + 9);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "privacy.budget_spent");
    EXPECT_EQ(refused.error().arg("spent"), "2000");
    EXPECT_TRUE(usage->release(Measure::Messages, kDay, kDay + 9)) << "known already, costs nothing";
    EXPECT_TRUE(usage->release(Measure::Tokens, kDay + 40, kDay + 99)) << "another month";
}

TEST_F(Usage, OnePersonCannotMoveTheSumBeyondTheBound) {
    // The same noise with and without somebody who sends a million messages.
    const auto usage = open();
    ASSERT_TRUE(usage->record(1, kDay, Measure::Messages, 5));
    const std::int64_t without = usage->release(Measure::Messages, kDay, kDay + 1)->value;
    auto other = UsageStatistics::open(folder() / "other.db", {}, seeded(1));
    ASSERT_TRUE((*other)->record(1, kDay, Measure::Messages, 5));
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE((*other)->record(2, kDay, Measure::Messages, 1'000'000));
    ASSERT_TRUE((*other)->record(2, kDay, Measure::Messages, -100));
    const std::int64_t with = (*other)->release(Measure::Messages, kDay, kDay + 1)->value;
    EXPECT_EQ(with - without, UsageStatistics::boundOf(Measure::Messages));
}

TEST_F(Usage, ForgottenPeopleAndDaysLeaveNoCounts) {
    const auto usage = open();
    ASSERT_TRUE(usage->record(1, kDay, Measure::Messages, 5));
    ASSERT_TRUE(usage->record(2, kDay, Measure::Messages, 7));
    ASSERT_TRUE(usage->forget(2));
    auto connection = store::Connection::open(folder() / "usage.db", store::Connection::Mode::ReadOnly);
    EXPECT_EQ((*connection)->integer("SELECT sum(amount) FROM usage").value(), 5);
    ASSERT_TRUE(usage->forgetBefore(kDay + 1));
    EXPECT_EQ((*connection)->integer("SELECT count(*) FROM usage").value(), 0);
    EXPECT_EQ(usage->release(Measure::Messages, kDay, kDay + 5).error().code, "privacy.closed_day");
}

TEST_F(Usage, ImpossibleRulesAreRefused) {
    for (const PrivacyRules rules :
         {PrivacyRules{0, 100}, PrivacyRules{100, 50}, PrivacyRules{20'000, 30'000}}) {
        const auto usage = UsageStatistics::open(folder() / "usage.db", rules);
        ASSERT_FALSE(usage);
        EXPECT_EQ(usage.error().code, "privacy.bad_epsilon");
    }
    EXPECT_EQ(monthOf(0), 0);
    EXPECT_EQ(monthOf(30), 0);
    EXPECT_EQ(monthOf(31), 1);
    EXPECT_EQ(monthOf(-1), -1);
    EXPECT_EQ(monthOf(20'000), (2024 - 1970) * 12 + 9);
}

class Person : public test::StoreTest {};

TEST_F(Person, ExportHoldsEverythingAndReadsAsJson) {
    const auto history = open();
    const auto kept = history->createConversation("kept \"quoted\"").value();
    append(*history, kept, 0, store::Role::User, "hello 世界");
    const auto trashed = history->createConversation("binned").value();
    append(*history, trashed, 0, store::Role::User, "from the bin");
    ASSERT_TRUE(history->setTrashed(trashed, true));
    ASSERT_TRUE(history->saveDraft(kept, "half a sentence"));
    ASSERT_TRUE(history->saveDraft(0, "not begun"));
    auto key = SigningKey::generate();
    auto audit = AuditLog::open({folder() / "audit.db", folder() / "audit.head"}, *key);
    ASSERT_TRUE((*audit)->append({3, "sign-in", "profile 3", Outcome::Done, ""}));
    ASSERT_TRUE((*audit)->append({4, "sign-in", "profile 4", Outcome::Done, ""}));
    PersonSources sources;
    sources.profile = Profile{3, "Bob", Role::User, false, true, true, 0, 0};
    sources.history = history.get();
    sources.audit = audit->get();
    sources.tokens = {{1, 3, "editor", TokenScope::Chat, 0, 0, 0, false}};
    std::string text;
    const auto done = exportPerson(sources, [&](std::string_view piece) -> Result<void> {
        text += piece;
        return {};
    });
    ASSERT_TRUE(done) << done.error().message();
    const auto json = nlohmann::json::parse(text);
    EXPECT_EQ(json["format"], "hearth-person");
    EXPECT_EQ(json["profile"]["name"], "Bob");
    EXPECT_EQ(json["tokens"][0]["name"], "editor");
    ASSERT_EQ(json["conversations"].size(), 2U);
    EXPECT_EQ(json["conversations"][0]["draft"], "half a sentence");
    EXPECT_EQ(json["conversations"][1]["in_trash"], true);
    EXPECT_EQ(json["conversations"][1]["export"]["conversations"][0]["messages"][0]["content"],
              "from the bin");
    EXPECT_EQ(json["draft"], "not begun");
    ASSERT_EQ(json["audit"]["entries"].size(), 1U); // nobody else's
    // A conversation out of it goes back in.
    EXPECT_TRUE(store::importJson(*history, json["conversations"][0]["export"].dump()));
    sources = {};
    text.clear();
    ASSERT_TRUE(exportPerson(sources, [&](std::string_view piece) -> Result<void> {
        text += piece;
        return {};
    }));
    EXPECT_TRUE(nlohmann::json::parse(text)["profile"].is_null());
}

TEST_F(Person, RetentionGoesByItsPreview) {
    constexpr std::int64_t kDayMs = 86'400'000;
    std::int64_t now = 1'700'000'000'000;
    store::HistoryOptions options;
    options.clock = [&now] { return now; };
    const auto history = open(options);
    const auto old = history->createConversation("old").value();
    const auto binned = history->createConversation("binned").value();
    ASSERT_TRUE(history->setTrashed(binned, true));
    now += 20 * kDayMs;
    const auto fresh = history->createConversation("fresh").value();
    now += 15 * kDayMs;
    const auto preview = previewRetention(*history, {30, 30}, now);
    ASSERT_TRUE(preview);
    ASSERT_EQ(preview->trashed.size(), 1U);
    EXPECT_EQ(preview->trashed[0].id, binned);
    ASSERT_EQ(preview->idle.size(), 1U);
    EXPECT_EQ(preview->idle[0].id, old);
    EXPECT_EQ(previewRetention(*history, {}, now)->idle.size(), 0U);
    EXPECT_EQ(applyRetention(*history, {30, std::nullopt}, now).value(), 1U);
    EXPECT_EQ(applyRetention(*history, {30, 30}, now).value(), 1U);
    EXPECT_TRUE(history->conversation(fresh));
    EXPECT_FALSE(history->conversation(old));
    for (const int days : {-1, 0, 40'000})
        EXPECT_EQ(applyRetention(*history, {days, std::nullopt}, now).error().code, "privacy.bad_retention");
}

} // namespace
} // namespace hearth::security
