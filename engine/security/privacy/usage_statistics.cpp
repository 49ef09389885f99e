#include "engine/security/privacy/usage_statistics.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "engine/store/connection.h"
#include "engine/store/file_care.h"

namespace hearth::security {

namespace {

// usage: what each person did; goes with the person. figure: what was released, for good. closed: days whose
// counts were forgotten (day < before_day).
constexpr std::array<std::string_view, 5> kVersion1 = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO meta (key, value) VALUES ('database_id', randomblob(16)), ('last_write', x'')",
    "CREATE TABLE usage (person INTEGER NOT NULL, day INTEGER NOT NULL, measure INTEGER NOT NULL, "
    "amount INTEGER NOT NULL, PRIMARY KEY (person, day, measure)) STRICT, WITHOUT ROWID",
    "CREATE TABLE figure (measure INTEGER NOT NULL, day INTEGER NOT NULL, month INTEGER NOT NULL, "
    "value INTEGER NOT NULL, epsilon INTEGER NOT NULL, PRIMARY KEY (measure, day)) STRICT, WITHOUT ROWID",
    "CREATE TABLE closed (id INTEGER PRIMARY KEY CHECK (id = 1), before_day INTEGER NOT NULL) STRICT",
};
constexpr std::array<store::Migration, 1> kMigrations = {store::Migration{1, kVersion1}};

constexpr std::uint32_t kMostEpsilon = 10'000; // ten: beyond it nothing is protected

} // namespace

std::string_view nameOf(Measure measure) {
    constexpr std::array<std::string_view, kMeasures> kNames = {"messages", "answers", "tokens",
                                                                "model-loads", "minutes"};
    return kNames[static_cast<std::size_t>(measure)];
}

std::int64_t monthOf(std::int64_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    return (static_cast<int>(date.year()) - 1970) * 12 + static_cast<std::int64_t>(unsigned(date.month())) -
           1;
}

std::int64_t UsageStatistics::boundOf(Measure measure) {
    // About what a busy day of one person comes to: a higher bound drowns the sum in noise, a lower one cuts
    // it.
    constexpr std::array<std::int64_t, kMeasures> kBounds = {50, 50, 500, 10, 120};
    return kBounds[static_cast<std::size_t>(measure)];
}

struct UsageStatistics::Impl {
    std::unique_ptr<store::Connection> connection;
    PrivacyRules rules;
    RandomWords words;
};

UsageStatistics::UsageStatistics() = default;
UsageStatistics::~UsageStatistics() = default;

Result<std::unique_ptr<UsageStatistics>> UsageStatistics::open(const std::filesystem::path& file,
                                                               PrivacyRules rules, RandomWords words) {
    if (rules.epsilonPerDay < 1 || rules.epsilonPerDay > kMostEpsilon ||
        rules.epsilonPerMonth < rules.epsilonPerDay)
        return fail("privacy.bad_epsilon",
                    "epsilon must be above 0, at most 10, and within the month's budget");
    HEARTH_TRY(auto connection, store::openShared(file, kMigrations));
    std::unique_ptr<UsageStatistics> out(new UsageStatistics);
    out->m_impl.reset(new Impl{std::move(connection), rules, std::move(words)});
    return out;
}

Result<void> UsageStatistics::record(ProfileId person, std::int64_t day, Measure measure,
                                     std::int64_t amount) {
    // Nothing beyond the bound is needed, so nothing beyond it is kept.
    const std::int64_t bound = boundOf(measure);
    amount = std::clamp<std::int64_t>(amount, 0, bound);
    return m_impl->connection->transaction([&] {
        return m_impl->connection->run("INSERT INTO usage (person, day, measure, amount) VALUES (?, ?, ?, ?) "
                                       "ON CONFLICT DO UPDATE SET amount = min(amount + excluded.amount, ?)",
                                       {person, day, std::int64_t(measure), amount, bound});
    });
}

Result<std::uint32_t> UsageStatistics::spentInMonthOf(std::int64_t day) {
    return m_impl->connection->integer("SELECT sum(epsilon) FROM figure WHERE month = ?", {monthOf(day)})
        .map([](const auto& n) {
            return static_cast<std::uint32_t>(std::clamp<std::int64_t>(n.value_or(0), 0, UINT32_MAX));
        });
}

Result<ReleasedFigure> UsageStatistics::release(Measure measure, std::int64_t day, std::int64_t today) {
    store::Connection& connection = *m_impl->connection;
    const auto number = static_cast<std::int64_t>(measure);
    if (day >= today)
        return fail("privacy.day_not_over", "figures are released when a day is over, once for all");
    ReleasedFigure out;
    out.day = day;
    const auto work = [&]() -> Result<void> {
        bool known = false;
        HEARTH_CHECK(connection.each("SELECT value, epsilon FROM figure WHERE measure = ? AND day = ?",
                                     {number, day}, [&](const store::Row& row) -> Result<void> {
                                         known = true;
                                         out.value = row.integer(0);
                                         out.epsilonThousandths = static_cast<std::uint32_t>(row.integer(1));
                                         return {};
                                     }));
        if (known)
            return {};
        HEARTH_TRY(const auto closed, connection.integer("SELECT before_day FROM closed WHERE id = 1"));
        if (closed && day < *closed)
            return fail("privacy.closed_day", "the counts of this day were deleted");
        const PrivacyRules& rules = m_impl->rules;
        HEARTH_TRY(const std::uint32_t spent, spentInMonthOf(day));
        if (spent + rules.epsilonPerDay > rules.epsilonPerMonth)
            return tl::unexpected<Error>(Error{
                "privacy.budget_spent", "the month has cost " + std::to_string(spent) + " of " +
                                            std::to_string(rules.epsilonPerMonth) + " thousandths of epsilon"}
                                             .with("spent", std::to_string(spent))
                                             .with("budget", std::to_string(rules.epsilonPerMonth)));
        const std::int64_t bound = boundOf(measure);
        HEARTH_TRY(
            const auto sum,
            connection.integer("SELECT sum(min(max(amount, 0), ?)) FROM usage WHERE measure = ? AND day = ?",
                               {bound, number, day}));
        HEARTH_TRY(
            const std::int64_t noise,
            discreteLaplace(rules.epsilonPerDay, 1000 * static_cast<std::uint64_t>(bound), m_impl->words));
        out.value = sum.value_or(0) + noise;
        out.epsilonThousandths = rules.epsilonPerDay;
        return connection.run(
            "INSERT INTO figure (measure, day, month, value, epsilon) VALUES (?, ?, ?, ?, ?)",
            {number, day, monthOf(day), out.value, std::int64_t{rules.epsilonPerDay}});
    };
    HEARTH_CHECK(connection.transaction(work));
    return out;
}

Result<void> UsageStatistics::forget(ProfileId person) {
    HEARTH_CHECK(m_impl->connection->transaction(
        [&] { return m_impl->connection->run("DELETE FROM usage WHERE person = ?", {person}); }));
    HEARTH_CHECK(m_impl->connection->run("VACUUM"));
    return m_impl->connection->run("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<void> UsageStatistics::forgetBefore(std::int64_t day) {
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(m_impl->connection->run("DELETE FROM usage WHERE day < ?", {day}));
        return m_impl->connection->run(
            "INSERT INTO closed (id, before_day) VALUES (1, ?) "
            "ON CONFLICT DO UPDATE SET before_day = max(before_day, excluded.before_day)",
            {day});
    };
    return m_impl->connection->transaction(work);
}

} // namespace hearth::security
