#include <algorithm>
#include <cstdint>

#include <utf8proc.h>

#include "engine/workbench/chat.h"

namespace hearth::workbench {

namespace {

constexpr int kMaxColumns = 40;

/// One character and where it ends; an invalid byte counts as one character of its own.
struct Step {
    utf8proc_int32_t character = -1;
    std::size_t end = 0;
};

Step stepAt(std::string_view text, std::size_t at) {
    Step step;
    const auto used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                       static_cast<utf8proc_ssize_t>(text.size() - at), &step.character);
    step.end = at + static_cast<std::size_t>(std::max<utf8proc_ssize_t>(1, used));
    return step;
}

/// The line without the marks that Markdown puts in front of headings, quotes and list entries.
std::string_view withoutMarks(std::string_view line) {
    const auto isMark = [](char c) {
        return std::string_view(" \t\r#>*-+`~_=|").find(c) != std::string_view::npos;
    };
    while (!line.empty() && isMark(line.front()))
        line.remove_prefix(1);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r' ||
                             line.back() == '*' || line.back() == '`' || line.back() == '#'))
        line.remove_suffix(1);
    return line;
}

/// Blanks and control characters become single blanks; broken bytes vanish.
std::string tidied(std::string_view line) {
    std::string out;
    for (std::size_t at = 0; at < line.size();) {
        const Step step = stepAt(line, at);
        const auto category = step.character >= 0 ? utf8proc_category(step.character) : UTF8PROC_CATEGORY_CN;
        const bool blank = category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_CC ||
                           category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
        if (blank && !out.empty() && out.back() != ' ')
            out.push_back(' ');
        else if (!blank && step.character >= 0)
            out.append(line.substr(at, step.end - at));
        at = step.end;
    }
    if (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

bool isWide(utf8proc_int32_t character) {
    return utf8proc_charwidth(character) == 2;
}

} // namespace

std::string titleFrom(const std::string& text) {
    std::string line;
    for (std::size_t at = 0; at <= text.size() && line.empty();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const auto raw = std::string_view(text).substr(at, end - at);
        // "```python" opens a block of code: what it says comes after it.
        if (!raw.starts_with("```"))
            line = tidied(withoutMarks(raw));
        at = end + 1;
    }

    int columns = 0;
    std::size_t at = 0, border = 0; // border: the last place where the text may be cut
    utf8proc_int32_t state = 0, before = -1;
    while (at < line.size()) {
        const Step step = stepAt(line, at);
        // Between graphemes, and there before a blank or next to a Chinese character rather than inside a
        // word.
        const bool grapheme = before < 0 || utf8proc_grapheme_break_stateful(before, step.character, &state);
        if (grapheme && before >= 0 && (step.character == ' ' || isWide(step.character) || isWide(before)))
            border = at;
        const int width = grapheme ? utf8proc_charwidth(step.character) : 0;
        if (columns + width > kMaxColumns) {
            // One column is for the ellipsis. A first word longer than that is cut anywhere.
            std::string out = line.substr(0, border > 0 ? border : at);
            while (!out.empty() &&
                   (out.back() == ' ' || out.back() == ',' || out.back() == ';' || out.back() == ':'))
                out.pop_back();
            return out + "…";
        }
        columns += width;
        before = step.character;
        at = step.end;
    }
    return line;
}

} // namespace hearth::workbench
