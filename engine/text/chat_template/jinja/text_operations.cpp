#include "engine/text/chat_template/jinja/text_operations.h"

#include <algorithm>

#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

std::string_view stripChars(std::string_view text, std::string_view chars, bool left, bool right) {
    const std::u32string set = toPoints(chars);
    const auto inSet = [&](std::size_t at) { return set.find(nextPoint(text, at)) != std::u32string::npos; };
    while (left && !text.empty() && inSet(0)) {
        std::size_t next = 0;
        static_cast<void>(nextPoint(text, next));
        text.remove_prefix(next);
    }
    while (right && !text.empty()) {
        std::size_t last = text.size() - 1;
        while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80)
            --last;
        if (!inSet(last))
            break;
        text.remove_suffix(text.size() - last);
    }
    return text;
}

std::vector<std::string> splitSpace(std::string_view text, std::int64_t limit, bool fromRight) {
    struct Word {
        std::size_t begin, end;
    };
    std::vector<Word> words;
    bool inWord = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const bool space = isSpace(nextPoint(text, at));
        if (!space && !inWord)
            words.push_back({begin, at});
        else if (!space)
            words.back().end = at;
        inWord = !space;
    }
    // With a limit, what is left over stays one part: the end of the text, or its beginning from the right.
    // Space at the outer end of that part is kept.
    const std::size_t whole =
        limit < 0 ? words.size() : std::min(words.size(), static_cast<std::size_t>(limit));
    const std::size_t rest = words.size() - whole;
    std::vector<std::string> parts;
    if (fromRight && rest > 0)
        parts.emplace_back(text.substr(0, words[rest - 1].end));
    const std::size_t first = fromRight ? rest : 0;
    for (std::size_t i = first; i < first + whole; ++i)
        parts.emplace_back(text.substr(words[i].begin, words[i].end - words[i].begin));
    if (!fromRight && rest > 0)
        parts.emplace_back(text.substr(words[whole].begin));
    return parts;
}

std::vector<std::string> splitAt(std::string_view text, std::string_view separator, std::int64_t limit,
                                 bool fromRight) {
    std::vector<std::string> parts;
    while (limit < 0 || parts.size() < static_cast<std::size_t>(limit)) {
        const std::size_t at = fromRight ? text.rfind(separator) : text.find(separator);
        if (at == std::string_view::npos)
            break;
        parts.emplace_back(fromRight ? text.substr(at + separator.size()) : text.substr(0, at));
        text = fromRight ? text.substr(0, at) : text.substr(at + separator.size());
    }
    parts.emplace_back(text);
    if (fromRight)
        std::reverse(parts.begin(), parts.end());
    return parts;
}

std::vector<std::string> splitLines(std::string_view text, bool keepEnds) {
    std::vector<std::string> lines;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = at;
        const char32_t point = nextPoint(text, at);
        if (!isLineBreak(point))
            continue;
        if (point == '\r' && at < text.size() && text[at] == '\n')
            ++at;
        lines.emplace_back(text.substr(begin, (keepEnds ? at : end) - begin));
        begin = at;
    }
    if (begin < text.size())
        lines.emplace_back(text.substr(begin));
    return lines;
}

std::string replaceText(Run& run, std::string_view text, std::string_view old, std::string_view replacement,
                        std::int64_t limit) {
    run.reserve(text.size());
    std::string out;
    const auto left = [&] { return limit < 0 || limit-- > 0; };
    if (old.empty()) { // between all characters, and at both ends
        std::size_t at = 0;
        while (left()) {
            out += replacement;
            run.checkFits(out.size());
            run.step();
            if (at >= text.size())
                return out;
            const std::size_t begin = at;
            static_cast<void>(nextPoint(text, at));
            out += text.substr(begin, at - begin);
        }
        return out.append(text.substr(at));
    }
    std::size_t from = 0;
    for (;;) {
        const std::size_t at = text.find(old, from);
        if (at == std::string_view::npos || !left())
            break;
        out.append(text.substr(from, at - from)).append(replacement);
        run.checkFits(out.size());
        run.step(1 + replacement.size() / 64);
        from = at + old.size();
    }
    return out.append(text.substr(from));
}

std::string pad(Run& run, std::string_view text, std::int64_t width, Align align, char32_t fill) {
    const auto length = static_cast<std::int64_t>(countPoints(text));
    if (width <= length)
        return std::string(text);
    const auto missing = static_cast<std::size_t>(width - length);
    run.reserve(missing > (SIZE_MAX >> 4) ? missing : missing * 4);
    // Python's center() puts the odd one on the left when the width is odd.
    const std::size_t before = align == Align::Left ? 0
                               : align == Align::Right
                                   ? missing
                                   : missing / 2 + (missing & static_cast<std::size_t>(width) & 1);
    std::string out;
    for (std::size_t i = 0; i < before; ++i)
        appendPoint(out, fill);
    out += text;
    for (std::size_t i = before; i < missing; ++i)
        appendPoint(out, fill);
    return out;
}

} // namespace hearth::text::jinja
