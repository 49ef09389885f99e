#include "engine/text/chat_template/jinja/unicode.h"

#include <algorithm>
#include <iterator>

#include <utf8proc.h>

#include "engine/text/chat_template/jinja/special_casing.h"

namespace hearth::text::jinja {

namespace {

utf8proc_category_t category(char32_t point) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(point));
}

const SpecialCase* specialCase(char32_t point) {
    const auto* found = std::lower_bound(std::begin(kSpecialCases), std::end(kSpecialCases), point,
                                         [](const SpecialCase& c, char32_t p) { return c.from < p; });
    return found != std::end(kSpecialCases) && found->from == point ? found : nullptr;
}

void appendSpecial(std::string& out, const std::array<char16_t, 3>& points) {
    for (const char16_t p : points)
        if (p)
            appendPoint(out, p);
}

void appendUpper(std::string& out, char32_t point) {
    if (point < 0x80)
        out.push_back(static_cast<char>(point >= 'a' && point <= 'z' ? point - 32 : point));
    else if (const SpecialCase* special = specialCase(point))
        appendSpecial(out, special->upper);
    else
        appendPoint(out, static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(point))));
}

void appendTitle(std::string& out, char32_t point) {
    if (point < 0x80)
        appendUpper(out, point);
    else if (const SpecialCase* special = specialCase(point))
        appendSpecial(out, special->title);
    else
        appendPoint(out, static_cast<char32_t>(utf8proc_totitle(static_cast<utf8proc_int32_t>(point))));
}

bool isCaseIgnorable(char32_t point) {
    switch (category(point)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
        return true;
    default:
        return point == '\'' || point == '.' || point == ':' || point == 0xB7 || point == 0x2018 ||
               point == 0x2019;
    }
}

/// Whether the sigma at `at` ends a word (Unicode's Final_Sigma condition).
bool isFinalSigma(const std::u32string& points, std::size_t at) {
    std::size_t before = at;
    while (before > 0 && isCaseIgnorable(points[before - 1]))
        --before;
    if (before == 0 || !isCased(points[before - 1]))
        return false;
    std::size_t after = at + 1;
    while (after < points.size() && isCaseIgnorable(points[after]))
        ++after;
    return after == points.size() || !isCased(points[after]);
}

void appendLower(std::string& out, const std::u32string& points, std::size_t at) {
    const char32_t point = points[at];
    if (point == 0x3A3)
        appendPoint(out, isFinalSigma(points, at) ? 0x3C2 : 0x3C3);
    else if (point == 0x130) {
        appendPoint(out, 'i');
        appendPoint(out, 0x307);
    } else
        appendPoint(out, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(point))));
}

bool isAscii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
}

std::size_t previousPoint(std::string_view text, std::size_t end) {
    do
        --end;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80);
    return end;
}

} // namespace

bool isValidUtf8(std::string_view bytes) {
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(bytes.data());
    auto left = static_cast<utf8proc_ssize_t>(bytes.size());
    while (left > 0) {
        if (*at < 0x80) {
            ++at;
            --left;
            continue;
        }
        utf8proc_int32_t point = 0;
        const utf8proc_ssize_t used = utf8proc_iterate(at, left, &point);
        if (used <= 0)
            return false;
        at += used;
        left -= used;
    }
    return true;
}

std::size_t countPoints(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

char32_t nextPoint(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) -> char32_t {
        return i < text.size() ? static_cast<unsigned char>(text[i]) & 0x3FU : 0U;
    };
    const auto first = static_cast<unsigned char>(text[at]);
    char32_t point = first;
    std::size_t length = 1;
    if (first >= 0xF0) {
        point = (first & 0x07U) << 18 | byte(at + 1) << 12 | byte(at + 2) << 6 | byte(at + 3);
        length = 4;
    } else if (first >= 0xE0) {
        point = (first & 0x0FU) << 12 | byte(at + 1) << 6 | byte(at + 2);
        length = 3;
    } else if (first >= 0xC0) {
        point = (first & 0x1FU) << 6 | byte(at + 1);
        length = 2;
    }
    at = std::min(at + length, text.size());
    return point;
}

void appendPoint(std::string& out, char32_t point) {
    const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | point >> 6);
        put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        put(0xE0 | point >> 12);
        put(0x80 | (point >> 6 & 0x3F));
        put(0x80 | (point & 0x3F));
    } else {
        put(0xF0 | point >> 18);
        put(0x80 | (point >> 12 & 0x3F));
        put(0x80 | (point >> 6 & 0x3F));
        put(0x80 | (point & 0x3F));
    }
}

std::u32string toPoints(std::string_view text) {
    std::u32string points;
    points.reserve(text.size());
    for (std::size_t at = 0; at < text.size();)
        points.push_back(nextPoint(text, at));
    return points;
}

std::string toUtf8(std::u32string_view points) {
    std::string text;
    text.reserve(points.size());
    for (const char32_t point : points)
        appendPoint(text, point);
    return text;
}

std::size_t byteOfPoint(std::string_view text, std::size_t index) {
    std::size_t at = 0;
    for (; at < text.size(); ++at)
        if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && index-- == 0)
            break;
    return at;
}

