#include "engine/text/tokenizer/sentencepiece.h"

#include <bit>
#include <map>
#include <tuple>
#include <utility>

#include "engine/format/gguf/gguf_file.h"
#include "engine/text/tokenizer/pair_merger.h"
#include "engine/text/tokenizer/special_tokens.h"
#include "engine/text/tokenizer/utf8.h"
#include "engine/text/tokenizer/vocabulary_tokenizer.h"
#include "engine/text/tokenizer/word_cache.h"

namespace hearth::text {

namespace {

/// Higher scores merge first: the bits of an IEEE float, turned so that they compare like the number,
/// reversed.
std::uint32_t priorityOf(float score) {
    const auto bits = std::bit_cast<std::uint32_t>(score + 0.0F); // −0 becomes 0
    const std::uint32_t ascending = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
    return ~ascending;
}

/// Whether no piece holds a space behind another character. Then no merge crosses the place before a space,
/// and a text may be cut there.
bool spacesBeginPieces(const Vocabulary& vocabulary) {
    for (TokenId id = 0; vocabulary.contains(id); ++id) {
        if (!vocabulary.isText(id))
            continue;
        std::string_view text = vocabulary.text(id);
        while (text.starts_with(kSpaceMark))
            text.remove_prefix(kSpaceMark.size());
        if (text.find(kSpaceMark) != std::string_view::npos)
            return false;
    }
    return true;
}

class SentencePiece final : public VocabularyTokenizer {
public:
    SentencePiece(Vocabulary table, SpecialTokens special, std::string pre, Seams seams,
                  const std::array<TokenId, 256>& bytes)
        : VocabularyTokenizer(std::move(table), std::move(special), "llama", std::move(pre), seams),
          m_bytes(bytes), m_cutAtSpaces(spacesBeginPieces(vocabulary())) {}

private:
    /// Where a piece of type Unused came together, so that it can be taken apart again.
    using Seam = std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>;

    Result<void> encodeText(std::string_view text, bool begins, std::vector<TokenId>& out) const override {
        std::string marked;
        if (begins && specials().addSpacePrefix)
            marked = kSpaceMark;
        marked += spacesToMarked(text);
        PairMerger merger;
        WordCache cache(m_cutAtSpaces ? marked.size() : 0);
        std::string_view rest = marked;
        while (!rest.empty()) {
            const std::string_view word = rest.substr(0, m_cutAtSpaces ? wordLength(rest) : rest.size());
            rest.remove_prefix(word.size());
            if (cache.copy(word, out))
                continue;
            const std::size_t begin = out.size();
            HEARTH_CHECK(encodeWord(word, merger, out));
            cache.remember(word, begin, out.size());
        }
        return {};
    }

    /// Leading spaces, and all up to the next one.
    static std::size_t wordLength(std::string_view text) {
        std::size_t spaces = 0;
        while (text.substr(spaces).starts_with(kSpaceMark))
            spaces += kSpaceMark.size();
        const std::size_t end = text.find(kSpaceMark, spaces);
        return end == std::string_view::npos ? text.size() : end;
    }

    Result<void> encodeWord(std::string_view word, PairMerger& merger, std::vector<TokenId>& out) const {
        merger.clear();
        for (std::size_t at = 0; at < word.size();) {
            const std::size_t length = utf8Step(word.substr(at)).length;
            merger.push(static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(length),
                        vocabulary().findText(word.substr(at, length)));
            at += length;
        }
        Seam seam;
        merger.run([&](const Symbol& left, const Symbol& right) -> Merge {
            const TokenId id = vocabulary().findText(word.substr(left.begin, left.length + right.length));
            if (id < 0)
                return {};
            if (vocabulary().type(id) == TokenType::Unused)
                seam[{left.begin, left.length + right.length}] = left.length;
            return {id, priorityOf(vocabulary().score(id))};
        });
        for (const Symbol& symbol : merger.symbols())
            if (symbol.length)
                HEARTH_CHECK(emit(word, symbol.begin, symbol.length, symbol.id, seam, out));
        return {};
    }

    /// A piece marked Unused may take part in merges but is not given out: its two halves are.
    Result<void> emit(std::string_view word, std::uint32_t begin, std::uint32_t length, TokenId id,
                      const Seam& seam, std::vector<TokenId>& out) const {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> stack;
        for (;;) {
            const auto cut = seam.empty() ? seam.end() : seam.find({begin, length});
            if (id >= 0 && cut != seam.end() && vocabulary().type(id) == TokenType::Unused) {
                stack.emplace_back(begin + cut->second, length - cut->second);
                length = cut->second;
            } else {
                if (id >= 0)
                    out.push_back(id);
                else
                    HEARTH_CHECK(emitBytes(word.substr(begin, length), out));
                if (stack.empty())
                    return {};
                std::tie(begin, length) = stack.back();
                stack.pop_back();
            }
            id = vocabulary().findText(word.substr(begin, length));
        }
    }

    Result<void> emitBytes(std::string_view character, std::vector<TokenId>& out) const {
        const std::size_t start = out.size();
        for (const char c : character) {
            const TokenId id = m_bytes[static_cast<unsigned char>(c)];
            if (id >= 0) {
                out.push_back(id);
                continue;
            }
            out.resize(start);
            if (!specials().unknown)
                return fail("tokenizer.no_token",
                            "nothing in the vocabulary stands for a character of the text");
            out.push_back(*specials().unknown);
            return {};
        }
        return {};
    }

    std::string textBytes(TokenId id) const override {
        if (vocabulary().type(id) == TokenType::Byte)
            return std::string(1, static_cast<char>(*byteOfTokenText(vocabulary().text(id))));
        return markedToSpaces(vocabulary().text(id));
    }

    std::array<TokenId, 256> m_bytes;
    bool m_cutAtSpaces;
};

} // namespace

Result<std::unique_ptr<const Tokenizer>> makeSentencePiece(const format::GgufFile& file) {
    HEARTH_TRY(Vocabulary vocabulary, Vocabulary::fromGguf(file));
    if (!file.find("tokenizer.ggml.scores"))
        return fail("tokenizer.absent",
                    "the file has no tokenizer.ggml.scores, by which this model's pieces merge");
    HEARTH_TRY(const auto bytes, byteTokens(vocabulary));
    SpecialDefaults defaults;
    defaults.addBos = true;
    defaults.addSpacePrefix = true;
    defaults.bos = vocabulary.find("<s>") >= 0 ? "<s>" : "<bos>";
    defaults.eos = vocabulary.find("</s>") >= 0 ? "</s>" : "<eos>";
    defaults.unknown = "<unk>";
    HEARTH_TRY(SpecialTokens special, readSpecialTokens(file, defaults, vocabulary));
    VocabularyTokenizer::Seams seams;
    seams.spaceMarks = true;
    // The only published family with this tokenizer whose control tokens take the white space behind them.
    seams.eatSpace = file.getString("general.architecture") == "phi3";
    return std::make_unique<SentencePiece>(
        std::move(vocabulary), std::move(special),
        std::string(file.getString("tokenizer.ggml.pre").value_or("default")), seams, bytes);
}

} // namespace hearth::text
