#include "engine/sampling/history.h"

namespace hearth::sampling {

History::History(std::size_t vocabularySize, std::int32_t window) : m_window(window) {
    if (window != 0) {
        m_counts.resize(vocabularySize);
        m_place.resize(vocabularySize);
    }
}

bool History::counted(TokenId token) const {
    return token >= 0 && static_cast<std::size_t>(token) < m_counts.size();
}

void History::append(TokenId token) {
    m_tokens.push_back(token);
    if (counted(token)) {
        const auto id = static_cast<std::size_t>(token);
        if (m_counts[id]++ == 0) {
            m_place[id] = static_cast<std::uint32_t>(m_distinct.size());
            m_distinct.push_back(token);
        }
    }
    if (m_window <= 0 || m_tokens.size() <= static_cast<std::size_t>(m_window))
        return;
    const TokenId left = m_tokens[m_tokens.size() - static_cast<std::size_t>(m_window) - 1];
    if (!counted(left))
        return;
    const auto id = static_cast<std::size_t>(left);
    if (--m_counts[id] == 0) {
        const TokenId moved = m_distinct.back();
        m_distinct[m_place[id]] = moved;
        m_place[static_cast<std::size_t>(moved)] = m_place[id];
        m_distinct.pop_back();
    }
}

void History::clear() {
    for (const TokenId token : m_distinct)
        m_counts[static_cast<std::size_t>(token)] = 0;
    m_distinct.clear();
    m_tokens.clear();
}

} // namespace hearth::sampling
