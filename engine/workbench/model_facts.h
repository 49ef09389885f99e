#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "engine/base/error.h"

namespace hearth::format {
class GgufFile;
}

namespace hearth::workbench {

/// What a model file says about itself, read without its weights.
struct ModelFacts {
    std::string name;   ///< general.name, or the file's name
    std::string family; ///< general.architecture; may be one that cannot be run
    /// "Q4_K_M": the mix that general.file_type names, or the type that most bytes have.
    std::string quantisation;
    std::uint64_t parameters = 0;     ///< elements of all tensors
    std::uint64_t fileBytes = 0;      ///< all parts together
    std::uint64_t trainedContext = 0; ///< tokens; 0 = not said
};

[[nodiscard]] ModelFacts modelFacts(const format::GgufFile& file);
/// Errors: gguf.*, file.*.
[[nodiscard]] Result<ModelFacts> readModelFacts(const std::filesystem::path& path);

} // namespace hearth::workbench
