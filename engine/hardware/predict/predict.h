#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/hardware/measure/measurement.h"
#include "engine/hardware/predict/model_shape.h"

namespace hearth::hardware {

/// One line of the arithmetic behind a number of bytes or seconds: what, how it comes about, how much.
struct Term {
    std::string name;      ///< stable: "weights", "kv_cache", "buffers", "scratch", "tokenizer"; of times
                           ///< "weights", "attention", "forks", "elements", "output"
    std::string formula;   ///< in English, "28 layers × 8 heads × 512 bytes × 8192 positions"
    double amount = 0;     ///< bytes or seconds
    std::string code = {}; ///< of the formula (formula.h), and what to
    std::vector<std::pair<std::string, std::string>> args = {}; ///< put in: for other languages
};

struct PredictOptions {
    std::size_t context = 0;  ///< positions of the cache; 0 = min(the model's, 8192), as loading does
    std::size_t depth = 0;    ///< positions in use when speeds are meant; 0 = a quarter of the context
    std::size_t threads = 0;  ///< 0 = as measured
    std::size_t prompt = 512; ///< tokens of the prompt for the time to the first token
    kernels::KvType kvType = kernels::KvType::F16;
    std::optional<double> downloadBytesPerSecond = {}; ///< overrides the measured one
};

enum class Fit {
    Comfortable, ///< "comfortable"
    Tight,       ///< "tight": loads, but leaves little memory or answers slowly
    DoesNotFit,  ///< "does_not_fit"
};
[[nodiscard]] std::string_view fitName(Fit fit);

/// Why: "memory_short" (args needed_bytes, available_bytes), "memory_total_only" (fits when other programs
/// are closed), "memory_unknown" (arg needed_bytes), "memory_little_left" (arg percent), "slow_reading"
/// (below kReadingSpeed; arg tps), "slow_prompt" (arg seconds), "family_unsupported" (arg family), "enough"
/// (args percent, tps).
struct Reason {
    std::string code;
    std::vector<std::pair<std::string, std::string>> args;
    [[nodiscard]] std::string arg(std::string_view name) const;
};
[[nodiscard]] std::string reasonText(const Reason& reason); ///< one English sentence

/// Factors by which predictions of this machine are off, from its real runs (feedback.h).
struct Correction {
    double decode = 1, prefill = 1;
    std::size_t runs = 0; ///< that it comes from
};

struct Prediction {
    std::string model, quantisation;
    std::size_t context = 0, depth = 0, threads = 1;
    kernels::KvType kvType = kernels::KvType::F16;
    std::uint64_t memoryBytes = 0; ///< sum of memory[]
    std::vector<Term> memory;
    std::uint64_t fileBytes = 0;
    double decodeTps = 0, prefillTps = 0; ///< tokens per second; 0 = no measurement to predict from
    double streamedBytes = 0;             ///< weights that one token reads
    std::vector<Term> decode;             ///< seconds per token at `depth`
    std::vector<Term> prefill;            ///< seconds per batch of 512 tokens from an empty cache
    double firstTokenSeconds = 0;         ///< of a prompt of PredictOptions::prompt tokens
    std::optional<double> loadSeconds, downloadSeconds;
    bool estimated = false; ///< some rate was derived from that of another type
    Correction correction;  ///< what the speeds were multiplied with after adding up the terms
    Fit fit = Fit::DoesNotFit;
    Reason reason;
};

/// Tokens per second that people read at; below it, waiting is felt.
inline constexpr double kReadingSpeed = 5;

/// The memory there is, for verdicts.
struct MemoryRoom {
    std::uint64_t availableBytes = 0; ///< now
    std::uint64_t totalBytes = 0;     ///< of the machine or its container; both 0 = unknown
};

/// Predicts from one measurement. Holds threads that sleep; cheap to call many times (about 0.1 ms a model).
/// Confined to one thread.
class Predictor {
public:
    Predictor(const Measurement& measurement, MemoryRoom room);
    ~Predictor();
    Predictor(Predictor&&) noexcept;
    Predictor& operator=(Predictor&&) noexcept;

    /// From here on the speeds of predictions, and what follows from them, are multiplied with this.
    void correct(const Correction& correction);

    /// `shape` must have its weights (quantised() or shapeOf()). Errors: predict.no_weights,
    /// kernels.unsupported_type, kernels.out_of_memory.
    [[nodiscard]] Result<Prediction> predict(const ModelShape& shape, const PredictOptions& options = {});

    [[nodiscard]] const Measurement& measurement() const;
    [[nodiscard]] const MemoryRoom& room() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace hearth::hardware
