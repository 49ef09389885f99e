// tokenizer.json of the tokenizers library: a BPE vocabulary with merges, either over the byte alphabet
// ("gpt2") or over characters with byte tokens as SentencePiece has them ("llama").

#include <array>
#include <charconv>
#include <unordered_map>

#include "engine/optimize/convert/hf_tokenizer.h"
#include "engine/optimize/convert/json_file.h"
#include "engine/text/tokenizer/byte_alphabet.h"
#include "engine/text/tokenizer/pre_tokenizer.h"
#include "engine/text/tokenizer/vocabulary.h"

namespace hearth::optimize {

namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxTokens = 1U << 22, kMaxMerges = 1U << 22;
constexpr std::string_view kSpaceMark = "\xE2\x96\x81";

tl::unexpected<Error> bad(const char* reason, const std::string& detail) {
    return fail(std::string("tokenizer_json.") + reason, "tokenizer.json: " + detail);
}

std::string textOf(const json& object, const char* key) {
    if (!object.is_object())
        return {};
    const auto it = object.find(key);
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

bool flagOf(const json& object, const char* key, bool fallback = false) {
    if (!object.is_object())
        return fallback;
    const auto it = object.find(key);
    return it != object.end() && it->is_boolean() ? it->get<bool>() : fallback;
}

const json& childOf(const json& object, const char* key) {
    static const json kNone;
    if (!object.is_object())
        return kNone;
    const auto it = object.find(key);
    return it == object.end() ? kNone : *it;
}

/// The members of a Sequence, or the object alone.
std::vector<const json*> partsOf(const json& object, const char* list) {
    std::vector<const json*> parts;
    if (object.is_null())
        return parts;
    if (textOf(object, "type") != "Sequence")
        return {&object};
    for (const auto& part : childOf(object, list))
        parts.push_back(&part);
    return parts;
}

/// What the reading of one file goes through, in order.
class Reader {
public:
    explicit Reader(const json& root) : m_root(root), m_model(childOf(root, "model")) {}

    Result<TokenizerTables> run() {
        if (!m_model.is_object())
            return bad("no_model", "there is no model");
        const std::string type = textOf(m_model, "type");
        // Early files do not name the type of a BPE model.
        if (!(type == "BPE" || (type.empty() && m_model.contains("merges"))))
            return bad("unknown_model",
                       "the model is of type \"" + type.substr(0, 32) + "\"; Hearth knows BPE");
        HEARTH_CHECK(readVocabulary());
        m_bytes = flagOf(m_model, "byte_fallback");
        HEARTH_CHECK(readMerges());
        if (m_bytes)
            HEARTH_CHECK(asSentencePiece());
        else
            HEARTH_CHECK(asByteLevel());
        HEARTH_CHECK(readNormalizer());
        HEARTH_CHECK(readAddedTokens());
        if (const std::string unknown = textOf(m_model, "unk_token"); !unknown.empty()) {
            m_out.unknown = m_out.find(unknown);
            if (m_out.unknown && m_bytes)
                m_out.types[*m_out.unknown] = kTokenUnknown;
        }
        readPostProcessor();
        return std::move(m_out);
    }

private:
    Result<void> readVocabulary() {
        const json& vocab = childOf(m_model, "vocab");
        if (!vocab.is_object())
            return bad("bad_vocab", "the vocabulary is no object of texts and ids");
        if (vocab.size() > kMaxTokens)
            return bad("bad_vocab", "more tokens than any model has");
        std::vector<bool> taken(vocab.size());
        m_out.tokens.resize(vocab.size());
        for (const auto& [text, id] : vocab.items()) {
            if (text.empty())
                return bad("empty_token", "a token without text");
            if (!id.is_number_unsigned() || id.get<std::uint64_t>() > kMaxTokens)
                return bad("bad_id", "the id of \"" + text.substr(0, 64) + "\" is no id");
            const auto index = id.get<std::size_t>();
            // As many tokens as ids: an id behind the last means that another one is missing.
            if (index >= taken.size())
                return bad("id_gap", "id " + std::to_string(index) + " among " +
                                         std::to_string(taken.size()) + " tokens");
            if (taken[index])
                return bad("duplicate_id", "two tokens have the id " + std::to_string(index));
            taken[index] = true;
            m_out.tokens[index] = text;
        }
        if (vocab.empty())
            return bad("bad_vocab", "the vocabulary is empty");
        m_out.types.assign(m_out.tokens.size(), kTokenNormal);
        for (std::size_t i = 0; i < m_out.tokens.size(); ++i)
            m_ids.emplace(m_out.tokens[i], i);
        return {};
    }

    Result<void> readMerges() {
        const json& merges = childOf(m_model, "merges");
        if (!merges.is_array())
            return bad("bad_merge", "there is no list of merges");
        if (merges.size() > kMaxMerges)
            return bad("bad_merge", std::to_string(merges.size()) + " merges");
        m_merges.reserve(merges.size());
        for (const json& merge : merges) {
            std::string left, right;
            if (merge.is_string()) {
                const auto& text = merge.get_ref<const std::string&>();
                const auto space = text.find(' ', 1);
                if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos)
                    return bad("bad_merge", "\"" + text.substr(0, 64) + "\" is no pair");
                left = text.substr(0, space);
                right = text.substr(space + 1);
            } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() &&
                       merge[1].is_string()) {
                left = merge[0].get<std::string>();
                right = merge[1].get<std::string>();
            } else {
                return bad("bad_merge", "a merge that is no pair of texts");
            }
            if (!m_ids.contains(left) || !m_ids.contains(right) || !m_ids.contains(left + right))
                return bad("bad_merge", "\"" + left.substr(0, 64) + "\" and \"" + right.substr(0, 64) +
                                            "\", or what they give, are no tokens");
            m_merges.emplace_back(std::move(left), std::move(right));
        }
        return {};
    }

