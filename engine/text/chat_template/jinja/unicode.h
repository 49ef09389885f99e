#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hearth::text::jinja {

// Python's view of characters, over UTF-8. All functions expect valid UTF-8 (see isValidUtf8).

[[nodiscard]] bool isValidUtf8(std::string_view bytes);
/// Number of code points.
[[nodiscard]] std::size_t countPoints(std::string_view text);
/// The code point at byte `at`, which moves past it.
[[nodiscard]] char32_t nextPoint(std::string_view text, std::size_t& at);
void appendPoint(std::string& out, char32_t point);
[[nodiscard]] std::u32string toPoints(std::string_view text);
[[nodiscard]] std::string toUtf8(std::u32string_view points);
/// The byte where code point number `index` begins; size() when past the end.
[[nodiscard]] std::size_t byteOfPoint(std::string_view text, std::size_t index);

/// str.isspace(), which is also the \s of Python's regular expressions.
[[nodiscard]] bool isSpace(char32_t point);
[[nodiscard]] bool isLineBreak(char32_t point); ///< of str.splitlines()
[[nodiscard]] bool isUpper(char32_t point);
[[nodiscard]] bool isLower(char32_t point);
[[nodiscard]] bool isCased(char32_t point);
[[nodiscard]] bool isAlpha(char32_t point);
[[nodiscard]] bool isDecimal(char32_t point);
[[nodiscard]] bool isDigit(char32_t point);
[[nodiscard]] bool isNumeric(char32_t point);
/// \w of Python's regular expressions.
[[nodiscard]] bool isWord(char32_t point);
/// Whether the character may stand inside an identifier.
[[nodiscard]] bool isIdentifierPart(char32_t point);
[[nodiscard]] bool isIdentifier(std::string_view text);
[[nodiscard]] bool isPrintable(char32_t point); ///< repr() shows it as itself

// str.upper() and so on, with full mappings (ß → SS) and the final sigma.
[[nodiscard]] std::string upper(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] std::string capitalize(std::string_view text);
[[nodiscard]] std::string titleWords(std::string_view text); ///< str.title()

/// str.isupper() and str.islower(): a cased character is there, and none of the other case.
[[nodiscard]] bool isUpperText(std::string_view text);
[[nodiscard]] bool isLowerText(std::string_view text);

[[nodiscard]] std::string_view stripLeft(std::string_view text);
[[nodiscard]] std::string_view stripRight(std::string_view text);
[[nodiscard]] inline std::string_view strip(std::string_view text) {
    return stripRight(stripLeft(text));
}

} // namespace hearth::text::jinja
