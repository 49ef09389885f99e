#include <algorithm>
#include <cmath>

#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/number_format.h"
#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"

// Python's two ways of filling in a string: "…%s…" % values and "…{}…".format(values).

namespace hearth::text::jinja {

namespace {

/// Hands out the arguments of a percent format.
class PercentArguments {
public:
    explicit PercentArguments(const Value& value) : m_value(value) {}
    const Value& next() {
        if (m_value.is(Kind::Tuple)) {
            const auto& values = m_value.items().values;
            if (m_used < values.size())
                return values[m_used++];
        } else if (m_used++ == 0)
            return m_value;
        runtimeFault(reason::kType, "not enough arguments for format string");
    }
    const Value& named(const std::string& name) {
        if (!m_value.is(Kind::Dict))
            runtimeFault(reason::kType, "format requires a mapping");
        const Value* found = m_value.dict().find(name);
        if (!found)
            runtimeFault(reason::kIndex, "the format names '" + name + "', which is not given");
        m_usedNames = true;
        return *found;
    }
    void finish() const {
        const bool rest = m_value.is(Kind::Tuple) ? m_used < m_value.items().values.size()
                                                  : m_used == 0 && !m_usedNames && !m_value.is(Kind::Dict) &&
                                                        !m_value.is(Kind::List);
        if (rest)
            runtimeFault(reason::kType, "not all arguments converted during string formatting");
    }

private:
    const Value& m_value;
    std::size_t m_used = 0;
    bool m_usedNames = false;
};

std::string percentValue(Run& run, const Value& value, FormatSpec spec) {
    switch (spec.type) {
    case 's':
        return formatString(run, toText(run, value), spec);
    case 'r':
    case 'a':
        return formatString(run, represent(run, value), spec);
    case 'c':
        if (value.is(Kind::String) && value.text()->points == 1) {
            spec.precision = -1;
            return formatString(run, value.str(), spec);
        }
        return formatInteger(run, toIndex(value, "%c"), spec);
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': {
        if (!value.isNumber())
            runtimeFault(reason::kType, std::string("%") + spec.type +
                                            " format: a real number is required, not " +
                                            std::string(typeName(value)));
        const bool decimal = spec.type == 'd' || spec.type == 'i' || spec.type == 'u';
        if (value.is(Kind::Float) && (!decimal || !(std::abs(value.asDouble()) < 0x1p63)))
            runtimeFault(reason::kType, std::string("%") + spec.type + " format: an integer is required");
        const std::int64_t number =
            value.is(Kind::Float) ? static_cast<std::int64_t>(value.asDouble()) : value.asInt();
        const std::int64_t digits = spec.precision;
        spec.type = decimal ? 'd' : spec.type;
        spec.precision = -1;
        if (digits > 0) { // a precision of whole numbers is a number of digits
            FormatSpec plain;
            plain.type = spec.type;
            plain.fill = '0';
            plain.align = '=';
            plain.sign = spec.sign;
            plain.alternate = spec.alternate;
            plain.width = digits + (number < 0 || spec.sign != '-');
            return formatString(
                run, formatInteger(run, number, plain),
                FormatSpec{' ', spec.align == '<' ? '<' : '>', '-', false, 0, spec.width, -1, 0});
        }
        return formatInteger(run, number, spec);
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        if (!value.isNumber())
            runtimeFault(reason::kType, "must be real number, not " + std::string(typeName(value)));
        return formatFloat(run, value.asDouble(), spec);
    default:
        runtimeFault(reason::kValue, std::string("unsupported format character '") + spec.type + "'");
    }
}

std::int64_t readDigits(std::string_view text, std::size_t& at, std::int64_t maximum) {
    std::int64_t value = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
        if (value = value * 10 + (text[at] - '0'); value > maximum)
            runtimeFault(reason::kValue, "a width or precision is too large");
    return value;
}

/// "{value!conversion:spec}"
std::string braceValue(Run& run, const Value& value, char conversion, std::string_view spec) {
    if (conversion == 'r' || conversion == 'a')
        return formatString(run, represent(run, value), parseFormatSpec(spec));
    if (conversion == 's')
        return formatString(run, toText(run, value), parseFormatSpec(spec));
    if (conversion)
        runtimeFault(reason::kValue, "Unknown conversion specifier");
    if (spec.empty())
        return toText(run, value);
    const FormatSpec parsed = parseFormatSpec(spec);
    if (value.is(Kind::Bool) && !parsed.type)
        return formatString(run, toText(run, value), parsed);
    if (value.isInteger())
        return formatInteger(run, value.asInt(), parsed);
    if (value.is(Kind::Float))
        return formatFloat(run, value.asDouble(), parsed);
    if (!value.is(Kind::String))
        runtimeFault(reason::kType,
                     "unsupported format string passed to " + std::string(typeName(value)) + ".__format__");
    if (parsed.type && parsed.type != 's')
        runtimeFault(reason::kValue,
                     std::string("Unknown format code '") + parsed.type + "' for object of type 'str'");
    return formatString(run, value.str(), parsed);
}

/// Finds what "{name.attribute[key]}" refers to.
Value braceField(Run& run, std::string_view field, const Arguments& arguments, std::size_t& automatic) {
    std::size_t at = std::min(field.find_first_of(".["), field.size());
    const std::string_view name = field.substr(0, at);
    Value value;
    if (name.empty() || name.find_first_not_of("0123456789") == std::string_view::npos) {
        std::size_t digits = 0;
        const std::size_t index =
            name.empty() ? automatic++
                         : static_cast<std::size_t>(readDigits(name, digits, kMaximumFormatWidth));
        if (index >= arguments.positional.size())
            runtimeFault(reason::kIndex, "Replacement index " + std::to_string(index) + " out of range");
        value = arguments.positional[index];
    } else {
        const auto found = std::find_if(arguments.named.begin(), arguments.named.end(),
                                        [&](const auto& entry) { return entry.first == name; });
        if (found == arguments.named.end())
            runtimeFault(reason::kIndex, "the format names '" + std::string(name) + "', which is not given");
        value = found->second;
    }
    while (at < field.size()) {
        const bool bracket = field[at] == '[';
        const std::size_t end =
            bracket ? field.find(']', at) : std::min(field.find_first_of(".[", at + 1), field.size());
        if (end == std::string_view::npos || (!bracket && field[at] != '.'))
            runtimeFault(reason::kValue, "Invalid field in format string");
        const std::string key(field.substr(at + 1, end - at - 1));
        std::size_t digits = 0;
        const bool number =
            bracket && !key.empty() && key.find_first_not_of("0123456789") == std::string::npos;
        value = !bracket ? getAttributeOnly(run, value, run.string(key))
                : number ? getItem(run, value, Value::integer(readDigits(key, digits, kMaximumFormatWidth)))
                         : getItem(run, value, run.string(key));
        if (value.is(Kind::Undefined))
            undefinedFault(value);
        at = end + (bracket ? 1 : 0);
    }
    return value;
}

} // namespace

std::string formatPercent(Run& run, std::string_view format, const Value& arguments) {
    PercentArguments values(arguments);
    std::string out;
    for (std::size_t at = 0; at < format.size();) {
        run.step();
        const std::size_t mark = std::min(format.find('%', at), format.size());
        out += format.substr(at, mark - at);
        run.checkFits(out.size());
        at = mark + 1;
        if (mark == format.size())
            break;
        const Value* named = nullptr;
        if (at < format.size() && format[at] == '(') {
            const std::size_t end = format.find(')', at);
            if (end == std::string_view::npos)
                runtimeFault(reason::kValue, "incomplete format key");
            named = &values.named(std::string(format.substr(at + 1, end - at - 1)));
            at = end + 1;
        }
        FormatSpec spec;
        spec.align = '>';
        for (bool more = true; more && at < format.size();) {
            switch (format[at]) {
            case '-':
                spec.align = '<';
                break;
            case '+':
                spec.sign = '+';
                break;
            case ' ':
                spec.sign = spec.sign == '+' ? '+' : ' ';
                break;
            case '#':
                spec.alternate = true;
                break;
            case '0':
                spec.fill = '0';
                break;
            default:
                more = false;
                continue;
            }
            ++at;
        }
        if (at < format.size() && format[at] == '*') {
            spec.width = toIndex(values.next(), "* wants int");
            if (spec.width < 0) {
                spec.align = '<';
                spec.width = spec.width < -kMaximumFormatWidth ? kMaximumFormatWidth + 1 : -spec.width;
            }
            if (spec.width > kMaximumFormatWidth)
                runtimeFault(reason::kValue, "a width or precision is too large");
            ++at;
        } else
            spec.width = readDigits(format, at, kMaximumFormatWidth);
        if (at < format.size() && format[at] == '.') {
            ++at;
            spec.precision = readDigits(format, at, kMaximumPrecision);
        }
        while (at < format.size() && (format[at] == 'l' || format[at] == 'h' || format[at] == 'L'))
            ++at;
        if (at == format.size())
            runtimeFault(reason::kValue, "incomplete format");
        spec.type = format[at++];
        if (spec.type == '%') {
            out += '%';
            continue;
        }
        const bool number = std::string_view("sracS").find(spec.type) == std::string_view::npos;
        if (spec.fill == '0' && (!number || spec.align == '<'))
            spec.fill = ' ';
        if (spec.fill == '0')
            spec.align = '=';
        out += percentValue(run, named ? *named : values.next(), spec);
        run.checkFits(out.size());
    }
    values.finish();
    return out;
}

std::string formatBraces(Run& run, std::string_view format, const Arguments& arguments) {
    std::string out;
    std::size_t automatic = 0;
    for (std::size_t at = 0; at < format.size();) {
        run.step();
        const std::size_t mark = std::min(format.find_first_of("{}", at), format.size());
        out += format.substr(at, mark - at);
        run.checkFits(out.size());
        if (mark == format.size())
            break;
        at = mark + 1;
        if (at < format.size() && format[at] == format[mark]) { // a doubled brace is the brace
            out += format[mark];
            ++at;
            continue;
        }
        const std::size_t end = format.find('}', at);
        if (format[mark] == '}' || end == std::string_view::npos)
            runtimeFault(reason::kValue, "Single brace encountered in format string");
        std::string_view field = format.substr(at, end - at), spec;
        at = end + 1;
        if (field.find('{') != std::string_view::npos)
            runtimeFault(reason::kUnsupported, "fields inside fields of a format string are not supported");
        if (const std::size_t colon = field.find(':'); colon != std::string_view::npos) {
            spec = field.substr(colon + 1);
            field = field.substr(0, colon);
        }
        char conversion = 0;
        if (const std::size_t bang = field.find('!'); bang != std::string_view::npos) {
            if (field.size() != bang + 2)
                runtimeFault(reason::kValue, "expected ':' after conversion specifier");
            conversion = field[bang + 1];
            field = field.substr(0, bang);
        }
        out += braceValue(run, braceField(run, field, arguments, automatic), conversion, spec);
        run.checkFits(out.size());
    }
    return out;
}

} // namespace hearth::text::jinja
