#include <algorithm>

#include "engine/text/chat_template/jinja/arguments.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/text_operations.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text::jinja {

namespace {

Value stripEnds(Run& run, const Value& self, Arguments& arguments, bool left, bool right) {
    const Parameters p(arguments, "strip", {""});
    const std::string_view text = self.str();
    run.reserve(text.size());
    if (p.some(0))
        return run.string(std::string(stripChars(text, toStringArgument(p[0], "strip arg"), left, right)));
    const std::string_view begun = left ? stripLeft(text) : text;
    return run.string(std::string(right ? stripRight(begun) : begun));
}

Value strip(Run& run, const Value& self, Arguments& arguments) {
    return stripEnds(run, self, arguments, true, true);
}
Value lstrip(Run& run, const Value& self, Arguments& arguments) {
    return stripEnds(run, self, arguments, true, false);
}
Value rstrip(Run& run, const Value& self, Arguments& arguments) {
    return stripEnds(run, self, arguments, false, true);
}

Value strings(Run& run, std::vector<std::string> parts) {
    std::vector<Value> values;
    values.reserve(parts.size());
    for (std::string& part : parts)
        values.push_back(run.string(std::move(part)));
    return run.list(std::move(values));
}

Value splitFrom(Run& run, const Value& self, Arguments& arguments, bool right) {
    const Parameters p(arguments, right ? "rsplit" : "split", {"sep", "maxsplit"});
    const std::int64_t limit = p.integer(1, -1);
    run.reserve(self.str().size() * 2);
    if (!p.some(0))
        return strings(run, splitSpace(self.str(), limit, right));
    const std::string& separator = toStringArgument(p[0], "separator");
    if (separator.empty())
        runtimeFault(reason::kValue, "empty separator");
    return strings(run, splitAt(self.str(), separator, limit, right));
}

Value split(Run& run, const Value& self, Arguments& arguments) {
    return splitFrom(run, self, arguments, false);
}
Value rsplit(Run& run, const Value& self, Arguments& arguments) {
    return splitFrom(run, self, arguments, true);
}

Value splitlines(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "splitlines", {"keepends"});
    run.reserve(self.str().size() * 2);
    return strings(run, splitLines(self.str(), p.flag(run, 0, false)));
}

/// The part [start, end) that find(), count() and startswith() look at; nothing where it is empty by its
/// bounds.
struct Window {
    std::string_view text;
    std::size_t firstPoint = 0;
    bool valid = true;
};

Window window(const Value& self, const Parameters& p, std::size_t first) {
    const auto length = static_cast<std::int64_t>(self.text()->points);
    const auto bound = [&](std::size_t i, std::int64_t otherwise) {
        if (!p.some(i))
            return otherwise;
        const std::int64_t at = toIndex(p[i], "slice index");
        return at < 0 ? std::max<std::int64_t>(at < -length ? 0 : at + length, 0) : at;
    };
    const std::int64_t start = bound(first, 0), end = std::min(bound(first + 1, length), length);
    if (start > length || start > end)
        return {{}, 0, false};
    const std::string_view text = self.str();
    const std::size_t from = byteOfPoint(text, static_cast<std::size_t>(start));
    const std::size_t to = byteOfPoint(text, static_cast<std::size_t>(end));
    return {text.substr(from, to - from), static_cast<std::size_t>(start), true};
}

Value hasEnd(Run& run, const Value& self, Arguments& arguments, bool atStart) {
    const Parameters p(arguments, atStart ? "startswith" : "endswith", {"", "", ""}, 1);
    const Window part = window(self, p, 1);
    const auto matches = [&](const Value& candidate) {
        const std::string& text = toStringArgument(candidate, "first arg");
        run.step();
        return part.valid && (atStart ? part.text.starts_with(text) : part.text.ends_with(text));
    };
    if (!p[0].is(Kind::Tuple))
        return Value::boolean(matches(p[0]));
    const auto& values = p[0].items().values;
    return Value::boolean(std::any_of(values.begin(), values.end(), matches));
}

Value startswith(Run& run, const Value& self, Arguments& arguments) {
    return hasEnd(run, self, arguments, true);
}
Value endswith(Run& run, const Value& self, Arguments& arguments) {
    return hasEnd(run, self, arguments, false);
}

