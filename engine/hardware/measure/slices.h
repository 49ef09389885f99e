#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <stop_token>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/processor_time.h"

/// How everything of this folder is timed. Inside of the folder only.
namespace hearth::hardware {

using SliceClock = std::chrono::steady_clock;

inline double secondsSince(SliceClock::time_point begin) {
    return std::chrono::duration<double>(SliceClock::now() - begin).count();
}

/// Wall time, and what part of the processor time of `threads` busy threads this process really got in it.
class Watch {
public:
    explicit Watch(std::size_t threads) : m_threads(threads) {}
    [[nodiscard]] double seconds() const { return secondsSince(m_begin); }
    [[nodiscard]] double share() const {
        return (processorSeconds() - m_processBegin) / (static_cast<double>(m_threads) * seconds());
    }

private:
    std::size_t m_threads;
    double m_processBegin = processorSeconds();
    SliceClock::time_point m_begin = SliceClock::now();
};

/// Those of `all` that no other program disturbed: their `share` (see Watch) is nearly whole. Where they are
/// less than a quarter, the quarter (at least one) that was disturbed least.
template <class Sample>
std::vector<Sample> undisturbed(std::vector<Sample> all) {
    constexpr double kNearlyWhole = 0.96;
    std::sort(all.begin(), all.end(), [](const Sample& a, const Sample& b) { return a.share > b.share; });
    const auto whole =
        std::find_if(all.begin(), all.end(), [](const Sample& s) { return s.share < kNearlyWhole; });
    all.resize(std::max({static_cast<std::size_t>(whole - all.begin()), all.size() / 4,
                         std::min<std::size_t>(1, all.size())}));
    return all;
}

/// The mean of the fastest quarter (at least one): see measurement.h.
inline double fastestQuarter(std::vector<double> seconds) {
    std::sort(seconds.begin(), seconds.end());
    const std::size_t count = std::max<std::size_t>(1, seconds.size() / 4);
    return std::accumulate(seconds.begin(), seconds.begin() + static_cast<std::ptrdiff_t>(count), 0.0) /
           static_cast<double>(count);
}

/// The middle one; `values` is not empty.
inline double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Calls `slice` again and again until `budget` seconds are over, at least `least` times. Errors:
/// base.cancelled.
template <class Slice>
[[nodiscard]] Result<void> repeat(double budget, std::size_t least, const std::stop_token& stop,
                                  const Slice& slice) {
    std::size_t done = 0;
    for (const auto begin = SliceClock::now(); done < least || secondsSince(begin) < budget; ++done) {
        if (stop.stop_requested())
            return fail(kCancelled, "the measurement was cancelled");
        slice();
    }
    return {};
}

/// Times `work` that does not stream memory: the fastest quarter of at least three slices, after one that
/// does not count.
template <class Work>
[[nodiscard]] Result<double> timeSlices(double budget, const std::stop_token& stop, const Work& work) {
    work();
    std::vector<double> seconds;
    HEARTH_CHECK(repeat(budget, 3, stop, [&] {
        const auto start = SliceClock::now();
        work();
        seconds.push_back(secondsSince(start));
    }));
    return fastestQuarter(std::move(seconds));
}

} // namespace hearth::hardware
