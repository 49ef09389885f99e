#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/text/tokenizer/flat_map.h"
#include "engine/text/tokenizer/vocabulary.h"

namespace hearth::text {

/// Finds the tokens that are matched as a whole in the text, before the model's own splitting: control,
/// unknown and user-defined ones. At every place the longest one wins. Immutable and thread-safe once built.
class SpecialMatcher {
public:
    struct Match {
        TokenId id = -1;
        std::size_t begin = 0, length = 0;
    };

    SpecialMatcher() = default;
    /// `spaceMarks`: a U+2581 in a user-defined token's text stands for a space.
    SpecialMatcher(const Vocabulary& vocabulary, bool spaceMarks);

    /// The first match at or after `from`; id −1 and begin = text.size() when there is none. Plain admits
    /// only user-defined tokens that mark nothing (see looksLikeMarker()), and so does Parse for a match that
    /// covers a byte of a `data` range (ascending, disjoint).
    [[nodiscard]] Match next(std::string_view text, std::size_t from, Tokenizer::Specials specials,
                             std::span<const ByteRange> data = {}) const;

private:
    /// A trie over bytes. Node 0 is the root.
    struct Node {
        TokenId id = -1;
        bool plain = false; ///< `id` is also matched in Plain
    };

    void add(std::string_view text, TokenId id, bool plain);
    [[nodiscard]] Match longestAt(std::string_view text, std::size_t begin, Tokenizer::Specials specials,
                                  std::span<const ByteRange> data) const;

    std::vector<Node> m_nodes;
    FlatMap<std::uint32_t> m_children;  ///< node << 8 | byte → node
    std::array<bool, 256> m_canBegin{}; ///< bytes with which some token begins
};

} // namespace hearth::text
