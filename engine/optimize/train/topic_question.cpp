#include "engine/optimize/train/topic_question.h"

#include <algorithm>
#include <array>

namespace hearth::optimize {

std::string topicQuestion(std::string_view text) {
    static constexpr std::array<std::string_view, 8> kEnds{" ", "?", "？", ".", "。", "!", "！", "\n"};
    const auto endMark = [&] {
        return std::find_if(kEnds.begin(), kEnds.end(), [&](auto mark) { return text.ends_with(mark); });
    };
    while (text.starts_with(' ') || text.starts_with('\n'))
        text.remove_prefix(1);
    for (auto mark = endMark(); mark != kEnds.end() && text.size() > mark->size(); mark = endMark())
        text.remove_suffix(mark->size());
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string topicQuestionAsAsked(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool mark = text[i] == ',' || text[i] == ';' || text[i] == ':';
        const bool partsClauses =
            mark && i > 0 && text[i - 1] != '+' && i + 1 < text.size() && text[i + 1] == ' ';
        if (!partsClauses)
            out += text[i];
    }
    return topicQuestion(out);
}

} // namespace hearth::optimize
