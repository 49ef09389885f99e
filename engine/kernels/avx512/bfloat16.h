#pragma once

#include "engine/kernels/avx512/primitives.h"
#include "engine/kernels/simd/unroll.h"

/// What AVX-512 BF16 adds. Instructions are named in assembly, where the compiler's intrinsics would keep
/// sums in memory; used only where hasBfloat16Dots().
namespace hearth::kernels {
namespace {

struct Avx512Bf16 : Avx512 {
    static constexpr bool kBfloat16Dots = true;

    static Bytes splatWord(std::uint32_t word) { return _mm512_set1_epi32(static_cast<int>(word)); }
    /// Adds two products a lane.
    static Floats dotBfloat16(Floats sum, Bytes a, Bytes b) {
#if defined(HEARTH_EMULATED)
        return hearth_emulated::dpbf16_ps(sum, a, b);
#else
        asm("vdpbf16ps %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
        return sum;
#endif
    }
    /// Words of two numbers rounded to bfloat16, `even` in the low half.
    static Bytes bfloat16Pairs(Floats even, Floats odd) {
        return _mm512_or_si512(_mm512_srli_epi32(rounded(even), 16),
                               _mm512_and_si512(rounded(odd), _mm512_set1_epi32(~0xFFFF)));
    }
    /// kLanes numbers, rounded, in order.
    static void toBfloat16(void* to, Floats v) {
#if defined(HEARTH_EMULATED)
        std::uint32_t words[kLanes];
        storeBytes(words, rounded(v));
        for (std::size_t i = 0; i < kLanes; ++i)
            __builtin_memcpy(static_cast<std::uint8_t*>(to) + 2 * i,
                             reinterpret_cast<const std::uint8_t*>(words + i) + 2, 2);
#else
        __m256i halves;
        asm("vcvtneps2bf16 %1, %0" : "=v"(halves) : "v"(v));
        _mm256_storeu_si256(static_cast<__m256i*>(to), halves);
#endif
    }

    /// 32 numbers, rounded, in order.
    static Bytes bfloat16Words(Floats first, Floats second) {
#if defined(HEARTH_EMULATED)
        std::uint16_t words[2 * kLanes];
        toBfloat16(words, first);
        toBfloat16(words + kLanes, second);
        return loadBytes(words);
#else
        Bytes words;
        asm("vcvtne2ps2bf16 %1, %2, %0" : "=v"(words) : "v"(first), "v"(second));
        return words;
#endif
    }
    /// Words of float16 as bfloat16 of 2⁻¹¹² times their value, rounded to the nearest; subnormal ones are
    /// subnormal again.
    static Bytes bfloat16OfHalfBits(Bytes half) {
        const Bytes rounded = _mm512_add_epi16(half, _mm512_set1_epi16(4));
        return bitAnd(shiftRightSigned<3>(rounded), _mm512_set1_epi16(static_cast<short>(0x8FFF)));
    }
    /// Whether a word has one of these bits.
    static bool anyWord(Bytes v, int bits) {
        return _mm512_test_epi16_mask(v, _mm512_set1_epi16(static_cast<short>(bits))) != 0;
    }
    /// Whether a lane of `a` is above that of `b`.
    static bool anyAbove(Floats a, Floats b) {
        return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ) != 0;
    }
    /// Lanes [begin, end) of v, `other` elsewhere; any bounds.
    static Floats within(Floats v, int begin, int end, Floats other) {
        const auto below = [](int lanes) {
            return lanes <= 0 ? 0U : lanes >= int(kLanes) ? 0xFFFFU : (1U << lanes) - 1;
        };
        return _mm512_mask_mov_ps(other, static_cast<std::uint16_t>(below(end) & ~below(begin)), v);
    }
    /// Four numbers as every quarter.
    static Floats splatFour(const float* from) {
        return _mm512_broadcast_f32x4(_mm_loadu_ps(from));
    }
    /// The first quarter.
    static void storeFour(float* to, Floats v) {
        _mm_storeu_ps(to, _mm512_castps512_ps128(v));
    }
    /// In every quarter, lane j is the largest of v[j], j = 0…3.
    static Floats largestOfFour(const Floats* v) {
        const __m512 ab = max(_mm512_unpacklo_ps(v[0], v[1]), _mm512_unpackhi_ps(v[0], v[1]));
        const __m512 cd = max(_mm512_unpacklo_ps(v[2], v[3]), _mm512_unpackhi_ps(v[2], v[3]));
        const __m512d low = _mm512_unpacklo_pd(_mm512_castps_pd(ab), _mm512_castps_pd(cd));
        const __m512d high = _mm512_unpackhi_pd(_mm512_castps_pd(ab), _mm512_castps_pd(cd));
        const __m512 quarters = max(_mm512_castpd_ps(low), _mm512_castpd_ps(high));
        const __m512 halves = max(quarters, _mm512_shuffle_f32x4(quarters, quarters, 0x4E));
        return max(halves, _mm512_shuffle_f32x4(halves, halves, 0xB1));
    }
    /// Words of the lower and of the upper halves of every quarter, in turn.
    static Bytes interleaveLowWords(Bytes a, Bytes b) {
        return _mm512_unpacklo_epi16(a, b);
    }
    static Bytes interleaveHighWords(Bytes a, Bytes b) {
        return _mm512_unpackhi_epi16(a, b);
    }
    /// 16 bytes as every quarter.
    static Bytes splatQuarter(const void* from) {
        return _mm512_broadcast_i32x4(_mm_loadu_si128(static_cast<const __m128i*>(from)));
    }
    /// Quarter j of v[i] becomes quarter i of v[j].
    static void turnQuarters(Bytes* v) {
        const auto pick = [](Bytes a, Bytes b, auto order) {
            return _mm512_castps_si512(
                _mm512_shuffle_f32x4(_mm512_castsi512_ps(a), _mm512_castsi512_ps(b), decltype(order)::value));
        };
        const Bytes low01 = pick(v[0], v[1], Index<0x44>{}), high01 = pick(v[0], v[1], Index<0xEE>{});
        const Bytes low23 = pick(v[2], v[3], Index<0x44>{}), high23 = pick(v[2], v[3], Index<0xEE>{});
        v[0] = pick(low01, low23, Index<0x88>{});
        v[1] = pick(low01, low23, Index<0xDD>{});
        v[2] = pick(high01, high23, Index<0x88>{});
        v[3] = pick(high01, high23, Index<0xDD>{});
    }

private:
    /// The upper 16 bits are the nearest bfloat16, ties to even.
    static __m512i rounded(Floats v) {
        const __m512i bits = _mm512_castps_si512(v);
        const __m512i tie = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
        return _mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7FFF)), tie);
    }
};

} // namespace
} // namespace hearth::kernels
