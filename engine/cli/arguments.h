#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/thread_pool.h"
#include "engine/cli/accounts/model_gate.h"
#include "engine/runtime/loaded_model.h"
#include "engine/runtime/session.h"

namespace CLI {
class App;
}

namespace hearth::cli {

/// The options of every subcommand that loads a model.
struct ModelArguments {
    enum class Choice { Required, Optional, GuideByDefault };

    std::filesystem::path model;
    std::size_t threads = 0; ///< 0 = one per usable physical core
    std::size_t context = 0; ///< 0 = the model's, at most 8192
    std::string kv = "f16";
    bool ignoreMemory = false;
    ModelCaller caller;

    void addTo(CLI::App& command, Choice choice = Choice::Required);
    /// Chooses the built-in Guide when no model was named. Errors: guide.missing.
    [[nodiscard]] Result<void> useGuideWithoutModel();
    [[nodiscard]] runtime::LoadOptions loadOptions() const;
};

/// A loaded model with the threads it computes on.
struct Engine {
    std::unique_ptr<ThreadPool> pool; ///< outlives the model
    std::shared_ptr<runtime::LoadedModel> model;
    std::shared_ptr<ModelGate> gate; ///< that let it in
};

/// Asks the gate (one that exists already, where a command asks it more than once), then loads with a
/// progress line on a terminal. Errors: as ModelGate::mayUse and runtime::LoadedModel::load.
[[nodiscard]] Result<Engine> loadEngine(const ModelArguments& arguments, std::stop_token stop,
                                        std::shared_ptr<ModelGate> gate = {});

/// The options of the subcommands that generate text; ranges are those of sampling::SamplingParams.
struct GenerationArguments {
    runtime::GenerationParams params;
    std::vector<std::string> logitBias; ///< "ID=BIAS"
    bool noLoopDetection = false, noThinking = false;
    std::string contextPolicy = "stop";
    std::filesystem::path draftModel;
    std::filesystem::path prefixCache; ///< folder; empty = none
    std::string prefixCacheSize = "4GiB";

    void addTo(CLI::App& command);
    /// The parameters, checked. Errors: usage.bad_logit_bias, sampling.out_of_range.
    [[nodiscard]] Result<runtime::GenerationParams> resolve() const;
};

/// Loads the draft model that the arguments name, if they do, for a session on `engine`. Errors: as
/// loadEngine, speculation.vocabulary_mismatch.
[[nodiscard]] Result<void> useDraftModel(const GenerationArguments& generation, const ModelArguments& model,
                                         const Engine& engine, runtime::Session& session,
                                         std::stop_token stop);

/// Lets the session find and keep beginnings of prompts in the folder that the arguments name, if they do.
/// Errors: usage.bad_size, those of runtime::PrefixCache::open.
[[nodiscard]] Result<void> usePrefixCache(const GenerationArguments& generation, const Engine& engine,
                                          runtime::Session& session);
/// Tells what an answer could not do beside itself.
void noteProblems(const runtime::GenerationResult& result);

/// "128 tokens, 35.2 tokens/s, first token after 0.31 s, prompt 512 (480 reused) at 803.1 tokens/s"
[[nodiscard]] std::string statsText(const runtime::GenerationStats& stats);
/// What ended the text when that needs saying ("stopped", "the context is full"); empty for an ordinary end.
[[nodiscard]] std::string stopText(runtime::StopReason reason);

} // namespace hearth::cli
