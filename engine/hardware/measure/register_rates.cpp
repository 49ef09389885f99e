#include "engine/hardware/measure/register_rates.h"

namespace hearth::hardware {

RegisterLoops registerLoops(kernels::Isa isa) {
    switch (isa) {
#if defined(HEARTH_KERNELS_X86)
    case kernels::Isa::Avx2:
        return {avx2Integer, avx2Float, nullptr};
    case kernels::Isa::Avx512:
        return {avx512Integer, avx512Float, kernels::hasBfloat16Dots() ? avx512Bfloat16 : nullptr};
#endif
    default:
        return {};
    }
}

} // namespace hearth::hardware
