#include "engine/format/gguf/gguf_split.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace hearth::format {

namespace {

constexpr std::size_t kDigits = 5;

std::optional<std::uint32_t> fiveDigits(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::string padded(std::uint32_t number) {
    const std::string digits = std::to_string(number);
    return std::string(kDigits - std::min(kDigits, digits.size()), '0') + digits;
}

} // namespace

std::optional<SplitName> parseSplitName(const std::filesystem::path& path) {
    constexpr std::string_view kOf = "-of-", kEnding = ".gguf";
    constexpr std::size_t kTail = 1 + kDigits + kOf.size() + kDigits + kEnding.size();
    const std::string text = path.string();
    if (text.size() <= kTail)
        return std::nullopt;
    const std::string_view tail = std::string_view(text).substr(text.size() - kTail);
    if (tail[0] != '-' || tail.substr(1 + kDigits, kOf.size()) != kOf || !tail.ends_with(kEnding))
        return std::nullopt;
    const auto number = fiveDigits(tail.substr(1, kDigits));
    const auto count = fiveDigits(tail.substr(1 + kDigits + kOf.size(), kDigits));
    if (!number || !count || *number < 1 || *number > *count)
        return std::nullopt;
    return SplitName{text.substr(0, text.size() - kTail), *number, *count};
}

std::filesystem::path splitPath(const SplitName& name, std::uint32_t number) {
    return name.prefix + "-" + padded(number) + "-of-" + padded(name.count) + ".gguf";
}

} // namespace hearth::format
