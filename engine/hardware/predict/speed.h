#pragma once

#include <vector>

#include "engine/hardware/predict/footprint.h"

namespace hearth::hardware {

/// Seconds of reading weights once: from memory, and out of the caches.
struct StreamTime {
    double memory = 0, cached = 0;
    void add(const StreamTime& more, double part = 1) {
        memory += part * more.memory;
        cached += part * more.cached;
    }
    /// Where the part `uncached` comes from memory.
    [[nodiscard]] double at(double uncached) const { return cached + uncached * (memory - cached); }
};

/// Where the time of a step goes, from measured rates. A step streams every weight it uses once: one token
/// takes (bytes ÷ the decode rate of their type); many tokens take (operations ÷ the prefill rate), or that,
/// whichever is longer. Attention, fork-joins and the elementwise operations are added. What a small model
/// reads stays in the caches from one token to the next, as far as the measured staircase says. Inside of
/// predict/ and its tests.
class StepModel {
public:
    /// `measurement` must outlive the StepModel. Errors: kernels.unsupported_type.
    [[nodiscard]] static Result<StepModel> create(const ModelShape& shape, const Measurement& measurement,
                                                  std::size_t threads, kernels::KvType kvType,
                                                  Footprint& footprint);
    [[nodiscard]] bool known() const { return m_known; }         ///< something was measured
    [[nodiscard]] bool estimated() const { return m_estimated; } ///< some type was not

    [[nodiscard]] double streamedBytes() const { return m_streamed; } ///< weights that one token reads
    /// Seconds of one token with `depth` positions before it.
    [[nodiscard]] std::vector<Term> decode(std::size_t depth) const;
    /// Seconds of one pass of `tokens` prompt tokens after `first` others.
    [[nodiscard]] std::vector<Term> prefill(std::size_t first, std::size_t tokens) const;
    /// Seconds of a whole prompt in passes of runtime::kMaxBatch.
    [[nodiscard]] double prompt(std::size_t tokens) const;

private:
    StepModel() = default;
    /// The part of what a step reads that does not stay in caches until the next one.
    [[nodiscard]] double uncached(double bytes) const;
    [[nodiscard]] double cellSeconds(double fromMemory) const;
    [[nodiscard]] Term calls(double cellsOfLayer, double uncached) const;
    [[nodiscard]] double cells(std::size_t first, std::size_t tokens) const;
    [[nodiscard]] double inputs() const; ///< values that a token puts into products, over all layers

    const Measurement* m_measurement = nullptr;
    double m_cacheSpeed = 0, m_memorySpeed = 0; ///< of one thread that reads kCachedBytes, and far more
    model::ModelConfig m_config;
    double m_threads = 1;
    StreamTime m_stream;           ///< of all weights that one token uses, without the output matrix
    StreamTime m_denseStream;      ///< the part of it that is not experts
    StreamTime m_expertStream;     ///< of all experts once
    StreamTime m_output;           ///< of the output matrix, for one row
    double m_denseSeconds = 0;     ///< of a prompt token's products, experts left out
    double m_expertSeconds = 0;    ///< of a prompt token's products with its experts
    double m_inputSeconds = 0;     ///< of a prompt token's inputs of all products
    double m_streamed = 0;         ///< bytes behind m_stream and m_output
    double m_attentionThreads = 1; ///< that one token's attention runs on
    AttentionRate m_attention;
    kernels::KvType m_kvType = kernels::KvType::F16;
    StepCosts m_step;
    bool m_known = false, m_estimated = false;
};

[[nodiscard]] double sum(const std::vector<Term>& terms);

} // namespace hearth::hardware
