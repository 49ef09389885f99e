#include "engine/optimize/train/topics.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>

#include <nlohmann/json.hpp>

#include "engine/optimize/train/random.h"
#include "engine/optimize/train/topic_question.h"

namespace hearth::optimize {

using nlohmann::ordered_json;

namespace {

tl::expected<TopicText, std::string> parseText(const std::string& language, const ordered_json& json) {
    if (!json.is_object() || !json.contains("ask") || !json["ask"].is_array() || !json.contains("answer") ||
        !json["answer"].is_string())
        return tl::unexpected<std::string>("\"" + language +
                                           "\" needs an array \"ask\" and a string \"answer\"");
    TopicText text{language, {}, json["answer"].get<std::string>()};
    for (const auto& question : json["ask"]) {
        if (!question.is_string() || question.get_ref<const std::string&>().empty())
            return tl::unexpected<std::string>("\"ask\" holds something that is not a text");
        text.ask.push_back(question.get<std::string>());
    }
    if (text.ask.size() < 2)
        return tl::unexpected<std::string>("fewer than two phrasings; one is held out");
    return text;
}

tl::expected<Topic, std::string> parseTopic(const std::string& line) {
    const ordered_json json = ordered_json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("id") || !json["id"].is_string())
        return tl::unexpected<std::string>("not a JSON object with a string \"id\"");
    Topic topic{json["id"].get<std::string>(), {}};
    for (const char* language : {"en", "zh"}) {
        if (!json.contains(language))
            continue;
        auto text = parseText(language, json[language]);
        if (!text)
            return tl::unexpected<std::string>(text.error());
        topic.texts.push_back(std::move(*text));
    }
    if (topic.texts.empty())
        return tl::unexpected<std::string>("neither \"en\" nor \"zh\"");
    return topic;
}

Result<void> readFile(const std::filesystem::path& path, std::vector<Topic>& topics) {
    std::ifstream file(path);
    if (!file)
        return fail("dataset.unreadable", "cannot read " + path.string());
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        auto topic = parseTopic(line);
        if (!topic)
            return tl::unexpected<Error>(Error{
                "topics.bad_line", path.string() + ", line " + std::to_string(number) + ": " + topic.error()}
                                             .with("path", path.string())
                                             .with("line", std::to_string(number))
                                             .with("reason", topic.error()));
        topics.push_back(std::move(*topic));
    }
    return {};
}

/// Meant for single characters. Asked of a whole word it takes every one of three bytes and more for Chinese,
/// so joined() writes English variants without most spaces and thinned() takes only the shortest words for
/// common. The shipped Guide was trained so; mending this changes its examples and therefore goes with
/// training it anew.
bool isHan(std::string_view character) {
    return character.size() >= 3;
}

/// What may be left out or moved without breaking a word: a Chinese character, or a run of other
/// characters up to a space.
std::vector<std::string> pieces(const std::string& text) {
    std::vector<std::string> out;
    bool open = false; ///< the last piece is a word that may still grow
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin + 1;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            ++end;
        const std::string character = text.substr(begin, end - begin);
        begin = end;
        if (character == " ") {
            open = false;
        } else if (isHan(character)) {
            out.push_back(character);
            open = false;
        } else if (open) {
            out.back() += character;
        } else {
            out.push_back(character);
            open = true;
        }
    }
    return out;
}

std::string joined(const std::vector<std::string>& parts) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0 && !isHan(parts[i]) && !isHan(parts[i - 1]))
            out += ' ';
        out += parts[i];
    }
    return out;
}

/// In how many training phrasings of a language each word occurs; the words in many of them ("what", "the",
/// "how") say little about the topic.
class WordCounts {
public:
    explicit WordCounts(const std::vector<Topic>& topics, std::string_view language) {
        for (const Topic& topic : topics)
            for (const TopicText& text : topic.texts)
                if (text.language == language)
                    for (std::size_t i = 0; i + 1 < text.ask.size(); ++i)
                        add(pieces(topicQuestion(text.ask[i])));
    }
    [[nodiscard]] bool isCommon(const std::string& word) const {
        const auto found = m_counts.find(word);
        return found != m_counts.end() && found->second * kCommonShare > m_phrasings;
    }

private:
    static constexpr std::size_t kCommonShare = 80; ///< more than one phrasing in eighty
    void add(std::vector<std::string> words) {
        ++m_phrasings;
        std::sort(words.begin(), words.end());
        words.erase(std::unique(words.begin(), words.end()), words.end());
        for (const std::string& word : words)
            ++m_counts[word];
    }
    std::map<std::string, std::size_t> m_counts;
    std::size_t m_phrasings = 0;
};

