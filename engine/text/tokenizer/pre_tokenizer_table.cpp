#include "engine/text/tokenizer/pre_tokenizer.h"

#include <algorithm>
#include <array>
#include <string>

// The expressions are those with which the models' vocabularies were trained, as their publishers give them
// in tokenizer.json or in the tokenizer's source; the names are those that GGUF files use for them. A
// character that no alternative matches ends up in a word of its own kind between two matches.

namespace hearth::text {

namespace {

// Pieces that several expressions share.
#define HEARTH_CONTRACTIONS "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define HEARTH_SPACE_TAIL R"(|\s*[\r\n]+|\s+(?!\S)|\s+)"

constexpr auto kGpt2 = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr auto kLlama3 =
    HEARTH_CONTRACTIONS R"(|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)" HEARTH_SPACE_TAIL;
constexpr auto kQwen2 =
    HEARTH_CONTRACTIONS R"(|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)" HEARTH_SPACE_TAIL;
constexpr auto kQwen35 = HEARTH_CONTRACTIONS
    R"(|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*)" HEARTH_SPACE_TAIL;
constexpr auto kSeedCoder =
    HEARTH_CONTRACTIONS R"(|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}\r\n]+)" HEARTH_SPACE_TAIL;
constexpr auto kBailing =
    R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+)";

// Words that begin with capitals and words of small letters, kept apart (CamelCase splits).
#define HEARTH_UPPER R"([\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}])"
#define HEARTH_LOWER R"([\p{Ll}\p{Lm}\p{Lo}\p{M}])"
#define HEARTH_LEAD R"([^\r\n\p{L}\p{N}]?)"
constexpr auto kGpt4o =
    HEARTH_LEAD HEARTH_UPPER "*" HEARTH_LOWER "+" HEARTH_CONTRACTIONS "?|" // "Hello's"
    HEARTH_LEAD HEARTH_UPPER "+" HEARTH_LOWER "*" HEARTH_CONTRACTIONS      // "HELLO's"
                             R"(?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*)" HEARTH_SPACE_TAIL;
constexpr auto kTekken =
    HEARTH_LEAD HEARTH_UPPER "*" HEARTH_LOWER "+|" HEARTH_LEAD HEARTH_UPPER "+" HEARTH_LOWER
                             R"(*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*)" HEARTH_SPACE_TAIL;
// The same without Chinese characters, which form words of their own.
#define HEARTH_NO_HAN R"((?!\p{Han}))"
constexpr auto kKimi = R"(\p{Han}+|)" HEARTH_LEAD "(?:" HEARTH_NO_HAN HEARTH_UPPER
                       ")*(?:" HEARTH_NO_HAN HEARTH_LOWER ")+" HEARTH_CONTRACTIONS "?|" HEARTH_LEAD
                       "(?:" HEARTH_NO_HAN HEARTH_UPPER ")+(?:" HEARTH_NO_HAN HEARTH_LOWER
                       ")*" HEARTH_CONTRACTIONS R"(?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)" HEARTH_SPACE_TAIL;

constexpr auto kDigit = R"(\p{N})";
constexpr auto kThreeDigits = "[0-9][0-9][0-9]";
constexpr auto kFalconPunctuation = R"([\p{P}\$\+<=>\^~\|`]+)";
constexpr auto kDefaultPunctuation = R"([\p{P}\$\+<=>\^~\|]+)";
// Everything but some punctuation: … 。 ， 、 । ۔ ، beside the ASCII marks.
constexpr auto kBloom = R"( ?[^(\s|.,!?\x{2026}\x{3002}\x{FF0C}\x{3001}\x{964}\x{6D4}\x{60C})]+)";

constexpr auto kLineEnd = R"([\r\n])";
// Chinese, Japanese and Korean as DeepSeek's first vocabularies group them.
constexpr auto kDeepSeekCjk = R"([\x{4E00}-\x{9FA5}\x{800}-\x{4E00}\x{AC00}-\x{D7FF}]+)";
constexpr auto kDeepSeekPunctuation =
    R"(\s?[!-/:-~\x{FF01}-\x{FF0F}\x{FF1A}-\x{FF5E}\x{2018}-\x{201F}\x{3000}-\x{3002}]+)";
// White space at the end of a piece. The published form is \s+$; the look-behind changes nothing but the
// time, which it keeps linear.
constexpr auto kTrailingSpace = R"((?<!\s)\s+$)";
// Letters of alphabets with capital and small forms.
constexpr auto kCasedLetters =
    R"(\s?[)"
    R"(A-Za-z\x{B5}\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{1BA}\x{1BC}-\x{1BF}\x{1C4}-\x{293})"
    R"(\x{295}-\x{2AF}\x{370}-\x{373}\x{376}\x{377}\x{37B}-\x{37D}\x{37F}\x{386}\x{388}-\x{38A})"
    R"(\x{38C}\x{38E}-\x{3A1}\x{3A3}-\x{3F5}\x{3F7}-\x{481}\x{48A}-\x{52F}\x{531}-\x{556})"
    R"(\x{10A0}-\x{10C5}\x{13A0}-\x{13F5}\x{13F8}-\x{13FD}\x{1C90}-\x{1CBA}\x{1CBD}-\x{1CBF})"
    R"(\x{1D00}-\x{1D2B}\x{1D6B}-\x{1D77}\x{1D79}-\x{1D9A}\x{1E00}-\x{1F15}\x{1F18}-\x{1F1D})"
    R"(\x{1F20}-\x{1F45}\x{1F48}-\x{1F4D}\x{1F50}-\x{1F57}\x{1F59}\x{1F5B}\x{1F5D})"
    R"(\x{1F5F}-\x{1F7D}\x{1F80}-\x{1FB4}\x{1FB6}-\x{1FBC}\x{1FBE}\x{1FC2}-\x{1FC4})"
    R"(\x{1FC6}-\x{1FCC}\x{1FD0}-\x{1FD3}\x{1FD6}-\x{1FDB}\x{1FE0}-\x{1FEC}\x{1FF2}-\x{1FF4})"
    R"(\x{1FF6}-\x{1FFC}\x{2102}\x{2107}\x{210A}-\x{2113}\x{2115}\x{2119}-\x{211D}\x{2124})"
    R"(\x{2126}\x{2128}\x{212A}-\x{212D}\x{212F}-\x{2134}\x{2139}\x{213C}-\x{213F})"
    R"(\x{2145}-\x{2149}\x{214E}\x{2183}\x{2184}\x{2C00}-\x{2C7B}\x{2C7E}-\x{2CE4})"
    R"(\x{2CEB}-\x{2CEE}\x{2CF2}\x{2CF3}\x{A640}-\x{A66D}\x{A680}-\x{A69B}\x{A722}-\x{A76F})"
    R"(\x{A771}-\x{A787}\x{A78B}-\x{A78E}\x{AB70}-\x{ABBF}\x{FB00}-\x{FB06}\x{FB13}-\x{FB17})"
    R"(\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}\x{10400}-\x{1044F}\x{104B0}-\x{104D3})"
    R"(\x{104D8}-\x{104FB}\x{10C80}-\x{10CB2}\x{10CC0}-\x{10CF2}\x{118A0}-\x{118DF})"
    R"(\x{1E900}-\x{1E943})"
    R"(]+)";
constexpr auto kDeepSeek3Cjk = R"([\x{4E00}-\x{9FA5}\x{3040}-\x{309F}\x{30A0}-\x{30FF}]+)";
constexpr auto kDeepSeek3 =
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+)"
    R"(| ?[\p{P}\p{S}]+[\r\n]*)" HEARTH_SPACE_TAIL;

