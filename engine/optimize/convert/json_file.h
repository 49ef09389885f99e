#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/error.h"

namespace hearth::optimize {

/// Inside of optimize/convert: JSON from a folder that a stranger made.

/// Parses text of at most `limit` bytes and 64 levels. Errors, with `prefix` and a dot before: empty,
/// too_large, bom, bad_json (with the offset), bad_utf8, too_deep, duplicate_key.
[[nodiscard]] Result<nlohmann::json> parseJson(std::string_view text, std::string_view prefix,
                                               std::size_t limit = std::size_t{1} << 28);
/// The same of a file; arg file. Also file.*.
[[nodiscard]] Result<nlohmann::json> readJsonFile(const std::filesystem::path& path, std::string_view prefix);

/// Typed access to an object that a configuration file holds. A null counts as absent. Refers to the JSON.
/// Errors: convert.bad_config (args file, key).
class ConfigObject {
public:
    ConfigObject(const nlohmann::json& object, std::string file)
        : m_object(&object), m_file(std::move(file)) {}

    [[nodiscard]] bool has(const char* key) const { return value(key) != nullptr; }
    [[nodiscard]] const nlohmann::json* value(const char* key) const;
    [[nodiscard]] Result<std::uint32_t> size(const char* key) const; ///< required, 1…2³¹
    [[nodiscard]] Result<std::uint32_t> sizeOr(const char* key, std::uint32_t fallback) const;
    [[nodiscard]] Result<float> realOr(const char* key, float fallback) const;
    [[nodiscard]] Result<std::string> textOr(const char* key, std::string fallback) const;
    [[nodiscard]] Result<bool> flagOr(const char* key, bool fallback) const;
    /// An array of finite numbers; empty when absent.
    [[nodiscard]] Result<std::vector<float>> reals(const char* key) const;
    [[nodiscard]] tl::unexpected<Error> bad(const char* key, const std::string& why) const;

private:
    const nlohmann::json* m_object;
    std::string m_file;
};

} // namespace hearth::optimize