/// Of the Chinese characters and the rare words about one in seven is missing, of the common words about one
/// in three (see isHan() for which); never more than half of all.
std::vector<std::string> thinned(std::vector<std::string> parts, const WordCounts& counts, Random& random) {
    const std::size_t least = (parts.size() + 1) / 2;
    for (std::size_t i = parts.size(); i-- > 0 && parts.size() > least;)
        if (random.below(!isHan(parts[i]) && counts.isCommon(parts[i]) ? 3 : 7) == 0)
            parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(i));
    return parts;
}

/// The beginning of one phrasing followed by the end of another.
std::vector<std::string> crossed(const std::vector<std::string>& first,
                                 const std::vector<std::string>& second) {
    std::vector<std::string> out(first.begin(),
                                 first.begin() + static_cast<std::ptrdiff_t>((first.size() + 1) / 2));
    out.insert(out.end(), second.begin() + static_cast<std::ptrdiff_t>(second.size() / 2), second.end());
    return out;
}

/// Both phrasings in one question, as people ask who say a thing twice.
std::vector<std::string> bothOf(std::vector<std::string> first, const std::vector<std::string>& second,
                                std::string_view connector) {
    first.emplace_back(connector);
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

/// Phrasing `index` changed; the held-out one, the last, is never looked at.
std::string variantOf(const std::vector<std::string>& ask, std::size_t index, bool chinese,
                      const WordCounts& counts, Random& random) {
    static constexpr std::array kEnglish{"please tell me: ", "hi, ", "could you explain, ",
                                         "i want to know, ", "ok so "};
    static constexpr std::array kChinese{"请问", "你好，", "我想知道", "麻烦问一下，", "请告诉我，"};
    static constexpr std::array kEnglishConnectors{"or", "and", "so"};
    static constexpr std::array kChineseConnectors{"，", "或者", "和"};
    auto parts = pieces(topicQuestion(ask[index]));
    if (const std::size_t kind = random.below(5); kind < 3) {
        const auto other = pieces(topicQuestion(ask[random.below(ask.size() - 1)]));
        const auto& connectors = chinese ? kChineseConnectors : kEnglishConnectors;
        parts = kind == 0 ? bothOf(std::move(parts), other, connectors[random.below(connectors.size())])
                          : crossed(parts, other);
    }
    std::string out = joined(thinned(std::move(parts), counts, random));
    if (random.below(6) == 0)
        out = (chinese ? kChinese[random.below(kChinese.size())] : kEnglish[random.below(kEnglish.size())]) +
              out;
    return out;
}

} // namespace

Result<std::vector<Topic>> readTopics(const std::filesystem::path& path) {
    std::vector<Topic> topics;
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::directory_iterator(path, ignored))
            if (entry.path().extension() == ".jsonl")
                files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        for (const auto& file : files)
            HEARTH_CHECK(readFile(file, topics));
    } else {
        HEARTH_CHECK(readFile(path, topics));
    }
    if (topics.empty())
        return fail("dataset.empty", path.string() + " holds no topic");
    return topics;
}

std::vector<Example> topicExamples(const std::vector<Topic>& topics, const TopicVariants& variants,
                                   std::uint64_t seed) {
    std::vector<Example> out;
    Random random(seed);
    const WordCounts english(topics, "en"), chinese(topics, "zh");
    for (const Topic& topic : topics)
        for (const TopicText& text : topic.texts) {
            const bool isChinese = text.language == "zh";
            const auto add = [&](std::string question, bool validation, std::size_t answerTokens = 0) {
                out.push_back({{{"user", std::move(question)}, {"assistant", text.answer}},
                               {},
                               validation,
                               answerTokens});
            };
            for (std::size_t i = 0; i + 1 < text.ask.size(); ++i) {
                add(topicQuestion(text.ask[i]), false);
                for (std::size_t copy = 0; copy < variants.count; ++copy)
                    add(variantOf(text.ask, i, isChinese, isChinese ? chinese : english, random), false,
                        variants.answerTokens);
            }
            add(topicQuestion(text.ask.back()), true);
        }
    return out;
}

} // namespace hearth::optimize
