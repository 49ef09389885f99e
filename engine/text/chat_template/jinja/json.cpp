#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

namespace {

void appendEscape(std::string& out, char32_t unit) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += digits[unit >> shift & 0xF];
}

class JsonWriter {
public:
    JsonWriter(Run& run, const JsonStyle& style)
        : m_run(run), m_style(style), m_item(style.itemSeparator.value_or(style.indent ? "," : ", ")),
          m_key(style.keySeparator.value_or(": ")) {}

    void append(const Value& value) {
        const Run::Nested nested(m_run, Run::kDataLevel);
        m_run.step();
        switch (value.kind()) {
        case Kind::None:
            m_out += "null";
            return;
        case Kind::Bool:
            m_out += value.asBool() ? "true" : "false";
            return;
        case Kind::Int:
            m_out += std::to_string(value.asInt());
            return;
        case Kind::Float:
            m_out += real(value.asDouble());
            return;
        case Kind::String:
            appendString(value.str());
            return;
        case Kind::List:
        case Kind::Tuple:
            appendList(value.items());
            return;
        case Kind::Dict:
            appendDict(value.dict());
            return;
        default:
            runtimeFault(reason::kType,
                         "Object of type " + std::string(typeName(value)) + " is not JSON serializable");
        }
    }
    [[nodiscard]] std::string take() { return std::move(m_out); }

private:
    [[nodiscard]] static std::string real(double value) {
        if (std::isnan(value))
            return "NaN";
        if (std::isinf(value))
            return value < 0 ? "-Infinity" : "Infinity";
        return formatReal(value);
    }

    void appendString(std::string_view text) {
        m_run.reserve(text.size());
        m_run.checkFits(m_out.size() + text.size());
        m_out += '"';
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t begin = at;
            const char32_t point = nextPoint(text, at);
            switch (point) {
            case '"':
                m_out += "\\\"";
                break;
            case '\\':
                m_out += "\\\\";
                break;
            case '\n':
                m_out += "\\n";
                break;
            case '\r':
                m_out += "\\r";
                break;
            case '\t':
                m_out += "\\t";
                break;
            case '\f':
                m_out += "\\f";
                break;
            case '\b':
                m_out += "\\b";
                break;
            default:
                if (point < 0x20 || (m_style.ensureAscii && point >= 0x7F))
                    appendUnits(point);
                else
                    m_out += text.substr(begin, at - begin);
            }
        }
        m_out += '"';
    }

    void appendUnits(char32_t point) {
        if (point < 0x10000)
            appendEscape(m_out, point);
        else {
            appendEscape(m_out, 0xD800 + ((point - 0x10000) >> 10));
            appendEscape(m_out, 0xDC00 + ((point - 0x10000) & 0x3FF));
        }
    }

    void open(const Object* object) {
        if (std::find(m_open.begin(), m_open.end(), object) != m_open.end())
            runtimeFault(reason::kCycle, "Circular reference detected");
        m_open.push_back(object);
    }

    void newLine() {
        if (!m_style.indent)
            return;
        m_out += '\n';
        for (std::size_t i = 0; i < m_open.size(); ++i)
            m_out += *m_style.indent;
    }

    void appendList(const List& list) {
        if (list.values.empty()) {
            m_out += "[]";
            return;
        }
        open(&list);
        m_out += '[';
        for (std::size_t i = 0; i < list.values.size(); ++i) {
            if (i)
                m_out += m_item;
            newLine();
            append(list.values[i]);
        }
        m_open.pop_back();
        newLine();
        m_out += ']';
    }

    [[nodiscard]] static std::string keyText(const Value& key) {
        switch (key.kind()) {
        case Kind::String:
            return key.str();
        case Kind::None:
            return "null";
        case Kind::Bool:
            return key.asBool() ? "true" : "false";
        case Kind::Int:
            return std::to_string(key.asInt());
        case Kind::Float:
            return real(key.asDouble());
        default:
            runtimeFault(reason::kType,
                         "keys must be str, int, float, bool or None, not " + std::string(typeName(key)));
        }
    }

    void appendDict(const Dict& dict) {
        if (dict.entries.empty()) {
            m_out += "{}";
            return;
        }
        open(&dict);
        std::vector<const Dict::Entry*> entries;
        for (const Dict::Entry& entry : dict.entries)
            entries.push_back(&entry);
        if (m_style.sortKeys)
            std::stable_sort(entries.begin(), entries.end(),
                             [&](const auto* a, const auto* b) { return lessThan(m_run, a->key, b->key); });
        m_out += '{';
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (i)
                m_out += m_item;
            newLine();
            appendString(keyText(entries[i]->key));
            m_out += m_key;
            append(entries[i]->value);
        }
        m_open.pop_back();
        newLine();
        m_out += '}';
    }

    Run& m_run;
    const JsonStyle& m_style;
    std::string m_item, m_key, m_out;
    std::vector<const Object*> m_open;
};

} // namespace

std::string toJson(Run& run, const Value& value, const JsonStyle& style) {
    JsonWriter writer(run, style);
    writer.append(value);
    return writer.take();
}

} // namespace hearth::text::jinja
