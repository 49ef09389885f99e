#include "engine/security/privacy/usage_statistics.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <string_view>

#include "engine/store/connection.h"
#include "engine/store/file_care.h"

namespace hearth::security {

namespace {

// usage: what each person did; goes with the person. week, week_figure: what was released, for good (week =
// its Monday). model_use, week_model: the same by model. figure: what version 1 released, day by day: it
// stays on the bill. closed: days whose counts were forgotten (day < before_day).
constexpr std::array<std::string_view, 5> kVersion1 = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO meta (key, value) VALUES ('database_id', randomblob(16)), ('last_write', x'')",
    "CREATE TABLE usage (person INTEGER NOT NULL, day INTEGER NOT NULL, measure INTEGER NOT NULL, "
    "amount INTEGER NOT NULL, PRIMARY KEY (person, day, measure)) STRICT, WITHOUT ROWID",
    "CREATE TABLE figure (measure INTEGER NOT NULL, day INTEGER NOT NULL, month INTEGER NOT NULL, "
    "value INTEGER NOT NULL, epsilon INTEGER NOT NULL, PRIMARY KEY (measure, day)) STRICT, WITHOUT ROWID",
    "CREATE TABLE closed (id INTEGER PRIMARY KEY CHECK (id = 1), before_day INTEGER NOT NULL) STRICT",
};
constexpr std::array<std::string_view, 2> kVersion2 = {
    "CREATE TABLE week (week INTEGER PRIMARY KEY, month INTEGER NOT NULL, epsilon INTEGER NOT NULL) STRICT",
    "CREATE TABLE week_figure (week INTEGER NOT NULL REFERENCES week (week), measure INTEGER NOT NULL, "
    "day INTEGER NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (week, measure, day)) STRICT, WITHOUT ROWID",
};
// Tokens were counted in hundreds and time in minutes, which lost what a short answer came to.
constexpr std::array<std::string_view, 6> kVersion3 = {
    "UPDATE usage SET amount = amount * 100 WHERE measure = 2",
    "UPDATE usage SET amount = amount * 60 WHERE measure = 4",
    "UPDATE week_figure SET value = value * 100 WHERE measure = 2",
    "UPDATE week_figure SET value = value * 60 WHERE measure = 4",
    "CREATE TABLE model_use (person INTEGER NOT NULL, week INTEGER NOT NULL, model BLOB NOT NULL, "
    "amount INTEGER NOT NULL, PRIMARY KEY (person, week, model)) STRICT, WITHOUT ROWID",
    "CREATE TABLE week_model (week INTEGER NOT NULL REFERENCES week (week), model BLOB NOT NULL, "
    "value INTEGER NOT NULL, PRIMARY KEY (week, model)) STRICT, WITHOUT ROWID",
};
constexpr std::array<store::Migration, 3> kMigrations = {
    store::Migration{1, kVersion1}, store::Migration{2, kVersion2}, store::Migration{3, kVersion3}};

constexpr std::uint32_t kMostEpsilon = 10'000; // ten: beyond it nothing is protected

/// A week lies in the month of its Thursday, as ISO 8601 gives it its year.
std::int64_t monthOfWeek(std::int64_t monday) {
    return monthOf(monday + 3);
}

} // namespace

std::string_view nameOf(Measure measure) {
    constexpr std::array<std::string_view, kMeasures> kNames = {"messages", "answers", "tokens",
                                                                "model-loads", "seconds"};
    return kNames[static_cast<std::size_t>(measure)];
}

std::int64_t monthOf(std::int64_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    return (static_cast<int>(date.year()) - 1970) * 12 + static_cast<std::int64_t>(unsigned(date.month())) -
           1;
}

std::string epsilonText(std::uint32_t thousandths) {
    std::string rest = std::to_string(thousandths % 1000);
    rest.insert(0, 3 - rest.size(), '0');
    return std::to_string(thousandths / 1000) + "." + rest;
}

