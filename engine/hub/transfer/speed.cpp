#include "engine/hub/transfer/speed.h"

#include <algorithm>

namespace hearth::hub {

namespace {
constexpr double kBurstSeconds = 0.25; // more would come in jerks
constexpr std::chrono::milliseconds kSpacing{200};
} // namespace

void SpeedLimit::set(std::uint64_t bytesPerSecond) {
    m_rate = bytesPerSecond;
    m_free = 0;
    m_filled = m_clock->now();
}

std::uint64_t SpeedLimit::take(std::uint64_t wanted) {
    if (m_rate == 0)
        return wanted;
    const auto now = m_clock->now();
    const double rate = static_cast<double>(m_rate);
    m_free += rate * static_cast<double>((now - m_filled).count()) / 1000;
    m_free = std::min(m_free, std::max(1.0, rate * kBurstSeconds));
    m_filled = now;
    const auto taken = std::min(wanted, static_cast<std::uint64_t>(m_free));
    m_free -= static_cast<double>(taken);
    return taken;
}

void SpeedMeter::add(std::chrono::milliseconds now, std::uint64_t total) {
    if (m_samples.size() > 1 && now - m_samples[m_samples.size() - 2].first < kSpacing)
        m_samples.back() = {now, total};
    else
        m_samples.emplace_back(now, total);
    while (m_samples.size() > 2 && now - m_samples.front().first > kWindow)
        m_samples.pop_front();
}

double SpeedMeter::bytesPerSecond(std::chrono::milliseconds now) const {
    if (m_samples.size() < 2 || now - m_samples.back().first > kStall)
        return 0;
    const auto passed = std::max<std::int64_t>(1, (now - m_samples.front().first).count());
    const auto bytes = m_samples.back().second - std::min(m_samples.front().second, m_samples.back().second);
    return 1000.0 * static_cast<double>(bytes) / static_cast<double>(passed);
}

} // namespace hearth::hub
