#pragma once

#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace hearth::kernels {

/// Instruction sets with kernels of their own. Avx512 needs F, BW, VL, DQ and VNNI; Neon the dot products of
/// ARMv8.2 (every 64-bit ARM of the last years).
enum class Isa { Generic, Avx2, Avx512, Neon };

[[nodiscard]] std::string_view isaName(Isa isa); ///< "generic", "avx2", "avx512", "neon"

/// What this processor and operating system can execute, best last; always contains Generic.
[[nodiscard]] std::vector<Isa> availableIsas();

/// Whether Avx512 may use AVX-512 BF16's dot products here.
[[nodiscard]] bool hasBfloat16Dots();

/// The best available one, or the one that HEARTH_ISA names. Errors: kernels.unknown_isa,
/// kernels.isa_unavailable (never an illegal instruction).
[[nodiscard]] Result<Isa> chooseIsa();

} // namespace hearth::kernels
