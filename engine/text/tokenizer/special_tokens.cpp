#include "engine/text/tokenizer/special_tokens.h"

#include <algorithm>
#include <array>
#include <limits>

#include "engine/format/gguf/gguf_file.h"

namespace hearth::text {

namespace {

/// Texts with which published models end a turn, a message to a tool, or the whole text.
constexpr std::array<std::string_view, 24> kEnds = {
    "<|im_end|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end_of_text|>",
    "<|endoftext|>",
    "<|end|>",
    "<|return|>",
    "<|call|>",
    "<|calls|>",
    "<|flush|>",
    "<|EOT|>",
    "<|eot|>",
    "<|eom|>",
    "<|eos|>",
    "<|end_of_turn|>",
    "<|END_OF_TURN_TOKEN|>",
    "<end_of_turn>",
    "<end_of_utterance>",
    "<EOT>",
    "_<EOT>",
    "[EOT]",
    "[EOS]",
    "</s>",
    "<\xEF\xBD\x9C"
    "end\xE2\x96\x81of\xE2\x96\x81sentence\xEF\xBD\x9C>",
};

/// Markers that no general shape tells apart from markup a person may write.
constexpr std::array<std::string_view, 24> kMarkers = {
    "<s>",
    "</s>",
    "<bos>",
    "<eos>",
    "<pad>",
    "<unk>",
    "<mask>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<EOT>",
    "_<EOT>",
    "<<SYS>>",
    "<</SYS>>",
    "[INST]",
    "[/INST]",
    "<think>",
    "</think>",
    "<tool_call>",
    "</tool_call>",
    "<tool_response>",
    "</tool_response>",
    "<tools>",
    "</tools>",
    "<end_of_utterance>",
};

constexpr std::string_view kWideBar = "\xEF\xBD\x9C"; // U+FF5C, DeepSeek's bar

bool hasBars(std::string_view text) {
    if (!text.starts_with('<') || !text.ends_with('>') || text.size() < 4)
        return false;
    const std::string_view inner = text.substr(1, text.size() - 2);
    return inner.starts_with('|') || inner.ends_with('|') || inner.starts_with(kWideBar) ||
           inner.ends_with(kWideBar);
}

bool isFramed(std::string_view text) {
    return text.size() >= 3 &&
           ((text.starts_with('<') && text.ends_with('>')) || (text.starts_with('[') && text.ends_with(']')));
}

tl::unexpected<Error> badId(const std::string& key, const std::string& value, std::size_t tokens) {
    return tl::unexpected<Error>(Error{"tokenizer.bad_special_id", key + " is " + value + ", outside " +
                                                                       std::to_string(tokens) + " tokens"}
                                     .with("key", key)
                                     .with("id", value)
                                     .with("tokens", std::to_string(tokens)));
}

class SpecialReader {
public:
    SpecialReader(const format::GgufFile& file, const Vocabulary& vocabulary)
        : m_file(file), m_vocabulary(vocabulary) {}

    Result<void> id(const char* name, std::optional<TokenId>& out, std::string_view fallbackText = {}) const {
        const std::string key = std::string("tokenizer.ggml.") + name + "_token_id";
        const format::GgufValue* value = m_file.find(key);
        if (!value) {
            if (const TokenId id = m_vocabulary.find(fallbackText); id >= 0 && !out)
                out = id;
            return {};
        }
        if (const auto* number = std::get_if<std::int64_t>(value)) {
            if (*number == -1)
                return {};
            if (*number < 0 || *number > std::numeric_limits<TokenId>::max() ||
                !m_vocabulary.contains(static_cast<TokenId>(*number)))
                return badId(key, std::to_string(*number), m_vocabulary.size());
            out = static_cast<TokenId>(*number);
            return {};
        }
        if (const auto* number = std::get_if<std::uint64_t>(value)) {
            if (*number == std::numeric_limits<std::uint32_t>::max()) // −1 as files write it
                return {};
            if (*number >= m_vocabulary.size())
                return badId(key, std::to_string(*number), m_vocabulary.size());
            out = static_cast<TokenId>(*number);
            return {};
        }
        return tl::unexpected<Error>(
            Error{"tokenizer.bad_metadata", key + " is not an integer"}.with("key", key));
    }

