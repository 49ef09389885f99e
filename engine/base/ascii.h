#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace hearth {

/// Two lower-case hexadecimal digits for each byte; `to` has room for them. For what must not pass through
/// ordinary memory.
inline void writeHex(std::span<const std::byte> bytes, std::span<std::byte> to) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto value = std::to_integer<std::size_t>(bytes[i]);
        to[2 * i] = static_cast<std::byte>(kDigits[value >> 4]);
        to[2 * i + 1] = static_cast<std::byte>(kDigits[value & 15U]);
    }
}

[[nodiscard]] inline std::string toHex(std::span<const std::byte> bytes) {
    std::string out(2 * bytes.size(), '\0');
    writeHex(bytes, std::as_writable_bytes(std::span(out)));
    return out;
}

/// A–Z become a–z, whatever the locale; other bytes stay.
[[nodiscard]] inline std::string lowerAscii(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

} // namespace hearth
