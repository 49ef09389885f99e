#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace hearth::format {
class GgufFile;
}

namespace hearth::text {

using TokenId = std::int32_t;

/// A half-open range of bytes of a text.
struct ByteRange {
    std::size_t begin = 0, end = 0;
    bool operator==(const ByteRange&) const = default;
};

enum class TokenType : std::uint8_t { Undefined, Normal, Unknown, Control, UserDefined, Unused, Byte };

struct SpecialTokens {
    std::optional<TokenId> bos, eos, eot, eom, unknown, padding, separator, classification, mask;
    bool addBos = false, addEos = false, addSpacePrefix = true;
    /// Every token that ends a turn or the text for this model (eos, eot, eom and the control tokens known
    /// to end a turn, such as <|im_end|>, <|eot_id|>, <end_of_turn>); ascending.
    std::vector<TokenId> endOfGeneration;
};

/// Text to token ids and back. Immutable and thread-safe after creation.
class Tokenizer {
public:
    /// Reads `tokenizer.ggml.*`; the result keeps nothing of `file`. Empty tokens are never produced; of
    /// tokens with the same text the first is. Errors, all "tokenizer.": absent (a table or the model's
    /// name), unknown_model, unknown_pre, bad_metadata (a value of the wrong kind), size_mismatch (tables, or
    /// the embedding, of different lengths), too_large, bad_utf8, bad_token_type, bad_score, bad_byte_token,
    /// bad_merge, bad_special_id, missing_byte, no_token, bad_expression.
    [[nodiscard]] static Result<std::unique_ptr<const Tokenizer>> fromGguf(const format::GgufFile& file);

    virtual ~Tokenizer() = default;

    /// Whether special tokens written in the text are recognised. Parse recognises control, unknown and
    /// user-defined ones. Plain recognises only user-defined tokens that are plain text to the model (runs of
    /// spaces, letters added to a vocabulary), never one that marks a turn, a role, a tool call or reasoning.
    /// Text written by a person is always encoded with Plain, so that it can never inject one.
    enum class Specials { Plain, Parse };

    /// Token ids without BOS/EOS. Ill-formed UTF-8 is read as U+FFFD. Takes time linear in the text, but for
    /// a logarithm in the length of its words.
    /// Errors: tokenizer.too_long, tokenizer.match_limit, tokenizer.no_token (nothing in the vocabulary
    /// stands for a character, and there is no unknown token).
    [[nodiscard]] virtual Result<std::vector<TokenId>> encode(std::string_view utf8,
                                                              Specials specials) const = 0;

    /// As encode() with Parse, but a special token that covers a byte of a `data` range (ascending, disjoint)
    /// is recognised only if Plain would. For a prompt of which some bytes were written by a person. In
    /// ill-formed text everything counts as data. Errors: as encode().
    [[nodiscard]] virtual Result<std::vector<TokenId>>
    encodeGuarded(std::string_view utf8, std::span<const ByteRange> data) const = 0;

    /// The bytes that a token stands for in running text ("▁the" → " the"); empty for control tokens unless
    /// `showSpecials`.
    [[nodiscard]] virtual std::string pieceBytes(TokenId id, bool showSpecials = false) const = 0;

    /// Text of a whole sequence, always UTF-8: a space added by encode() is removed again, bytes that form no
    /// character become U+FFFD. For "llama" and "gpt2" models decode(encode(text)) is `text`, except that a
    /// "llama" model cannot tell U+2581 from a space; "bert" models drop case, accents and spacing.
    [[nodiscard]] virtual std::string decode(std::span<const TokenId> ids,
                                             bool showSpecials = false) const = 0;

    [[nodiscard]] virtual std::size_t vocabularySize() const = 0;
    [[nodiscard]] virtual std::string_view tokenText(TokenId id) const = 0; ///< raw, as in the file
    [[nodiscard]] virtual TokenType tokenType(TokenId id) const = 0;
    [[nodiscard]] virtual const SpecialTokens& specials() const = 0;
    [[nodiscard]] virtual std::optional<TokenId> find(std::string_view rawText) const = 0;
    /// "llama", "gpt2" or "bert", and the pre-tokeniser's name.
    [[nodiscard]] virtual std::string_view model() const = 0;
    [[nodiscard]] virtual std::string_view pre() const = 0;

    [[nodiscard]] bool endsGeneration(TokenId id) const;
};

/// Turns a stream of tokens into text and never hands out half a UTF-8 character: incomplete bytes wait for
/// the next token; bytes that can never become valid come out as U+FFFD. Confined to one thread.
class StreamDetokenizer {
public:
    /// `tokenizer` must outlive this. `atTextStart` strips the space that encode() adds to a text; the space
    /// that it adds behind a control token is stripped in any case. With `atTextStart`, everything pushed and
    /// finish() together are what decode() gives.
    explicit StreamDetokenizer(const Tokenizer& tokenizer, bool atTextStart = false,
                               bool showSpecials = false);
    [[nodiscard]] std::string push(TokenId id);
    /// What is left at the end of the stream.
    [[nodiscard]] std::string finish();

private:
    const Tokenizer& m_tokenizer;
    std::string m_pending;
    bool m_stripSpace, m_showSpecials;
};

} // namespace hearth::text
