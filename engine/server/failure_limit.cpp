#include "engine/server/failure_limit.h"

#include <algorithm>
#include <utility>

namespace hearth::server {

namespace {

constexpr int kFree = 3;     ///< failures without a delay
constexpr int kAllNoted = 8; ///< the first ones are noted each, later ones at every doubling
constexpr int kLastStep = 7; ///< 0.1 s doubled so often is more than the longest delay
constexpr std::chrono::milliseconds kFirst{100}, kLongest{10'000};

} // namespace

FailureLimit::Verdict FailureLimit::failed(const std::string& remote, Time now) {
    if (!m_entries.contains(remote) && m_entries.size() >= kMostAddresses) {
        std::erase_if(m_entries, [&](const auto& entry) { return now - entry.second.last > kForgotten; });
        if (m_entries.size() >= kMostAddresses)
            m_entries.erase(
                std::min_element(m_entries.begin(), m_entries.end(),
                                 [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
    }
    Entry& entry = m_entries[remote];
    if (entry.failures > 0 && now - entry.last > kForgotten)
        entry = {};
    entry.last = now;
    entry.failures = std::min(entry.failures + 1, 1 << 30);
    ++entry.unnoted;
    Verdict out;
    if (entry.failures > kFree)
        out.delay = std::min(kFirst * (1 << std::min(entry.failures - kFree - 1, kLastStep)), kLongest);
    const bool doubled = (entry.failures & (entry.failures - 1)) == 0;
    if (entry.failures <= kAllNoted || doubled)
        out.note = std::exchange(entry.unnoted, 0);
    return out;
}

} // namespace hearth::server
