#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "engine/kernels/compute.h"
#include "engine/model/config.h"

namespace hearth::model {

/// Inverse frequencies of one kind of layer and the factor that multiplies cos and sin.
struct RopeFrequencies {
    std::vector<double> inverse; ///< per rotated pair
    double magnitude = 1;
};

/// Frequencies base^(−2i/d), then: divided by `divisors` (rope_freqs or rope_factors; empty = none); by the
/// factor (linear); or interpolated between both along YaRN's ramp (Peng et al. 2023, arXiv:2309.00071,
/// "NTK-by-parts": rotations above betaFast stay, below betaSlow are divided, with magnitude
/// 1 + 0.1·ln(factor)). `attentionFactor` multiplies the magnitude of YaRN and LongRope.
[[nodiscard]] RopeFrequencies ropeFrequencies(const RopeConfig& config, double base, bool scaled,
                                              std::span<const float> divisors);

/// cos and sin for positions [0, positions). Immutable after build(); the views of table() live as long.
class RopeTables {
public:
    /// Errors: model.out_of_memory.
    [[nodiscard]] Result<void> build(const RopeFrequencies& frequencies, std::size_t positions,
                                     bool interleaved);
    [[nodiscard]] kernels::RopeTable table() const;
    [[nodiscard]] std::size_t positions() const { return m_positions; }
    [[nodiscard]] static std::uint64_t bytesFor(const RopeConfig& config, std::uint64_t positions);

private:
    std::vector<float> m_cos, m_sin;
    std::size_t m_pairs = 0, m_positions = 0;
    bool m_interleaved = false;
};

} // namespace hearth::model