std::int64_t mondayOf(std::int64_t day) {
    // 1970-01-01 was a Thursday.
    const std::int64_t sinceMonday = ((day + 3) % 7 + 7) % 7;
    return day - sinceMonday;
}

double deviationOf(const ReleasedWeek& week, Measure measure) {
    const double parts =
        week.models.empty() ? kMeasures : PrivacyRules::kWeekParts; // version 2 had no models
    const double bound = double(UsageStatistics::boundOf(measure));
    const double q = std::exp(-double(week.epsilonThousandths) / 1000.0 / parts / bound);
    return std::sqrt(2 * q) / (1 - q);
}

WeekMeans meansOf(const ReleasedWeek& week) {
    const auto sumOf = [&](Measure measure) {
        double sum = 0;
        for (const std::int64_t each : week.sums[static_cast<std::size_t>(measure)])
            sum += double(each);
        return Mean{sum, deviationOf(week, measure) * std::sqrt(double(ReleasedWeek::kDays))};
    };
    const Mean answers = sumOf(Measure::Answers);
    const auto perAnswer = [&](Measure measure) -> std::optional<Mean> {
        const Mean sum = sumOf(measure);
        if (!(answers.value > 2 * answers.deviation && sum.value > sum.deviation))
            return std::nullopt;
        const double mean = sum.value / answers.value;
        return Mean{mean, std::hypot(sum.deviation, mean * answers.deviation) / answers.value};
    };
    return {perAnswer(Measure::Tokens), perAnswer(Measure::Seconds)};
}

std::int64_t UsageStatistics::boundOf(Measure measure) {
    // About what a week of one person comes to: a higher bound drowns the sums in noise, a lower one cuts
    // them.
    constexpr std::array<std::int64_t, kMeasures> kBounds = {60, 60, 60'000, 10, 7'200};
    return kBounds[static_cast<std::size_t>(measure)];
}

struct UsageStatistics::Impl {
    std::unique_ptr<store::Connection> connection;
    PrivacyRules rules;
    RandomWords words;

    /// The true sums of a week, every person cut off at the bound over its days: whatever the rows say,
    /// nobody adds more.
    Result<void> addUp(ReleasedWeek& week) const {
        std::optional<std::pair<std::int64_t, std::int64_t>> whose; // person and measure
        std::int64_t room = 0;
        return connection->each(
            "SELECT person, measure, day, amount FROM usage WHERE day BETWEEN ? AND ? AND measure BETWEEN 0 "
            "AND ? "
            "ORDER BY person, measure, day",
            {week.monday, week.monday + ReleasedWeek::kDays - 1, std::int64_t{kMeasures - 1}},
            [&](const store::Row& row) -> Result<void> {
                const std::pair now{row.integer(0), row.integer(1)};
                if (now != whose) {
                    whose = now;
                    room = boundOf(static_cast<Measure>(now.second));
                }
                const std::int64_t part = std::clamp<std::int64_t>(row.integer(3), 0, room);
                room -= part;
                week.sums[static_cast<std::size_t>(now.second)]
                         [static_cast<std::size_t>(row.integer(2) - week.monday)] += part;
                return {};
            });
    }

    /// The true loads of a week under the names that `loads` has, the others under ""; bounded like addUp().
    Result<void> addUpModels(std::int64_t monday, std::map<std::string, std::int64_t>& loads) const {
        std::optional<std::int64_t> whose;
        std::int64_t room = 0;
        return connection->each("SELECT person, model, amount FROM model_use WHERE week = ? ORDER BY person, "
                                "model",
                                {monday}, [&](const store::Row& row) -> Result<void> {
                                    if (row.integer(0) != whose) {
                                        whose = row.integer(0);
                                        room = boundOf(Measure::ModelLoads);
                                    }
                                    const auto part = std::clamp<std::int64_t>(row.integer(2), 0, room);
                                    room -= part;
                                    const auto named = loads.find(row.bytes(1));
                                    (named == loads.end() ? loads[""] : named->second) += part;
                                    return {};
                                });
    }

