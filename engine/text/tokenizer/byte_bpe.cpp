#include "engine/text/tokenizer/byte_bpe.h"

#include <utility>

#include "engine/format/gguf/gguf_file.h"
#include "engine/text/tokenizer/byte_alphabet.h"
#include "engine/text/tokenizer/flat_map.h"
#include "engine/text/tokenizer/pair_merger.h"
#include "engine/text/tokenizer/pre_tokenizer.h"
#include "engine/text/tokenizer/special_tokens.h"
#include "engine/text/tokenizer/utf8.h"
#include "engine/text/tokenizer/vocabulary_tokenizer.h"
#include "engine/text/tokenizer/word_cache.h"

namespace hearth::text {

namespace {

constexpr auto kMergesKey = "tokenizer.ggml.merges";

/// Enough for any vocabulary (each merge makes one token), and a bound for the table's memory.
constexpr std::size_t kMostMerges = std::size_t{1} << 24;

using MergeTable = FlatMap<Merge>;

std::uint64_t pairKey(TokenId left, TokenId right) {
    return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
}

tl::unexpected<Error> badMerge(std::size_t index, const std::string& why) {
    return tl::unexpected<Error>(
        Error{"tokenizer.bad_merge", "merge " + std::to_string(index) + " " + why}.with(
            "merge", std::to_string(index)));
}

/// `merges` holds "left right" with both in the vocabulary, and their concatenation too.
Result<MergeTable> readMerges(const format::GgufFile& file, const Vocabulary& vocabulary) {
    if (!file.find(kMergesKey))
        return fail("tokenizer.absent", std::string("the file has no ") + kMergesKey);
    const format::GgufArray* array = file.getArray(kMergesKey);
    const auto* merges = array ? std::get_if<std::vector<std::string_view>>(array) : nullptr;
    if (!merges)
        return tl::unexpected<Error>(
            Error{"tokenizer.bad_metadata", std::string(kMergesKey) + " is not an array of strings"}.with(
                "key", kMergesKey));
    if (merges->size() > kMostMerges)
        return fail("tokenizer.too_large", std::to_string(merges->size()) + " merges");
    MergeTable table(merges->size());
    std::string whole;
    for (std::size_t rank = 0; rank < merges->size(); ++rank) {
        const std::string_view merge = (*merges)[rank];
        // The first half may itself begin with a space in vocabularies that do not write bytes as letters.
        const std::size_t space = merge.find(' ', 1);
        if (space == std::string_view::npos || space + 1 == merge.size())
            return badMerge(rank, "is not two texts with a space between");
        const std::string_view first = merge.substr(0, space), second = merge.substr(space + 1);
        const TokenId left = vocabulary.find(first), right = vocabulary.find(second);
        whole.assign(first).append(second);
        const TokenId made = vocabulary.find(whole);
        if (left < 0 || right < 0 || made < 0)
            return badMerge(rank, "joins or makes a token that the vocabulary does not have");
        // Ordinary text never becomes a special token, whatever the merges say.
        if (vocabulary.isText(left) && vocabulary.isText(right) && vocabulary.isText(made))
            table.insert(pairKey(left, right), {made, static_cast<std::uint32_t>(rank)});
    }
    return table;
}

/// Bytes 0xC0, 0xC1 and 0xF5 to 0xFF occur in no UTF-8 text, and vocabularies leave them out.
bool occursInUtf8(unsigned byte) {
    return byte < 0xC0 || (byte >= 0xC2 && byte <= 0xF4);
}

Result<std::array<TokenId, 256>> letterTokens(const Vocabulary& vocabulary, bool mayMiss) {
    std::array<TokenId, 256> out{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        std::string letter;
        appendUtf8(letter, letterOfByte(static_cast<std::uint8_t>(byte)));
        out[byte] = vocabulary.findText(letter);
        if (out[byte] < 0 && occursInUtf8(byte) && !mayMiss)
            return tl::unexpected<Error>(
                Error{"tokenizer.missing_byte", "no token stands for the byte " + std::to_string(byte) +
                                                    ", and there is no unknown token"}
                    .with("byte", std::to_string(byte)));
    }
    return out;
}

class ByteBpe final : public VocabularyTokenizer {
public:
    ByteBpe(Vocabulary table, SpecialTokens special, std::string pre, PreTokenizer words, bool ignoreMerges,
            MergeTable merges, const std::array<TokenId, 256>& letters)
        : VocabularyTokenizer(std::move(table), std::move(special), "gpt2", std::move(pre), {}),
          m_words(std::move(words)), m_merges(std::move(merges)), m_letters(letters),
          m_ignoreMerges(ignoreMerges) {}

private:
    Result<void> encodeText(std::string_view text, bool, std::vector<TokenId>& out) const override {
        HEARTH_TRY(const std::vector<std::uint32_t> ends, m_words.split(text));
        PairMerger merger;
        WordCache cache(text.size());
        std::string letters;
        std::size_t begin = 0;
        for (const std::uint32_t end : ends) {
            const std::string_view word = text.substr(begin, end - begin);
            begin = end;
            if (cache.copy(word, out))
                continue;
            const std::size_t first = out.size();
            if (!wholeWord(word, letters, out))
                encodeWord(word, merger, out);
            cache.remember(word, first, out.size());
        }
        return {};
    }

