#pragma once

#include <cstddef>

/// Compile-time loops for kernels. Internal linkage throughout: see avx2/primitives.h for why.
namespace hearth::kernels {
namespace {

template <int I>
struct Index {
    static constexpr int value = I;
};

/// body(Index<Begin>), …, body(Index<End − 1>).
template <int Begin, int End, class Body>
[[gnu::always_inline]] inline void unroll(const Body& body) {
    if constexpr (Begin < End) {
        body(Index<Begin>{});
        unroll<Begin + 1, End>(body);
    }
}

constexpr std::size_t smaller(std::size_t a, std::size_t b) {
    return a < b ? a : b;
}

/// A lambda that compilers inline whatever its size.
#define HEARTH_INLINE __attribute__((always_inline))

} // namespace
} // namespace hearth::kernels
