#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/string_literal.h"
#include "engine/text/chat_template/jinja/token.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

namespace {

constexpr std::array<std::string_view, 26> kOperators{"//", "**", "==", "!=", ">=", "<=", "+", "-", "/",
                                                      "*",  "%",  "~",  "[",  "]",  "(",  ")", "{", "}",
                                                      ">",  "<",  "=",  ".",  ":",  "|",  ",", ";"};

/// One line end for all of \r\n, \r and \n, and none at the very end.
std::string normalized(std::string_view source) {
    std::string out;
    out.reserve(source.size());
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] == '\r' && i + 1 < source.size() && source[i + 1] == '\n')
            continue;
        out += source[i] == '\r' ? '\n' : source[i];
    }
    if (out.ends_with('\n'))
        out.pop_back();
    return out;
}

class Lexer {
public:
    explicit Lexer(std::string_view source) : m_source(normalized(source)) {}

    std::vector<Token> run() {
        while (m_at < m_source.size())
            root();
        push(TokenKind::End);
        return std::move(m_tokens);
    }

private:
    Token& push(TokenKind kind, std::string text = {}) {
        Token token;
        token.kind = kind;
        token.offset = static_cast<std::uint32_t>(m_at);
        token.text = std::move(text);
        m_tokens.push_back(std::move(token));
        return m_tokens.back();
    }
    [[nodiscard]] bool at(std::string_view text) const {
        return m_source.compare(m_at, text.size(), text) == 0;
    }
    [[nodiscard]] std::size_t pastSpace(std::size_t from) const {
        return m_source.size() - stripLeft(std::string_view(m_source).substr(from)).size();
    }
    /// Records where a tag ended, for the lstrip of a tag right behind it.
    void leave(std::size_t end) {
        m_lineStarting = end > m_at && m_source[end - 1] == '\n';
        m_at = end;
    }

    /// The text up to a tag, shortened as the tag's sign and lstrip_blocks ask.
    void pushData(std::string_view text, char sign, bool isVariable) {
        if (sign == '-')
            text = stripRight(text);
        else if (sign != '+' && !isVariable) {
            const std::size_t newline = text.rfind('\n');
            const std::size_t line = newline == std::string_view::npos ? 0 : newline + 1;
            if ((line > 0 || m_lineStarting) && strip(text.substr(line)).empty())
                text = text.substr(0, line);
        }
        if (!text.empty())
            push(TokenKind::Data, std::string(text));
    }

    [[nodiscard]] std::size_t nextTag(std::size_t from) const {
        for (std::size_t i = m_source.find('{', from); i != std::string::npos; i = m_source.find('{', i + 1))
            if (i + 1 < m_source.size() &&
                (m_source[i + 1] == '{' || m_source[i + 1] == '%' || m_source[i + 1] == '#'))
                return i;
        return std::string::npos;
    }

    void root() {
        const std::size_t tag = nextTag(m_at);
        if (tag == std::string::npos) {
            push(TokenKind::Data, m_source.substr(m_at));
            m_at = m_source.size();
            return;
        }
        const std::string_view text = std::string_view(m_source).substr(m_at, tag - m_at);
        const char kind = m_source[tag + 1];
        std::size_t inside = tag + 2;
        char sign = 0;
        if (inside < m_source.size() && (m_source[inside] == '-' || m_source[inside] == '+'))
            sign = m_source[inside++];
        if (std::size_t body = 0; kind == '%' && rawBegins(inside, body)) {
            pushData(text, sign, false);
            leave(body);
            raw(tag);
            return;
        }
        pushData(text, sign, kind == '{');
        leave(inside);
        if (kind == '#')
            comment(tag);
        else
            tagBody(tag, kind == '{');
    }

    /// Whether `raw` and the end of its tag stand at `from`; `body` is then where the raw text begins.
    [[nodiscard]] bool rawBegins(std::size_t from, std::size_t& body) const {
        std::size_t i = pastSpace(from);
        if (m_source.compare(i, 3, "raw") != 0)
            return false;
        i = pastSpace(i + 3);
        if (m_source.compare(i, 3, "-%}") == 0)
            body = pastSpace(i + 3);
        else if (m_source.compare(i, 2, "%}") == 0)
            body = i + 2;
        return body != 0;
    }

