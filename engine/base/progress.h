#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>

namespace hearth {

/// How far a long operation is. `phase` is a stable identifier ("load.map", "load.pack"); `total` 0 =
/// unknown.
struct Progress {
    std::string_view phase;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
};

/// Called from the working thread, at most a few dozen times a second; must return quickly. May be empty.
using ProgressSink = std::function<void(const Progress&)>;

} // namespace hearth
