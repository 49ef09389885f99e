#pragma once

#include <cstddef>

/// What the processor can do at most, measured in registers: the limits that kernels are held against.
namespace hearth::bench {

/// Multiply-adds per call of each loop below.
inline constexpr std::size_t kLimitRounds = 20000;

/// Each runs independent chains of the best instruction sequence of its set for kLimitRounds rounds, and
/// returns the multiply-adds done.
std::size_t avx2Integer();   ///< vpmaddubsw + vpaddw: unsigned weights of at most 4 bits
std::size_t avx2Wide();      ///< vpmaddubsw + vpmaddwd + vpaddd: 8-bit weights
std::size_t avx2Float();     ///< vfmadd
std::size_t avx512Integer(); ///< vpdpbusd
std::size_t avx512Float();

} // namespace hearth::bench