    /// Characters with "<0xNN>" tokens. Merging by rank is merging by score when the score falls with the
    /// rank of the first merge that gives a token.
    Result<void> asSentencePiece() {
        m_out.model = "llama";
        m_out.pre = "default";
        m_out.scores.assign(m_out.tokens.size(), -1e9F);
        for (std::size_t rank = m_merges.size(); rank-- > 0;)
            m_out.scores[m_ids.at(m_merges[rank].first + m_merges[rank].second)] = -static_cast<float>(rank);
        std::array<bool, 256> seen{};
        for (std::size_t i = 0; i < m_out.tokens.size(); ++i) {
            const std::string& text = m_out.tokens[i];
            if (const auto byte = text::byteOfTokenText(text)) {
                m_out.types[i] = kTokenByte;
                m_out.scores[i] = 0;
                seen[*byte] = true;
            } else if (text.starts_with("<0x") && text.ends_with(">") && text.size() <= 8) {
                return bad("bad_byte_token", "\"" + text + "\" names no byte");
            }
        }
        for (std::size_t byte = 0; byte < 256; ++byte)
            if (!seen[byte])
                return bad("missing_bytes", "byte " + std::to_string(byte) + " has no token");
        return {};
    }

    Result<void> asByteLevel() {
        m_out.model = "gpt2";
        for (int byte = 0; byte < 256; ++byte) {
            std::string letter;
            text::appendLetters(letter, std::string(1, static_cast<char>(byte)));
            if (!m_ids.contains(letter))
                return bad("missing_bytes", "byte " + std::to_string(byte) + " has no token");
        }
        m_out.merges.reserve(m_merges.size());
        for (const auto& [left, right] : m_merges)
            m_out.merges.push_back(left + " " + right);
        std::vector<std::string> expressions;
        HEARTH_TRY(expressions, readPreTokenizer());
        const auto name = preTokenizerName(expressions, flagOf(m_model, "ignore_merges"));
        if (!name) {
            std::string list;
            for (const auto& expression : expressions)
                list += (list.empty() ? "" : "  then  ") + expression.substr(0, 200);
            return bad("unknown_pre_tokenizer",
                       "text is cut by expressions that Hearth does not know: " + list);
        }
        m_out.pre = *name;
        return {};
    }

    /// The expressions that cut text, in order.
    Result<std::vector<std::string>> readPreTokenizer() {
        const auto gpt2 = text::preTokenizerRule("gpt-2");
        std::vector<std::string> out;
        for (const json* part : partsOf(childOf(m_root, "pre_tokenizer"), "pretokenizers")) {
            const std::string type = textOf(*part, "type");
            if (type == "ByteLevel") {
                if (flagOf(*part, "use_regex", true) && gpt2)
                    out.emplace_back(gpt2->expressions.front());
            } else if (type == "Digits" && flagOf(*part, "individual_digits")) {
                out.emplace_back("\\p{N}");
            } else if (type == "Split") {
                const std::string expression = textOf(childOf(*part, "pattern"), "Regex");
                if (expression.empty() || expression.size() > 8192)
                    return bad("bad_expression", "a split without a usable expression");
                const text::PreTokenizerRule rule{{expression.c_str()}};
                if (!text::PreTokenizer::compile(rule))
                    return bad("bad_expression",
                               "\"" + expression.substr(0, 200) + "\" is no regular expression");
                out.push_back(expression);
            } else {
                return bad("unknown_pre_tokenizer", "a step of type \"" + type.substr(0, 64) + "\"");
            }
        }
        return out;
    }

    /// Normalisers that the engine's tokenisers do themselves.
    Result<void> readNormalizer() {
        bool prefix = false;
        for (const json* part : partsOf(childOf(m_root, "normalizer"), "normalizers")) {
            const std::string type = textOf(*part, "type");
            const bool spaces = type == "Replace" && textOf(childOf(*part, "pattern"), "String") == " " &&
                                textOf(*part, "content") == kSpaceMark;
            if (type == "Prepend" && textOf(*part, "prepend") == kSpaceMark)
                prefix = true;
            else if (!(m_bytes && spaces) && type != "NFC")
                return bad("unknown_normalizer", "a step of type \"" + type.substr(0, 64) + "\"");
        }
        // Newer files prepend the mark in the pre-tokeniser.
        for (const json* part : partsOf(childOf(m_root, "pre_tokenizer"), "pretokenizers"))
            if (textOf(*part, "type") == "Metaspace")
                prefix =
                    textOf(*part, "prepend_scheme") != "never" && flagOf(*part, "add_prefix_space", true);
        if (m_bytes)
            m_out.addSpacePrefix = prefix;
        return {};
    }

