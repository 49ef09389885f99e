#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

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

/// Whether brackets outside of strings are nested deeper than this: to be asked before a parser that
/// recurses.
[[nodiscard]] inline bool jsonDeeperThan(std::string_view text, int most) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            if (++depth > most)
                return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
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
