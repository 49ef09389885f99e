#include "engine/text/tokenizer/utf8.h"

#include <array>

namespace hearth::text {

namespace {

/// Length announced by a lead byte and the range its second byte must lie in (Unicode table 3-7).
struct Lead {
    std::uint8_t length, low, high;
};

constexpr Lead leadOf(unsigned char byte) {
    if (byte < 0x80)
        return {1, 0, 0};
    if (byte < 0xC2)
        return {0, 0, 0};
    if (byte < 0xE0)
        return {2, 0x80, 0xBF};
    if (byte < 0xF0)
        return {3, std::uint8_t(byte == 0xE0 ? 0xA0 : 0x80), std::uint8_t(byte == 0xED ? 0x9F : 0xBF)};
    if (byte < 0xF5)
        return {4, std::uint8_t(byte == 0xF0 ? 0x90 : 0x80), std::uint8_t(byte == 0xF4 ? 0x8F : 0xBF)};
    return {0, 0, 0};
}

constexpr std::array<Lead, 256> kLeads = [] {
    std::array<Lead, 256> table{};
    for (unsigned byte = 0; byte < 256; ++byte)
        table[byte] = leadOf(static_cast<unsigned char>(byte));
    return table;
}();

constexpr unsigned char byteAt(std::string_view bytes, std::size_t i) {
    return static_cast<unsigned char>(bytes[i]);
}

} // namespace

Utf8Step utf8Step(std::string_view bytes) {
    using enum Utf8Step::Kind;
    const unsigned char first = byteAt(bytes, 0);
    const Lead lead = kLeads[first];
    if (lead.length == 1)
        return {Character, 1, first};
    if (lead.length == 0)
        return {Ill, 1, 0};
    char32_t codePoint = first & (0x7Fu >> lead.length);
    for (std::uint8_t i = 1; i < lead.length; ++i) {
        if (i == bytes.size())
            return {Incomplete, i, 0};
        const unsigned char next = byteAt(bytes, i);
        const std::uint8_t low = i == 1 ? lead.low : 0x80, high = i == 1 ? lead.high : 0xBF;
        if (next < low || next > high)
            return {Ill, i, 0};
        codePoint = codePoint << 6 | (next & 0x3Fu);
    }
    return {Character, lead.length, codePoint};
}

bool isUtf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const Utf8Step step = utf8Step(bytes);
        if (step.kind != Utf8Step::Kind::Character)
            return false;
        bytes.remove_prefix(step.length);
    }
    return true;
}

std::string replaceIllFormed(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const Utf8Step step = utf8Step(bytes);
        if (step.kind == Utf8Step::Kind::Character)
            out.append(bytes.substr(0, step.length));
        else
            out.append(kReplacementCharacter);
        bytes.remove_prefix(step.length);
    }
    return out;
}

void appendUtf8(std::string& out, char32_t c) {
    const auto put = [&out](char32_t byte) {
        out.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
    };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

std::string markedToSpaces(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const bool mark = text.starts_with(kSpaceMark);
        out.push_back(mark ? ' ' : text[0]);
        text.remove_prefix(mark ? kSpaceMark.size() : 1);
    }
    return out;
}

std::string spacesToMarked(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 2);
    for (const char c : text) {
        if (c == ' ')
            out.append(kSpaceMark);
        else
            out.push_back(c);
    }
    return out;
}

} // namespace hearth::text
