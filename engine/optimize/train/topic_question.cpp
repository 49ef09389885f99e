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

} // namespace hearth::optimize