    /// The end of a block, comment or raw tag at `i`: "+%}", "-%}" with space, or "%}" with one newline. npos
    /// if none.
    [[nodiscard]] std::size_t closes(std::size_t i, std::string_view end) const {
        const auto is = [&](std::size_t p) { return m_source.compare(p, end.size(), end) == 0; };
        if (i < m_source.size() && m_source[i] == '+' && is(i + 1))
            return i + 1 + end.size();
        if (i < m_source.size() && m_source[i] == '-' && is(i + 1))
            return pastSpace(i + 1 + end.size());
        if (i >= m_source.size() || !is(i))
            return std::string::npos;
        i += end.size();
        return i < m_source.size() && m_source[i] == '\n' ? i + 1 : i;
    }

    void comment(std::size_t tag) {
        for (std::size_t i = m_source.find('#', m_at); i != std::string::npos;
             i = m_source.find('#', i + 1)) {
            if (i + 1 >= m_source.size() || m_source[i + 1] != '}')
                continue;
            const bool signedEnd = i > m_at && (m_source[i - 1] == '-' || m_source[i - 1] == '+');
            leave(closes(signedEnd ? i - 1 : i, "#}"));
            return;
        }
        syntaxFault(reason::kUnclosed, "Missing end of comment tag", tag);
    }

    void raw(std::size_t tag) {
        for (std::size_t i = m_source.find("{%", m_at); i != std::string::npos;
             i = m_source.find("{%", i + 1)) {
            std::size_t name = i + 2;
            char sign = 0;
            if (name < m_source.size() && (m_source[name] == '-' || m_source[name] == '+'))
                sign = m_source[name++];
            name = pastSpace(name);
            if (m_source.compare(name, 6, "endraw") != 0)
                continue;
            const std::size_t end = closes(pastSpace(name + 6), "%}");
            if (end == std::string::npos)
                continue;
            pushData(std::string_view(m_source).substr(m_at, i - m_at), sign, false);
            leave(end);
            return;
        }
        syntaxFault(reason::kUnclosed, "Missing end of raw directive", tag);
    }

    /// The tokens inside {{ }} or {% %}.
    void tagBody(std::size_t tag, bool isVariable) {
        push(isVariable ? TokenKind::VariableBegin : TokenKind::BlockBegin).offset =
            static_cast<std::uint32_t>(tag);
        std::string open;
        for (;;) {
            if (m_at >= m_source.size())
                syntaxFault(reason::kUnclosed, "Unexpected end of template inside a tag", tag);
            if (open.empty()) {
                const std::size_t end = isVariable ? closesVariable() : closes(m_at, "%}");
                if (end != std::string::npos) {
                    push(isVariable ? TokenKind::VariableEnd : TokenKind::BlockEnd);
                    leave(end);
                    return;
                }
            }
            if (const std::size_t after = pastSpace(m_at); after != m_at)
                m_at = after;
            else if (!number() && !name() && !string())
                symbol(open);
        }
    }

    [[nodiscard]] std::size_t closesVariable() const {
        if (at("-}}"))
            return pastSpace(m_at + 3);
        return at("}}") ? m_at + 2 : std::string::npos;
    }

    /// The end of digits with single underscores between them, from `i`; `i` itself when there are none.
    template <class Digit>
    [[nodiscard]] std::size_t digits(std::size_t i, Digit digit) const {
        std::size_t end = i;
        while (i < m_source.size() && digit(m_source[i])) {
            end = ++i;
            if (i < m_source.size() && m_source[i] == '_')
                ++i;
        }
        return end;
    }
    static bool isDecimalDigit(char c) { return c >= '0' && c <= '9'; }

    /// The end of a float literal at m_at, or m_at: digits, then a fraction, an exponent or both.
    [[nodiscard]] std::size_t floatEnd() const {
        const std::size_t whole = digits(m_at, isDecimalDigit);
        if (whole == m_at || (m_at > 0 && m_source[m_at - 1] == '.'))
            return m_at;
        std::size_t end = whole;
        if (end < m_source.size() && m_source[end] == '.')
            if (const std::size_t fraction = digits(end + 1, isDecimalDigit); fraction != end + 1)
                end = fraction;
        const std::size_t mantissa = end;
        if (end < m_source.size() && (m_source[end] == 'e' || m_source[end] == 'E')) {
            std::size_t power = end + 1;
            if (power < m_source.size() && (m_source[power] == '+' || m_source[power] == '-'))
                ++power;
            if (const std::size_t exponent = digits(power, isDecimalDigit); exponent != power)
                end = exponent;
        }
        return end == whole && mantissa == whole ? m_at : end;
    }

