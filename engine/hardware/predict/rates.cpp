#include "engine/hardware/predict/rates.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace hearth::hardware {

namespace {

double bitsOf(DType type) {
    const DTypeTraits& traits = traitsOf(type);
    return 8.0 * traits.blockBytes / traits.blockSize;
}

} // namespace

const KernelRate* nearestRate(const Measurement& measurement, DType type, bool& estimated) {
    if (const KernelRate* exact = measurement.rate(type))
        return exact;
    estimated = true;
    const KernelRate* best = nullptr;
    for (const KernelRate& rate : measurement.kernels)
        if (rate.isa == measurement.isa && (!best || std::abs(bitsOf(rate.type) - bitsOf(type)) <
                                                         std::abs(bitsOf(best->type) - bitsOf(type))))
            best = &rate;
    return best;
}

const AttentionRate* nearestAttention(const Measurement& measurement, kernels::KvType kvType,
                                      std::size_t headDim) {
    const auto distance = [&](const AttentionRate& rate) {
        return std::tuple(rate.kvType != kvType, (rate.headDim < kShortHead) != (headDim < kShortHead),
                          std::max(rate.headDim, headDim) - std::min(rate.headDim, headDim));
    };
    const auto best = std::min_element(
        measurement.attention.begin(), measurement.attention.end(),
        [&](const AttentionRate& a, const AttentionRate& b) { return distance(a) < distance(b); });
    return best == measurement.attention.end() ? nullptr : &*best;
}

double bandwidthFactor(const Measurement& measurement, std::size_t threads) {
    const auto at = [&](std::size_t count) {
        double best = 0;
        for (const ThreadBandwidth& point : measurement.bandwidth)
            if (point.threads <= count)
                best = std::max(best, point.bytesPerSecond);
        return best;
    };
    const double measured = at(measurement.threads);
    return measured > 0 ? at(threads) / measured : 1;
}

} // namespace hearth::hardware
