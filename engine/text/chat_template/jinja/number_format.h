#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/text/chat_template/jinja/value.h"

namespace hearth::text::jinja {

/// How a value is written: the parts that "%-08.3f" and "{:<8,.3f}" have in common.
struct FormatSpec {
    char32_t fill = ' ';
    char align = 0;  ///< '<', '>', '^', '=' or 0 for the type's own
    char sign = '-'; ///< '+', '-' or ' '
    bool alternate = false;
    char grouping = 0;
    std::int64_t width = 0;
    std::int64_t precision = -1;
    char type = 0;
};

/// The largest width and precision; Python's own are near the size of memory.
inline constexpr std::int64_t kMaximumFormatWidth = 1'000'000;
inline constexpr std::int64_t kMaximumPrecision = 1'000;

/// Reads "[[fill]align][sign][#][0][width][,][.precision][type]"; raises a value fault when it is something
/// else.
[[nodiscard]] FormatSpec parseFormatSpec(std::string_view text);
[[nodiscard]] std::string formatInteger(Run& run, std::int64_t value, const FormatSpec& spec);
[[nodiscard]] std::string formatFloat(Run& run, double value, const FormatSpec& spec);
/// Cuts to the precision and fills to the width.
[[nodiscard]] std::string formatString(Run& run, std::string_view value, const FormatSpec& spec);

} // namespace hearth::text::jinja
