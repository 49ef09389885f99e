#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/store/history.h"

namespace hearth::store {

/// The words of the export formats; see transfer.h.
inline constexpr std::string_view kExportFormat = "hearth-conversations", kPersonFormat = "hearth-person";
inline constexpr std::int64_t kExportVersion = 1;

template <class T>
struct NamedValue {
    T value;
    std::string_view name;
};
template <class T>
NamedValue(T, const char*) -> NamedValue<T>; // Clang 14 deduces none for aggregates
inline constexpr std::array kRoles{NamedValue{Role::System, "system"}, NamedValue{Role::User, "user"},
                                   NamedValue{Role::Assistant, "assistant"}};
inline constexpr std::array kStates{NamedValue{MessageState::Complete, "complete"},
                                    NamedValue{MessageState::Stopped, "stopped"},
                                    NamedValue{MessageState::Failed, "failed"}};

template <class T, std::size_t N>
[[nodiscard]] std::string_view nameOf(const std::array<NamedValue<T>, N>& names, T value) {
    for (const auto& named : names)
        if (named.value == value)
            return named.name;
    return {};
}
template <class T, std::size_t N>
[[nodiscard]] std::optional<T> valueOf(const std::array<NamedValue<T>, N>& names, std::string_view name) {
    for (const auto& named : names)
        if (named.name == name)
            return named.value;
    return std::nullopt;
}

} // namespace hearth::store