    /// How much of `amount` the bound of a person's week still has room for.
    Result<std::int64_t> room(ProfileId person, std::int64_t day, Measure measure,
                              std::int64_t amount) const {
        const std::int64_t monday = mondayOf(day), bound = boundOf(measure);
        HEARTH_TRY(
            const auto before,
            connection->integer(
                "SELECT sum(amount) FROM usage WHERE person = ? AND measure = ? AND day "
                "BETWEEN ? AND ?",
                {person, static_cast<std::int64_t>(measure), monday, monday + ReleasedWeek::kDays - 1}));
        const std::int64_t left = bound - std::clamp<std::int64_t>(before.value_or(0), 0, bound);
        return std::clamp<std::int64_t>(amount, 0, left);
    }
    Result<void> add(ProfileId person, std::int64_t day, Measure measure, std::int64_t amount) const {
        if (amount == 0)
            return {};
        return connection->run("INSERT INTO usage (person, day, measure, amount) VALUES (?, ?, ?, ?) "
                               "ON CONFLICT DO UPDATE SET amount = amount + excluded.amount",
                               {person, day, static_cast<std::int64_t>(measure), amount});
    }

    /// A sum with the noise that hides what one person may add to it.
    Result<std::int64_t> noisy(std::int64_t sum, Measure measure) const {
        HEARTH_TRY(const std::int64_t noise,
                   discreteLaplace(rules.epsilonPerMeasure,
                                   1000 * static_cast<std::uint64_t>(boundOf(measure)), words));
        return sum + noise;
    }
};

UsageStatistics::UsageStatistics() = default;
UsageStatistics::~UsageStatistics() = default;

Result<std::unique_ptr<UsageStatistics>> UsageStatistics::open(const std::filesystem::path& file,
                                                               PrivacyRules rules, RandomWords words) {
    if (rules.epsilonPerMeasure < 1 || rules.epsilonPerMeasure > kMostEpsilon ||
        rules.epsilonPerMonth < rules.epsilonPerWeek())
        return fail("privacy.bad_epsilon",
                    "epsilon must be above 0, at most 10, and a week within the month's budget");
    HEARTH_TRY(auto connection, store::openShared(file, kMigrations));
    std::unique_ptr<UsageStatistics> out(new UsageStatistics);
    out->m_impl.reset(new Impl{std::move(connection), rules, std::move(words)});
    return out;
}

Result<void> UsageStatistics::record(ProfileId person, std::int64_t day, Measure measure,
                                     std::int64_t amount) {
    return m_impl->connection->transaction([&]() -> Result<void> {
        // Nothing beyond the bound is needed, so nothing beyond it is kept.
        HEARTH_TRY(const std::int64_t kept, m_impl->room(person, day, measure, amount));
        return m_impl->add(person, day, measure, kept);
    });
}

Result<void> UsageStatistics::recordAnswer(ProfileId person, std::int64_t day, std::int64_t tokens,
                                           std::int64_t seconds) {
    return m_impl->connection->transaction([&]() -> Result<void> {
        for (const Measure measure : {Measure::Answers, Measure::Tokens, Measure::Seconds}) {
            HEARTH_TRY(const std::int64_t left, m_impl->room(person, day, measure, 1));
            if (left == 0)
                return {};
        }
        for (const auto& [measure, amount] : {std::pair{Measure::Answers, std::int64_t{1}},
                                              {Measure::Tokens, tokens},
                                              {Measure::Seconds, seconds}}) {
            HEARTH_TRY(const std::int64_t kept, m_impl->room(person, day, measure, amount));
            HEARTH_CHECK(m_impl->add(person, day, measure, kept));
        }
        return {};
    });
}

Result<void> UsageStatistics::recordModel(ProfileId person, std::int64_t day, std::string_view model) {
    store::Connection& connection = *m_impl->connection;
    const std::int64_t monday = mondayOf(day);
    return connection.transaction([&]() -> Result<void> {
        HEARTH_TRY(const auto before,
                   connection.integer("SELECT sum(amount) FROM model_use WHERE person = ? AND week = ?",
                                      {person, monday}));
        if (before.value_or(0) >= boundOf(Measure::ModelLoads))
            return {};
        return connection.run("INSERT INTO model_use (person, week, model, amount) VALUES (?, ?, ?, 1) "
                              "ON CONFLICT DO UPDATE SET amount = amount + 1",
                              {person, monday, model});
    });
}

