#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hearth::text {

/// One step of reading UTF-8 (RFC 3629; ill-formed sequences are cut as in the Unicode Standard, section 3.9,
/// "maximal subparts", which is also what web browsers do).
struct Utf8Step {
    enum class Kind : std::uint8_t {
        Character,  ///< `length` bytes are one character, `codePoint`
        Ill,        ///< `length` bytes can never become a character
        Incomplete, ///< all the remaining bytes are the beginning of a character
    };
    Kind kind;
    std::uint8_t length;
    char32_t codePoint;
};

/// The step at the beginning of `bytes`, which must not be empty.
[[nodiscard]] Utf8Step utf8Step(std::string_view bytes);

[[nodiscard]] bool isUtf8(std::string_view bytes);

/// `bytes` with every ill-formed or incomplete sequence replaced by U+FFFD.
[[nodiscard]] std::string replaceIllFormed(std::string_view bytes);

/// Appends the encoding of a Unicode scalar value.
void appendUtf8(std::string& out, char32_t codePoint);

inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

/// U+2581, which SentencePiece writes for a space.
inline constexpr std::string_view kSpaceMark = "\xE2\x96\x81";

/// `text` with every U+2581 turned into a space, and the reverse.
[[nodiscard]] std::string markedToSpaces(std::string_view text);
[[nodiscard]] std::string spacesToMarked(std::string_view text);

} // namespace hearth::text