    bool number() {
        if (!isDecimalDigit(m_source[m_at]))
            return false;
        if (const std::size_t end = floatEnd(); end != m_at) {
            std::string text = m_source.substr(m_at, end - m_at);
            std::erase(text, '_');
            Token& token = push(TokenKind::Float, text);
            const auto parsed = std::from_chars(text.data(), text.data() + text.size(), token.real);
            if (parsed.ec == std::errc::result_out_of_range)
                token.real = text.find("e-") != std::string::npos ? 0.0 : HUGE_VAL;
            m_at = end;
            return true;
        }
        integer();
        return true;
    }

    void integer() {
        int base = 10;
        std::size_t begin = m_at, end = m_at;
        const auto prefixed = [&](char small, int radix, auto digit) {
            if (base != 10 || m_source[m_at] != '0' || m_at + 1 >= m_source.size() ||
                (m_source[m_at + 1] | 32) != small)
                return;
            const std::size_t first =
                m_at + 2 + (m_at + 2 < m_source.size() && m_source[m_at + 2] == '_' ? 1 : 0);
            if (const std::size_t last = digits(first, digit); last != first) {
                base = radix;
                begin = first;
                end = last;
            }
        };
        prefixed('b', 2, [](char c) { return c == '0' || c == '1'; });
        prefixed('o', 8, [](char c) { return c >= '0' && c <= '7'; });
        prefixed('x', 16, [](char c) { return isDecimalDigit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f'); });
        if (base == 10) // a leading zero stands alone, or with other zeros
            end = m_source[m_at] == '0' ? digits(m_at, [](char c) { return c == '0'; })
                                        : digits(m_at, isDecimalDigit);
        std::string text = m_source.substr(begin, end - begin);
        std::erase(text, '_');
        Token& token = push(TokenKind::Integer, text);
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), token.integer, base);
        if (parsed.ec != std::errc{})
            syntaxFault(reason::kOverflow, "the number does not fit a 64-bit integer", m_at);
        m_at = end;
    }

    bool name() {
        std::size_t end = m_at;
        while (end < m_source.size()) {
            std::size_t next = end;
            if (const char32_t point = nextPoint(m_source, next); !isWord(point) && !isIdentifierPart(point))
                break;
            end = next;
        }
        if (end == m_at)
            return false;
        std::string text = m_source.substr(m_at, end - m_at);
        if (!isIdentifier(text))
            syntaxFault(reason::kUnexpected, "Invalid character in identifier", m_at);
        push(TokenKind::Name, std::move(text));
        m_at = end;
        return true;
    }

    bool string() {
        const char quote = m_source[m_at];
        if (quote != '\'' && quote != '"')
            return false;
        std::size_t end = m_at + 1;
        while (end < m_source.size() && m_source[end] != quote)
            end += m_source[end] == '\\' ? 2 : 1;
        if (end >= m_source.size())
            syntaxFault(reason::kUnclosed, "a string is not closed", m_at);
        push(TokenKind::String,
             unescape(std::string_view(m_source).substr(m_at + 1, end - m_at - 1), m_at + 1));
        m_at = end + 1;
        return true;
    }

    void symbol(std::string& open) {
        const auto* found = std::find_if(kOperators.begin(), kOperators.end(),
                                         [&](std::string_view symbol) { return at(symbol); });
        if (found == kOperators.end())
            syntaxFault(reason::kUnexpected, "unexpected character", m_at);
        const char c = found->front();
        if (c == '{' || c == '(' || c == '[')
            open += c == '{' ? '}' : c == '(' ? ')' : ']';
        else if (c == '}' || c == ')' || c == ']') {
            if (open.empty() || open.back() != c)
                syntaxFault(reason::kUnexpected, "unexpected '" + std::string(1, c) + "'", m_at);
            open.pop_back();
        }
        push(TokenKind::Operator, std::string(*found));
        m_at += found->size();
    }

    const std::string m_source;
    std::size_t m_at = 0;
    bool m_lineStarting = true;
    std::vector<Token> m_tokens;
};

} // namespace

std::vector<Token> tokenize(std::string_view source) {
    return Lexer(source).run();
}

} // namespace hearth::text::jinja