Result<std::uint32_t> UsageStatistics::spentInMonthOf(std::int64_t day) {
    const std::int64_t month = monthOfWeek(mondayOf(day));
    return m_impl->connection
        ->integer("SELECT (SELECT ifnull(sum(epsilon), 0) FROM figure WHERE month = ?) + "
                  "(SELECT ifnull(sum(epsilon), 0) FROM week WHERE month = ?)",
                  {month, month})
        .map([](const auto& n) {
            return static_cast<std::uint32_t>(std::clamp<std::int64_t>(n.value_or(0), 0, UINT32_MAX));
        });
}

Result<std::optional<ReleasedWeek>> UsageStatistics::released(std::int64_t day) {
    ReleasedWeek out;
    out.monday = mondayOf(day);
    HEARTH_TRY(const auto epsilon,
               m_impl->connection->integer("SELECT epsilon FROM week WHERE week = ?", {out.monday}));
    if (!epsilon)
        return std::nullopt;
    out.epsilonThousandths = static_cast<std::uint32_t>(*epsilon);
    HEARTH_CHECK(m_impl->connection->each(
        "SELECT measure, day, value FROM week_figure WHERE week = ?", {out.monday},
        [&](const store::Row& row) -> Result<void> {
            const std::int64_t measure = row.integer(0), weekday = row.integer(1) - out.monday;
            if (measure >= 0 && measure < kMeasures && weekday >= 0 && weekday < ReleasedWeek::kDays)
                out.sums[static_cast<std::size_t>(measure)][static_cast<std::size_t>(weekday)] =
                    row.integer(2);
            return {};
        }));
    HEARTH_CHECK(m_impl->connection->each("SELECT model, value FROM week_model WHERE week = ? ORDER BY model",
                                          {out.monday}, [&](const store::Row& row) -> Result<void> {
                                              out.models.push_back({row.bytes(0), row.integer(1)});
                                              return {};
                                          }));
    return out;
}

Result<ReleasedWeek> UsageStatistics::release(std::int64_t day, std::int64_t today,
                                              std::vector<std::string> models) {
    store::Connection& connection = *m_impl->connection;
    const PrivacyRules& rules = m_impl->rules;
    ReleasedWeek out;
    out.monday = mondayOf(day);
    out.epsilonThousandths = rules.epsilonPerWeek();
    if (out.monday + ReleasedWeek::kDays > today)
        return fail("privacy.week_not_over", "figures are released when a week is over, once for all");
    std::sort(models.begin(), models.end());
    std::map<std::string, std::int64_t> loads = {{"", 0}};
    for (std::string& each : models)
        if (loads.size() <= kMostModels)
            loads.try_emplace(std::move(each), 0);
    const auto work = [&]() -> Result<void> {
        HEARTH_TRY(const auto known, released(day));
        if (known) {
            out = *known;
            return {};
        }
        HEARTH_TRY(const auto closed, connection.integer("SELECT before_day FROM closed WHERE id = 1"));
        if (closed && out.monday < *closed)
            return fail("privacy.closed_week", "counts of this week were deleted");
        HEARTH_TRY(const std::uint32_t spent, spentInMonthOf(day));
        if (std::uint64_t{spent} + rules.epsilonPerWeek() > rules.epsilonPerMonth)
            return tl::unexpected<Error>(
                Error{"privacy.budget_spent", "a week costs epsilon " + epsilonText(rules.epsilonPerWeek()) +
                                                  ", its month has cost " + epsilonText(spent) + " of " +
                                                  epsilonText(rules.epsilonPerMonth)}
                    .with("needed", epsilonText(rules.epsilonPerWeek()))
                    .with("spent", epsilonText(spent))
                    .with("budget", epsilonText(rules.epsilonPerMonth)));
        HEARTH_CHECK(m_impl->addUp(out));
        HEARTH_CHECK(m_impl->addUpModels(out.monday, loads));
        HEARTH_CHECK(
            connection.run("INSERT INTO week (week, month, epsilon) VALUES (?, ?, ?)",
                           {out.monday, monthOfWeek(out.monday), std::int64_t{out.epsilonThousandths}}));
        for (std::size_t measure = 0; measure < kMeasures; ++measure)
            for (std::size_t weekday = 0; weekday < ReleasedWeek::kDays; ++weekday) {
                std::int64_t& sum = out.sums[measure][weekday];
                HEARTH_TRY(sum, m_impl->noisy(sum, static_cast<Measure>(measure)));
                HEARTH_CHECK(
                    connection.run("INSERT INTO week_figure (week, measure, day, value) VALUES (?, ?, ?, ?)",
                                   {out.monday, static_cast<std::int64_t>(measure),
                                    out.monday + static_cast<std::int64_t>(weekday), sum}));
            }
        for (const auto& [model, sum] : loads) {
            HEARTH_TRY(const std::int64_t noisy, m_impl->noisy(sum, Measure::ModelLoads));
            HEARTH_CHECK(connection.run("INSERT INTO week_model (week, model, value) VALUES (?, ?, ?)",
                                        {out.monday, model, noisy}));
            out.models.push_back({model, noisy});
        }
        return {};
    };
    HEARTH_CHECK(connection.transaction(work));
    return out;
}

