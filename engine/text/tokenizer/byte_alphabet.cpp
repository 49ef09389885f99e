#include "engine/text/tokenizer/byte_alphabet.h"

#include <array>

#include "engine/text/tokenizer/utf8.h"

namespace hearth::text {

namespace {

constexpr bool isPrintable(unsigned byte) {
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

/// 256 bytes, of which 188 are printable: letters up to U+0143.
constexpr std::size_t kLetters = 0x144;

struct Alphabet {
    std::array<char32_t, 256> letters{};
    std::array<std::int16_t, kLetters> bytes{};
};

constexpr Alphabet kAlphabet = [] {
    Alphabet out;
    out.bytes.fill(-1);
    char32_t next = 0x100;
    for (unsigned byte = 0; byte < 256; ++byte) {
        out.letters[byte] = isPrintable(byte) ? char32_t(byte) : next++;
        out.bytes[out.letters[byte]] = static_cast<std::int16_t>(byte);
    }
    return out;
}();

} // namespace

char32_t letterOfByte(std::uint8_t byte) {
    return kAlphabet.letters[byte];
}

std::optional<std::uint8_t> byteOfLetter(char32_t letter) {
    if (letter >= kLetters || kAlphabet.bytes[letter] < 0)
        return std::nullopt;
    return static_cast<std::uint8_t>(kAlphabet.bytes[letter]);
}

void appendLetters(std::string& out, std::string_view bytes) {
    for (const char byte : bytes)
        appendUtf8(out, letterOfByte(static_cast<std::uint8_t>(byte)));
}

std::string bytesOfLetters(std::string_view letters) {
    std::string out;
    while (!letters.empty()) {
        const Utf8Step step = utf8Step(letters);
        const auto byte =
            step.kind == Utf8Step::Kind::Character ? byteOfLetter(step.codePoint) : std::nullopt;
        if (byte)
            out.push_back(static_cast<char>(*byte));
        else
            out.append(letters.substr(0, step.length));
        letters.remove_prefix(step.length);
    }
    return out;
}

} // namespace hearth::text
