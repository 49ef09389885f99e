#pragma once

#include <array>
#include <cstdint>

namespace hearth::sampling {

/// xoshiro256** 1.0 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), its state
/// filled by SplitMix64 from the seed as its authors advise. Written here rather than taken from <random>, so
/// that a seed gives the same numbers with every compiler and library. Not for secrets. Confined to one
/// thread.
class Random {
public:
    explicit Random(std::uint64_t seed);
    [[nodiscard]] std::uint64_t next();
    /// Uniform in [0, 1), 53 bits.
    [[nodiscard]] double uniform();

private:
    std::array<std::uint64_t, 4> m_state;
};

/// A seed from the operating system, never 0.
[[nodiscard]] std::uint64_t systemSeed();

} // namespace hearth::sampling
