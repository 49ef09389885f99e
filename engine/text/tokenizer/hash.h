#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace hearth::text {

/// A value chosen once per process, mixed into every hash here, so that a model file cannot be written to
/// make the tables degenerate. Results never depend on it.
[[nodiscard]] std::uint64_t hashSeed();

[[nodiscard]] inline std::uint64_t mixHash(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = Wide(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

[[nodiscard]] inline std::uint64_t hashPair(std::uint64_t key, std::uint64_t seed) {
    return mixHash(key ^ seed, 0x9E3779B97F4A7C15u);
}

[[nodiscard]] inline std::uint64_t hashBytes(std::string_view bytes, std::uint64_t seed) {
    constexpr std::uint64_t kPrime1 = 0xA0761D6478BD642Fu, kPrime2 = 0xE7037ED1A0B428DBu;
    std::uint64_t hash = seed ^ bytes.size() * kPrime2;
    const char* data = bytes.data();
    std::size_t left = bytes.size();
    std::uint64_t word = 0;
    for (; left > 8; left -= 8, data += 8) {
        std::memcpy(&word, data, 8);
        hash = mixHash(hash ^ word, kPrime1);
    }
    word = 0;
    if (left) // An empty view may carry a null pointer.
        std::memcpy(&word, data, left);
    return mixHash(hash ^ word, kPrime2);
}

/// A power of two that keeps an open-addressing table of `count` entries at most two thirds full.
[[nodiscard]] inline std::size_t hashCapacity(std::size_t count) {
    std::size_t capacity = 16;
    while (capacity * 2 < count * 3)
        capacity *= 2;
    return capacity;
}

} // namespace hearth::text
