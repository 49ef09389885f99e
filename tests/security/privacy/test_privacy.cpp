#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
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
    static constexpr std::int64_t kDay = 20'000; // Friday, 2024-10-04
    static constexpr std::int64_t kMonday = kDay - 4, kNextMonday = kMonday + 7;
};

TEST_F(Usage, AWeekIsReleasedOnceAndStaysTheSame) {
    ReleasedWeek first;
    {
        const auto usage = open();
        ASSERT_TRUE(usage->record(1, kDay, Measure::Messages, 20));
        ASSERT_TRUE(usage->record(2, kDay, Measure::Messages));
        EXPECT_EQ(usage->release(kDay, kNextMonday - 1).error().code, "privacy.week_not_over");
        EXPECT_FALSE(usage->released(kDay)->has_value());
        EXPECT_EQ(usage->spentInMonthOf(kDay).value(), 0U); // asking costs nothing
        const auto week = usage->release(kDay, kNextMonday);
        ASSERT_TRUE(week) << week.error().message();
        first = *week;
        EXPECT_EQ(week->monday, kMonday);
        EXPECT_EQ(week->epsilonThousandths, PrivacyRules{}.epsilonPerWeek());
    }
    auto usage = UsageStatistics::open(folder() / "usage.db", {}, seeded(99)); // other noise would show
    ASSERT_TRUE(usage);
    for (std::int64_t day = kMonday; day < kNextMonday; ++day) {
        EXPECT_EQ((*usage)->release(day, kNextMonday)->sums, first.sums);
        EXPECT_EQ((*usage)->released(day).value()->sums, first.sums);
    }
    EXPECT_EQ((*usage)->spentInMonthOf(kDay).value(), PrivacyRules{}.epsilonPerWeek());
}

TEST_F(Usage, EveryWeekOfAMonthFitsItsBudget) {
    const auto usage = open();
    std::map<std::int64_t, std::uint32_t> spent; // by month
    for (std::int64_t monday = kMonday; monday < kMonday + 366; monday += 7) {
        const auto week = usage->release(monday, monday + 7);
        ASSERT_TRUE(week) << week.error().message();
        spent[monthOf(monday + 3)] += week->epsilonThousandths;
        EXPECT_EQ(usage->spentInMonthOf(monday).value(), spent[monthOf(monday + 3)]);
    }
    for (const auto& [month, epsilon] : spent)
        EXPECT_LE(epsilon, PrivacyRules{}.epsilonPerMonth);
}

TEST_F(Usage, ABudgetThatIsSpentStaysSpentAfterARestart) {
    const PrivacyRules rules{200, 2500}; // two weeks
    {
        const auto usage = open(rules);
        EXPECT_TRUE(usage->release(kDay, kDay + 99));
        EXPECT_TRUE(usage->release(kDay + 7, kDay + 99));
    }
    const auto usage = open(rules);
    const auto refused = usage->release(kDay + 14, kDay + 99);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "privacy.budget_spent");
    EXPECT_EQ(refused.error().arg("needed"), "1.200");
    EXPECT_EQ(refused.error().arg("spent"), "2.400");
    EXPECT_EQ(refused.error().arg("budget"), "2.500");
    EXPECT_FALSE(usage->released(kDay + 14)->has_value());
    EXPECT_EQ(usage->spentInMonthOf(kDay).value(), 2400U);
    EXPECT_TRUE(usage->release(kDay, kDay + 99)) << "known already, costs nothing";
    EXPECT_TRUE(usage->release(kDay + 40, kDay + 99)) << "another month";
}

TEST_F(Usage, WhatTheFormerRulesReleasedStaysOnTheBill) {
    { open(); }
    {
        auto connection = store::Connection::open(folder() / "usage.db", store::Connection::Mode::ReadWrite);
        ASSERT_TRUE(
            (*connection)
                ->run("INSERT INTO figure (measure, day, month, value, epsilon) VALUES (0, ?, ?, 7, 2500)",
                      {kDay, monthOf(kDay)}));
    }
    const auto usage = open();
    EXPECT_EQ(usage->spentInMonthOf(kDay).value(), 2500U);
    EXPECT_EQ(usage->release(kDay, kDay + 9).error().code, "privacy.budget_spent");
}

