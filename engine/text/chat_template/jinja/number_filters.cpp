#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "engine/text/chat_template/jinja/arguments.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

namespace {

/// Removes the underscores that Python allows between digits; nothing when one stands elsewhere.
std::optional<std::string> withoutUnderscores(std::string_view text) {
    const auto digit = [&](std::size_t i) {
        return i < text.size() && ((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'z') ||
                                   (text[i] >= 'A' && text[i] <= 'Z'));
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_')
            out += text[i];
        else if (i == 0 || !digit(i - 1) || !digit(i + 1))
            return std::nullopt;
    }
    return out;
}

/// int(text, base); nothing where Python raises ValueError.
std::optional<std::int64_t> parseInteger(std::string_view given, std::int64_t base) {
    if (base != 0 && (base < 2 || base > 36))
        return std::nullopt;
    std::string_view text = strip(given);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    const auto prefixed = [&](char letter) {
        return text.size() > 1 && text[0] == '0' && (text[1] == letter || text[1] == letter - 32);
    };
    for (const auto& [letter, radix] : {std::pair{'x', 16}, std::pair{'o', 8}, std::pair{'b', 2}})
        if (prefixed(letter) && (base == radix || base == 0)) {
            base = radix;
            text.remove_prefix(2);
            if (text.starts_with('_'))
                text.remove_prefix(1);
            break;
        }
    const bool anyBase = base == 0;
    const auto digits = withoutUnderscores(text);
    if (!digits || digits->empty())
        return std::nullopt;
    if (anyBase && digits->size() > 1 && (*digits)[0] == '0' &&
        digits->find_first_not_of('0') != std::string::npos)
        return std::nullopt;
    std::uint64_t magnitude = 0;
    const auto end = std::from_chars(digits->data(), digits->data() + digits->size(), magnitude,
                                     anyBase ? 10 : static_cast<int>(base));
    if (end.ptr != digits->data() + digits->size())
        return std::nullopt;
    const std::uint64_t most = static_cast<std::uint64_t>(INT64_MAX) + (negative ? 1 : 0);
    if (end.ec != std::errc{} || magnitude > most)
        runtimeFault(reason::kOverflow, "the number does not fit a 64-bit integer");
    return static_cast<std::int64_t>(negative ? 0U - magnitude : magnitude);
}

/// float(text); nothing where Python raises ValueError.
std::optional<double> parseReal(std::string_view given) {
    std::string_view stripped = strip(given);
    const bool negative = stripped.starts_with('-');
    if (negative || stripped.starts_with('+'))
        stripped.remove_prefix(1);
    const auto text = withoutUnderscores(lower(stripped));
    if (!text || text->empty())
        return std::nullopt;
    double value = 0;
    if (*text == "inf" || *text == "infinity")
        value = std::numeric_limits<double>::infinity();
    else if (*text == "nan")
        value = std::numeric_limits<double>::quiet_NaN();
    else {
        if (((*text)[0] < '0' || (*text)[0] > '9') && (*text)[0] != '.')
            return std::nullopt;
        const auto end = std::from_chars(text->data(), text->data() + text->size(), value);
        if (end.ptr != text->data() + text->size())
            return std::nullopt;
        if (end.ec == std::errc::result_out_of_range) // too large, or too small to tell from zero
            value = text->find("e-") != std::string::npos ? 0.0 : std::numeric_limits<double>::infinity();
    }
    return negative ? -value : value;
}

Value truncated(double value) {
    if (std::isnan(value))
        runtimeFault(reason::kValue, "cannot convert float NaN to integer");
    if (!(std::abs(value) < 0x1p63))
        runtimeFault(reason::kOverflow, "the number does not fit a 64-bit integer");
    return Value::integer(static_cast<std::int64_t>(value));
}

Value toInt(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "int", {"default", "base"});
    if (self.is(Kind::Undefined))
        undefinedFault(self);
    Value otherwise = p.has(0) ? p[0] : Value::integer(0);
    if (self.isInteger())
        return Value::integer(self.asInt());
    double value = 0;
    if (self.is(Kind::Float))
        value = self.asDouble();
    else if (!self.is(Kind::String))
        return otherwise;
    else if (const auto number = parseInteger(self.str(), p.integer(1, 10)))
        return Value::integer(*number);
    else if (const auto real = parseReal(self.str()))
        value = *real;
    else
        return otherwise;
    return std::isnan(value) ? otherwise : truncated(value);
}