/// The code point where the argument is found, or −1.
std::int64_t locate(Run& run, const Value& self, Arguments& arguments, bool fromRight) {
    const Parameters p(arguments, "find", {"", "", ""}, 1);
    const std::string& wanted = toStringArgument(p[0], "argument");
    run.reserve(self.str().size());
    const Window part = window(self, p, 1);
    if (!part.valid)
        return -1;
    const std::size_t at = fromRight ? part.text.rfind(wanted) : part.text.find(wanted);
    if (at == std::string_view::npos)
        return -1;
    return static_cast<std::int64_t>(part.firstPoint + countPoints(part.text.substr(0, at)));
}

Value find(Run& run, const Value& self, Arguments& arguments) {
    return Value::integer(locate(run, self, arguments, false));
}
Value rfind(Run& run, const Value& self, Arguments& arguments) {
    return Value::integer(locate(run, self, arguments, true));
}

Value found(std::int64_t at) {
    if (at < 0)
        runtimeFault(reason::kValue, "substring not found");
    return Value::integer(at);
}

Value index(Run& run, const Value& self, Arguments& arguments) {
    return found(locate(run, self, arguments, false));
}
Value rindex(Run& run, const Value& self, Arguments& arguments) {
    return found(locate(run, self, arguments, true));
}

Value count(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "count", {"", "", ""}, 1);
    const std::string& wanted = toStringArgument(p[0], "argument");
    run.reserve(self.str().size());
    const Window part = window(self, p, 1);
    if (!part.valid)
        return Value::integer(0);
    if (wanted.empty())
        return Value::integer(static_cast<std::int64_t>(countPoints(part.text)) + 1);
    std::int64_t total = 0;
    for (std::size_t at = part.text.find(wanted); at != std::string_view::npos;
         at = part.text.find(wanted, at + wanted.size()))
        ++total;
    return Value::integer(total);
}

Value replace(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "replace", {"", "", ""}, 2);
    return run.string(replaceText(run, self.str(), toStringArgument(p[0], "replace() argument 1"),
                                  toStringArgument(p[1], "replace() argument 2"), p.integer(2, -1)));
}

Value join(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "join", {""}, 1);
    std::string out;
    bool first = true;
    Iterator* iterator = iterate(run, p[0]);
    for (Value item; iterator->next(run, item); first = false) {
        if (!item.is(Kind::String))
            runtimeFault(reason::kType,
                         "sequence item: expected str instance, " + std::string(typeName(item)) + " found");
        run.step(1 + (item.str().size() + self.str().size()) / 64);
        if (!first)
            out += self.str();
        out += item.str();
        run.checkFits(out.size());
    }
    return run.string(std::move(out));
}

Value partitionFrom(Run& run, const Value& self, Arguments& arguments, bool right) {
    const Parameters p(arguments, right ? "rpartition" : "partition", {""}, 1);
    const std::string& separator = toStringArgument(p[0], "separator");
    if (separator.empty())
        runtimeFault(reason::kValue, "empty separator");
    const std::string& text = self.str();
    const std::size_t at = right ? text.rfind(separator) : text.find(separator);
    if (at == std::string::npos)
        return right ? run.tuple({run.string(""), run.string(""), self})
                     : run.tuple({self, run.string(""), run.string("")});
    return run.tuple({run.string(text.substr(0, at)), run.string(separator),
                      run.string(text.substr(at + separator.size()))});
}
Value partition(Run& run, const Value& self, Arguments& arguments) {
    return partitionFrom(run, self, arguments, false);
}
Value rpartition(Run& run, const Value& self, Arguments& arguments) {
    return partitionFrom(run, self, arguments, true);
}

Value removeprefix(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "removeprefix", {""}, 1);
    const std::string& prefix = toStringArgument(p[0], "removeprefix() argument");
    return self.str().starts_with(prefix) ? run.string(self.str().substr(prefix.size())) : self;
}
Value removesuffix(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "removesuffix", {""}, 1);
    const std::string& suffix = toStringArgument(p[0], "removesuffix() argument");
    return self.str().ends_with(suffix) ? run.string(self.str().substr(0, self.str().size() - suffix.size()))
                                        : self;
}

