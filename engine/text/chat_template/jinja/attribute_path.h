#pragma once

#include <optional>
#include <vector>

#include "engine/text/chat_template/jinja/value.h"

namespace hearth::text::jinja {

/// The argument `attribute` of filters: "a.b.0" steps through items and attributes, whole numbers as indices.
class AttributePath {
public:
    AttributePath() = default;
    /// `attribute`: a string, an integer, or none for the value itself.
    AttributePath(Run& run, const Value& attribute);

    /// The value at the end of the path; where a step is undefined, `otherwise` if given.
    [[nodiscard]] Value of(Run& run, Value item, const std::optional<Value>& otherwise = std::nullopt) const;

private:
    std::vector<Value> m_parts;
};

/// A string in lower case for comparing; anything else as it is.
[[nodiscard]] Value withoutCase(Run& run, const Value& value);

} // namespace hearth::text::jinja
