#pragma once

#include <vector>

#include "engine/hardware/predict/footprint.h"

namespace hearth::hardware {

/// Where the time of a step goes, from measured rates. A step streams every weight it uses once: one token
/// takes (bytes ÷ the decode rate of their type); many tokens take (operations ÷ the prefill rate), or that,
/// whichever is longer. Attention, fork-joins and the elementwise operations are added. Inside of predict/
/// and its tests.
class StepModel {
public:
    /// Errors: kernels.unsupported_type.
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
    [[nodiscard]] double cells(std::size_t first, std::size_t tokens) const;
    [[nodiscard]] double inputs() const; ///< values that a token puts into products, over all layers

    model::ModelConfig m_config;
    double m_threads = 1;
    double m_streamSeconds = 0; ///< of all weights that one token uses, without the output matrix
    double m_denseStream = 0;   ///< the part of it that is not experts
    double m_outputSeconds = 0; ///< of the output matrix, for one row
    double m_denseSeconds = 0;  ///< of a prompt token's products, experts left out
    double m_expertSeconds = 0; ///< of a prompt token's products with its experts
    double m_expertStream = 0;  ///< of streaming all experts once
    double m_inputSeconds = 0;  ///< of a prompt token's inputs of all products
    double m_streamed = 0;      ///< bytes behind m_streamSeconds and m_outputSeconds
    AttentionRate m_attention;
    kernels::KvType m_kvType = kernels::KvType::F16;
    StepCosts m_step;
    bool m_known = false, m_estimated = false;
};

[[nodiscard]] double sum(const std::vector<Term>& terms);

} // namespace hearth::hardware
