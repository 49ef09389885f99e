#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/error.h"

namespace hearth::text::jinja {

/// What stops the interpreter. It is thrown inside this folder only: an evaluator that returned a Result from
/// every expression would bury the language under checks. ChatTemplate catches it at the module's border.
struct Fault {
    Error error;
};

/// Why a template failed, as the argument "reason" of template.syntax and template.runtime; stable.
namespace reason {
inline constexpr const char* kUnclosed = "unclosed";
inline constexpr const char* kUnexpected = "unexpected";
inline constexpr const char* kUnknownTag = "unknown_tag";
inline constexpr const char* kUnknownFilter = "unknown_filter";
inline constexpr const char* kUnknownTest = "unknown_test";
inline constexpr const char* kUnsupported = "unsupported";
inline constexpr const char* kUndefined = "undefined";
inline constexpr const char* kType = "type";
inline constexpr const char* kValue = "value";
inline constexpr const char* kOverflow = "overflow";
inline constexpr const char* kDivision = "division_by_zero";
inline constexpr const char* kIndex = "index";
inline constexpr const char* kForbidden = "forbidden";
inline constexpr const char* kCycle = "cycle";
} // namespace reason

[[noreturn]] inline void syntaxFault(const char* why, std::string detail, std::uint64_t offset) {
    throw Fault{Error{"template.syntax", std::move(detail), offset}.with("reason", why)};
}
[[noreturn]] inline void runtimeFault(const char* why, std::string detail) {
    throw Fault{Error{"template.runtime", std::move(detail)}.with("reason", why)};
}
/// `which`: source, output, steps, depth, time or memory.
[[noreturn]] inline void limitFault(const char* which, std::uint64_t maximum,
                                    std::optional<std::uint64_t> offset = std::nullopt) {
    throw Fault{Error{"template.limit", std::string("the template exceeds its limit of ") + which, offset}
                    .with("limit", which)
                    .with("maximum", std::to_string(maximum))};
}

} // namespace hearth::text::jinja
