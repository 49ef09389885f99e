#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::text {

/// What decides as which token ids a model reads a text, as hashes: of two models whose identities have no
/// difference an id stands for the same piece, and a text becomes the same ids. Which tokens end an answer is
/// left out: it changes nothing about that, and publishers of one model differ in it. A value.
struct TokenizerIdentity {
    std::uint64_t scheme = 0;          ///< model and pre-tokeniser; names for the same rule are the same
    std::uint64_t rules = 0;           ///< merges, or scores
    std::uint64_t specials = 0;        ///< what is put before a text, what unknown characters become
    std::vector<std::uint32_t> pieces; ///< text and type of every token

    /// Errors: as Tokenizer::fromGguf().
    [[nodiscard]] static Result<TokenizerIdentity> of(const format::GgufFile& file);
};

struct TokenizerDifference {
    std::string_view part;        ///< "pre-tokeniser", "pieces", "merges" or "special tokens"
    std::optional<TokenId> token; ///< of pieces: the first that differs
};
/// The first one; nullopt = they read alike.
[[nodiscard]] std::optional<TokenizerDifference> differenceOf(const TokenizerIdentity& a,
                                                              const TokenizerIdentity& b);

} // namespace hearth::text
