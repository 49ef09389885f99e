#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "engine/hub/clock.h"

namespace hearth::hub {

/// How many bytes all transfers together may take. Confined to the hub's thread.
class SpeedLimit {
public:
    explicit SpeedLimit(std::shared_ptr<Clock> clock) : m_clock(std::move(clock)) {}
    void set(std::uint64_t bytesPerSecond); ///< 0 = no limit
    [[nodiscard]] std::uint64_t bytesPerSecond() const { return m_rate; }
    /// Takes up to `wanted` bytes out of what has become free; 0 = come again later.
    [[nodiscard]] std::uint64_t take(std::uint64_t wanted);

private:
    std::shared_ptr<Clock> m_clock;
    std::uint64_t m_rate = 0;
    double m_free = 0;
    std::chrono::milliseconds m_filled{0};
};

/// Speed over the last seconds, and what it means for the rest. Confined to one thread.
class SpeedMeter {
public:
    static constexpr std::chrono::milliseconds kWindow{8'000}, kStall{4'000};
    void reset() { m_samples.clear(); }
    void add(std::chrono::milliseconds now, std::uint64_t total);
    /// Bytes per second; 0 when nothing came for kStall.
    [[nodiscard]] double bytesPerSecond(std::chrono::milliseconds now) const;

private:
    std::deque<std::pair<std::chrono::milliseconds, std::uint64_t>> m_samples;
};

} // namespace hearth::hub
