#include "engine/hardware/measure/register_loop.h"
#include "engine/hardware/measure/register_rates.h"

namespace hearth::hardware {

std::size_t avx512Integer() {
#define HEARTH_OP(i) "vpdpbusd %%zmm15, %%zmm15, %%zmm" #i "\n"
    std::size_t rounds = kLimitRounds;
    HEARTH_LOOP(HEARTH_TWELVE(HEARTH_OP));
    return kLimitRounds * 12 * 64;
#undef HEARTH_OP
}

std::size_t avx512Float() {
#define HEARTH_OP(i) "vfmadd231ps %%zmm15, %%zmm15, %%zmm" #i "\n"
    std::size_t rounds = kLimitRounds;
    HEARTH_LOOP(HEARTH_TWELVE(HEARTH_OP));
    return kLimitRounds * 12 * 16;
#undef HEARTH_OP
}

std::size_t avx512Bfloat16() {
#define HEARTH_OP(i) "vdpbf16ps %%zmm15, %%zmm15, %%zmm" #i "\n"
    std::size_t rounds = kLimitRounds;
    HEARTH_LOOP(HEARTH_TWELVE(HEARTH_OP));
    return kLimitRounds * 12 * 32;
#undef HEARTH_OP
}

} // namespace hearth::hardware
