#include "engine/hardware/measure/register_rates.h"

namespace hearth::hardware {

// As register_rates_avx2.cpp, on the 32 registers of AVX-512.
#define HEARTH_TWELVE(op) op(0) op(1) op(2) op(3) op(4) op(5) op(6) op(7) op(8) op(9) op(10) op(11)
#define HEARTH_LOOP(body)                                                                                    \
    asm volatile("vzeroall\n 1:\n" body "dec %0\n jnz 1b\n"                                                  \
                 : "+r"(rounds)                                                                              \
                 :                                                                                           \
                 : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",     \
                   "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15")

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
