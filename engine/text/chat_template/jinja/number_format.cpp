#include "engine/text/chat_template/jinja/number_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/text_operations.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

namespace {

std::int64_t readNumber(std::string_view text, std::size_t& at, std::int64_t maximum) {
    std::int64_t value = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
        if (value = value * 10 + (text[at] - '0'); value > maximum)
            runtimeFault(reason::kValue, "a width or precision is too large");
    return value;
}

std::string digitsOf(std::uint64_t value, unsigned base, bool capital) {
    const std::string_view digits = capital ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string out;
    do
        out += digits[value % base];
    while (value /= base);
    std::reverse(out.begin(), out.end());
    return out;
}

/// Thousands separators in the whole part of "digits[.digits]".
std::string grouped(std::string_view number, char separator) {
    const std::size_t whole = std::min(number.find_first_not_of("0123456789"), number.size());
    std::string out;
    for (std::size_t i = 0; i < whole; ++i) {
        if (i && (whole - i) % 3 == 0)
            out += separator;
        out += number[i];
    }
    return out + std::string(number.substr(whole));
}

std::string assemble(Run& run, bool negative, std::string_view prefix, std::string body,
                     const FormatSpec& spec) {
    if (spec.grouping)
        body = grouped(body, spec.grouping);
    const std::string sign = (negative           ? "-"
                              : spec.sign == '-' ? ""
                                                 : std::string(1, spec.sign)) +
                             std::string(prefix);
    if (spec.align == '=')
        return sign +
               pad(run, body, spec.width - static_cast<std::int64_t>(sign.size()), Align::Right, spec.fill);
    return pad(run, sign + body, spec.width,
               spec.align == '<'   ? Align::Left
               : spec.align == '^' ? Align::Center
                                   : Align::Right,
               spec.fill);
}

std::string inNotation(double magnitude, std::chars_format notation, std::int64_t precision) {
    std::array<char, 1500> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude, notation,
                                   static_cast<int>(precision));
    return std::string(buffer.data(), end.ptr);
}

} // namespace

FormatSpec parseFormatSpec(std::string_view text) {
    FormatSpec spec;
    constexpr std::string_view aligns = "<>^=";
    std::size_t at = 0;
    std::size_t afterFill = 0;
    if (!text.empty()) {
        const char32_t fill = nextPoint(text, afterFill);
        if (afterFill < text.size() && aligns.find(text[afterFill]) != std::string_view::npos) {
            spec.fill = fill;
            spec.align = text[afterFill];
            at = afterFill + 1;
        } else if (aligns.find(text[0]) != std::string_view::npos) {
            spec.align = text[0];
            at = 1;
        }
    }
    if (at < text.size() && (text[at] == '+' || text[at] == '-' || text[at] == ' '))
        spec.sign = text[at++];
    if (at < text.size() && text[at] == '#') {
        spec.alternate = true;
        ++at;
    }
    if (at < text.size() && text[at] == '0') {
        if (!spec.align) {
            spec.align = '=';
            spec.fill = '0';
        }
        ++at;
    }
    spec.width = readNumber(text, at, kMaximumFormatWidth);
    if (at < text.size() && (text[at] == ',' || text[at] == '_'))
        spec.grouping = text[at++];
    if (at < text.size() && text[at] == '.') {
        const std::size_t begin = ++at;
        spec.precision = readNumber(text, at, kMaximumPrecision);
        if (at == begin)
            runtimeFault(reason::kValue, "Format specifier missing precision");
    }
    if (at < text.size())
        spec.type = text[at++];
    if (at != text.size())
        runtimeFault(reason::kValue, "Invalid format specifier");
    return spec;
}

std::string formatInteger(Run& run, std::int64_t value, const FormatSpec& spec) {
    if (spec.type && std::string_view("eEfFgG%").find(spec.type) != std::string_view::npos)
        return formatFloat(run, static_cast<double>(value), spec);
    if (spec.type && std::string_view("bodxXnc").find(spec.type) == std::string_view::npos)
        runtimeFault(reason::kValue,
                     std::string("Unknown format code '") + spec.type + "' for object of type 'int'");
    if (spec.precision >= 0)
        runtimeFault(reason::kValue, "Precision not allowed in integer format specifier");
    if (spec.type == 'c') {
        if (value < 0 || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
            runtimeFault(reason::kOverflow, "%c arg not in range(0x110000)");
        std::string one;
        appendPoint(one, static_cast<char32_t>(value));
        return formatString(run, one, spec);
    }
    const bool negative = value < 0;
    const auto magnitude =
        negative ? 0U - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    const bool capital = spec.type == 'X';
    const unsigned base = spec.type == 'x' || capital ? 16 : spec.type == 'o' ? 8 : spec.type == 'b' ? 2 : 10;
    const std::string_view prefix = !spec.alternate ? ""
                                    : base == 16    ? (capital ? "0X" : "0x")
                                    : base == 8     ? "0o"
                                    : base == 2     ? "0b"
                                                    : "";
    return assemble(run, negative, prefix, digitsOf(magnitude, base, capital), spec);
}

std::string formatFloat(Run& run, double value, const FormatSpec& spec) {
    const bool negative = std::signbit(value) && !std::isnan(value);
    double magnitude = std::abs(value);
    if (!std::isfinite(value)) {
        const bool capital = spec.type == 'F' || spec.type == 'E' || spec.type == 'G';
        const std::string name = std::isnan(value) ? (capital ? "NAN" : "nan") : (capital ? "INF" : "inf");
        return assemble(run, negative, "", name + (spec.type == '%' ? "%" : ""), spec);
    }
    const std::int64_t precision = spec.precision < 0 ? 6 : spec.precision;
    std::string body;
    switch (spec.type) {
    case 0:
        if (spec.precision < 0) {
            body = formatReal(magnitude);
            break;
        }
        body = inNotation(magnitude, std::chars_format::general, std::max<std::int64_t>(precision, 1));
        if (body.find_first_of(".e") == std::string::npos)
            body += ".0";
        break;
    case 'f':
    case 'F':
        body = inNotation(magnitude, std::chars_format::fixed, precision);
        break;
    case '%':
        body = inNotation(magnitude * 100, std::chars_format::fixed, precision) + '%';
        break;
    case 'e':
    case 'E':
        body = inNotation(magnitude, std::chars_format::scientific, precision);
        break;
    case 'g':
    case 'G':
    case 'n':
        body = inNotation(magnitude, std::chars_format::general, std::max<std::int64_t>(precision, 1));
        break;
    default:
        runtimeFault(reason::kValue,
                     std::string("Unknown format code '") + spec.type + "' for object of type 'float'");
    }
    if (spec.type == 'E' || spec.type == 'G')
        body = upper(body);
    return assemble(run, negative, "", std::move(body), spec);
}

std::string formatString(Run& run, std::string_view value, const FormatSpec& spec) {
    if (spec.precision >= 0)
        value = value.substr(0, byteOfPoint(value, static_cast<std::size_t>(spec.precision)));
    if (spec.align == '=')
        runtimeFault(reason::kValue, "'=' alignment not allowed in string format specifier");
    return pad(run, value, spec.width,
               spec.align == '>'   ? Align::Right
               : spec.align == '^' ? Align::Center
                                   : Align::Left,
               spec.fill);
}

} // namespace hearth::text::jinja