    Result<void> readAddedTokens() {
        for (const json& token : childOf(m_root, "added_tokens")) {
            const json& id = childOf(token, "id");
            const std::string text = textOf(token, "content");
            if (!id.is_number_unsigned() || id.get<std::uint64_t>() > kMaxTokens || text.empty())
                return bad("bad_added_token", "an added token without text or id");
            const auto index = id.get<std::size_t>();
            if (index < m_out.tokens.size() && !m_out.tokens[index].empty() && m_out.tokens[index] != text)
                return bad("bad_added_token", "\"" + text.substr(0, 64) + "\" has the id of another token");
            while (m_out.tokens.size() <= index) {
                m_out.tokens.emplace_back();
                m_out.types.push_back(kTokenUnused);
                if (m_bytes)
                    m_out.scores.push_back(-1e9F);
            }
            m_out.tokens[index] = text;
            m_out.types[index] = flagOf(token, "special") ? kTokenControl : kTokenUserDefined;
        }
        return {};
    }

    /// A template that puts a special token before a single text.
    void readPostProcessor() {
        for (const json* part : partsOf(childOf(m_root, "post_processor"), "processors")) {
            if (textOf(*part, "type") != "TemplateProcessing")
                continue;
            const json& single = childOf(*part, "single");
            if (single.is_array() && !single.empty()) {
                m_out.addBos = single.front().contains("SpecialToken");
                m_out.addEos = single.size() > 1 && single.back().contains("SpecialToken");
            }
        }
    }

    const json& m_root;
    const json& m_model;
    bool m_bytes = false;
    TokenizerTables m_out;
    std::unordered_map<std::string, std::size_t> m_ids;
    std::vector<std::pair<std::string, std::string>> m_merges;
};

/// "\x{4E00}" as the character that it stands for; nothing else changes.
std::string withCharacters(std::string_view expression) {
    std::string out;
    for (std::size_t i = 0; i < expression.size(); ++i) {
        unsigned code = 0;
        std::size_t end = std::string_view::npos;
        if (expression.substr(i).starts_with("\\x{")) {
            end = expression.find('}', i);
            const auto digits = expression.substr(i + 3, end == std::string_view::npos ? 0 : end - i - 3);
            const auto [last, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
            if (error != std::errc() || last != digits.data() + digits.size() || code > 0x10FFFF)
                end = std::string_view::npos;
        }
        if (end == std::string_view::npos) {
            out.push_back(expression[i]);
            continue;
        }
        const auto put = [&out](unsigned byte) { out.push_back(static_cast<char>(byte)); };
        if (code < 0x80) {
            put(code);
        } else if (code < 0x800) {
            put(0xC0U | (code >> 6));
            put(0x80U | (code & 63U));
        } else if (code < 0x10000) {
            put(0xE0U | (code >> 12));
            put(0x80U | ((code >> 6) & 63U));
            put(0x80U | (code & 63U));
        } else {
            put(0xF0U | (code >> 18));
            put(0x80U | ((code >> 12) & 63U));
            put(0x80U | ((code >> 6) & 63U));
            put(0x80U | (code & 63U));
        }
        i = end;
    }
    return out;
}

} // namespace

std::optional<std::string> preTokenizerName(const std::vector<std::string>& expressions, bool ignoreMerges) {
    // The names that stand for a family of models come first; others of the same rule mean the same.
    std::vector<std::string_view> names{"llama-bpe", "smaug-bpe", "qwen2",          "gpt-2",       "smollm",
                                        "tekken",    "gpt-4o",    "deepseek-coder", "deepseek-llm"};
    for (const auto name : text::preTokenizerNames())
        names.push_back(name);
    std::optional<std::string> otherwise;
    for (const auto name : names) {
        const auto rule = text::preTokenizerRule(name);
        if (!rule || rule->expressions.size() != expressions.size())
            continue;
        bool equal = true;
        for (std::size_t i = 0; i < expressions.size(); ++i)
            equal = equal && withCharacters(rule->expressions[i]) == withCharacters(expressions[i]);
        if (!equal)
            continue;
        if (rule->ignoreMerges == ignoreMerges)
            return std::string(name);
        if (!otherwise)
            otherwise = name;
    }
    return otherwise;
}

Result<TokenizerTables> parseTokenizerJson(std::string_view text) {
    HEARTH_TRY(const json root, parseJson(text, "tokenizer_json"));
    return Reader(root).run();
}

} // namespace hearth::optimize