Value toFloat(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "float", {"default"});
    if (self.is(Kind::Undefined))
        undefinedFault(self);
    if (self.isNumber())
        return Value::real(self.asDouble());
    if (self.is(Kind::String))
        if (const auto value = parseReal(self.str()))
            return Value::real(*value);
    return p.has(0) ? p[0] : Value::real(0.0);
}

Value absolute(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "abs", {});
    if (self.is(Kind::Undefined))
        undefinedFault(self);
    if (!self.isNumber())
        runtimeFault(reason::kType, "bad operand type for abs(): '" + std::string(typeName(self)) + "'");
    if (self.is(Kind::Float))
        return Value::real(std::abs(self.asDouble()));
    return self.asInt() < 0 ? negate(self) : plus(self);
}

/// round(value, digits): to the nearest, ties to even, decided on the exact decimal value.
double roundTo(double value, std::int64_t digits) {
    if (!std::isfinite(value) || digits > 330)
        return value;
    if (digits < -330)
        return std::copysign(0.0, value);
    if (digits < 0) {
        const double power = std::pow(10.0, static_cast<double>(-digits));
        return std::nearbyint(value / power) * power;
    }
    std::array<char, 700> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   std::chars_format::fixed, static_cast<int>(digits));
    double rounded = value;
    std::from_chars(buffer.data(), end.ptr, rounded);
    return rounded;
}

Value roundInteger(std::int64_t value, std::int64_t digits) {
    if (digits >= 0)
        return Value::integer(value);
    if (digits < -19)
        return Value::integer(0);
    __extension__ using Wide = __int128;
    Wide power = 1;
    for (std::int64_t i = 0; i < -digits; ++i)
        power *= 10;
    Wide quotient = value / power;
    Wide remainder = value % power;
    if (remainder < 0) {
        remainder += power;
        --quotient;
    }
    if (remainder * 2 > power || (remainder * 2 == power && quotient % 2 != 0))
        ++quotient;
    const Wide rounded = quotient * power;
    if (rounded > INT64_MAX || rounded < INT64_MIN)
        runtimeFault(reason::kOverflow, "the number does not fit a 64-bit integer");
    return Value::integer(static_cast<std::int64_t>(rounded));
}

Value roundFilter(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "round", {"precision", "method"});
    const std::int64_t digits = p.integer(0, 0);
    const std::string method = p.has(1) ? toStringArgument(p[1], "method") : "common";
    if (method != "common" && method != "ceil" && method != "floor")
        runtimeFault(reason::kValue, "method must be common, ceil or floor");
    if (!self.isNumber())
        runtimeFault(reason::kType,
                     "type " + std::string(typeName(self)) + " doesn't define __round__ method");
    if (method == "common")
        return self.isInteger() ? roundInteger(self.asInt(), digits)
                                : Value::real(roundTo(self.asDouble(), digits));
    const double power = std::pow(10.0, static_cast<double>(digits));
    const double scaled = self.asDouble() * power;
    if (!std::isfinite(scaled))
        runtimeFault(reason::kOverflow, "cannot convert float infinity to integer");
    return Value::real((method == "ceil" ? std::ceil(scaled) : std::floor(scaled)) / power + 0.0);
}

constexpr std::array kNumberFilters{
    Native{"int", toInt},
    Native{"float", toFloat},
    Native{"abs", absolute},
    Native{"round", roundFilter},
};

} // namespace

const Native* findNumberFilter(std::string_view name) {
    return findNative(kNumberFilters, name);
}

} // namespace hearth::text::jinja
