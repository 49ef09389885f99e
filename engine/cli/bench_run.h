#pragma once

#include <algorithm>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/cli/arguments.h"
#include "engine/hardware/measure/limits.h"
#include "engine/workbench/model_facts.h"

namespace hearth::cli {

/// What one run of `hearthctl bench` measures.
struct BenchPlan {
    std::size_t pp = 512, tg = 64; ///< tokens; 0 = leave out
    std::size_t depth = 0;         ///< tokens already in the context
    std::size_t batch = 512;       ///< prompt tokens evaluated together
    std::size_t sequences = 1;     ///< decoded together
    std::size_t repetitions = 5;   ///< after one that does not count
};

/// Mean and sample standard deviation, tokens per second, and the median share of what the machine could do
/// at most, each repetition held against limits measured right beside it: other users of the memory come and
/// go. 0 where the limit is unknown.
struct Speed {
    double mean = 0, sd = 0, ofLimit = 0;
};

struct BenchResult {
    workbench::ModelFacts facts;
    std::string file; ///< as it was given, or the shape of a synthesised model
    std::uint64_t weightBytes = 0;
    std::uint64_t bytesPerToken = 0;      ///< of weights that one token reads
    std::uint64_t operationsPerToken = 0; ///< of its products; a multiply-add counts as two
    std::uint64_t headOperations = 0;     ///< of them, those of the vocabulary: a prompt needs them once
    std::size_t threads = 0;
    std::string isa;
    bool floatWeights = false;      ///< prompts are held against the float rate,
    bool halfWeights = false;       ///< or that of bfloat16, where there is one
    Speed pp, tg;                   ///< tg: of all sequences together
    hardware::MachineLimits limits; ///< medians

    /// Bytes of weights read for one token of the answer.
    [[nodiscard]] double bytesPerAnswerToken(const BenchPlan& plan) const {
        return static_cast<double>(bytesPerToken) / static_cast<double>(plan.sequences);
    }
    /// Operations for one token of the prompt.
    [[nodiscard]] double operationsPerPromptToken(const BenchPlan& plan) const {
        const auto head = static_cast<double>(headOperations);
        const auto tokens = static_cast<double>(std::max<std::size_t>(1, plan.pp));
        return static_cast<double>(operationsPerToken) - head + head / tokens;
    }
    /// The one of these limits that prompts are held against.
    [[nodiscard]] double operationsLimit(const hardware::MachineLimits& of) const {
        if (!floatWeights)
            return of.integerOperationsPerSecond;
        return halfWeights && of.bfloat16OperationsPerSecond > 0 ? of.bfloat16OperationsPerSecond
                                                                 : of.floatOperationsPerSecond;
    }
};

/// Loads a model and measures prefill and decode on caches of its own, without tokeniser and sampler, as the
/// field does, and what this machine could do at most. Errors: as loadEngine, model.*, base.cancelled.
[[nodiscard]] Result<BenchResult> runBench(ModelArguments arguments, const BenchPlan& plan,
                                           std::stop_token stop);

/// The field's table; `header` before the first of several results.
[[nodiscard]] std::string benchTable(const BenchResult& result, const BenchPlan& plan, bool header);
/// One result as JSON text, without an end of line.
[[nodiscard]] std::string benchJson(const BenchResult& result, const BenchPlan& plan, const std::string& kv);

} // namespace hearth::cli
