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

/// Mean and sample standard deviation, tokens per second.
struct Speed {
    double mean = 0, sd = 0;
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
    bool floatWeights = false; ///< prompts are held against the float rate,
    bool halfWeights = false;  ///< or that of bfloat16, where there is one
    Speed pp, tg;              ///< tg: of all sequences together
    hardware::MachineLimits limits;

    /// Weights read while decoding, bytes per second.
    [[nodiscard]] double decodeBytes(const BenchPlan& plan) const {
        return tg.mean / static_cast<double>(plan.sequences) * static_cast<double>(bytesPerToken);
    }
    /// Operations per second while reading the prompt.
    [[nodiscard]] double promptOperations(const BenchPlan& plan) const {
        const auto head = static_cast<double>(headOperations);
        const auto tokens = static_cast<double>(std::max<std::size_t>(1, plan.pp));
        return pp.mean * (static_cast<double>(operationsPerToken) - head + head / tokens);
    }
    [[nodiscard]] double operationsLimit() const {
        if (!floatWeights)
            return limits.integerOperationsPerSecond;
        return halfWeights && limits.bfloat16OperationsPerSecond > 0 ? limits.bfloat16OperationsPerSecond
                                                                     : limits.floatOperationsPerSecond;
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
