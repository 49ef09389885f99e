#include "engine/hardware/measure/register_loop.h"
#include "engine/hardware/measure/register_rates.h"

namespace hearth::hardware {

std::size_t avx2Integer() {
#define HEARTH_OP(i) "vpmaddubsw %%ymm15, %%ymm15, %%ymm14\n vpaddw %%ymm14, %%ymm" #i ", %%ymm" #i "\n"
    std::size_t rounds = kLimitRounds;
    HEARTH_LOOP(HEARTH_TWELVE(HEARTH_OP));
    return kLimitRounds * 12 * 32;
#undef HEARTH_OP
}

std::size_t avx2Wide() {
#define HEARTH_OP(i)                                                                                         \
    "vpmaddubsw %%ymm15, %%ymm15, %%ymm14\n vpmaddwd %%ymm15, %%ymm14, %%ymm14\n"                            \
    "vpaddd %%ymm14, %%ymm" #i ", %%ymm" #i "\n"
    std::size_t rounds = kLimitRounds;
    HEARTH_LOOP(HEARTH_TWELVE(HEARTH_OP));
    return kLimitRounds * 12 * 32;
#undef HEARTH_OP
}

std::size_t avx2Float() {
#define HEARTH_OP(i) "vfmadd231ps %%ymm15, %%ymm15, %%ymm" #i "\n"
    std::size_t rounds = kLimitRounds;
    HEARTH_LOOP(HEARTH_TWELVE(HEARTH_OP));
    return kLimitRounds * 12 * 8;
#undef HEARTH_OP
}

} // namespace hearth::hardware
