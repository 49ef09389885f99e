#include "engine/hardware/measure/register_rates.h"

namespace hearth::hardware {

RegisterLoops registerLoops(kernels::Isa isa) {
    switch (isa) {
#if defined(HEARTH_KERNELS_X86)
    case kernels::Isa::Avx2:
        return {avx2Integer, avx2Float};
    case kernels::Isa::Avx512:
        return {avx512Integer, avx512Float};
#endif
    default:
        return {};
    }
}

} // namespace hearth::hardware
