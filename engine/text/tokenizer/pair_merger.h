#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::text {

/// A stretch of the text that is one token so far.
struct Symbol {
    std::uint32_t begin = 0, length = 0; ///< bytes; length 0 = merged into the one before
    std::int32_t previous = -1, next = -1;
    TokenId id = -1; ///< −1: no token has this text
};

/// What two neighbours become, and how urgent that is: the lowest priority merges first, the leftmost on a
/// tie.
struct Merge {
    TokenId id = -1; ///< −1: they do not merge
    std::uint32_t priority = 0;
};

/// Merges neighbouring symbols in the order of priority until none can merge (byte-pair encoding; Sennrich et
/// al., "Neural Machine Translation of Rare Words with Subword Units", 2016). A heap of candidates over
/// linked symbols: n log n steps for n symbols. Keeps its memory between runs; confined to one thread.
class PairMerger {
public:
    void clear() { m_symbols.clear(); }
    void push(std::uint32_t begin, std::uint32_t length, TokenId id) {
        const auto index = static_cast<std::int32_t>(m_symbols.size());
        if (index > 0)
            m_symbols.back().next = index;
        m_symbols.push_back({begin, length, index - 1, -1, id});
    }
    /// All symbols; those with length 0 are gone.
    [[nodiscard]] const std::vector<Symbol>& symbols() const { return m_symbols; }

    /// `rule(left, right)` → Merge.
    template <class Rule>
    void run(const Rule& rule) {
        m_heap.clear();
        for (std::size_t i = 1; i < m_symbols.size(); ++i)
            consider(rule, std::int32_t(i) - 1, std::int32_t(i));
        std::make_heap(m_heap.begin(), m_heap.end(), later);
        while (!m_heap.empty()) {
            const Candidate best = m_heap.front();
            std::pop_heap(m_heap.begin(), m_heap.end(), later);
            m_heap.pop_back();
            Symbol& left = m_symbols[best.left()];
            Symbol& right = m_symbols[best.right];
            // Lengths only grow, and a symbol that was merged away has none, so equality means "still there".
            if (!left.length || !right.length || left.length + right.length != best.length)
                continue;
            left.length = best.length;
            left.id = best.id;
            left.next = right.next;
            right.length = 0;
            const auto here = static_cast<std::int32_t>(best.left());
            if (left.next >= 0) {
                m_symbols[std::size_t(left.next)].previous = here;
                consider<true>(rule, here, left.next);
            }
            if (left.previous >= 0)
                consider<true>(rule, left.previous, here);
        }
    }

private:
    struct Candidate {
        std::uint64_t order; ///< priority << 32 | left
        std::uint32_t right, length;
        TokenId id;
        [[nodiscard]] std::size_t left() const { return order & 0xFFFFFFFFu; }
    };
    static bool later(const Candidate& a, const Candidate& b) { return a.order > b.order; }

    template <bool Sift = false, class Rule>
    void consider(const Rule& rule, std::int32_t left, std::int32_t right) {
        const Symbol& l = m_symbols[std::size_t(left)];
        const Symbol& r = m_symbols[std::size_t(right)];
        const Merge merge = rule(l, r);
        if (merge.id < 0)
            return;
        m_heap.push_back({std::uint64_t{merge.priority} << 32 | static_cast<std::uint32_t>(left),
                          static_cast<std::uint32_t>(right), l.length + r.length, merge.id});
        if constexpr (Sift)
            std::push_heap(m_heap.begin(), m_heap.end(), later);
    }

    std::vector<Symbol> m_symbols;
    std::vector<Candidate> m_heap;
};

} // namespace hearth::text
