#include "engine/optimize/train/topics.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>

#include <nlohmann/json.hpp>

#include "engine/optimize/train/random.h"

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

std::string withoutEndMark(std::string text) {
    for (const std::string_view mark : {"?", "？", ".", "。", "!", "！"})
        if (text.ends_with(mark))
            return text.substr(0, text.size() - mark.size());
    return text;
}

/// About one piece in seven is missing, never more than half of them.
std::vector<std::string> thinned(std::vector<std::string> parts, Random& random) {
    const std::size_t least = (parts.size() + 1) / 2;
    for (std::size_t i = parts.size(); i-- > 0 && parts.size() > least;)
        if (random.below(7) == 0)
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

/// Phrasing `index` changed; the held-out one, the last, is never looked at.
std::string variantOf(const std::vector<std::string>& ask, std::size_t index, bool chinese, Random& random) {
    static constexpr std::array kEnglish{"Please tell me: ", "hi, ", "Could you explain, ",
                                         "I want to know, ", "ok so "};
    static constexpr std::array kChinese{"请问", "你好，", "我想知道", "麻烦问一下，", "请告诉我，"};
    auto parts = pieces(ask[index]);
    if (random.below(3) == 0)
        parts = crossed(parts, pieces(ask[random.below(ask.size() - 1)]));
    std::string out = joined(thinned(std::move(parts), random));
    if (random.below(2) == 0)
        out = withoutEndMark(std::move(out));
    if (!chinese && random.below(2) == 0)
        std::transform(out.begin(), out.end(), out.begin(),
                       [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
    if (random.below(4) == 0)
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
    for (const Topic& topic : topics)
        for (const TopicText& text : topic.texts) {
            const auto add = [&](std::string question, bool validation, std::size_t answerTokens = 0) {
                out.push_back({{{"user", std::move(question)}, {"assistant", text.answer}},
                               {},
                               validation,
                               answerTokens});
            };
            for (std::size_t i = 0; i + 1 < text.ask.size(); ++i) {
                add(text.ask[i], false);
                for (std::size_t copy = 0; copy < variants.count; ++copy)
                    add(variantOf(text.ask, i, text.language == "zh", random), false, variants.answerTokens);
            }
            add(text.ask.back(), true);
        }
    return out;
}

} // namespace hearth::optimize
