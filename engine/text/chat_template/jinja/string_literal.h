#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hearth::text::jinja {

/// The value of a string literal without its quotes: Python's escapes (\n, \x41, \101, \u4e2d, …); an unknown
/// escape keeps its backslash. Raises template.syntax for a broken escape and template.encoding for a lone
/// surrogate.
[[nodiscard]] std::string unescape(std::string_view literal, std::uint64_t offset);

} // namespace hearth::text::jinja
