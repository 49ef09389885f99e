#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "engine/tensor/dtype.h"

namespace hearth::test {

struct HfFolderOptions {
    std::size_t shards = 1;     ///< more than one: with an index
    bool tokenizerJson = false; ///< instead of tokenizer.model
    DType type = DType::F32;    ///< of the weights; F16 and BF16 round them
    std::function<void(nlohmann::json&)> editConfig = {};
};

/// Writes a golden F32 model the way its publisher would have: config.json, safetensors under Hugging Face's
/// names with halves for rotary pairs and norms without their one, and its vocabulary. The inverse of what
/// convertFolder does, written from the same published facts.
void writeHfFolder(const std::filesystem::path& gguf, const std::filesystem::path& folder,
                   const HfFolderOptions& options = {});

} // namespace hearth::test