    bool wholeWord(std::string_view word, std::string& letters, std::vector<TokenId>& out) const {
        if (!m_ignoreMerges || word.size() > vocabulary().longestText())
            return false;
        letters.clear();
        appendLetters(letters, word);
        const TokenId id = vocabulary().findText(letters);
        if (id >= 0)
            out.push_back(id);
        return id >= 0;
    }

    void encodeWord(std::string_view word, PairMerger& merger, std::vector<TokenId>& out) const {
        merger.clear();
        for (std::size_t i = 0; i < word.size(); ++i)
            merger.push(static_cast<std::uint32_t>(i), 1, m_letters[static_cast<unsigned char>(word[i])]);
        if (word.size() > 1)
            merger.run([this](const Symbol& left, const Symbol& right) -> Merge {
                if (left.id < 0 || right.id < 0)
                    return {};
                const Merge* merge = m_merges.find(pairKey(left.id, right.id));
                return merge ? *merge : Merge{};
            });
        for (const Symbol& symbol : merger.symbols())
            if (symbol.length) // A byte without a token: loading made sure that there is an unknown token.
                out.push_back(symbol.id >= 0 ? symbol.id : *specials().unknown);
    }

    std::string textBytes(TokenId id) const override { return bytesOfLetters(vocabulary().text(id)); }

    PreTokenizer m_words;
    MergeTable m_merges;
    std::array<TokenId, 256> m_letters;
    bool m_ignoreMerges;
};

} // namespace

Result<std::unique_ptr<const Tokenizer>> makeByteBpe(const format::GgufFile& file) {
    HEARTH_TRY(Vocabulary vocabulary, Vocabulary::fromGguf(file));
    const std::string pre(file.getString("tokenizer.ggml.pre").value_or("default"));
    HEARTH_TRY(const PreTokenizerRule rule, preTokenizerRule(pre));
    HEARTH_TRY(PreTokenizer words, PreTokenizer::compile(rule));
    SpecialDefaults defaults;
    defaults.addBos = rule.addBos;
    HEARTH_TRY(SpecialTokens special, readSpecialTokens(file, defaults, vocabulary));
    special.addSpacePrefix = false; // These models never add one, whatever the file says.
    HEARTH_TRY(const auto letters, letterTokens(vocabulary, special.unknown.has_value()));
    HEARTH_TRY(MergeTable merges, readMerges(file, vocabulary));
    return std::make_unique<ByteBpe>(std::move(vocabulary), std::move(special), pre, std::move(words),
                                     rule.ignoreMerges, std::move(merges), letters);
}

} // namespace hearth::text
