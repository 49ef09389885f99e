#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/thread_pool.h"
#include "engine/optimize/train/dataset.h"
#include "engine/optimize/train/recipe.h"

namespace hearth::optimize {

/// What a run reports while it goes.
struct TrainEvent {
    enum class Kind { Prepared, Step, Evaluated, Sample, Checkpoint } kind = Kind::Step;
    std::uint64_t step = 0, steps = 0;
    double loss = 0; ///< mean per loss token: of the step, or of the validation set (Evaluated)
    double learningRate = 0, gradientNorm = 0;
    double tokensPerSecond = 0; ///< over the last steps
    double etaSeconds = 0;
    std::string text; ///< Prepared: what was read; Sample: prompt and answer
    std::vector<std::pair<std::filesystem::path, BadLine>> badLines; ///< Prepared
};
using TrainSink = std::function<void(const TrainEvent&)>;

struct TrainOutcome {
    std::uint64_t parameters = 0, trainTokens = 0, steps = 0;
    double seconds = 0, finalLoss = 0, validationLoss = 0; ///< validationLoss 0 when nothing was held out
    std::vector<float> lossCurve;
    std::vector<std::filesystem::path> files; ///< models written
};

/// Runs a recipe: reads the data, trains the tokeniser, trains the model with checkpoints, writes the models.
/// The same recipe, data and number of shards give the same weights, whatever the number of threads.
/// With `resume`, goes on from the checkpoint beside the output when there is one.
///
/// Errors: recipe.*, dataset.*, tokenizer.*, checkpoint.*, file.*, memory.not_enough (args needed_bytes,
/// available_bytes) before anything is computed, train.loss_not_finite (args step; the last good checkpoint
/// stays), base.cancelled (a checkpoint is written first).
[[nodiscard]] Result<TrainOutcome> train(const Recipe& recipe, bool resume, ThreadPool& pool,
                                         std::stop_token stop = {}, const TrainSink& sink = {});

/// Where a recipe keeps its checkpoint and its tokeniser.
[[nodiscard]] std::filesystem::path checkpointPath(const Recipe& recipe);
[[nodiscard]] std::filesystem::path tokenizerPath(const Recipe& recipe);

} // namespace hearth::optimize
