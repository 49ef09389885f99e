#include "engine/text/tokenizer/tokenizer.h"
#include "engine/text/tokenizer/utf8.h"
#include "engine/text/tokenizer/vocabulary_tokenizer.h"

namespace hearth::text {

namespace {

/// Whether encode() puts a space before a text: always for WordPiece, whose words carry their own.
bool addsSpace(const Tokenizer& tokenizer) {
    return tokenizer.specials().addSpacePrefix || tokenizer.model() == "bert";
}

/// Moves everything that is decided from `bytes` to the result; the beginning of a character stays.
std::string takeDecided(std::string& bytes) {
    std::string out;
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const Utf8Step step = utf8Step(rest);
        if (step.kind == Utf8Step::Kind::Incomplete)
            break;
        out.append(step.kind == Utf8Step::Kind::Character ? rest.substr(0, step.length)
                                                          : kReplacementCharacter);
        rest.remove_prefix(step.length);
    }
    bytes.erase(0, bytes.size() - rest.size());
    return out;
}

} // namespace

StreamDetokenizer::StreamDetokenizer(const Tokenizer& tokenizer, bool atTextStart, bool showSpecials)
    : m_tokenizer(tokenizer), m_stripSpace(atTextStart && addsSpace(tokenizer)),
      m_showSpecials(showSpecials) {}

std::string StreamDetokenizer::push(TokenId id) {
    const std::string piece = m_tokenizer.pieceBytes(id, m_showSpecials);
    const TokenType type = m_tokenizer.tokenType(id);
    if (type == TokenType::Control || type == TokenType::Unknown) {
        // encode() adds its space again behind a control token, but not behind a character it does not know,
        // and an unknown token more often stands for one of those than for itself.
        if (type == TokenType::Unknown || id == m_tokenizer.specials().unknown)
            m_stripSpace = false;
        else if (m_tokenizer.specials().addSpacePrefix)
            m_stripSpace = true;
        m_pending += piece;
    } else if (!piece.empty()) {
        const bool strip = m_stripSpace && type != TokenType::UserDefined && piece.front() == ' ';
        m_pending.append(piece, strip ? 1 : 0);
        m_stripSpace = false;
    }
    return takeDecided(m_pending);
}

std::string StreamDetokenizer::finish() {
    std::string out;
    if (!m_pending.empty()) // One beginning of a character that never came to its end.
        out = kReplacementCharacter;
    m_pending.clear();
    return out;
}

std::string VocabularyTokenizer::decode(std::span<const TokenId> ids, bool showSpecials) const {
    StreamDetokenizer stream(*this, true, showSpecials);
    std::string out;
    for (const TokenId id : ids)
        out += stream.push(id);
    out += stream.finish();
    return out;
}

} // namespace hearth::text
