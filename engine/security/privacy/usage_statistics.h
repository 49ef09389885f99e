#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
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

/// A released figure: the sum over all people, each counted up to the bound, plus noise. Can be negative.
struct ReleasedFigure {
    std::int64_t day = 0; ///< days since 1970-01-01, UTC
    std::int64_t value = 0;
    std::uint32_t epsilonThousandths = 0; ///< that it cost
};

struct PrivacyRules {
    std::uint32_t epsilonPerDay = 100;    ///< thousandths, for one measure of one day
    std::uint32_t epsilonPerMonth = 3000; ///< thousandths, that all releases about a person's month may cost
};

/// Figures about use, for administrators: nobody sees a person's counts, only ε-differentially private sums
/// over all people (replacing everything that one person did on a day changes the chance of any figure by at
/// most e^ε). What one person adds to a day is bounded; the noise is discrete Laplace of that bound over ε,
/// added once: a figure that was released is stored and given again, so that asking twice averages nothing
/// out. Each release is charged to the month that its day lies in, for every person alike; a month whose
/// budget is spent releases nothing more.
///
/// Confined to the thread that opened it; needs a QCoreApplication. Errors of every call: store.*.
class UsageStatistics {
public:
    /// Errors: those of History::open() for the file; privacy.bad_epsilon.
    [[nodiscard]] static Result<std::unique_ptr<UsageStatistics>>
    open(const std::filesystem::path& file, PrivacyRules rules = {}, RandomWords words = systemRandomWords());
    ~UsageStatistics();

    /// What one person may add to one day's sum of a measure; more is cut off.
    [[nodiscard]] static std::int64_t boundOf(Measure measure);

    [[nodiscard]] Result<void> record(ProfileId person, std::int64_t day, Measure measure,
                                      std::int64_t amount = 1);
    /// The figure of a day that is over (`today` = the current day). Errors: privacy.budget_spent (args
    /// spent, budget, in thousandths), privacy.day_not_over, privacy.closed_day (its counts are gone
    /// already).
    [[nodiscard]] Result<ReleasedFigure> release(Measure measure, std::int64_t day, std::int64_t today);
    /// Thousandths of ε that the month of `day` has cost so far.
    [[nodiscard]] Result<std::uint32_t> spentInMonthOf(std::int64_t day);
    /// Forgets a person's counts; figures that were released stay, they say nothing about anyone.
    [[nodiscard]] Result<void> forget(ProfileId person);
    /// Forgets all counts of days before `day`.
    [[nodiscard]] Result<void> forgetBefore(std::int64_t day);

private:
    UsageStatistics();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Months since 1970-01 of a day since 1970-01-01.
[[nodiscard]] std::int64_t monthOf(std::int64_t day);

} // namespace hearth::security
