#include "engine/text/tokenizer/vocabulary_tokenizer.h"

#include <utility>

#include "engine/text/tokenizer/utf8.h"

namespace hearth::text {

namespace {

/// Some eight million tokens: far above any context, and it keeps the working memory below two gigabytes and
/// every position inside 32 bits.
constexpr std::size_t kLongestInput = std::size_t{32} << 20;

std::string_view withoutLeadingSpace(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\n\v\f\r");
    return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

Result<void> checkLength(std::string_view text) {
    if (text.size() <= kLongestInput)
        return {};
    return tl::unexpected<Error>(Error{"tokenizer.too_long", "a text of " + std::to_string(text.size()) +
                                                                 " bytes; the limit is " +
                                                                 std::to_string(kLongestInput)}
                                     .with("bytes", std::to_string(text.size()))
                                     .with("limit", std::to_string(kLongestInput)));
}

} // namespace

VocabularyTokenizer::VocabularyTokenizer(Vocabulary vocabulary, SpecialTokens specials, std::string model,
                                         std::string pre, Seams seams)
    : m_vocabulary(std::move(vocabulary)), m_specials(std::move(specials)),
      m_matcher(m_vocabulary, seams.spaceMarks), m_model(std::move(model)), m_pre(std::move(pre)),
      m_seams(seams) {}

Result<std::vector<TokenId>> VocabularyTokenizer::encode(std::string_view utf8, Specials mode) const {
    HEARTH_CHECK(checkLength(utf8));
    if (isUtf8(utf8))
        return encodeRuns(utf8, mode, {});
    return encodeRuns(replaceIllFormed(utf8), mode, {});
}

Result<std::vector<TokenId>> VocabularyTokenizer::encodeGuarded(std::string_view utf8,
                                                                std::span<const ByteRange> data) const {
    HEARTH_CHECK(checkLength(utf8));
    if (isUtf8(utf8))
        return encodeRuns(utf8, Specials::Parse, data);
    return encodeRuns(replaceIllFormed(utf8), Specials::Plain, {}); // repairing moved the ranges
}

Result<std::vector<TokenId>> VocabularyTokenizer::encodeRuns(std::string_view utf8, Specials mode,
                                                             std::span<const ByteRange> data) const {
    std::vector<TokenId> out;
    out.reserve(utf8.size() / 3 + 8);
    bool begins = true;
    for (std::size_t at = 0; at < utf8.size();) {
        const SpecialMatcher::Match match = m_matcher.next(utf8, at, mode, data);
        if (match.begin > at) {
            HEARTH_CHECK(encodeText(utf8.substr(at, match.begin - at), begins, out));
            begins = false;
        }
        if (match.id < 0)
            break;
        at = match.begin + match.length;
        out.push_back(match.id);
        begins = m_vocabulary.type(match.id) != TokenType::UserDefined;
        if (eatsSpace(match.id))
            at = utf8.size() - withoutLeadingSpace(utf8.substr(at)).size();
    }
    return out;
}

bool VocabularyTokenizer::eatsSpace(TokenId id) const {
    if (!m_seams.eatSpace || m_vocabulary.type(id) == TokenType::UserDefined)
        return false;
    const std::string_view text = m_vocabulary.text(id);
    return text != "<s>" && text != "<unk>" && text != "<|endoftext|>";
}

std::string VocabularyTokenizer::pieceBytes(TokenId id, bool showSpecials) const {
    if (!m_vocabulary.contains(id))
        return {};
    switch (m_vocabulary.type(id)) {
    case TokenType::Control:
    case TokenType::Unknown:
        return showSpecials ? std::string(m_vocabulary.text(id)) : std::string();
    case TokenType::UserDefined:
        return m_seams.spaceMarks ? markedToSpaces(m_vocabulary.text(id))
                                  : std::string(m_vocabulary.text(id));
    default:
        return textBytes(id);
    }
}

std::optional<TokenId> VocabularyTokenizer::find(std::string_view rawText) const {
    const TokenId id = m_vocabulary.find(rawText);
    return id >= 0 ? std::optional<TokenId>(id) : std::nullopt;
}

} // namespace hearth::text
