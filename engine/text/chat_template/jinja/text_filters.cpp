#include "engine/text/chat_template/jinja/arguments.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/text_operations.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

namespace {

Value trim(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "trim", {"chars"});
    const std::string text = toText(run, self);
    if (p.some(0))
        return run.string(std::string(stripChars(text, toStringArgument(p[0], "strip arg"), true, true)));
    return run.string(std::string(strip(text)));
}

template <std::string (*Change)(std::string_view)>
Value changed(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "filter", {});
    return run.string(Change(toText(run, self)));
}

/// The filter `title` breaks words at fewer places than the method does.
std::string titleFilter(std::string_view text) {
    std::string out;
    std::size_t begin = 0;
    const auto flush = [&](std::size_t end) {
        const std::string_view word = text.substr(begin, end - begin);
        if (!word.empty()) {
            std::size_t first = 0;
            static_cast<void>(nextPoint(word, first));
            out += upper(word.substr(0, first)) + lower(word.substr(first));
        }
        begin = end;
    };
    bool wasBreak = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t here = at;
        const char32_t point = nextPoint(text, at);
        const bool isBreak =
            isSpace(point) || (point < 0x80 && std::string_view("-({[<").find(static_cast<char>(point)) !=
                                                   std::string_view::npos);
        if (here && isBreak != wasBreak)
            flush(here);
        wasBreak = isBreak;
    }
    flush(text.size());
    return out;
}

std::string same(std::string_view text) {
    return std::string(text);
}

Value replace(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "replace", {"old", "new", "count"}, 2);
    return run.string(replaceText(run, toText(run, self), toText(run, p[0]), toText(run, p[1]),
                                  p.some(2) ? toIndex(p[2], "count") : -1));
}

Value indent(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "indent", {"width", "first", "blank"});
    if (self.is(Kind::Undefined))
        undefinedFault(self);
    const std::string text = toStringArgument(self, "indent") + '\n';
    const std::string space =
        p.has(0) && p[0].is(Kind::String) ? p[0].str() : pad(run, "", p.integer(0, 4), Align::Left);
    const bool blank = p.flag(run, 2, false);
    std::string out = p.flag(run, 1, false) ? space : "";
    bool isFirst = true;
    for (const std::string& line : splitLines(text, false)) {
        run.step(1 + (line.size() + space.size()) / 64);
        if (!isFirst)
            out += '\n' + (blank || !line.empty() ? space : std::string());
        out += line;
        run.checkFits(out.size());
        isFirst = false;
    }
    return run.string(std::move(out));
}

Value wordCount(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "wordcount", {});
    std::int64_t words = 0;
    bool inWord = false;
    const std::string text = toText(run, self);
    for (std::size_t at = 0; at < text.size();) {
        const bool word = isWord(nextPoint(text, at));
        words += word && !inWord;
        inWord = word;
    }
    return Value::integer(words);
}

std::string escapeHtml(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '\'':
            out += "&#39;";
            break;
        case '"':
            out += "&#34;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

Value format(Run& run, const Value& self, Arguments& arguments) {
    if (!arguments.positional.empty() && !arguments.named.empty())
        runtimeFault(reason::kType, "can't handle positional and keyword arguments at the same time");
    if (arguments.named.empty())
        return run.string(formatPercent(run, toText(run, self), run.tuple(arguments.positional)));
    Dict* named = run.make<Dict>();
    for (const auto& [name, value] : arguments.named)
        named->set(run, run.string(name), value);
    return run.string(formatPercent(run, toText(run, self), Value::dict(named)));
}

Value truncate(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "truncate", {"length", "killwords", "end", "leeway"});
    const std::int64_t length = p.integer(0, 255);
    const std::string end = p.has(2) ? toStringArgument(p[2], "end") : "...";
    const std::int64_t leeway = p.some(3) ? toIndex(p[3], "leeway") : 5;
    const auto endPoints = static_cast<std::int64_t>(countPoints(end));
    if (length < endPoints || leeway < 0)
        runtimeFault(reason::kValue, "truncate: the length is shorter than the end, or the leeway negative");
    const auto size = lengthOf(run, self);
    if (!size)
        runtimeFault(reason::kType, "object of type '" + std::string(typeName(self)) + "' has no len()");
    if (length > INT64_MAX - leeway || *size <= static_cast<std::uint64_t>(length + leeway))
        return self; // of any type
    const std::string& text = toStringArgument(self, "truncate");
    std::string cut = text.substr(0, byteOfPoint(text, static_cast<std::size_t>(length - endPoints)));
    if (!p.flag(run, 1, false))
        cut = cut.substr(0, cut.rfind(' '));
    return run.string(cut + end);
}

