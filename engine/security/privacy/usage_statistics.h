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
    Tokens,     ///< generated
    ModelLoads, ///<
    Seconds     ///< that models computed
};
inline constexpr int kMeasures = 5;
[[nodiscard]] std::string_view nameOf(Measure measure);

/// How often a model was loaded in a week, plus noise.
struct ModelUse {
    std::string model; ///< as it was recorded; "" = all that the release did not name
    std::int64_t loads = 0;
    bool operator==(const ModelUse&) const = default;
};

/// Figures of one week, Monday to Sunday in UTC: for each measure and day, and for each model, the sum over
/// all people, plus noise. Can be negative.
struct ReleasedWeek {
    static constexpr int kDays = 7;
    std::int64_t monday = 0; ///< days since 1970-01-01
    std::array<std::array<std::int64_t, kDays>, kMeasures> sums{};
    std::vector<ModelUse> models;         ///< by name; empty in weeks that version 2 released
    std::uint32_t epsilonThousandths = 0; ///< that it cost
};

/// The standard deviation of the noise on each figure of a measure; on those of models with ModelLoads.
[[nodiscard]] double deviationOf(const ReleasedWeek& week, Measure measure);

/// What one answer of a week came to on average, and the standard deviation that the noise gives it. Computed
/// from what was released, so it costs nothing; nullopt where the noise is larger than the figure. Of the
/// answers that count: see UsageStatistics::recordAnswer().
struct Mean {
    double value = 0, deviation = 0;
};
struct WeekMeans {
    std::optional<Mean> tokens, seconds; ///< of an answer: its length, how long it took
};
[[nodiscard]] WeekMeans meansOf(const ReleasedWeek& week);

/// What is kept of one person, day and measure.
struct UsageCount {
    std::int64_t day = 0; ///< days since 1970-01-01, UTC; with a model the Monday of the week
    Measure measure = Measure::Messages;
    std::int64_t amount = 0;
    std::string model = {}; ///< ModelLoads of one model in a week; "" = of a day
};

struct PrivacyRules {
    /// Thousandths, for one measure of one week, and for its models.
    std::uint32_t epsilonPerMeasure = 100;
    std::uint32_t epsilonPerMonth = 3000; ///< thousandths, that all releases about a person's month may cost
    /// Of a whole week. With the rules above a month has room for all of its weeks, five at most.
    [[nodiscard]] std::uint32_t epsilonPerWeek() const { return kWeekParts * epsilonPerMeasure; }

    static constexpr std::uint32_t kWeekParts = kMeasures + 1; ///< the measures, and the models by name
};

/// Figures about use, for administrators: nobody sees a person's counts, only ε-differentially private sums
/// over all people. What is released is a week at once. What one person adds to a week is bounded for each
/// measure, over its seven days together: so leaving a person out changes the seven sums of a measure by at
/// most the bound in all, and discrete Laplace noise of bound over ε on each of them makes the seven together
/// ε-differentially private. The same holds for the loads of a week by model: the models that are named are
/// given by whoever releases, not by what was recorded. The five measures and the models of a week add up,
/// and so do the weeks of a month: whether a person took part in a week changes the chance of any outcome by
/// at most e^(6 ε), in a whole month by at most e to the month's budget. A week belongs to the month of its
/// Thursday. Weeks are released once and then given again, so that asking twice averages nothing out; a month
/// whose budget has no room for another week releases nothing more.
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
    /// Counts an answer with its tokens and seconds, or nothing of it once one of the three bounds is
    /// reached: sums that were cut off each by itself would give averages of no answers in particular.
    [[nodiscard]] Result<void> recordAnswer(ProfileId person, std::int64_t day, std::int64_t tokens,
                                            std::int64_t seconds);
    /// Counts a load of a model under its name, beside Measure::ModelLoads; boundOf(ModelLoads) in a week.
    [[nodiscard]] Result<void> recordModel(ProfileId person, std::int64_t day, std::string_view model);
    /// Releases the week of `day`, which is over (`today` = the current day), or gives it again. `models` are
    /// the names to be told apart, which must not come from what was recorded; loads of all others are summed
    /// up, and what is beyond kMostModels counts as other. Errors:
    /// privacy.budget_spent (args needed, spent, budget: epsilonText()), privacy.week_not_over,
    /// privacy.closed_week (counts of it are gone already). After an error nothing was spent.
    [[nodiscard]] Result<ReleasedWeek> release(std::int64_t day, std::int64_t today,
                                               std::vector<std::string> models = {});
    static constexpr std::size_t kMostModels = 500;
    /// The week of `day` when it was released; costs nothing.
    [[nodiscard]] Result<std::optional<ReleasedWeek>> released(std::int64_t day);
    /// Thousandths of ε that the month to which the week of `day` belongs has cost so far.
    [[nodiscard]] Result<std::uint32_t> spentInMonthOf(std::int64_t day);
    /// Everything that is counted of a person: for themselves.
    [[nodiscard]] Result<std::vector<UsageCount>> countsOf(ProfileId person);
    /// Forgets a person's counts; figures that were released stay, they say nothing about anyone.
    [[nodiscard]] Result<void> forget(ProfileId person);
    /// The first day with a count of anybody.
    [[nodiscard]] Result<std::optional<std::int64_t>> oldestDay();
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
