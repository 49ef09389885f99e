#pragma once

#include <cstdint>
#include <string>

namespace hearth {

/// Fields of JSON that anybody may have written: absent, or of another type, is the same as empty. For every
/// nlohmann::basic_json; the including file brings the library.

template <class Json>
[[nodiscard]] std::string textAt(const Json& object, const char* key) {
    if (!object.is_object())
        return {};
    const auto it = object.find(key);
    return it != object.end() && it->is_string() ? it->template get<std::string>() : std::string();
}

/// A whole number that is not negative, else 0.
template <class Json>
[[nodiscard]] std::uint64_t countAt(const Json& object, const char* key) {
    if (!object.is_object())
        return 0;
    const auto it = object.find(key);
    return it != object.end() && it->is_number_unsigned() ? it->template get<std::uint64_t>() : 0;
}

} // namespace hearth
