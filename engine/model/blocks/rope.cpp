#include "engine/model/blocks/rope.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <numbers>

namespace hearth::model {

namespace {

/// The pair whose wavelength makes `rotations` turns within the original context.
double pairOfRotations(const RopeConfig& config, double base, double rotations) {
    const auto dims = static_cast<double>(config.dimensions);
    return dims * std::log(static_cast<double>(config.originalContext) / (rotations * 2 * std::numbers::pi)) /
           (2 * std::log(base));
}

} // namespace

RopeFrequencies ropeFrequencies(const RopeConfig& config, double base, bool scaled,
                                std::span<const float> divisors) {
    const std::size_t pairs = config.dimensions / 2;
    RopeFrequencies out;
    out.inverse.resize(pairs);
    for (std::size_t i = 0; i < pairs; ++i) {
        out.inverse[i] =
            std::pow(base, -2.0 * static_cast<double>(i) / static_cast<double>(config.dimensions));
        if (i < divisors.size())
            out.inverse[i] /= static_cast<double>(divisors[i]);
    }
    if (!scaled)
        return out;
    const auto factor = static_cast<double>(config.factor);
    switch (config.scaling) {
    case RopeScaling::None:
        break;
    case RopeScaling::Linear:
        for (double& value : out.inverse)
            value /= factor;
        break;
    case RopeScaling::Yarn: {
        const double low =
            std::max(0.0, std::floor(pairOfRotations(config, base, static_cast<double>(config.betaFast))));
        const double high =
            std::min(static_cast<double>(config.dimensions) - 1,
                     std::ceil(pairOfRotations(config, base, static_cast<double>(config.betaSlow))));
        for (std::size_t i = 0; i < pairs; ++i) {
            const double ramp =
                std::clamp((static_cast<double>(i) - low) / std::max(0.001, high - low), 0.0, 1.0);
            out.inverse[i] = out.inverse[i] / factor * ramp + out.inverse[i] * (1 - ramp);
        }
        out.magnitude = (1 + 0.1 * std::log(factor)) * static_cast<double>(config.attentionFactor);
        break;
    }
    case RopeScaling::LongRope:
        out.magnitude = static_cast<double>(config.attentionFactor);
        break;
    }
    return out;
}

Result<void> RopeTables::build(const RopeFrequencies& frequencies, std::size_t positions, bool interleaved) {
    m_pairs = frequencies.inverse.size();
    m_interleaved = interleaved;
    m_positions = 0;
    try {
        m_cos.resize(positions * m_pairs);
        m_sin.resize(positions * m_pairs);
    } catch (const std::bad_alloc&) {
        return fail("model.out_of_memory",
                    "no memory for the rotary tables of " + std::to_string(positions) + " positions");
    }
    // In double: at position 10⁵ a float angle is off by 0.004.
    for (std::size_t p = 0; p < positions; ++p)
        for (std::size_t i = 0; i < m_pairs; ++i) {
            const double angle = static_cast<double>(p) * frequencies.inverse[i];
            m_cos[p * m_pairs + i] = static_cast<float>(std::cos(angle) * frequencies.magnitude);
            m_sin[p * m_pairs + i] = static_cast<float>(std::sin(angle) * frequencies.magnitude);
        }
    m_positions = positions;
    return {};
}

kernels::RopeTable RopeTables::table() const {
    return {m_cos.data(), m_sin.data(), m_pairs, m_interleaved};
}

std::uint64_t RopeTables::bytesFor(const RopeConfig& config, std::uint64_t positions) {
    const std::uint64_t tables = config.separateLocal ? 2 : 1;
    return positions * (config.dimensions / 2) * 2 * sizeof(float) * tables;
}

} // namespace hearth::model
