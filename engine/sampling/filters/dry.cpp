#include <algorithm>
#include <cmath>

#include "engine/sampling/filters/filters.h"

namespace hearth::sampling {

DryPenalty::DryPenalty(const SamplingParams& params)
    : m_multiplier(params.dryMultiplier), m_base(params.dryBase),
      m_allowedLength(static_cast<std::size_t>(std::max(params.dryAllowedLength, 1))),
      m_window(params.dryWindow), m_breakers(params.dryBreakers) {
    std::erase_if(m_breakers, [](const auto& breaker) { return breaker.empty(); });
}

void DryPenalty::reserve(std::size_t tokens) {
    if (m_window >= 0)
        tokens = std::min(tokens, static_cast<std::size_t>(m_window));
    if (m_matched.capacity() < tokens) {
        m_matched.reserve(tokens * 2);
        m_longest.reserve(tokens * 2);
    }
}

std::size_t DryPenalty::tokensSinceBreaker(std::span<const TokenId> window) const {
    std::size_t since = window.size();
    for (const auto& breaker : m_breakers) {
        // Breakers end a match wherever they stand, so only the last occurrence of each counts; and one that
        // ends further back than the best so far cannot improve it.
        for (std::size_t after = 0; after < since && after + breaker.size() <= window.size(); ++after) {
            const auto end = window.end() - static_cast<std::ptrdiff_t>(after);
            if (std::equal(breaker.begin(), breaker.end(),
                           end - static_cast<std::ptrdiff_t>(breaker.size()))) {
                since = after;
                break;
            }
        }
    }
    return since;
}

void DryPenalty::apply(std::span<float> logits, std::span<const TokenId> history) {
    if (!active() || m_window == 0)
        return;
    if (m_window > 0 && history.size() > static_cast<std::size_t>(m_window))
        history = history.last(static_cast<std::size_t>(m_window));
    const std::size_t n = history.size();
    const std::size_t limit = tokensSinceBreaker(history);
    if (n < 2 || limit < m_allowedLength)
        return;

    // matched[i]: how many tokens before and including place n−1−i equal those at the end of the history.
    // This is the Z function of the reversed history (Gusfield 1997), linear where comparing every pair is
    // quadratic.
    m_matched.assign(n, 0);
    const auto at = [&](std::size_t i) { return history[n - 1 - i]; };
    for (std::size_t i = 1, left = 0, right = 0; i < n; ++i) {
        std::size_t length = i < right ? std::min<std::size_t>(right - i, m_matched[i - left]) : 0;
        while (i + length < n && at(length) == at(i + length))
            ++length;
        m_matched[i] = static_cast<std::uint32_t>(length);
        if (i + length > right) {
            left = i;
            right = i + length;
        }
    }

    m_longest.clear();
    for (std::size_t i = 1; i < n; ++i) {
        const std::size_t length = std::min<std::size_t>(m_matched[i], limit);
        const TokenId next = at(i - 1);
        if (length >= m_allowedLength && next >= 0 && static_cast<std::size_t>(next) < logits.size())
            m_longest.emplace_back(next, static_cast<std::uint32_t>(length));
    }
    // By token, the longest first: the first entry of each token is the one that counts.
    std::sort(m_longest.begin(), m_longest.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first < b.first : a.second > b.second;
    });
    for (std::size_t i = 0; i < m_longest.size(); ++i) {
        const auto [token, length] = m_longest[i];
        if (i > 0 && m_longest[i - 1].first == token)
            continue;
        const bool isBreaker =
            std::any_of(m_breakers.begin(), m_breakers.end(), [id = token](const auto& breaker) {
                return breaker.size() == 1 && breaker.front() == id;
            });
        if (isBreaker)
            continue;
        const float power = std::pow(m_base, static_cast<float>(length - m_allowedLength));
        logits[static_cast<std::size_t>(token)] -= std::min(m_multiplier * power, kMaxLogit);
    }
}

} // namespace hearth::sampling