    Result<void> flag(const char* name, bool& out) const {
        const std::string key = std::string("tokenizer.ggml.") + name;
        if (!m_file.find(key))
            return {};
        const auto value = m_file.getBool(key);
        if (!value)
            return tl::unexpected<Error>(
                Error{"tokenizer.bad_metadata", key + " is not a bool"}.with("key", key));
        out = *value;
        return {};
    }

private:
    const format::GgufFile& m_file;
    const Vocabulary& m_vocabulary;
};

/// A text of kEnds only counts where it cannot be an ordinary piece: web text is full of "</s>".
bool countsAsEnd(const Vocabulary& vocabulary, TokenId id) {
    const std::string_view text = vocabulary.text(id);
    return !vocabulary.isText(id) || hasBars(text) || text == "<end_of_turn>";
}

void collectEnds(SpecialTokens& specials, const Vocabulary& vocabulary) {
    std::vector<TokenId>& ends = specials.endOfGeneration;
    for (const auto& id : {specials.eos, specials.eot, specials.eom})
        if (id)
            ends.push_back(*id);
    for (const std::string_view text : kEnds)
        if (const TokenId id = vocabulary.find(text); id >= 0 && countsAsEnd(vocabulary, id))
            ends.push_back(id);
    // In the "harmony" layout <|end|> closes one message of several; <|return|> and <|call|> close the turn.
    if (vocabulary.find("<|return|>") >= 0 && vocabulary.find("<|call|>") >= 0)
        std::erase(ends, vocabulary.find("<|end|>"));
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
}

} // namespace

bool looksLikeMarker(std::string_view text) {
    return hasBars(text) || (text.starts_with("<unused") && text.ends_with('>')) ||
           std::find(kMarkers.begin(), kMarkers.end(), text) != kMarkers.end() ||
           std::find(kEnds.begin(), kEnds.end(), text) != kEnds.end();
}

Result<SpecialTokens> readSpecialTokens(const format::GgufFile& file, const SpecialDefaults& defaults,
                                        Vocabulary& vocabulary) {
    SpecialTokens out;
    out.addBos = defaults.addBos;
    out.addEos = defaults.addEos;
    out.addSpacePrefix = defaults.addSpacePrefix;
    const SpecialReader reader(file, vocabulary);
    HEARTH_CHECK(reader.id("bos", out.bos, defaults.bos));
    HEARTH_CHECK(reader.id("eos", out.eos, defaults.eos));
    HEARTH_CHECK(reader.id("eot", out.eot));
    HEARTH_CHECK(reader.id("eom", out.eom));
    HEARTH_CHECK(reader.id("unknown", out.unknown, defaults.unknown));
    HEARTH_CHECK(reader.id("padding", out.padding, defaults.padding));
    HEARTH_CHECK(reader.id("seperator", out.separator));                     // The field's spelling…
    HEARTH_CHECK(reader.id("separator", out.separator, defaults.separator)); // …and the dictionary's.
    HEARTH_CHECK(reader.id("cls", out.classification, defaults.classification));
    HEARTH_CHECK(reader.id("mask", out.mask, defaults.mask));
    HEARTH_CHECK(reader.flag("add_bos_token", out.addBos));
    HEARTH_CHECK(reader.flag("add_eos_token", out.addEos));
    HEARTH_CHECK(reader.flag("add_space_prefix", out.addSpacePrefix));
    collectEnds(out, vocabulary);
    // Ids in files are sometimes wrong and name an ordinary piece; such a piece has to stay one.
    const auto promote = [&vocabulary](TokenId id) {
        if (isFramed(vocabulary.text(id)) && vocabulary.type(id) != TokenType::Byte)
            vocabulary.setControl(id);
    };
    for (const TokenId id : out.endOfGeneration)
        promote(id);
    for (const auto& id : {out.bos, out.separator, out.classification, out.mask})
        if (id)
            promote(*id);
    return out;
}

} // namespace hearth::text
