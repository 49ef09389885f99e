#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace hearth::server {

/// Slows down who brings wrong keys, and keeps what is noted of them small. A key of 256 random bits is not
/// found by trying, so this is about noise; a good key is never slowed down, since on one machine everybody
/// has the same address. Confined to one thread.
class FailureLimit {
public:
    using Time = std::chrono::steady_clock::time_point;

    struct Verdict {
        std::chrono::milliseconds delay{0}; ///< before the answer
        int note = 0; ///< failures to be noted now, this one included; 0 = a later note counts it
    };
    /// One more failure from an address: nothing up to three, then 0.1, 0.2, 0.4 … seconds, at most ten.
    [[nodiscard]] Verdict failed(const std::string& remote, Time now);

    static constexpr std::chrono::minutes kForgotten{15}; ///< without a failure
    static constexpr std::size_t kMostAddresses = 1024;

private:
    struct Entry {
        int failures = 0, unnoted = 0;
        Time last;
    };
    std::map<std::string, Entry> m_entries;
};

} // namespace hearth::server