bool isSpace(char32_t p) {
    return (p >= 0x09 && p <= 0x0D) || (p >= 0x1C && p <= 0x20) || p == 0x85 || p == 0xA0 || p == 0x1680 ||
           (p >= 0x2000 && p <= 0x200A) || p == 0x2028 || p == 0x2029 || p == 0x202F || p == 0x205F ||
           p == 0x3000;
}

bool isLineBreak(char32_t p) {
    return (p >= 0x0A && p <= 0x0D) || (p >= 0x1C && p <= 0x1E) || p == 0x85 || p == 0x2028 || p == 0x2029;
}

bool isUpper(char32_t point) {
    return category(point) == UTF8PROC_CATEGORY_LU || (point >= 0x2160 && point <= 0x216F) ||
           (point >= 0x24B6 && point <= 0x24CF);
}

bool isLower(char32_t point) {
    return category(point) == UTF8PROC_CATEGORY_LL || point == 0xAA || point == 0xBA ||
           (point >= 0x2170 && point <= 0x217F) || (point >= 0x24D0 && point <= 0x24E9);
}

bool isCased(char32_t point) {
    return isUpper(point) || isLower(point) || category(point) == UTF8PROC_CATEGORY_LT;
}

bool isAlpha(char32_t point) {
    const utf8proc_category_t c = category(point);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

bool isDecimal(char32_t point) {
    return category(point) == UTF8PROC_CATEGORY_ND;
}

bool isDigit(char32_t p) {
    return isDecimal(p) || p == 0xB2 || p == 0xB3 || p == 0xB9 || p == 0x2070 ||
           (p >= 0x2074 && p <= 0x2079) || (p >= 0x2080 && p <= 0x2089) || (p >= 0x2460 && p <= 0x2468) ||
           (p >= 0x2474 && p <= 0x247C) || (p >= 0x2488 && p <= 0x2490);
}

bool isNumeric(char32_t point) {
    const utf8proc_category_t c = category(point);
    return c == UTF8PROC_CATEGORY_ND || c == UTF8PROC_CATEGORY_NL || c == UTF8PROC_CATEGORY_NO;
}

bool isWord(char32_t point) {
    return point == '_' || isAlpha(point) || isNumeric(point);
}

bool isIdentifierPart(char32_t point) {
    switch (category(point)) {
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_PC:
        return true;
    default: // and Unicode's Other_ID_Continue
        return isAlpha(point) || category(point) == UTF8PROC_CATEGORY_NL || point == 0xB7 || point == 0x387 ||
               (point >= 0x1369 && point <= 0x1371) || point == 0x19DA;
    }
}

bool isIdentifier(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const bool first = at == 0;
        const char32_t point = nextPoint(text, at);
        const utf8proc_category_t c = category(point);
        if (point == '_' || isAlpha(point) || c == UTF8PROC_CATEGORY_NL)
            continue;
        if (first || !isIdentifierPart(point))
            return false;
    }
    return !text.empty();
}

bool isPrintable(char32_t point) {
    if (point == ' ')
        return true;
    switch (category(point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return false;
    default:
        return true;
    }
}

std::string upper(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();)
        appendUpper(out, nextPoint(text, at));
    return out;
}

std::string lower(std::string_view text) {
    if (isAscii(text)) {
        std::string out(text);
        for (char& c : out)
            if (c >= 'A' && c <= 'Z')
                c = static_cast<char>(c + 32);
        return out;
    }
    const std::u32string points = toPoints(text);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < points.size(); ++i)
        appendLower(out, points, i);
    return out;
}

std::string capitalize(std::string_view text) {
    const std::u32string points = toPoints(text);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < points.size(); ++i)
        if (i == 0)
            appendTitle(out, points[0]);
        else
            appendLower(out, points, i);
    return out;
}

std::string titleWords(std::string_view text) {
    const std::u32string points = toPoints(text);
    std::string out;
    out.reserve(text.size());
    bool inWord = false;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (inWord)
            appendLower(out, points, i);
        else
            appendTitle(out, points[i]);
        inWord = isCased(points[i]);
    }
    return out;
}

bool isUpperText(std::string_view text) {
    bool cased = false;
    for (std::size_t at = 0; at < text.size();) {
        const char32_t point = nextPoint(text, at);
        if (isCased(point) && !isUpper(point))
            return false;
        cased |= isUpper(point);
    }
    return cased;
}

bool isLowerText(std::string_view text) {
    bool cased = false;
    for (std::size_t at = 0; at < text.size();) {
        const char32_t point = nextPoint(text, at);
        if (isCased(point) && !isLower(point))
            return false;
        cased |= isLower(point);
    }
    return cased;
}

std::string_view stripLeft(std::string_view text) {
    std::size_t begin = 0;
    while (begin < text.size()) {
        std::size_t at = begin;
        if (!isSpace(nextPoint(text, at)))
            break;
        begin = at;
    }
    return text.substr(begin);
}

std::string_view stripRight(std::string_view text) {
    std::size_t end = text.size();
    while (end > 0) {
        const std::size_t begin = previousPoint(text, end);
        std::size_t at = begin;
        if (!isSpace(nextPoint(text, at)))
            break;
        end = begin;
    }
    return text.substr(0, end);
}

} // namespace hearth::text::jinja
