#include "engine/kernels/avx512/primitives.h"
#include "engine/kernels/avx512/weights.h"
#include "engine/kernels/simd/bfloat16_dots.h"

/// Compiled with AVX-512 BF16 beside the set's other flags; used where the processor has it.
namespace hearth::kernels::HEARTH_AVX512_NAMESPACE {

namespace {

struct Avx512Bf16 : Avx512 {
    static Bytes splatWord(std::uint32_t word) { return _mm512_set1_epi32(static_cast<int>(word)); }
    static Floats dotBfloat16(Floats sum, Bytes a, Bytes b) {
#if defined(HEARTH_EMULATED)
        return hearth_emulated::dpbf16_ps(sum, a, b);
#else
        return _mm512_dpbf16_ps(sum, __builtin_bit_cast(__m512bh, a), __builtin_bit_cast(__m512bh, b));
#endif
    }
};

} // namespace

constinit const detail::WeightKernel kBF16Dots = bfloat16Kernel<Avx512Bf16>();

} // namespace hearth::kernels::HEARTH_AVX512_NAMESPACE
