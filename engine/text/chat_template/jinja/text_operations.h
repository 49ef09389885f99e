#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::text::jinja {

class Run;

// Python's string algorithms on UTF-8; used by methods and filters.

/// str.strip(chars) at the chosen ends.
[[nodiscard]] std::string_view stripChars(std::string_view text, std::string_view chars, bool left,
                                          bool right);
/// str.split(None, limit) and str.rsplit(None, limit); a negative limit is none.
[[nodiscard]] std::vector<std::string> splitSpace(std::string_view text, std::int64_t limit, bool fromRight);
/// The same at a separator, which is not empty.
[[nodiscard]] std::vector<std::string> splitAt(std::string_view text, std::string_view separator,
                                               std::int64_t limit, bool fromRight);
[[nodiscard]] std::vector<std::string> splitLines(std::string_view text, bool keepEnds);
/// str.replace(old, replacement, limit). Raises template.limit instead of growing without end.
[[nodiscard]] std::string replaceText(Run& run, std::string_view text, std::string_view old,
                                      std::string_view replacement, std::int64_t limit);
enum class Align { Left, Right, Center };
/// `text` filled up to `width` code points, as ljust, rjust and center do.
[[nodiscard]] std::string pad(Run& run, std::string_view text, std::int64_t width, Align align,
                              char32_t fill = ' ');

} // namespace hearth::text::jinja
