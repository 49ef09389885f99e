#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/sampling/sampler.h"

namespace hearth::sampling {

/// When generated text counts as an endless repetition: the last tokens are one block of p tokens (p up to
/// maxPeriod) repeated exactly, without a gap, at least max(minRepeats, minTokens / p) times.
///
/// Ordinary text stays below that: a list with counters and a table with data change a token in every row, so
/// they never repeat exactly; a run of indentation, a ruler of dashes or a table of zeros is exact but
/// shorter than minTokens; refrains come back fewer than minRepeats times in a row.
struct LoopRule {
    std::size_t maxPeriod = 512;
    std::size_t minTokens = 512;
    std::size_t minRepeats = 6;
};

/// Watches one answer for endless repetition. A token costs maxPeriod comparisons, memory is 8 bytes ×
/// maxPeriod. Confined to one thread.
class LoopDetector {
public:
    explicit LoopDetector(LoopRule rule = {});

    struct Loop {
        std::size_t period = 0;  ///< tokens in the repeated block, the smallest that fits
        std::size_t repeats = 0; ///< whole repetitions so far
    };
    /// Takes the next generated token; a Loop from the token on that fulfils the rule.
    [[nodiscard]] std::optional<Loop> push(TokenId token);
    void reset();

private:
    LoopRule m_rule;
    std::vector<TokenId> m_recent; ///< written twice, maxPeriod apart, so that the last ones are contiguous
    std::vector<std::uint32_t> m_matched; ///< [p−1]: how many tokens in a row equalled the one p before
    std::size_t m_next = 0;
    std::size_t m_seen = 0;
};

} // namespace hearth::sampling
