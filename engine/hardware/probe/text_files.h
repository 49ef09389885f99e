#pragma once

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/hardware/probe/profile.h"

namespace hearth::hardware {

/// Small files of /proc, /sys and /etc, read whole. They may be missing, forbidden, endless or full of
/// garbage; none of that fails, it gives a reason.

/// At most `limit` bytes. Reasons: Absent, Unreadable.
[[nodiscard]] Known<std::string> readFile(const std::filesystem::path& path, std::size_t limit = 1 << 20);
/// The first line as clean text: printable valid UTF-8, outer spaces removed, at most 200 bytes. An empty one
/// is NotReported, one that is no text Malformed.
[[nodiscard]] Known<std::string> readLine(const std::filesystem::path& path);
/// The first line as a decimal number that is not negative; "-1" and other words are NotReported.
[[nodiscard]] Known<std::uint64_t> readNumber(const std::filesystem::path& path);

/// Clean text as readLine() gives, from any bytes.
[[nodiscard]] Known<std::string> cleanText(std::string_view bytes);
[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] std::vector<std::string_view> splitLines(std::string_view text);
[[nodiscard]] std::vector<std::string_view> splitWords(std::string_view text); ///< at spaces and tabs
/// The value of "key<separator>value" lines; nullopt when no line has that key.
[[nodiscard]] std::optional<std::string_view> valueOf(std::string_view text, std::string_view key,
                                                      char separator);
/// The whole of `text` as a number; nullopt otherwise.
template <class T>
[[nodiscard]] std::optional<T> parseNumber(std::string_view text, int base = 10) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}
/// "8.0 GT/s" → 8.0: the number that the text begins with.
[[nodiscard]] std::optional<double> leadingDecimal(std::string_view text);
[[nodiscard]] std::string lowerCase(std::string_view text); ///< ASCII letters
[[nodiscard]] bool containsWord(std::string_view text,
                                std::string_view part); ///< ASCII letters of either case

/// Names of the entries of a folder, sorted so that numbers count ("card2" before "card10"); empty when it
/// cannot be read. At most 4096.
[[nodiscard]] std::vector<std::string> listFolder(const std::filesystem::path& path);

} // namespace hearth::hardware
