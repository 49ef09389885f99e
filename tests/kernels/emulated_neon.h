#pragma once

/// The intrinsics that neon/ uses, in plain C++, from SIMD Everywhere (which lacks the division). Included
/// before those sources (-include) in the tests' build of them on other processors.
#define HEARTH_EMULATED

#if defined(__GNUC__)
#pragma GCC system_header
#endif

// 64-bit vectors as MMX would leave the registers of long double unusable.
#define SIMDE_X86_MMX_NO_NATIVE
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/arm/neon.h>

#if !defined(vdivq_f32)
static inline float32x4_t vdivq_f32(float32x4_t a, float32x4_t b) {
    float x[4], y[4];
    vst1q_f32(x, a);
    vst1q_f32(y, b);
    for (int i = 0; i < 4; ++i)
        x[i] /= y[i];
    return vld1q_f32(x);
}
#endif
