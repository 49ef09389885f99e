#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace hearth {

/// Why an operation failed, in a form that programs compare and people read.
///
/// `code` is stable and dotted, "folder.reason" (for example "gguf.bad_magic"); tests and translations are
/// keyed by it. `detail` is technical English for logs and terminals. `offset` is the byte position in the
/// input, when there is one. `args` carries the numbers and names that a translated sentence needs, keyed by
/// a stable name ("needed_bytes" → "123").
struct Error {
    std::string code;
    std::string detail;
    std::optional<std::uint64_t> offset = std::nullopt;
    std::vector<std::pair<std::string, std::string>> args = {};

    Error&& with(std::string name, std::string value) && {
        args.emplace_back(std::move(name), std::move(value));
        return std::move(*this);
    }
    /// The value of a named argument, or an empty string.
    [[nodiscard]] std::string arg(const std::string& name) const;
    /// One line for logs and terminals: "code: detail (at byte N)".
    [[nodiscard]] std::string message() const;
};

/// What can fail returns Result<T>. Exceptions do not cross a module's border.
template <class T>
using Result = tl::expected<T, Error>;

/// Shorthand: `return fail("gguf.truncated", "…", offset);`
[[nodiscard]] tl::unexpected<Error> fail(std::string code, std::string detail,
                                         std::optional<std::uint64_t> offset = std::nullopt);

/// The code of an operation that was stopped by its caller's stop token.
inline constexpr const char* kCancelled = "base.cancelled";

} // namespace hearth

#define HEARTH_CONCAT_INNER(a, b) a##b
#define HEARTH_CONCAT(a, b) HEARTH_CONCAT_INNER(a, b)
#define HEARTH_TRY_IMPL(tmp, decl, expr)                                                                     \
    auto tmp = (expr);                                                                                       \
    if (!tmp)                                                                                                \
        return tl::unexpected<::hearth::Error>(std::move(tmp).error());                                      \
    decl = std::move(*tmp)
#define HEARTH_CHECK_IMPL(tmp, expr)                                                                         \
    do {                                                                                                     \
        if (auto tmp = (expr); !tmp)                                                                         \
            return tl::unexpected<::hearth::Error>(std::move(tmp).error());                                  \
    } while (false)
/// Propagates an error: `HEARTH_TRY(auto file, MappedFile::open(path));` The hidden names are counted, so
/// that a lambda in the expression may use these macros too.
#define HEARTH_TRY(decl, expr) HEARTH_TRY_IMPL(HEARTH_CONCAT(tryResult, __COUNTER__), decl, expr)
/// The same for Result<void>.
#define HEARTH_CHECK(expr) HEARTH_CHECK_IMPL(HEARTH_CONCAT(checkResult, __COUNTER__), expr)
