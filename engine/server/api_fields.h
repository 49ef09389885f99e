#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/error.h"

namespace hearth::server {

/// Fields of one JSON object, read with a type and a range. null is the same as not given. Errors: those of
/// parseApiRequest() that name a field.
class ApiFields {
public:
    explicit ApiFields(const nlohmann::json& object) : m_object(object) {}

    [[nodiscard]] const nlohmann::json* find(const char* field) const;
    [[nodiscard]] Result<std::optional<double>> number(const char* field, double min, double max) const;
    [[nodiscard]] Result<std::optional<std::int64_t>> whole(const char* field, std::int64_t min,
                                                            std::int64_t max) const;
    [[nodiscard]] Result<bool> flag(const char* field) const;        ///< false where it is not given
    [[nodiscard]] Result<std::string> text(const char* field) const; ///< "" where it is not given
    /// Whether a field is absent or asks for nothing: null, false, "", [] or {}, or one of the words in
    /// `harmless`.
    [[nodiscard]] bool asksForNothing(const char* field, const std::vector<nlohmann::json>& harmless) const;

    [[nodiscard]] static tl::unexpected<Error> missing(const std::string& field);
    [[nodiscard]] static tl::unexpected<Error> wrongType(const std::string& field, const char* wanted);
    [[nodiscard]] static tl::unexpected<Error> outOfRange(const std::string& field, double min, double max);
    [[nodiscard]] static tl::unexpected<Error> tooMany(const std::string& field, std::size_t max);
    [[nodiscard]] static tl::unexpected<Error> unsupported(const std::string& field, const char* why = "");

private:
    const nlohmann::json& m_object;
};

} // namespace hearth::server
