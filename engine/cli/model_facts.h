#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/error.h"

namespace hearth::format {
class GgufFile;
}

namespace hearth::cli {

/// What a person wants to know about a model file at a glance.
struct ModelFacts {
    std::string name, architecture;
    std::string quantisation;     ///< "Q4_K_M", or the type that most bytes have
    std::uint64_t parameters = 0; ///< elements of all tensors
    std::uint64_t trainedContext = 0, vocabulary = 0;
    std::optional<Error> refusal; ///< why Hearth cannot run it; absent when it can
};

[[nodiscard]] ModelFacts modelFacts(const format::GgufFile& file);

/// "1.10 B", "260 K".
[[nodiscard]] std::string countText(std::uint64_t count);

} // namespace hearth::cli
