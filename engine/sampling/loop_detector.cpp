#include "engine/sampling/loop_detector.h"

#include <algorithm>

namespace hearth::sampling {

LoopDetector::LoopDetector(LoopRule rule)
    : m_rule{std::max<std::size_t>(rule.maxPeriod, 1), rule.minTokens,
             std::max<std::size_t>(rule.minRepeats, 2)},
      m_recent(2 * m_rule.maxPeriod, -1), m_matched(m_rule.maxPeriod, 0) {}

std::optional<LoopDetector::Loop> LoopDetector::push(TokenId token) {
    const std::size_t periods = m_rule.maxPeriod;
    // The tokens before this one, newest last, end at m_recent[m_next + periods − 1].
    const TokenId* newest = m_recent.data() + m_next + periods - 1;
    const std::size_t known = std::min(m_seen, periods);
    std::uint32_t longest = 0;
    for (std::size_t p = 0; p < known; ++p) {
        m_matched[p] = *(newest - p) == token ? m_matched[p] + 1 : 0;
        longest = std::max(longest, m_matched[p]);
    }
    m_recent[m_next] = m_recent[m_next + periods] = token;
    m_next = (m_next + 1) % periods;
    ++m_seen;

    if (longest + periods < m_rule.minTokens) // no period can have reached the rule yet
        return std::nullopt;
    for (std::size_t p = 1; p <= known; ++p) {
        const std::size_t covered = m_matched[p - 1] + p;
        if (m_matched[p - 1] > 0 && covered >= m_rule.minTokens && covered >= p * m_rule.minRepeats)
            return Loop{p, covered / p};
    }
    return std::nullopt;
}

void LoopDetector::reset() {
    std::fill(m_recent.begin(), m_recent.end(), -1);
    std::fill(m_matched.begin(), m_matched.end(), 0);
    m_next = m_seen = 0;
}

} // namespace hearth::sampling
