#pragma once

#include <concepts>
#include <cstdint>
#include <optional>

namespace hearth {

/// Arithmetic for sizes that come from files or requests: nullopt where the true result does not fit.
/// Every size computed from untrusted numbers goes through these, never through plain operators.
template <std::integral T>
[[nodiscard]] constexpr std::optional<T> checkedAdd(T a, T b) {
    T out{};
    return __builtin_add_overflow(a, b, &out) ? std::nullopt : std::optional<T>(out);
}

template <std::integral T>
[[nodiscard]] constexpr std::optional<T> checkedMul(T a, T b) {
    T out{};
    return __builtin_mul_overflow(a, b, &out) ? std::nullopt : std::optional<T>(out);
}

/// `value` rounded up to a multiple of `alignment` (a power of two).
[[nodiscard]] constexpr std::optional<std::uint64_t> checkedPad(std::uint64_t value,
                                                                std::uint64_t alignment) {
    const auto sum = checkedAdd<std::uint64_t>(value, alignment - 1);
    return sum ? std::optional<std::uint64_t>(*sum & ~(alignment - 1)) : std::nullopt;
}

} // namespace hearth
