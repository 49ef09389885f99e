#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth::hub {

/// Values of HTTP header fields as a hub's server sends them. Everything here takes any bytes: what does not
/// follow the grammar gives nullopt, numbers that do not fit into 64 bits too. Pure functions; any thread.

/// `bytes 0-99/1234` or `bytes 0-99/*` (RFC 9110, 14.4); first ≤ last < total.
struct ContentRange {
    std::uint64_t first = 0, last = 0;
    std::optional<std::uint64_t> total;
    [[nodiscard]] bool operator==(const ContentRange&) const = default;
};
[[nodiscard]] std::optional<ContentRange> parseContentRange(std::string_view value);

/// The target of the first link whose relation is "next" (RFC 8288).
[[nodiscard]] std::optional<std::string> nextLink(std::string_view value);

/// `"api";r=0;t=55` of the RateLimit field: what remains, and the seconds until it is filled again.
struct RateLimit {
    std::uint64_t remaining = 0;
    std::chrono::seconds reset{0};
    [[nodiscard]] bool operator==(const RateLimit&) const = default;
};
[[nodiscard]] std::optional<RateLimit> parseRateLimit(std::string_view value);

/// Retry-After: seconds, or a date (RFC 9110, 5.6.7, the preferred form), of which what is left counts. At
/// most a day.
[[nodiscard]] std::optional<std::chrono::seconds> parseRetryAfter(std::string_view value,
                                                                  std::chrono::system_clock::time_point now);
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parseHttpDate(std::string_view value);

/// An ETag without the weak mark and its quotes; empty for one that is longer than 256 bytes or not
/// printable.
[[nodiscard]] std::string entityTag(std::string_view value);

/// A decimal number and nothing else.
[[nodiscard]] std::optional<std::uint64_t> parseNumber(std::string_view value);

/// 64 or 40 hexadecimal digits, in lower case; nullopt otherwise.
[[nodiscard]] std::optional<std::string> asSha256(std::string_view text);
[[nodiscard]] std::optional<std::string> asGitSha1(std::string_view text);

} // namespace hearth::hub
