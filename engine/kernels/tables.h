#pragma once

#include "engine/kernels/kernel_table.h"

/// The tables of the instruction sets that this build has (HEARTH_KERNELS_X86, HEARTH_KERNELS_ARM).
namespace hearth::kernels {
namespace avx2 {
extern const detail::KernelTable kTable;
}
namespace avx512 {
extern const detail::KernelTable kTable;
extern const detail::KernelTable kBf16Table; ///< with bfloat16 dot products
} // namespace avx512
namespace neon {
extern const detail::KernelTable kTable;
}
} // namespace hearth::kernels
