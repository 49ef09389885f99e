#pragma once

#include <filesystem>
#include <string_view>

namespace hearth::hub {

/// An unfinished download of FILE is FILE.part, what is known about it FILE.part.log.
inline constexpr std::string_view kPartialEnding = ".part";
inline constexpr std::string_view kLedgerEnding = ".part.log";

[[nodiscard]] inline std::filesystem::path partialOf(const std::filesystem::path& target) {
    return target.string() + std::string(kPartialEnding);
}
[[nodiscard]] inline std::filesystem::path ledgerOf(const std::filesystem::path& target) {
    return target.string() + std::string(kLedgerEnding);
}

} // namespace hearth::hub
