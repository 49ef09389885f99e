#include "engine/hub/headers.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace hearth::hub {

namespace {

constexpr std::chrono::seconds kLongestWait = std::chrono::hours(24);

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

bool equalIgnoringCase(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

/// Splits at `separator` outside of double quotes and, for links, of angle brackets.
template <class Each>
void eachPart(std::string_view text, char separator, Each&& each) {
    std::size_t begin = 0;
    bool quoted = false, angled = false;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : separator;
        if (i < text.size() && c == '"' && !angled)
            quoted = !quoted;
        else if (i < text.size() && c == '<' && !quoted)
            angled = true;
        else if (i < text.size() && c == '>' && !quoted)
            angled = false;
        else if (i == text.size() || (c == separator && !quoted && !angled)) {
            if (!each(trimmed(text.substr(begin, i - begin))))
                return;
            begin = i + 1;
        }
    }
}

std::optional<std::string> hexDigits(std::string_view text, std::size_t count) {
    if (text.size() != count)
        return std::nullopt;
    std::string out(text);
    for (char& c : out) {
        if (!std::isxdigit(static_cast<unsigned char>(c)))
            return std::nullopt;
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return out;
}

} // namespace

std::optional<std::uint64_t> parseNumber(std::string_view value) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (value.empty() || error != std::errc() || end != value.data() + value.size())
        return std::nullopt;
    return number;
}

std::optional<ContentRange> parseContentRange(std::string_view value) {
    value = trimmed(value);
    constexpr std::string_view kUnit = "bytes";
    if (value.size() <= kUnit.size() || !equalIgnoringCase(value.substr(0, kUnit.size()), kUnit) ||
        value[kUnit.size()] != ' ')
        return std::nullopt;
    value = trimmed(value.substr(kUnit.size()));
    const auto dash = value.find('-'), slash = value.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash)
        return std::nullopt;
    const auto first = parseNumber(value.substr(0, dash));
    const auto last = parseNumber(value.substr(dash + 1, slash - dash - 1));
    if (!first || !last || *first > *last)
        return std::nullopt;
    ContentRange range{*first, *last, std::nullopt};
    const auto total = value.substr(slash + 1);
    if (total == "*")
        return range;
    range.total = parseNumber(total);
    if (!range.total || *last >= *range.total)
        return std::nullopt;
    return range;
}

std::optional<std::string> nextLink(std::string_view value) {
    std::optional<std::string> found;
    eachPart(value, ',', [&](std::string_view link) {
        const auto end = link.find('>');
        if (link.empty() || link.front() != '<' || end == std::string_view::npos)
            return true;
        const auto target = trimmed(link.substr(1, end - 1));
        bool isNext = false;
        eachPart(link.substr(end + 1), ';', [&](std::string_view parameter) {
            const auto equals = parameter.find('=');
            if (equals == std::string_view::npos ||
                !equalIgnoringCase(trimmed(parameter.substr(0, equals)), "rel"))
                return true;
            auto relation = trimmed(parameter.substr(equals + 1));
            if (relation.size() >= 2 && relation.front() == '"' && relation.back() == '"')
                relation = relation.substr(1, relation.size() - 2);
            isNext = equalIgnoringCase(relation, "next");
            return false; // only the first "rel" counts
        });
        if (!isNext || target.empty())
            return true;
        found = std::string(target);
        return false;
    });
    return found;
}

std::optional<RateLimit> parseRateLimit(std::string_view value) {
    std::optional<std::uint64_t> remaining, reset;
    std::string_view first;
    eachPart(value, ',', [&](std::string_view policy) {
        first = policy;
        return false;
    });
    eachPart(first, ';', [&](std::string_view part) {
        if (part.starts_with("r="))
            remaining = parseNumber(part.substr(2));
        else if (part.starts_with("t="))
            reset = parseNumber(part.substr(2));
        return true;
    });
    if (!remaining || !reset)
        return std::nullopt;
    const auto most = static_cast<std::uint64_t>(kLongestWait.count());
    return RateLimit{*remaining, std::chrono::seconds(std::min(*reset, most))};
}

std::optional<std::chrono::system_clock::time_point> parseHttpDate(std::string_view value) {
    // "Sun, 06 Nov 1994 08:49:37 GMT"
    value = trimmed(value);
    if (value.size() != 29 || value.substr(3, 2) != ", " || !value.ends_with(" GMT") || value[7] != ' ' ||
        value[11] != ' ' || value[16] != ' ' || value[19] != ':' || value[22] != ':')
        return std::nullopt;
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto month = std::find(kMonths.begin(), kMonths.end(), value.substr(8, 3));
    const auto day = parseNumber(value.substr(5, 2)), year = parseNumber(value.substr(12, 4));
    const auto hour = parseNumber(value.substr(17, 2)), minute = parseNumber(value.substr(20, 2)),
               second = parseNumber(value.substr(23, 2));
    if (month == kMonths.end() || !day || !year || !hour || !minute || !second || *hour > 23 ||
        *minute > 59 || *second > 60)
        return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(static_cast<int>(*year)),
        std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
        std::chrono::day(static_cast<unsigned>(*day))};
    // Clocks of the standard library count nanoseconds in 64 bits.
    if (!date.ok() || *year < 1970 || *year > 2200)
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

std::optional<std::chrono::seconds> parseRetryAfter(std::string_view value,
                                                    std::chrono::system_clock::time_point now) {
    value = trimmed(value);
    if (const auto seconds = parseNumber(value))
        return std::chrono::seconds(std::min(*seconds, static_cast<std::uint64_t>(kLongestWait.count())));
    const auto date = parseHttpDate(value);
    if (!date)
        return std::nullopt;
    const auto left = std::chrono::ceil<std::chrono::seconds>(*date - now);
    return std::clamp(left, std::chrono::seconds(0), kLongestWait);
}

std::string entityTag(std::string_view value) {
    value = trimmed(value);
    if (value.starts_with("W/"))
        value.remove_prefix(2);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
    const bool plain =
        std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < 127 && c != '"'; });
    return plain && value.size() <= 256 ? std::string(value) : std::string();
}

std::optional<std::string> asSha256(std::string_view text) {
    return hexDigits(text, 64);
}

std::optional<std::string> asGitSha1(std::string_view text) {
    return hexDigits(text, 40);
}

} // namespace hearth::hub
