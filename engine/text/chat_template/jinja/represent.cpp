#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

namespace {

void appendHex(std::string& out, char32_t point) {
    constexpr std::string_view digits = "0123456789abcdef";
    const int width = point > 0xFFFF ? 8 : point > 0xFF ? 4 : 2;
    out += width == 8 ? "\\U" : width == 4 ? "\\u" : "\\x";
    for (int shift = 4 * (width - 1); shift >= 0; shift -= 4)
        out += digits[point >> shift & 0xF];
}

void appendQuoted(std::string& out, std::string_view text) {
    const bool single = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
    const char quote = single ? '"' : '\'';
    out += quote;
    for (std::size_t at = 0; at < text.size();) {
        const char32_t point = nextPoint(text, at);
        if (point == static_cast<char32_t>(quote) || point == '\\') {
            out += '\\';
            out += static_cast<char>(point);
        } else if (point == '\n')
            out += "\\n";
        else if (point == '\r')
            out += "\\r";
        else if (point == '\t')
            out += "\\t";
        else if (isPrintable(point))
            appendPoint(out, point);
        else
            appendHex(out, point);
    }
    out += quote;
}

/// Writes a value; knows which containers it is inside of, so that a circle ends as in Python.
class Representation {
public:
    explicit Representation(Run& run) : m_run(run) {}

    void append(const Value& value) {
        const Run::Nested nested(m_run, Run::kDataLevel);
        m_run.step();
        m_run.checkFits(m_out.size());
        switch (value.kind()) {
        case Kind::Undefined:
            m_out += "Undefined";
            return;
        case Kind::None:
            m_out += "None";
            return;
        case Kind::Bool:
            m_out += value.asBool() ? "True" : "False";
            return;
        case Kind::Int:
            m_out += std::to_string(value.asInt());
            return;
        case Kind::Float:
            m_out += formatReal(value.asDouble());
            return;
        case Kind::String:
            m_run.reserve(value.str().size());
            appendQuoted(m_out, value.str());
            return;
        case Kind::List:
            appendItems(value, "[", "]");
            return;
        case Kind::Tuple:
            appendItems(value, "(", value.items().values.size() == 1 ? ",)" : ")");
            return;
        case Kind::Dict:
            appendDict(value.dict());
            return;
        case Kind::View:
            appendView(value.view());
            return;
        case Kind::Range:
            appendRange(value.range());
            return;
        case Kind::Namespace:
            m_out += "<Namespace ";
            appendDict(value.nameSpace().attributes);
            m_out += '>';
            return;
        case Kind::Iterator:
            m_out += '<' + std::string(value.iterator().typeName()) + " object>";
            return;
        case Kind::Function:
            m_out += value.function().represent();
            return;
        case Kind::Loop:
            m_out += "<LoopContext " + std::to_string(value.loop().index0 + 1) + '/' +
                     std::to_string(value.loop().length(m_run)) + '>';
            return;
        }
    }
    [[nodiscard]] std::string take() { return std::move(m_out); }

private:
    [[nodiscard]] bool inside(const Object* object) const {
        return std::find(m_open.begin(), m_open.end(), object) != m_open.end();
    }
    void appendItems(const Value& value, std::string_view open, std::string_view close) {
        if (inside(value.object())) {
            m_out += value.is(Kind::List) ? "[...]" : "(...)";
            return;
        }
        m_open.push_back(value.object());
        m_out += open;
        for (std::size_t i = 0; i < value.items().values.size(); ++i) {
            if (i)
                m_out += ", ";
            append(value.items().values[i]);
        }
        m_out += close;
        m_open.pop_back();
    }
    void appendDict(const Dict& dict) {
        if (inside(&dict)) {
            m_out += "{...}";
            return;
        }
        m_open.push_back(&dict);
        m_out += '{';
        for (std::size_t i = 0; i < dict.entries.size(); ++i) {
            if (i)
                m_out += ", ";
            append(dict.entries[i].key);
            m_out += ": ";
            append(dict.entries[i].value);
        }
        m_out += '}';
        m_open.pop_back();
    }
    void appendView(const View& view) {
        m_out += view.of == View::Of::Keys     ? "dict_keys(["
                 : view.of == View::Of::Values ? "dict_values(["
                                               : "dict_items([";
        for (std::size_t i = 0; i < view.dict->entries.size(); ++i) {
            if (i)
                m_out += ", ";
            append(viewEntry(m_run, view, view.dict->entries[i]));
        }
        m_out += "])";
    }
    void appendRange(const Range& range) {
        m_out += "range(" + std::to_string(range.start) + ", " + std::to_string(range.stop);
        if (range.step != 1)
            m_out += ", " + std::to_string(range.step);
        m_out += ')';
    }

    Run& m_run;
    std::string m_out;
    std::vector<const Object*> m_open;
};

} // namespace

std::string formatReal(double value) {
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value < 0 ? "-inf" : "inf";
    // The shortest digits that read back as the same number, then Python's choice of notation.
    std::array<char, 40> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
    const std::size_t mark = text.find('e');
    const int exponent = std::stoi(std::string(text.substr(mark + 1)));
    std::string sign, digits;
    for (const char c : text.substr(0, mark)) {
        if (c == '-')
            sign = "-";
        else if (c != '.')
            digits += c;
    }
    if (exponent < -4 || exponent >= 16) {
        std::string out = sign + digits.substr(0, 1);
        if (digits.size() > 1)
            out += '.' + digits.substr(1);
        const std::string power = std::to_string(std::abs(exponent));
        return out + (exponent < 0 ? "e-" : "e+") + (power.size() < 2 ? "0" : "") + power;
    }
    if (exponent < 0)
        return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() <= whole)
        return sign + digits + std::string(whole - digits.size(), '0') + ".0";
    return sign + digits.substr(0, whole) + '.' + digits.substr(whole);
}

std::string represent(Run& run, const Value& value) {
    Representation representation(run);
    representation.append(value);
    return representation.take();
}

std::string toText(Run& run, const Value& value) {
    if (value.is(Kind::String)) {
        run.reserve(value.str().size());
        return value.str();
    }
    return value.is(Kind::Undefined) ? std::string() : represent(run, value);
}

std::string_view typeName(const Value& value) {
    switch (value.kind()) {
    case Kind::Undefined:
        return "Undefined";
    case Kind::None:
        return "NoneType";
    case Kind::Bool:
        return "bool";
    case Kind::Int:
        return "int";
    case Kind::Float:
        return "float";
    case Kind::String:
        return "str";
    case Kind::List:
        return "list";
    case Kind::Tuple:
        return "tuple";
    case Kind::Dict:
        return "dict";
    case Kind::Range:
        return "range";
    case Kind::View:
        return value.view().of == View::Of::Keys     ? "dict_keys"
               : value.view().of == View::Of::Values ? "dict_values"
                                                     : "dict_items";
    case Kind::Iterator:
        return value.iterator().typeName();
    case Kind::Namespace:
        return "Namespace";
    case Kind::Function:
        return "function";
    case Kind::Loop:
        return "LoopContext";
    }
    return "object";
}

} // namespace hearth::text::jinja
