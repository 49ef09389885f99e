#pragma once

// Whole loops as instructions: what a compiler makes of them is not what is measured. Twelve independent sums
// hide every latency.
#define HEARTH_TWELVE(op) op(0) op(1) op(2) op(3) op(4) op(5) op(6) op(7) op(8) op(9) op(10) op(11)
#define HEARTH_LOOP(body)                                                                                    \
    asm volatile("vzeroall\n 1:\n" body "dec %0\n jnz 1b\n"                                                  \
                 : "+r"(rounds)                                                                              \
                 :                                                                                           \
                 : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",     \
                   "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15")