TEST_F(Usage, OnePersonCannotMoveAWeekBeyondTheBound) {
    // The same noise with and without somebody who sends a million messages, on one day or on all of them,
    // and with rows that say more than may be recorded.
    const auto usage = open();
    ASSERT_TRUE(usage->record(1, kDay, Measure::Messages, 5));
    const ReleasedWeek without = usage->release(kDay, kNextMonday).value();
    for (const int way : {0, 1, 2}) {
        const auto file = folder() / ("other" + std::to_string(way) + ".db");
        {
            auto other = UsageStatistics::open(file, {}, seeded(1));
            ASSERT_TRUE((*other)->record(1, kDay, Measure::Messages, 5));
            for (std::int64_t day = way == 0 ? kNextMonday - 1 : kMonday; day < kNextMonday; ++day)
                ASSERT_TRUE((*other)->record(2, day, Measure::Messages, way == 1 ? 25 : 1'000'000));
            ASSERT_TRUE((*other)->record(2, kDay, Measure::Messages, -100));
        }
        if (way == 2) {
            auto connection = store::Connection::open(file, store::Connection::Mode::ReadWrite);
            ASSERT_TRUE((*connection)->run("UPDATE usage SET amount = 1000000 WHERE person = 2"));
        }
        auto other = UsageStatistics::open(file, {}, seeded(1));
        const ReleasedWeek with = (*other)->release(kDay, kNextMonday).value();
        std::int64_t moved = 0;
        for (int day = 0; day < ReleasedWeek::kDays; ++day)
            moved += std::abs(with.sums[0][day] - without.sums[0][day]);
        EXPECT_EQ(moved, UsageStatistics::boundOf(Measure::Messages)) << way;
        if (way == 1) { // the later days are cut off
            EXPECT_EQ(with.sums[0][0] - without.sums[0][0], 25);
            EXPECT_EQ(with.sums[0][2] - without.sums[0][2], 10);
            EXPECT_EQ(with.sums[0][3], without.sums[0][3]);
        }
        for (std::size_t measure = 1; measure < kMeasures; ++measure)
            EXPECT_EQ(with.sums[measure], without.sums[measure]);
    }
}

/// The mechanism as a whole, from what is recorded to what is released: the noise on every day has the size
/// that the bound asks for, and whether a person took part shows no more than ε says.
TEST_F(Usage, ReleasedWeeksHideAPerson) {
    constexpr int kWeeks = 500;
    constexpr std::uint32_t kEpsilon = 1000; // one: so that few samples show a mistake
    const PrivacyRules rules{kEpsilon, 4'000'000'000U};
    const auto bound = double(UsageStatistics::boundOf(Measure::ModelLoads));
    const auto usage = open(rules);
    std::vector<double> with, without;
    double sum = 0, squares = 0;
    int samples = 0;
    for (int i = 0; i < 2 * kWeeks; ++i) {
        const std::int64_t monday = kMonday + 7 * i;
        const bool there = i % 2 == 0;
        if (there) {
            ASSERT_TRUE(usage->record(1, monday, Measure::ModelLoads, 1000));
        }
        const auto week = usage->release(monday, monday + 7);
        ASSERT_TRUE(week) << week.error().message();
        const auto& days = week->sums[static_cast<std::size_t>(Measure::ModelLoads)];
        (there ? with : without).push_back(double(days[0]));
        for (int day = 1; day < ReleasedWeek::kDays; ++day, ++samples) {
            sum += double(days[day]);
            squares += double(days[day]) * double(days[day]);
        }
    }
    // Discrete Laplace of scale b: mean 0, variance 2 q / (1 − q)² with q = exp(−1/b).
    const double b = bound * 1000 / kEpsilon, q = std::exp(-1 / b);
    const double variance = 2 * q / ((1 - q) * (1 - q));
    EXPECT_NEAR(sum / samples, 0, 5 * std::sqrt(variance / samples));
    EXPECT_NEAR(squares / samples / variance, 1, 5 * std::sqrt(5.0 / samples)); // its kurtosis is 6
    // Their means lie the bound apart, and no threshold tells them better apart than e^ε.
    const auto mean = [](const std::vector<double>& v) {
        return std::accumulate(v.begin(), v.end(), 0.0) / double(v.size());
    };
    EXPECT_NEAR(mean(with) - mean(without), bound, 5 * std::sqrt(2 * variance / kWeeks));
    for (double at = -3 * bound; at <= 4 * bound; at += bound / 4) {
        const auto above = [at](const std::vector<double>& v) {
            return double(std::count_if(v.begin(), v.end(), [at](double x) { return x > at; }));
        };
        const auto test = [](double more, double less) {
            if (more < 30 || less < 30)
                return;
            EXPECT_LT(std::log(more / less), kEpsilon / 1000.0 + 4 * std::sqrt(1 / more + 1 / less));
        };
        test(above(with), above(without));
        test(kWeeks - above(without), kWeeks - above(with));
    }
}

TEST_F(Usage, ModelsAreToldApartByNamesThatWereGiven) {
    // The same noise with and without a person who loads many models: they move the week by the bound at
    // most, and a name that was not given appears nowhere.
    const std::vector<std::string> names = {"beta-Q8_0", "alpha-Q4_0", "beta-Q8_0", "never"};
    const auto releaseWith = [&](const char* file, bool busy) {
        const auto usage = std::move(*UsageStatistics::open(folder() / file, {}, seeded(1)));
        for (int i = 0; i < 3; ++i)
            EXPECT_TRUE(usage->recordModel(1, kDay - i, "alpha-Q4_0"));
        EXPECT_TRUE(usage->recordModel(1, kNextMonday, "alpha-Q4_0")); // another week
        for (int i = 0; busy && i < 40; ++i)
            EXPECT_TRUE(usage->recordModel(2, kDay, i % 2 ? "secret finetune" : "beta-Q8_0"));
        if (busy) {
            auto connection = store::Connection::open(folder() / file, store::Connection::Mode::ReadWrite);
            EXPECT_EQ((*connection)->integer("SELECT sum(amount) FROM model_use WHERE person = 2").value(),
                      UsageStatistics::boundOf(Measure::ModelLoads)); // no more is even kept
            EXPECT_TRUE((*connection)
                            ->run("UPDATE model_use SET amount = 1000000 WHERE person = 2 AND "
                                  "model = CAST('secret finetune' AS BLOB)"));
        }
        const auto week = usage->release(kDay, kNextMonday, names);
        EXPECT_TRUE(week) << week.error().message();
        EXPECT_EQ(usage->released(kDay).value()->models, week->models); // kept as it was
        EXPECT_EQ(usage->release(kDay, kNextMonday, {"other"})->models, week->models);
        return *week;
    };
    const ReleasedWeek quiet = releaseWith("quiet.db", false), busy = releaseWith("busy.db", true);
    const char* expected[] = {"", "alpha-Q4_0", "beta-Q8_0", "never"};
    ASSERT_EQ(quiet.models.size(), 4U);
    ASSERT_EQ(busy.models.size(), 4U);
    std::int64_t moved = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(busy.models[i].model, expected[i]);
        moved += std::abs(busy.models[i].loads - quiet.models[i].loads);
    }
    EXPECT_EQ(moved, UsageStatistics::boundOf(Measure::ModelLoads));
    EXPECT_EQ(busy.models[1], quiet.models[1]); // of others
    EXPECT_EQ(busy.sums, quiet.sums);
}

