#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <stop_token>
#include <vector>

#include "engine/base/error.h"

/// How everything of this folder is timed. Inside of the folder only.
namespace hearth::hardware {

using SliceClock = std::chrono::steady_clock;

inline double secondsSince(SliceClock::time_point begin) {
    return std::chrono::duration<double>(SliceClock::now() - begin).count();
}

/// The mean of the fastest quarter (at least one): see measurement.h.
inline double fastestQuarter(std::vector<double> seconds) {
    std::sort(seconds.begin(), seconds.end());
    const std::size_t count = std::max<std::size_t>(1, seconds.size() / 4);
    return std::accumulate(seconds.begin(), seconds.begin() + static_cast<std::ptrdiff_t>(count), 0.0) /
           static_cast<double>(count);
}

/// Times `work` again and again until `budget` seconds are over, at least three times after one that does not
/// count; `prepare` comes before each and is not timed. Errors: base.cancelled.
template <class Work, class Prepare>
[[nodiscard]] Result<double> timeSlices(double budget, const std::stop_token& stop, const Work& work,
                                        const Prepare& prepare) {
    constexpr std::size_t kLeast = 3;
    work();
    std::vector<double> seconds;
    for (const auto begin = SliceClock::now(); seconds.size() < kLeast || secondsSince(begin) < budget;) {
        if (stop.stop_requested())
            return fail(kCancelled, "the measurement was cancelled");
        prepare();
        const auto start = SliceClock::now();
        work();
        seconds.push_back(secondsSince(start));
    }
    return fastestQuarter(std::move(seconds));
}

template <class Work>
[[nodiscard]] Result<double> timeSlices(double budget, const std::stop_token& stop, const Work& work) {
    return timeSlices(budget, stop, work, [] {});
}

} // namespace hearth::hardware
