#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/optimize/train/adamw.h"
#include "engine/optimize/train/shape.h"
#include "engine/optimize/train/topics.h"
#include "engine/tensor/dtype.h"

namespace hearth::optimize {

struct DataSource {
    enum class Kind { Chat, Text, Topics } kind = Kind::Chat;
    std::filesystem::path path;
    bool heldOut = false;   ///< all of it is for validation
    TopicVariants variants; ///< of Topics
};

/// Everything that a training run depends on; the file is documented in docs/manual.md ("Training").
/// Paths are relative to the recipe's folder.
struct Recipe {
    std::string name;
    std::filesystem::path output;         ///< F32 GGUF; further ones go beside it as NAME-MIX.gguf
    std::vector<std::string> exportMixes; ///< beside F32: names of format::quantMixes(), "Q8_0", "Q4_K_M"
    std::size_t vocabulary = 4096;        ///< of the tokeniser trained on the data
    double characterCoverage = 0.9995;
    TrainShape shape; ///< vocabulary filled in after the tokeniser's training
    std::vector<DataSource> data;
    std::string systemPrompt;
    AdamWParams optimiser;
    std::uint64_t steps = 1000, seed = 1;
    std::size_t shards = 2; ///< parts of a step computed side by side; part of the result's identity
    std::size_t shardTokens = 1024, accumulation = 1;
    bool recompute = false;
    std::uint64_t checkpointEvery = 200, evaluateEvery = 200, sampleEvery = 0;
    std::vector<std::string> samplePrompts;
    std::filesystem::path folder; ///< where the recipe lies
    std::string hash;             ///< of the recipe's text; a checkpoint of another recipe is refused

    /// Errors: recipe.unreadable, recipe.bad_json, recipe.unknown_key (args key), recipe.missing_key,
    /// recipe.bad_value (args key, value, minimum, maximum).
    [[nodiscard]] static Result<Recipe> read(const std::filesystem::path& path);
};

} // namespace hearth::optimize
