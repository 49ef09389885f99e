#include "engine/hardware/probe/text_files.h"

#include <algorithm>
#include <cctype>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace hearth::hardware {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestLine = 200;
constexpr std::size_t kMostEntries = 4096;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// Length of the valid UTF-8 sequence at the start of `text`, 0 when there is none (RFC 3629, table 3-7 of
/// Unicode).
std::size_t sequenceLength(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return 1;
    const std::size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                               : first >= 0xE0 && first <= 0xEF ? 3
                               : first >= 0xF0 && first <= 0xF4 ? 4
                                                                : 0;
    if (length == 0 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    const unsigned char second = byte(1);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool surrogate = first == 0xED && second > 0x9F;
    const bool tooLarge = first == 0xF4 && second > 0x8F;
    return overlong || surrogate || tooLarge ? 0 : length;
}

/// "card10" after "card2".
bool naturalLess(std::string_view a, std::string_view b) {
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            const auto endOf = [](std::string_view text, std::size_t at) {
                while (at < text.size() && isDigit(text[at]))
                    ++at;
                return at;
            };
            const auto significant = [](std::string_view digits) {
                digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
                return digits;
            };
            const std::size_t endA = endOf(a, i), endB = endOf(b, j);
            const std::string_view left = significant(a.substr(i, endA - i)),
                                   right = significant(b.substr(j, endB - j));
            if (left.size() != right.size())
                return left.size() < right.size();
            if (left != right)
                return left < right;
            i = endA;
            j = endB;
        } else if (a[i] != b[j]) {
            return a[i] < b[j];
        } else {
            ++i;
            ++j;
        }
    }
    return a.size() - i != b.size() - j ? a.size() - i < b.size() - j : a < b;
}

} // namespace

Known<std::string> readFile(const fs::path& path, std::size_t limit) {
    // O_NONBLOCK: a named pipe in place of a file must not hold up the probe.
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return errno == ENOENT || errno == ENOTDIR ? Unknown::Absent : Unknown::Unreadable;
    std::string text;
    Known<std::string> result;
    for (;;) {
        char buffer[4096];
        const ssize_t got = ::read(file, buffer, std::min(sizeof buffer, limit - text.size()));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            result = Unknown::Unreadable; // sysfs says EINVAL for "not now", a folder EISDIR
        else if (got > 0)
            text.append(buffer, static_cast<std::size_t>(got));
        if (got <= 0 || text.size() >= limit) {
            if (got >= 0)
                result = std::move(text);
            break;
        }
    }
    ::close(file);
    return result;
}

Known<std::string> cleanText(std::string_view bytes) {
    std::string text;
    bool damaged = false;
    while (!bytes.empty() && text.size() < kLongestLine) {
        const std::size_t length = sequenceLength(bytes);
        const bool control = length == 1 && (static_cast<unsigned char>(bytes[0]) < 0x20 || bytes[0] == 0x7F);
        if (length == 0 || (control && bytes[0] != '\t' && bytes[0] != '\0'))
            damaged = true;
        else if (length > 1 || (!control && bytes[0] != ' '))
            text.append(bytes.substr(0, length));
        else if (!text.empty() && text.back() != ' ') // runs of spaces become one; a NUL ends some names
            text += ' ';
        bytes.remove_prefix(std::max<std::size_t>(1, length));
    }
    while (!text.empty() && text.back() == ' ')
        text.pop_back();
    if (damaged)
        return Unknown::Malformed;
    return text.empty() ? Known<std::string>(Unknown::NotReported) : Known<std::string>(std::move(text));
}

Known<std::string> readLine(const fs::path& path) {
    const Known<std::string> text = readFile(path, 4096);
    if (!text)
        return text.reason;
    return cleanText(std::string_view(*text).substr(0, text->find('\n')));
}

Known<std::uint64_t> readNumber(const fs::path& path) {
    const Known<std::string> line = readLine(path);
    if (!line)
        return line.reason;
    if (const auto number = parseNumber<std::uint64_t>(*line))
        return *number;
    return parseNumber<std::int64_t>(*line) ? Unknown::NotReported : Unknown::Malformed;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n\0";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> splitLines(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::vector<std::string_view> splitWords(std::string_view text) {
    std::vector<std::string_view> words;
    for (std::size_t at = 0; (at = text.find_first_not_of(" \t\r\n", at)) != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

std::optional<std::string_view> valueOf(std::string_view text, std::string_view key, char separator) {
    for (const std::string_view line : splitLines(text))
        if (const std::size_t at = line.find(separator);
            at != std::string_view::npos && trimmed(line.substr(0, at)) == key)
            return trimmed(line.substr(at + 1));
    return std::nullopt;
}

std::optional<double> leadingDecimal(std::string_view text) {
    double value = 0;
    text = trimmed(text);
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    return error == std::errc() && value >= 0 && value < 1e15 ? std::optional(value) : std::nullopt;
}

std::string lowerCase(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

bool containsWord(std::string_view text, std::string_view part) {
    return lowerCase(text).find(lowerCase(part)) != std::string::npos;
}

std::vector<std::string> listFolder(const fs::path& path) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator at(path, error), end; !error && at != end && names.size() < kMostEntries;
         at.increment(error))
        names.push_back(at->path().filename().string());
    std::sort(names.begin(), names.end(), naturalLess);
    return names;
}

} // namespace hearth::hardware