template <std::string (*Change)(std::string_view)>
Value changed(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "method", {});
    run.reserve(self.str().size() * 2);
    return run.string(Change(self.str()));
}

std::string swapCase(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const char32_t point = nextPoint(text, at);
        const std::string_view one = text.substr(begin, at - begin);
        out += isUpper(point) ? lower(one) : isLower(point) ? upper(one) : std::string(one);
    }
    return out;
}

template <Align Side>
Value padded(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "padding", {"", ""}, 1);
    char32_t fill = ' ';
    if (p.has(1)) {
        const std::u32string points = toPoints(toStringArgument(p[1], "The fill character"));
        if (points.size() != 1)
            runtimeFault(reason::kType, "The fill character must be exactly one character long");
        fill = points[0];
    }
    return run.string(pad(run, self.str(), toIndex(p[0], "width"), Side, fill));
}

Value zfill(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "zfill", {""}, 1);
    const std::string& text = self.str();
    const bool sign = !text.empty() && (text[0] == '-' || text[0] == '+');
    const std::int64_t width = toIndex(p[0], "width");
    return run.string((sign ? text.substr(0, 1) : "") + pad(run, std::string_view(text).substr(sign),
                                                            width - (sign && width > INT64_MIN), Align::Right,
                                                            '0'));
}

Value format(Run& run, const Value& self, Arguments& arguments) {
    return run.string(formatBraces(run, self.str(), arguments));
}

/// "All characters are …, and there is one."
template <bool (*Test)(char32_t)>
Value all(Run& run, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "method", {});
    run.reserve(self.str().size());
    const std::u32string points = toPoints(self.str());
    return Value::boolean(!points.empty() && std::all_of(points.begin(), points.end(), Test));
}

bool isAlphanumeric(char32_t point) {
    return isAlpha(point) || isNumeric(point);
}

Value isascii(Run&, const Value& self, Arguments& arguments) {
    const Parameters p(arguments, "isascii", {});
    return Value::boolean(self.text()->ascii());
}

constexpr std::array kStringMethods{
    Native{"strip", strip},
    Native{"lstrip", lstrip},
    Native{"rstrip", rstrip},
    Native{"split", split},
    Native{"rsplit", rsplit},
    Native{"splitlines", splitlines},
    Native{"startswith", startswith},
    Native{"endswith", endswith},
    Native{"replace", replace},
    Native{"join", join},
    Native{"find", find},
    Native{"rfind", rfind},
    Native{"index", index},
    Native{"rindex", rindex},
    Native{"count", count},
    Native{"upper", changed<upper>},
    Native{"lower", changed<lower>},
    Native{"title", changed<titleWords>},
    Native{"capitalize", changed<capitalize>},
    Native{"swapcase", changed<swapCase>},
    Native{"partition", partition},
    Native{"rpartition", rpartition},
    Native{"removeprefix", removeprefix},
    Native{"removesuffix", removesuffix},
    Native{"ljust", padded<Align::Left>},
    Native{"rjust", padded<Align::Right>},
    Native{"center", padded<Align::Center>},
    Native{"zfill", zfill},
    Native{"format", format},
    Native{"isspace", all<isSpace>},
    Native{"isalpha", all<isAlpha>},
    Native{"isdigit", all<isDigit>},
    Native{"isdecimal", all<isDecimal>},
    Native{"isnumeric", all<isNumeric>},
    Native{"isalnum", all<isAlphanumeric>},
    Native{"isascii", isascii},
    Native{"isupper",
           [](Run& run, const Value& self, Arguments& arguments) {
               const Parameters p(arguments, "isupper", {});
               run.reserve(self.str().size());
               return Value::boolean(isUpperText(self.str()));
           }},
    Native{"islower",
           [](Run& run, const Value& self, Arguments& arguments) {
               const Parameters p(arguments, "islower", {});
               run.reserve(self.str().size());
               return Value::boolean(isLowerText(self.str()));
           }},
};

} // namespace

const Native* findStringMethod(std::string_view name) {
    return findNative(kStringMethods, name);
}

} // namespace hearth::text::jinja