std::string quoteUrl(std::string_view text, bool forQuery) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || std::string_view("_.-~").find(c) != std::string_view::npos || (c == '/' && !forQuery))
            out += c;
        else if (c == ' ' && forQuery)
            out += '+';
        else {
            out += '%';
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[static_cast<unsigned char>(c) & 15];
        }
    }
    return out;
}

Value urlEncode(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "urlencode", {});
    if (self.is(Kind::String) || !isIterable(self))
        return run.string(quoteUrl(toText(run, self), false));
    Dict pairs;
    Iterator* iterator =
        self.is(Kind::Dict) ? iterate(run, call(run, getAttribute(run, self, run.string("items")), arguments))
                            : iterate(run, self);
    std::string out;
    for (Value item; iterator->next(run, item);) {
        const std::vector<Value> pair = toVector(run, item);
        if (pair.size() != 2)
            runtimeFault(reason::kValue, "urlencode needs pairs");
        out += (out.empty() ? "" : "&") + quoteUrl(toText(run, pair[0]), true) + '=' +
               quoteUrl(toText(run, pair[1]), true);
        run.checkFits(out.size());
    }
    return run.string(std::move(out));
}

Value center(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "center", {"width"});
    return run.string(pad(run, toText(run, self), p.integer(0, 80), Align::Center));
}

/// Hugging Face's own `tojson`: json.dumps, without the HTML escapes and the sorted keys of plain Jinja.
Value toJsonFilter(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "tojson", {"ensure_ascii", "indent", "separators", "sort_keys"});
    JsonStyle style;
    style.ensureAscii = p.flag(run, 0, false);
    style.sortKeys = p.flag(run, 3, false);
    if (p.some(1))
        style.indent =
            p[1].is(Kind::String) ? p[1].str() : pad(run, "", toIndex(p[1], "indent"), Align::Left);
    if (p.some(2)) {
        const std::vector<Value> separators = toVector(run, p[2]);
        if (separators.size() != 2)
            runtimeFault(reason::kValue, "tojson: separators are two strings");
        style.itemSeparator = toStringArgument(separators[0], "separator");
        style.keySeparator = toStringArgument(separators[1], "separator");
    }
    return run.string(toJson(run, self, style));
}

constexpr std::array kTextFilters{
    Native{"trim", trim},
    Native{"upper", changed<upper>},
    Native{"lower", changed<lower>},
    Native{"title", changed<titleFilter>},
    Native{"capitalize", changed<capitalize>},
    Native{"string", changed<same>},
    Native{"safe", changed<same>},
    Native{"escape", changed<escapeHtml>},
    Native{"e", changed<escapeHtml>},
    Native{"forceescape", changed<escapeHtml>},
    Native{"replace", replace},
    Native{"indent", indent},
    Native{"wordcount", wordCount},
    Native{"format", format},
    Native{"truncate", truncate},
    Native{"urlencode", urlEncode},
    Native{"center", center},
    Native{"tojson", toJsonFilter},
};

} // namespace

const Native* findTextFilter(std::string_view name) {
    return findNative(kTextFilters, name);
}

} // namespace hearth::text::jinja
