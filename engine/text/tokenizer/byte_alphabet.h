#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::text {

/// The alphabet of byte-level BPE (Radford et al., GPT-2, 2019): a printable character for each byte.
/// Printable bytes of Latin-1 stand for themselves; the others follow from U+0100 in order.
[[nodiscard]] char32_t letterOfByte(std::uint8_t byte);
[[nodiscard]] std::optional<std::uint8_t> byteOfLetter(char32_t letter);

/// `bytes` written in the alphabet.
void appendLetters(std::string& out, std::string_view bytes);
/// The bytes that `letters` stand for; characters outside the alphabet stand for themselves.
[[nodiscard]] std::string bytesOfLetters(std::string_view letters);

} // namespace hearth::text
