#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/sampling/sampler.h"

namespace hearth::sampling {

/// The tokens of one sequence, with the counts of those in the penalty window kept up to date, so that a
/// sample touches only the distinct tokens of the window. Memory: 8 bytes for each token of the vocabulary
/// when counting. Confined to one thread.
class History {
public:
    /// `window`: the last N tokens are counted; −1 = all; 0 = none (then nothing is allocated for counts).
    History(std::size_t vocabularySize, std::int32_t window);

    /// Ids outside the vocabulary are kept in the sequence and not counted.
    void append(TokenId token);
    void clear();

    [[nodiscard]] std::span<const TokenId> tokens() const { return m_tokens; }
    /// The distinct tokens in the window, in no particular order.
    [[nodiscard]] std::span<const TokenId> distinct() const { return m_distinct; }
    [[nodiscard]] std::uint32_t count(TokenId token) const {
        return m_counts[static_cast<std::size_t>(token)];
    }

private:
    [[nodiscard]] bool counted(TokenId token) const;
    std::int32_t m_window;
    std::vector<TokenId> m_tokens;
    std::vector<TokenId> m_distinct;
    std::vector<std::uint32_t> m_counts;
    std::vector<std::uint32_t> m_place; ///< index into m_distinct, valid where the count is not 0
};

} // namespace hearth::sampling
