#include "engine/text/chat_template/jinja/string_literal.h"

#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

namespace {

int hexDigit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    const char small = static_cast<char>(c | 32);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// Reads exactly `count` hexadecimal digits.
char32_t readHex(std::string_view text, std::size_t& at, std::size_t count, std::uint64_t offset) {
    char32_t point = 0;
    for (std::size_t i = 0; i < count; ++i, ++at) {
        const int digit = at < text.size() ? hexDigit(text[at]) : -1;
        if (digit < 0)
            syntaxFault(reason::kValue, "truncated escape in a string", offset + at);
        point = point << 4 | static_cast<char32_t>(digit);
    }
    return point;
}

} // namespace

std::string unescape(std::string_view text, std::uint64_t offset) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at++];
        if (c != '\\' || at == text.size()) {
            out += c;
            continue;
        }
        const std::size_t start = at - 1;
        const char escape = text[at++];
        constexpr std::string_view letters = "abfnrtv\\'\"", values = "\a\b\f\n\r\t\v\\'\"";
        if (const std::size_t known = letters.find(escape); known != std::string_view::npos) {
            out += values[known];
            continue;
        }
        char32_t point = 0;
        switch (escape) {
        case '\n': // the line goes on
            continue;
        case 'x':
            point = readHex(text, at, 2, offset);
            break;
        case 'u':
            point = readHex(text, at, 4, offset);
            break;
        case 'U':
            point = readHex(text, at, 8, offset);
            break;
        case 'N':
            syntaxFault(reason::kUnsupported, "characters by name (\\N) are not supported", offset + start);
        default:
            if (escape < '0' || escape > '7') {
                out += '\\';
                --at;
                continue;
            }
            point = static_cast<char32_t>(escape - '0');
            for (int i = 0; i < 2 && at < text.size() && text[at] >= '0' && text[at] <= '7'; ++i)
                point = point << 3 | static_cast<char32_t>(text[at++] - '0');
        }
        if (point > 0x10FFFF)
            syntaxFault(reason::kValue, "an escape in a string is beyond Unicode", offset + start);
        if (point >= 0xD800 && point < 0xE000)
            throw Fault{
                Error{"template.encoding", "an escape in a string is half a surrogate pair", offset + start}};
        appendPoint(out, point);
    }
    return out;
}

} // namespace hearth::text::jinja
