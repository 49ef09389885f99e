#include "engine/text/tokenizer/wordpiece.h"

#include <array>
#include <utility>

#include <utf8proc.h>

#include "engine/format/gguf/gguf_file.h"
#include "engine/text/tokenizer/special_tokens.h"
#include "engine/text/tokenizer/utf8.h"
#include "engine/text/tokenizer/vocabulary_tokenizer.h"

namespace hearth::text {

namespace {

/// Longer words are unknown, as in the published implementation.
constexpr std::size_t kLongestWord = 100;
/// Canonical decomposition gives at most four code points for one.
constexpr std::size_t kLongestDecomposition = 8;

utf8proc_category_t categoryOf(char32_t c) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

bool isSpace(char32_t c) {
    const auto category = categoryOf(c);
    return c == '\t' || c == '\n' || c == '\r' || category == UTF8PROC_CATEGORY_ZS ||
           category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

/// Control, format, private and unassigned characters are dropped.
bool isDropped(char32_t c) {
    switch (categoryOf(c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CS:
        return true;
    default:
        return c == 0xFFFD;
    }
}

bool isPunctuation(char32_t c) {
    if (c < 0x80) // All ASCII symbols count.
        return c > 0x20 && c < 0x7F && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') &&
               !(c >= 'a' && c <= 'z');
    const auto category = categoryOf(c);
    return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

/// The blocks of Chinese characters that BERT sets apart.
bool isChinese(char32_t c) {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
           (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) ||
           (c >= 0x2B820 && c <= 0x2CEAF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

class WordPiece final : public VocabularyTokenizer {
public:
    struct Style {
        std::string first, inner; ///< written before the first piece of a word, and before the others
        bool lowercase = true;
    };

    WordPiece(Vocabulary table, SpecialTokens special, std::string pre, Style style)
        : VocabularyTokenizer(std::move(table), std::move(special), "bert", std::move(pre), {}),
          m_style(std::move(style)) {}

private:
    Result<void> encodeText(std::string_view text, bool, std::vector<TokenId>& out) const override {
        std::string word, key;
        while (!text.empty()) {
            const Utf8Step step = utf8Step(text);
            text.remove_prefix(step.length);
            const char32_t c = step.codePoint;
            if (isSpace(c)) {
                endWord(word, key, out);
            } else if (!isDropped(c)) {
                take(c, word, key, out);
            }
        }
        endWord(word, key, out);
        return {};
    }

    /// Adds a character's normal form to the word; marks and Chinese characters are words of their own.
    void take(char32_t c, std::string& word, std::string& key, std::vector<TokenId>& out) const {
        std::array<utf8proc_int32_t, kLongestDecomposition> parts{static_cast<utf8proc_int32_t>(c)};
        utf8proc_ssize_t count = 1;
        if (m_style.lowercase && c >= 0x80 && !isChinese(c)) {
            count = utf8proc_decompose_char(parts[0], parts.data(), utf8proc_ssize_t(parts.size()),
                                            UTF8PROC_DECOMPOSE, nullptr);
            if (count < 0 || count > utf8proc_ssize_t(parts.size())) {
                parts[0] = static_cast<utf8proc_int32_t>(c);
                count = 1;
            }
        }
        for (std::size_t i = 0; i < std::size_t(count); ++i) {
            auto part = static_cast<char32_t>(parts[i]);
            if (m_style.lowercase) {
                if (categoryOf(part) == UTF8PROC_CATEGORY_MN) // accents
                    continue;
                part = static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(part)));
            }
            const bool alone = isPunctuation(part) || isChinese(part);
            if (alone)
                endWord(word, key, out);
            appendUtf8(word, part);
            if (alone)
                endWord(word, key, out);
        }
    }

    void endWord(std::string& word, std::string& key, std::vector<TokenId>& out) const {
        if (!word.empty() && !cover(word, key, out))
            out.push_back(*specials().unknown); // Loading made sure that there is one.
        word.clear();
    }

    bool cover(std::string_view word, std::string& key, std::vector<TokenId>& out) const {
        std::size_t characters = 0;
        for (const char c : word)
            characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        if (characters > kLongestWord)
            return false;
        const std::size_t start = out.size();
        for (std::size_t at = 0; at < word.size();) {
            const std::string& prefix = at == 0 ? m_style.first : m_style.inner;
            key.assign(prefix).append(word.substr(at));
            TokenId id = -1;
            while (key.size() > prefix.size() && (id = vocabulary().findText(key)) < 0)
                do
                    key.pop_back();
                while (key.size() > prefix.size() && !endsCharacter(word, at + key.size() - prefix.size()));
            if (id < 0) {
                out.resize(start);
                return false;
            }
            out.push_back(id);
            at += key.size() - prefix.size();
        }
        return true;
    }

    static bool endsCharacter(std::string_view word, std::size_t end) {
        return end == word.size() || (static_cast<unsigned char>(word[end]) & 0xC0) != 0x80;
    }

    std::string textBytes(TokenId id) const override {
        const std::string_view text = vocabulary().text(id);
        if (m_style.inner.empty())
            return text.starts_with(kSpaceMark) ? " " + std::string(text.substr(kSpaceMark.size()))
                                                : std::string(text);
        return text.starts_with(m_style.inner) ? std::string(text.substr(m_style.inner.size()))
                                               : " " + std::string(text);
    }

    Style m_style;
};

/// Files come in BERT's own style and in one with word beginnings marked like SentencePiece's. A vocabulary
/// with capital letters belongs to a model that tells case and accents apart.
WordPiece::Style styleOf(const Vocabulary& vocabulary) {
    std::size_t marked = 0, hashed = 0, capitals = 0;
    for (TokenId id = 0; vocabulary.contains(id); ++id) {
        std::string_view text = vocabulary.text(id);
        if (!vocabulary.isText(id) || text.starts_with('['))
            continue;
        marked += text.starts_with(kSpaceMark);
        hashed += text.starts_with("##") && text.size() > 2;
        capitals += text.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string_view::npos;
    }
    WordPiece::Style style;
    if (marked > hashed)
        style.first = kSpaceMark;
    else
        style.inner = "##";
    style.lowercase = capitals == 0;
    return style;
}

} // namespace

Result<std::unique_ptr<const Tokenizer>> makeWordPiece(const format::GgufFile& file) {
    HEARTH_TRY(Vocabulary vocabulary, Vocabulary::fromGguf(file));
    SpecialDefaults defaults;
    defaults.addBos = true;
    defaults.addEos = true;
    defaults.unknown = "[UNK]";
    defaults.padding = "[PAD]";
    defaults.separator = "[SEP]";
    defaults.classification = "[CLS]";
    defaults.mask = "[MASK]";
    defaults.bos = "[CLS]";
    defaults.eos = "[SEP]";
    HEARTH_TRY(SpecialTokens special, readSpecialTokens(file, defaults, vocabulary));
    special.addSpacePrefix = false;
    if (!special.unknown)
        return fail("tokenizer.no_token",
                    "a WordPiece vocabulary needs an unknown token, and this one has none");
    if (const auto* key = "tokenizer.ggml.normalizer.lowercase"; file.find(key) && !file.getBool(key))
        return tl::unexpected<Error>(
            Error{"tokenizer.bad_metadata", std::string(key) + " is not a bool"}.with("key", key));
    WordPiece::Style style = styleOf(vocabulary);
    style.lowercase = file.getBool("tokenizer.ggml.normalizer.lowercase").value_or(style.lowercase);
    return std::make_unique<WordPiece>(std::move(vocabulary), std::move(special),
                                       std::string(file.getString("tokenizer.ggml.pre").value_or("default")),
                                       std::move(style));
}

} // namespace hearth::text
