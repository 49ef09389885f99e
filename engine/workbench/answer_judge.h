#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::workbench {

/// How alike two texts are, 0 to 1: the F-score of their character trigrams, 2·common / (trigrams of a +
/// trigrams of b), counted with multiplicity. Capitals of the Latin alphabet count as small letters, a run of
/// white space as one space, and a space stands before and after each text. 1 for equal texts, also empty
/// ones. A byte that is not UTF-8 counts as a character of its own.
[[nodiscard]] double trigramScore(std::string_view a, std::string_view b);

/// Decides to which of the known answers a model's answer belongs.
///
/// Rule: to the one with the highest trigramScore(); to none when that is below kLeastScore, so that text
/// that resembles nothing is not counted as right by chance. Of equal scores the first known answer wins.
/// Immutable; thread-safe.
class AnswerJudge {
public:
    /// Answers of different topics share a fifth to a third of their trigrams (articles, "in this version",
    /// names); an answer that was cut short in the middle still shares two thirds with its whole.
    static constexpr double kLeastScore = 0.5;
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    explicit AnswerJudge(std::span<const std::string> known);

    struct Verdict {
        std::size_t index = kNone; ///< of the known answer; kNone = belongs to none
        double score = 0;          ///< of the nearest, also when that is not near enough
    };
    [[nodiscard]] Verdict judge(std::string_view answer) const;

private:
    std::vector<std::vector<std::uint64_t>> m_known; ///< sorted trigrams
};

} // namespace hearth::workbench
