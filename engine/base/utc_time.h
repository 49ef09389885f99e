#pragma once

#include <cstdint>
#include <string>

namespace hearth {

/// ISO 8601 to the second, "2026-11-21T07:05:00Z", or to the day; and for file names, "20261121T070500Z".
inline constexpr const char* kUtcTime = "%Y-%m-%dT%H:%M:%SZ";
inline constexpr const char* kUtcDate = "%Y-%m-%d";
inline constexpr const char* kUtcStamp = "%Y%m%dT%H%M%SZ";

/// A moment in UTC, in a format of strftime() that gives at most 63 characters. "" for a year that the C
/// library cannot tell. Thread-safe.
[[nodiscard]] std::string utcText(std::int64_t unixSeconds, const char* format = kUtcTime);
/// "2026-11-21" of days since 1970-01-01.
[[nodiscard]] inline std::string utcDay(std::int64_t days) {
    return utcText(days * 86'400, kUtcDate);
}
[[nodiscard]] std::string utcNow(const char* format = kUtcTime);
/// Milliseconds since 1970-01-01.
[[nodiscard]] std::int64_t unixMsNow();

} // namespace hearth
