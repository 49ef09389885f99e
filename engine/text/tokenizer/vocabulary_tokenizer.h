#pragma once

#include <string>

#include "engine/text/tokenizer/special_matcher.h"
#include "engine/text/tokenizer/vocabulary.h"

namespace hearth::text {

/// What the tokenizer models share: the vocabulary, the special tokens, cutting a text at them, and joining
/// pieces to a text. A model adds how ordinary text becomes tokens, and what a token's text means.
class VocabularyTokenizer : public Tokenizer {
public:
    /// How a model treats the seams between ordinary text and special tokens.
    struct Seams {
        bool spaceMarks = false; ///< U+2581 in user-defined tokens stands for a space
        bool eatSpace = false;   ///< control tokens swallow the white space behind them
    };

    [[nodiscard]] Result<std::vector<TokenId>> encode(std::string_view utf8, Specials specials) const final;
    [[nodiscard]] Result<std::vector<TokenId>> encodeGuarded(std::string_view utf8,
                                                             std::span<const ByteRange> data) const final;
    [[nodiscard]] std::string pieceBytes(TokenId id, bool showSpecials) const final;
    [[nodiscard]] std::string decode(std::span<const TokenId> ids, bool showSpecials) const final;
    [[nodiscard]] std::size_t vocabularySize() const final { return m_vocabulary.size(); }
    [[nodiscard]] std::string_view tokenText(TokenId id) const final { return m_vocabulary.text(id); }
    [[nodiscard]] TokenType tokenType(TokenId id) const final { return m_vocabulary.type(id); }
    [[nodiscard]] const SpecialTokens& specials() const final { return m_specials; }
    [[nodiscard]] std::optional<TokenId> find(std::string_view rawText) const final;
    [[nodiscard]] std::string_view model() const final { return m_model; }
    [[nodiscard]] std::string_view pre() const final { return m_pre; }

protected:
    VocabularyTokenizer(Vocabulary vocabulary, SpecialTokens specials, std::string model, std::string pre,
                        Seams seams);

    /// Appends the tokens of `text`, which is UTF-8 and not empty. `begins`: it stands at the beginning of
    /// the whole text or behind a control or unknown token.
    [[nodiscard]] virtual Result<void> encodeText(std::string_view text, bool begins,
                                                  std::vector<TokenId>& out) const = 0;
    /// The bytes of a token that is neither control, unknown nor user-defined.
    [[nodiscard]] virtual std::string textBytes(TokenId id) const = 0;

    [[nodiscard]] const Vocabulary& vocabulary() const { return m_vocabulary; }

private:
    [[nodiscard]] bool eatsSpace(TokenId id) const;
    [[nodiscard]] Result<std::vector<TokenId>> encodeRuns(std::string_view utf8, Specials mode,
                                                          std::span<const ByteRange> data) const;

    Vocabulary m_vocabulary;
    SpecialTokens m_specials;
    SpecialMatcher m_matcher;
    std::string m_model, m_pre;
    Seams m_seams;
};

} // namespace hearth::text