Result<std::vector<UsageCount>> UsageStatistics::countsOf(ProfileId person) {
    std::vector<UsageCount> out;
    HEARTH_CHECK(m_impl->connection->each(
        "SELECT day, measure, amount FROM usage WHERE person = ? AND measure BETWEEN 0 AND ? ORDER BY day, "
        "measure",
        {person, std::int64_t{kMeasures - 1}}, [&](const store::Row& row) -> Result<void> {
            out.push_back({row.integer(0), static_cast<Measure>(row.integer(1)), row.integer(2)});
            return {};
        }));
    HEARTH_CHECK(m_impl->connection->each(
        "SELECT week, model, amount FROM model_use WHERE person = ? ORDER BY week, model", {person},
        [&](const store::Row& row) -> Result<void> {
            out.push_back({row.integer(0), Measure::ModelLoads, row.integer(2), row.bytes(1)});
            return {};
        }));
    return out;
}

Result<void> UsageStatistics::forget(ProfileId person) {
    HEARTH_CHECK(m_impl->connection->transaction([&]() -> Result<void> {
        HEARTH_CHECK(m_impl->connection->run("DELETE FROM model_use WHERE person = ?", {person}));
        return m_impl->connection->run("DELETE FROM usage WHERE person = ?", {person});
    }));
    HEARTH_CHECK(m_impl->connection->run("VACUUM"));
    return m_impl->connection->run("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<std::optional<std::int64_t>> UsageStatistics::oldestDay() {
    std::optional<std::int64_t> out;
    HEARTH_CHECK(m_impl->connection->each(
        "SELECT min(day) FROM (SELECT day FROM usage UNION ALL SELECT week FROM model_use)", {},
        [&out](const store::Row& row) -> Result<void> {
            out = row.maybe(0);
            return {};
        }));
    return out;
}

Result<void> UsageStatistics::forgetBefore(std::int64_t day) {
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(m_impl->connection->run("DELETE FROM usage WHERE day < ?", {day}));
        HEARTH_CHECK(m_impl->connection->run("DELETE FROM model_use WHERE week < ?", {day}));
        return m_impl->connection->run(
            "INSERT INTO closed (id, before_day) VALUES (1, ?) "
            "ON CONFLICT DO UPDATE SET before_day = max(before_day, excluded.before_day)",
            {day});
    };
    return m_impl->connection->transaction(work);
}

} // namespace hearth::security
