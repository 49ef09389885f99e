#pragma once

#include <cstddef>

#include "engine/kernels/isa.h"

/// What the processor can do at most, measured in registers: the limits that kernels are held against.
namespace hearth::hardware {

/// Multiply-adds per call of each loop below.
inline constexpr std::size_t kLimitRounds = 20000;

/// Each runs independent chains of the best instruction sequence of its set for kLimitRounds rounds, and
/// returns the multiply-adds done.
std::size_t avx2Integer();   ///< vpmaddubsw + vpaddw: unsigned weights of at most 4 bits
std::size_t avx2Wide();      ///< vpmaddubsw + vpmaddwd + vpaddd: 8-bit weights
std::size_t avx2Float();     ///< vfmadd
std::size_t avx512Integer(); ///< vpdpbusd
std::size_t avx512Float();
std::size_t avx512Bfloat16(); ///< vdpbf16ps

/// The loops of one set; nullptr where it has none.
struct RegisterLoops {
    std::size_t (*integer)() = nullptr;
    std::size_t (*real)() = nullptr;
    std::size_t (*bfloat16)() = nullptr; ///< where hasBfloat16Dots()
};
[[nodiscard]] RegisterLoops registerLoops(kernels::Isa isa);

} // namespace hearth::hardware