struct Named {
    std::string_view name;
    PreTokenizerRule rule;
};

const std::vector<Named>& table() {
    static const std::vector<Named> rules = [] {
        const PreTokenizerRule gpt2{{kGpt2}}, qwen2{{kQwen2}}, gpt4o{{kGpt4o}}, bloom{{kBloom}};
        const PreTokenizerRule digitsFirst{{kDigit, kGpt2}}, bailing{{kBailing}};
        const PreTokenizerRule llama3{{kLlama3}, true, true}, likeLlama3{{kLlama3}};
        const PreTokenizerRule deepSeek3{{R"(\p{N}{1,3})", kDeepSeek3Cjk, kDeepSeek3}};
        return std::vector<Named>{
            {"default", {{kDefaultPunctuation, kGpt2, R"(\p{N}+)", kThreeDigits}}},
            {"llama3", llama3},
            {"llama-v3", llama3},
            {"llama-bpe", llama3},
            {"falcon3", llama3},
            {"falcon-h1", llama3},
            {"pixtral", llama3},
            {"midm-2.0", llama3},
            {"lfm2", llama3},
            {"smaug-bpe", likeLlama3},
            {"dbrx", likeLlama3},
            {"chatglm-bpe", likeLlama3},
            {"glm4", likeLlama3},
            {"gpt-2", gpt2},
            {"phi-2", gpt2},
            {"mpt", gpt2},
            {"olmo", gpt2},
            {"jais", gpt2},
            {"trillion", gpt2},
            {"granite-docling", gpt2},
            {"gigachat", gpt2},
            {"a.x-4.0", gpt2},
            {"mellum", gpt2},
            {"modern-bert", gpt2},
            {"exaone4", gpt2},
            {"jina-es", gpt2},
            {"jina-de", gpt2},
            {"jina-v1-en", gpt2},
            {"jina-v2-es", gpt2},
            {"jina-v2-de", gpt2},
            {"jina-v2-code", gpt2},
            {"roberta-bpe", gpt2},
            {"starcoder", digitsFirst},
            {"refact", digitsFirst},
            {"command-r", digitsFirst},
            {"smollm", digitsFirst},
            {"codeshell", digitsFirst},
            {"exaone", digitsFirst},
            {"minerva-7b", digitsFirst},
            {"qwen2", qwen2},
            {"deepseek-r1-qwen", qwen2},
            {"stablelm2", qwen2},
            {"kormo", qwen2},
            {"megrez", qwen2},
            {"hunyuan", qwen2},
            {"grok-2", qwen2},
            {"solar-open", qwen2},
            {"qwen35", {{kQwen35}}},
            {"seed-coder", {{kSeedCoder}}},
            {"bailingmoe", bailing},
            {"bailingmoe2", bailing},
            {"llada-moe", bailing},
            {"gpt-4o", gpt4o},
            {"llama4", gpt4o},
            {"kanana2", gpt4o},
            {"minimax-m2", gpt4o},
            {"tekken", {{kTekken}, true, true}},
            {"kimi-k2", {{kKimi}}},
            {"falcon", {{kFalconPunctuation, kGpt2, kThreeDigits}}},
            {"bloom", bloom},
            {"gpt3-finnish", bloom},
            {"poro-chat", bloom},
            {"viking", {{kBloom, kDigit}}},
            {"deepseek-coder", {{kLineEnd, R"(\s?\p{L}+)", R"(\s?\p{P}+)", kDeepSeekCjk, kDigit}}},
            {"deepseek-llm",
             {{kLineEnd, kCasedLetters, kDeepSeekPunctuation, kTrailingSpace, kDeepSeekCjk, R"(\p{N}+)"}}},
            {"deepseek-v3", deepSeek3},
            {"hunyuan-dense", deepSeek3},
            {"joyai-llm", deepSeek3},
        };
    }();
    return rules;
}

} // namespace

Result<PreTokenizerRule> preTokenizerRule(std::string_view name) {
    for (const Named& entry : table())
        if (entry.name == name)
            return entry.rule;
    std::string known;
    for (const Named& entry : table())
        known.append(known.empty() ? "" : ", ").append(entry.name);
    std::string shown(name.substr(0, 64)); // The name comes from a file; keep messages short.
    return tl::unexpected<Error>(
        Error{"tokenizer.unknown_pre", "the pre-tokenizer \"" + shown + "\" is not known; known are " + known}
            .with("pre", shown)
            .with("known", known));
}

std::vector<std::string_view> preTokenizerNames() {
    std::vector<std::string_view> names;
    for (const Named& entry : table())
        names.push_back(entry.name);
    return names;
}

} // namespace hearth::text
