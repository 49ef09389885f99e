#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/error.h"

namespace hearth::format {
class GgufFile;
}

namespace hearth::cli {

/// Why Hearth cannot run a model: the checks that loading makes before it touches a weight. nullopt when it
/// can.
[[nodiscard]] std::optional<Error> refusalOf(const format::GgufFile& file);

/// Entries of the tokeniser's table; 0 when there is none.
[[nodiscard]] std::uint64_t vocabularySize(const format::GgufFile& file);

/// "1.10 B", "260 K".
[[nodiscard]] std::string countText(std::uint64_t count);

} // namespace hearth::cli