TEST_F(Usage, LoadsByModelCarryTheNoiseOfTheirBound) {
    constexpr int kWeeks = 400;
    const PrivacyRules rules{1000, 4'000'000'000U};
    const auto usage = open(rules);
    double sum = 0, squares = 0;
    for (int i = 0; i < kWeeks; ++i) {
        const std::int64_t monday = kMonday + 7 * i;
        for (int load = 0; load < 4; ++load)
            ASSERT_TRUE(usage->recordModel(1, monday + 2, "alpha"));
        const auto week = usage->release(monday, monday + 7, {"alpha"});
        ASSERT_TRUE(week) << week.error().message();
        ASSERT_EQ(week->models.back().model, "alpha");
        const double off = double(week->models.back().loads) - 4;
        sum += off;
        squares += off * off;
    }
    const double b = double(UsageStatistics::boundOf(Measure::ModelLoads)), q = std::exp(-1 / b);
    const double variance = 2 * q / ((1 - q) * (1 - q));
    EXPECT_NEAR(sum / kWeeks, 0, 5 * std::sqrt(variance / kWeeks));
    EXPECT_NEAR(squares / kWeeks / variance, 1, 5 * std::sqrt(5.0 / kWeeks));
}

TEST_F(Usage, AnAnswerCountsWholeOrNotAtAll) {
    const auto usage = open();
    const auto counted = [&](ProfileId person) {
        std::array<std::int64_t, kMeasures> out{};
        const auto counts = usage->countsOf(person).value();
        for (const UsageCount& each : counts)
            out[static_cast<std::size_t>(each.measure)] += each.amount;
        return std::array{out[1], out[2], out[4]};
    };
    using Counts = std::array<std::int64_t, 3>;
    for (int i = 0; i < 70; ++i) // answers first: the average stays 500 tokens and 3 seconds
        ASSERT_TRUE(usage->recordAnswer(1, kDay, 500, 3));
    EXPECT_EQ(counted(1), (Counts{60, 30'000, 180}));
    for (int i = 0; i < 70; ++i) // tokens first
        ASSERT_TRUE(usage->recordAnswer(2, kDay, 2'000, 0));
    EXPECT_EQ(counted(2), (Counts{30, 60'000, 0}));
    for (int i = 0; i < 3; ++i) // seconds first, the last one cut off
        ASSERT_TRUE(usage->recordAnswer(3, kDay - i, 10, 5'000));
    EXPECT_EQ(counted(3), (Counts{2, 20, 7'200}));
    ASSERT_TRUE(usage->recordAnswer(3, kNextMonday, -5, -1)); // another week
    EXPECT_EQ(counted(3), (Counts{3, 20, 7'200}));
}

TEST_F(Usage, MeansFollowFromWhatWasReleased) {
    ReleasedWeek week;
    week.epsilonThousandths = PrivacyRules{}.epsilonPerWeek();
    week.models = {{"", 0}};
    const auto set = [&week](Measure measure, std::int64_t perDay) {
        week.sums[static_cast<std::size_t>(measure)].fill(perDay);
    };
    set(Measure::Answers, 100'000);
    set(Measure::Tokens, 25'000'000);
    set(Measure::Seconds, 1'250'000);
    const WeekMeans means = meansOf(week);
    ASSERT_TRUE(means.tokens && means.seconds);
    EXPECT_DOUBLE_EQ(means.tokens->value, 250);
    EXPECT_DOUBLE_EQ(means.seconds->value, 12.5);
    // 60 000 tokens over ε 0.1 on each of seven days, over 700 000 answers.
    EXPECT_NEAR(means.tokens->deviation, 600'000 * std::sqrt(14.0) / 700'000, 0.2);
    EXPECT_NEAR(deviationOf(week, Measure::Tokens), 600'000 * std::sqrt(2.0), 1);
    ReleasedWeek former = week;
    former.models.clear(); // version 2 shared ε among the measures alone
    EXPECT_NEAR(deviationOf(former, Measure::Tokens), 500'000 * std::sqrt(2.0), 1);
    set(Measure::Answers, 600); // less than the noise: no mean, and no division by nothing
    EXPECT_FALSE(meansOf(week).tokens);
    set(Measure::Answers, -3);
    EXPECT_FALSE(meansOf(week).seconds);
    EXPECT_FALSE(meansOf(ReleasedWeek{}).tokens);
}

TEST_F(Usage, CountsOfTheFormerVersionAreConverted) {
    { open(); }
    {
        auto connection = store::Connection::open(folder() / "usage.db", store::Connection::Mode::ReadWrite);
        for (const char* sql : {"DROP TABLE model_use", "DROP TABLE week_model", "PRAGMA user_version = 2",
                                "INSERT INTO usage VALUES (1, 20000, 2, 5), (1, 20000, 4, 3)",
                                "INSERT INTO week VALUES (19989, 656, 600)",
                                "INSERT INTO week_figure VALUES (19989, 2, 19990, -7), (19989, 0, 19990, 9)"})
            ASSERT_TRUE((*connection)->run(sql)) << sql;
    }
    const auto usage = open();
    const auto counts = usage->countsOf(1).value();
    ASSERT_EQ(counts.size(), 2U);
    EXPECT_EQ(counts[0].amount, 500);
    EXPECT_EQ(counts[1].amount, 180);
    const auto week = usage->released(19989).value();
    ASSERT_TRUE(week);
    EXPECT_EQ(week->sums[2][1], -700);
    EXPECT_EQ(week->sums[0][1], 9);
    EXPECT_TRUE(week->models.empty());
    EXPECT_EQ(usage->spentInMonthOf(19989).value(), 600U);
}

TEST_F(Usage, ForgottenPeopleAndDaysLeaveNoCounts) {
    const auto usage = open();
    for (const ProfileId person : {1, 2})
        ASSERT_TRUE(usage->recordModel(person, kDay, "alpha"));
    ASSERT_TRUE(usage->record(1, kDay, Measure::Messages, 5));
    ASSERT_TRUE(usage->record(2, kDay, Measure::Messages, 7));
    ASSERT_TRUE(usage->forget(2));
    auto connection = store::Connection::open(folder() / "usage.db", store::Connection::Mode::ReadOnly);
    EXPECT_EQ((*connection)->integer("SELECT sum(amount) FROM usage").value(), 5);
    EXPECT_EQ((*connection)->integer("SELECT sum(amount) FROM model_use").value(), 1);
    ASSERT_TRUE(usage->forgetBefore(kDay + 1));
    EXPECT_EQ((*connection)->integer("SELECT count(*) FROM model_use").value(), 0);
    EXPECT_EQ((*connection)->integer("SELECT count(*) FROM usage").value(), 0);
    // A week of which only a part is left would be another figure.
    EXPECT_EQ(usage->release(kDay, kDay + 9).error().code, "privacy.closed_week");
    EXPECT_TRUE(usage->release(kDay + 7, kDay + 19));
}

TEST_F(Usage, ImpossibleRulesAreRefused) {
    for (const PrivacyRules rules :
         {PrivacyRules{0, 100}, PrivacyRules{100, 499}, PrivacyRules{20'000, 300'000}}) {
        const auto usage = UsageStatistics::open(folder() / "usage.db", rules);
        ASSERT_FALSE(usage);
        EXPECT_EQ(usage.error().code, "privacy.bad_epsilon");
    }
    EXPECT_EQ(monthOf(0), 0);
    EXPECT_EQ(monthOf(30), 0);
    EXPECT_EQ(monthOf(31), 1);
    EXPECT_EQ(monthOf(-1), -1);
    EXPECT_EQ(monthOf(20'000), (2024 - 1970) * 12 + 9);
    EXPECT_EQ(mondayOf(kDay), kMonday);
    EXPECT_EQ(mondayOf(kMonday), kMonday);
    EXPECT_EQ(mondayOf(kNextMonday - 1), kMonday);
    EXPECT_EQ(mondayOf(-3), -3); // 1969-12-29
    EXPECT_EQ(mondayOf(-4), -10);
    EXPECT_EQ(epsilonText(3005), "3.005");
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
    sources.consents = {{Purpose::Statistics, true, 1'700'000'000'000}, {Purpose::Backups, false, 0}};
    sources.rules[Kept::Trash] = 30;
    sources.counts = {{20'000, Measure::Tokens, 12}, {19'996, Measure::ModelLoads, 2, "alpha"}};
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
    EXPECT_EQ(json["consents"][0]["purpose"], "statistics");
    EXPECT_EQ(json["consents"][0]["given"], true);
    EXPECT_TRUE(json["consents"][1]["since"].is_null());
    EXPECT_EQ(json["keep"]["trash_days"], 30);
    EXPECT_TRUE(json["keep"]["idle_days"].is_null() && json["keep"]["backups_days"].is_null());
    EXPECT_EQ(json["keep"].size(), 3U); // the machine's rules are nobody's data
    EXPECT_EQ(json["usage_counts"][0]["day"], "2024-10-04");
    EXPECT_EQ(json["usage_counts"][0]["measure"], "tokens");
    EXPECT_EQ(json["usage_counts"][0]["amount"], 12);
    EXPECT_EQ(json["usage_counts"][1]["week_of"], "2024-09-30");
    EXPECT_EQ(json["usage_counts"][1]["model"], "alpha");
    ASSERT_EQ(json["conversations"].size(), 2U);
    EXPECT_EQ(json["conversations"][0]["draft"], "half a sentence");
    EXPECT_EQ(json["conversations"][1]["in_trash"], true);
    EXPECT_EQ(json["conversations"][1]["export"]["conversations"][0]["messages"][0]["content"],
              "from the bin");
    EXPECT_EQ(json["draft"], "not begun");
    ASSERT_EQ(json["audit"]["entries"].size(), 1U); // nobody else's
    // The same for reading, in both languages.
    for (const auto& [language, words] :
         {std::pair{RecordLanguage::English,
                    std::vector{"# Everything that Hearth keeps about a person", "| Name | Bob |",
                                "| editor |", "| Usage figures | yes |", "| Automatic backups | no |",
                                "| 30 days |", "until somebody deletes it", "| 2024-10-04 | tokens |  | 12 |",
                                "week of 2024-09-30", "| sign-in | profile 3 | done |", "Not sent: not begun",
                                "Not sent: half a sentence", "hello 世界", "In the trash.", "from the bin"}},
          {RecordLanguage::Chinese,
           std::vector{"# Hearth 保存的关于一个人的一切", "| 名称 | Bob |", "| 使用统计 | 是 |", "30 天",
                       "未发送：half a sentence", "在回收站中。"}}}) {
        std::string document;
        ASSERT_TRUE(exportPersonDocument(sources, language, [&](std::string_view piece) -> Result<void> {
            document += piece;
            return {};
        }));
        for (const char* expected : words)
            EXPECT_NE(document.find(expected), std::string::npos) << expected << "\n" << document;
        EXPECT_EQ(document.find("profile 4"), std::string::npos);
    }
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

} // namespace
} // namespace hearth::security
