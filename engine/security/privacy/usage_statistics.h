#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/security/identity/roles.h"
#include "engine/security/privacy/discrete_laplace.h"

namespace hearth::security {

/// What is counted, for each person and day.
enum class Measure {
    Messages,   ///< sent
    Answers,    ///< finished
    Tokens,     ///< generated, in hundreds
    ModelLoads, ///<
    Minutes     ///< that models computed
};
inline constexpr int kMeasures = 5;
[[nodiscard]] std::string_view nameOf(Measure measure);

/// Figures of one week, Monday to Sunday in UTC: for each measure and day the sum over all people, plus
/// noise. Can be negative.
struct ReleasedWeek {
    static constexpr int kDays = 7;
    std::int64_t monday = 0; ///< days since 1970-01-01
    std::array<std::array<std::int64_t, kDays>, kMeasures> sums{};
    std::uint32_t epsilonThousandths = 0; ///< that it cost
};

/// What is kept of one person, day and measure.
struct UsageCount {
    std::int64_t day = 0; ///< days since 1970-01-01, UTC
    Measure measure = Measure::Messages;
    std::int64_t amount = 0;
};

struct PrivacyRules {
    std::uint32_t epsilonPerMeasure = 120; ///< thousandths, for one measure of one week
    std::uint32_t epsilonPerMonth = 3000;  ///< thousandths, that all releases about a person's month may cost
    /// Of a whole week. With the rules above a month has room for all of its weeks, five at most.
    [[nodiscard]] std::uint32_t epsilonPerWeek() const { return kMeasures * epsilonPerMeasure; }
};

/// Figures about use, for administrators: nobody sees a person's counts, only ε-differentially private sums
/// over all people. What is released is a week at once. What one person adds to a week is bounded for each
/// measure, over its seven days together: so leaving a person out changes the seven sums of a measure by at
/// most the bound in all, and discrete Laplace noise of bound over ε on each of them makes the seven together
/// ε-differentially private. The five measures of a week add up, and so do the weeks of a month: whether a
/// person took part in a week changes the chance of any outcome by at most e^(5 ε), in a whole month by at
/// most e to the month's budget. A week belongs to the month of its Thursday. Weeks are released once and
/// then given again, so that asking twice averages nothing out; a month whose budget has no room for another
/// week releases nothing more.
///
/// Confined to the thread that opened it; needs a QCoreApplication. Errors of every call: store.*.
class UsageStatistics {
public:
    /// Errors: those of History::open() for the file; privacy.bad_epsilon.
    [[nodiscard]] static Result<std::unique_ptr<UsageStatistics>>
    open(const std::filesystem::path& file, PrivacyRules rules = {}, RandomWords words = systemRandomWords());
    ~UsageStatistics();

    /// What one person may add to one week's sums of a measure; more is cut off, the later days first.
    [[nodiscard]] static std::int64_t boundOf(Measure measure);

    [[nodiscard]] Result<void> record(ProfileId person, std::int64_t day, Measure measure,
                                      std::int64_t amount = 1);
    /// Releases the week of `day`, which is over (`today` = the current day), or gives it again. Errors:
    /// privacy.budget_spent (args needed, spent, budget: epsilonText()), privacy.week_not_over,
    /// privacy.closed_week (counts of it are gone already). After an error nothing was spent.
    [[nodiscard]] Result<ReleasedWeek> release(std::int64_t day, std::int64_t today);
    /// The week of `day` when it was released; costs nothing.
    [[nodiscard]] Result<std::optional<ReleasedWeek>> released(std::int64_t day);
    /// Thousandths of ε that the month to which the week of `day` belongs has cost so far.
    [[nodiscard]] Result<std::uint32_t> spentInMonthOf(std::int64_t day);
    /// Everything that is counted of a person: for themselves.
    [[nodiscard]] Result<std::vector<UsageCount>> countsOf(ProfileId person);
    /// Forgets a person's counts; figures that were released stay, they say nothing about anyone.
    [[nodiscard]] Result<void> forget(ProfileId person);
    /// Forgets all counts of days before `day`.
    [[nodiscard]] Result<void> forgetBefore(std::int64_t day);

private:
    UsageStatistics();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// "0.120" of 120 thousandths.
[[nodiscard]] std::string epsilonText(std::uint32_t thousandths);
/// The Monday of a day's week.
[[nodiscard]] std::int64_t mondayOf(std::int64_t day);
/// Months since 1970-01 of a day since 1970-01-01.
[[nodiscard]] std::int64_t monthOf(std::int64_t day);

} // namespace hearth::security
