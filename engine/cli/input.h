#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::cli {

/// A whole text file, byte for byte; "-" is the standard input. Errors: file.*.
[[nodiscard]] Result<std::string> readInput(const std::filesystem::path& path);

/// A JSON file. Errors: file.*, input.bad_json.
[[nodiscard]] Result<nlohmann::ordered_json> readJson(const std::filesystem::path& path);

/// "1,2,3" (commas, spaces or line ends between). Errors: usage.bad_tokens with the position.
[[nodiscard]] Result<std::vector<text::TokenId>> parseTokens(std::string_view list);

/// Errors: usage.bad_tokens for an id outside [0, vocabulary).
[[nodiscard]] Result<void> checkTokens(std::span<const text::TokenId> tokens, std::size_t vocabulary);

/// Text from a model, safe for a terminal: control characters (escape sequences among them) but line ends and
/// tabs are shown as their pictures.
[[nodiscard]] std::string printable(std::string_view utf8);
/// The same on one line: line ends and tabs become \n and \t.
[[nodiscard]] std::string oneLine(std::string_view utf8);

} // namespace hearth::cli
