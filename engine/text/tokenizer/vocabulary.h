#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::text {

/// The token table of a model: texts, types and scores, checked and copied, with a lookup by text.
/// Immutable and thread-safe once loaded; views live as long as the object.
///
/// Where several tokens share a text (real files contain such tables), lookups give the first one.
class Vocabulary {
public:
    /// Reads `tokenizer.ggml.{tokens,token_type,scores}`. `scores` may be absent and then read as 0; types
    /// absent read as Normal. Errors: tokenizer.absent, tokenizer.bad_metadata, tokenizer.size_mismatch,
    /// tokenizer.bad_token_type, tokenizer.bad_score, tokenizer.bad_utf8, tokenizer.too_large.
    [[nodiscard]] static Result<Vocabulary> fromGguf(const format::GgufFile& file);

    [[nodiscard]] std::size_t size() const { return m_types.size(); }
    [[nodiscard]] bool contains(TokenId id) const { return id >= 0 && static_cast<std::size_t>(id) < size(); }

    /// Raw text, as in the file; empty for an id outside the table.
    [[nodiscard]] std::string_view text(TokenId id) const;
    /// Undefined for an id outside the table.
    [[nodiscard]] TokenType type(TokenId id) const;
    /// `id` must be inside the table.
    [[nodiscard]] float score(TokenId id) const {
        return m_scores.empty() ? 0.0F : m_scores[std::size_t(id)];
    }

    /// The first token with this text, or -1. Tokens with an empty text are never found.
    [[nodiscard]] TokenId find(std::string_view text) const;
    /// The same when that token may stand for ordinary text (see isText()), otherwise -1.
    [[nodiscard]] TokenId findText(std::string_view text) const;

    /// Whether ordinary text may be encoded as this token: not control, unknown, user-defined or byte.
    [[nodiscard]] bool isText(TokenId id) const;

    /// Makes a token a control token; for files that mark the end of a turn as something else.
    void setControl(TokenId id) { m_types[std::size_t(id)] = TokenType::Control; }

    /// Bytes of the longest token.
    [[nodiscard]] std::size_t longestText() const { return m_longest; }

private:
    [[nodiscard]] Result<void> takeTexts(const std::vector<std::string_view>& tokens);
    [[nodiscard]] Result<void> takeTypes(const format::GgufFile& file);
    [[nodiscard]] Result<void> takeScores(const format::GgufFile& file);
    void buildIndex();

    struct Slot {
        std::uint32_t hash = 0;
        TokenId id = -1;
    };

    std::string m_arena;
    std::vector<std::uint32_t> m_offsets; ///< size() + 1 positions in the arena
    std::vector<TokenType> m_types;
    std::vector<float> m_scores; ///< empty, or one per token
    std::vector<Slot> m_index;   ///< open addressing, linear probing
    std::size_t m_longest = 0;
};

/// The byte that `<0xNN>` stands for; nullopt for anything but exactly two hexadecimal digits in that frame.
[[nodiscard]] std::optional<std::uint8_t> byteOfTokenText(std::string_view text);

/// Token of every byte, -1 where there is none, from the tokens of type Byte.
/// Errors: tokenizer.bad_byte_token when such a token's text is not `<0xNN>`.
[[nodiscard]] Result<std::array<TokenId, 256>> byteTokens(const Vocabulary& vocabulary);

} // namespace hearth::text
