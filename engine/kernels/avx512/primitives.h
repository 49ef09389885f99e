#pragma once

#include <cstddef>
#include <cstdint>

// Tests build these sources a second time on an emulation of the intrinsics, which brings its own headers.
#if !defined(HEARTH_EMULATED)
#include <immintrin.h>
#endif

#include "engine/kernels/isa.h"

/// AVX-512 (F, BW, VL, DQ) with VNNI under the shared algorithms of simd/. Internal linkage: see
/// avx2/primitives.h.
namespace hearth::kernels {
namespace {

struct Avx512 {
    static constexpr Isa kIsa = Isa::Avx512;
    static constexpr std::size_t kLanes = 16, kBytes = 64;
    static constexpr bool kWideUnsigned = true;
    /// 4 × 6 sums, 4 vectors of weights and one of activations leave three registers of 32.
    static constexpr int kTileVectors = 4, kTileTokens = 4, kFloatTileTokens = 6, kDecodeTokens = 8;
    /// Prefill brings weights to one scale per 256 columns (simd/rescaled.h): measured on Zen 4, that
    /// multiplies at 92 % of the rate of vpdpbusd; with the types' own scales it is 75 % at most.
    static constexpr bool kBfloat16Dots = false;
    /// Rows of scores that attention computes together, 4 vectors of keys each.
    static constexpr int kScoreRows = 4;
    static constexpr bool kRescales = true;
    static constexpr int kRescaledTileTokens = 6;
    static constexpr std::size_t kDecodeLimit = 8, kPassDecodeLimit = 8, kWholeDecodeLimit = 8;
    static constexpr int kPassVectors = kTileVectors, kPasses = 1, kPlainTileTokens = kTileTokens;
    static constexpr bool kMultipliesWords = false;
    static constexpr bool kHoldsCodes = true; ///< see DecodeCodes
    /// Bytes ahead at which decode asks for memory (see prefetchPanel); 0 = never. Measured on Zen 4 with two
    /// threads as a share of plain reads at 60 GB/s, 8192 rows of 2048 columns and 2048 of 8192: Q6_K 82 and
    /// 76 % without asking, 69 and 67 % asked 2048 ahead; Q3_K 71 and 65 % without, 71 and 69 % asked; Q2_K
    /// 68 and 55 % without, 68 and 65 % asked.
    static constexpr std::size_t kDecodePrefetch = 0, kSmallPrefetch = 2048;
    static constexpr std::size_t kFloatPrefetch = 0;
    /// Several inputs: Q8_0 for eight 94 % in place of 56, Q4_0 for four 95 in place of 80.
    static constexpr std::size_t kNearPrefetch = 2048, kFarPrefetch = 16384;

    using Bytes = __m512i;
    using Floats = __m512;

    static void prefetch(const void* at) { _mm_prefetch(static_cast<const char*>(at), _MM_HINT_T0); }
    static void prefetchFar(const void* at) { _mm_prefetch(static_cast<const char*>(at), _MM_HINT_T1); }

    // Bytes -------------------------------------------------------------------------------------------------
    static Bytes loadBytes(const void* from) { return _mm512_loadu_si512(from); }
    static void storeBytes(void* to, Bytes v) { _mm512_storeu_si512(to, v); }
    static Bytes splatByte(int value) { return _mm512_set1_epi8(static_cast<char>(value)); }
    static Bytes splat4(const std::int8_t* from) {
        int word;
        __builtin_memcpy(&word, from, sizeof word);
        return _mm512_set1_epi32(word);
    }
    static Bytes bitAnd(Bytes a, Bytes b) { return _mm512_and_si512(a, b); }
    static Bytes bitOr(Bytes a, Bytes b) { return _mm512_or_si512(a, b); }
    static Bytes bitXor(Bytes a, Bytes b) { return _mm512_xor_si512(a, b); }
    template <int Count>
    static Bytes shiftRight(Bytes v) {
        return _mm512_srli_epi16(v, Count);
    }
    template <int Count>
    static Bytes shiftLeft(Bytes v) {
        return _mm512_slli_epi16(v, Count);
    }
    // Integers of 32 bits
    static Bytes splatInt(const std::int32_t* from) { return _mm512_set1_epi32(*from); }
    static Bytes zeroInts() { return _mm512_setzero_si512(); }
    template <int Shift>
    static Bytes negativeShifted(Bytes v) {
        return _mm512_sub_epi32(_mm512_setzero_si512(), _mm512_slli_epi32(v, Shift));
    }
    static Floats toFloats(Bytes v) { return _mm512_cvtepi32_ps(v); }
    static void sumsOf16(const std::int8_t* q, std::int32_t* sums) {
        const auto fours = [&](int i) {
            return dot(_mm512_setzero_si512(), splatByte(1), loadBytes(q + 64 * i));
        };
        // As avx2/primitives.h: quarters of a vector are sixteens.
        const __m512i a = fours(0), b = fours(1), c = fours(2), d = fours(3);
        const __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
        const __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
        // Every quarter: a, b, c, d of that sixteen.
        const __m512i all = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
        storeBytes(sums, _mm512_permutexvar_epi32(
                             _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), all));
    }
    static Bytes table16(const std::int8_t* entries) {
        return _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(entries)));
    }
    static Bytes lookup(Bytes table, Bytes index) { return _mm512_shuffle_epi8(table, index); }

    // Words of 16 bits: see simd/rescaled.h
    static Bytes widenLow(Bytes v) { return _mm512_unpacklo_epi8(v, _mm512_setzero_si512()); }
    static Bytes widenHigh(Bytes v) { return _mm512_unpackhi_epi8(v, _mm512_setzero_si512()); }
    static Bytes packUnsigned(Bytes low, Bytes high) { return _mm512_packus_epi16(low, high); }
    static Bytes addWords(Bytes a, Bytes b) { return _mm512_add_epi16(a, b); }
    static Bytes mulHighRounded(Bytes a, Bytes b) { return _mm512_mulhrs_epi16(a, b); }
    template <int Count>
    static Bytes shiftRightSigned(Bytes v) {
        return _mm512_srai_epi16(v, Count);
    }
    static Bytes interleaveLowInts(Bytes a, Bytes b) { return _mm512_unpacklo_epi32(a, b); }
    static Bytes interleaveHighInts(Bytes a, Bytes b) { return _mm512_unpackhi_epi32(a, b); }
    /// Every number rounded, as both halves of 32 bits.
    static Bytes doubledWords(Floats v) {
        const __m512i whole = _mm512_cvtps_epi32(v);
        return _mm512_or_si512(_mm512_and_si512(whole, _mm512_set1_epi32(0xFFFF)),
                               _mm512_slli_epi32(whole, 16));
    }

    // Floats ------------------------------------------------------------------------------------------------
    static Floats zero() { return _mm512_setzero_ps(); }
    static Floats splat(float value) { return _mm512_set1_ps(value); }
    static Floats load(const float* from) { return _mm512_loadu_ps(from); }
    static void store(float* to, Floats v) { _mm512_storeu_ps(to, v); }
    /// To memory, past the caches; `to` is a multiple of kBytes. Seen by other threads after endStream().
    static void stream(float* to, Floats v) { _mm512_stream_ps(to, v); }
    static void endStream() { _mm_sfence(); }
    static Floats add(Floats a, Floats b) { return _mm512_add_ps(a, b); }
    static Floats sub(Floats a, Floats b) { return _mm512_sub_ps(a, b); }
    static Floats mul(Floats a, Floats b) { return _mm512_mul_ps(a, b); }
    static Floats div(Floats a, Floats b) { return _mm512_div_ps(a, b); }
    static Floats fma(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }
    static Floats max(Floats a, Floats b) { return _mm512_max_ps(a, b); }
    static Floats min(Floats a, Floats b) { return _mm512_min_ps(a, b); }
    static Floats abs(Floats a) { return _mm512_andnot_ps(_mm512_set1_ps(-0.0F), a); }
    static Floats copySign(Floats magnitude, Floats sign) {
        const __m512 bit = _mm512_set1_ps(-0.0F);
        return _mm512_or_ps(_mm512_andnot_ps(bit, magnitude), _mm512_and_ps(bit, sign));
    }
    static Floats round(Floats a) {
        return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    }
    static Floats scaleByPower(Floats a, Floats n) { return _mm512_scalef_ps(a, n); }
    static float sum(Floats v) {
        const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps(v, 1));
        const __m128 four = _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
        const __m128 pair = _mm_add_ps(four, _mm_movehl_ps(four, four));
        return _mm_cvtss_f32(_mm_add_ss(pair, _mm_shuffle_ps(pair, pair, 1)));
    }
    static float largest(Floats v) {
        const __m256 half = _mm256_max_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps(v, 1));
        const __m128 four = _mm_max_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
        const __m128 pair = _mm_max_ps(four, _mm_movehl_ps(four, four));
        return _mm_cvtss_f32(_mm_max_ss(pair, _mm_shuffle_ps(pair, pair, 1)));
    }
    /// In every quarter, lane j is the sum of that quarter of v[j], j = 0…3.
    static Floats sumsOfQuarters(const Floats* v) {
        const __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(v[0], v[1]), _mm512_unpackhi_ps(v[0], v[1]));
        const __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(v[2], v[3]), _mm512_unpackhi_ps(v[2], v[3]));
        const __m512d low = _mm512_unpacklo_pd(_mm512_castps_pd(ab), _mm512_castps_pd(cd));
        const __m512d high = _mm512_unpackhi_pd(_mm512_castps_pd(ab), _mm512_castps_pd(cd));
        return _mm512_add_ps(_mm512_castpd_ps(low), _mm512_castpd_ps(high));
    }
    static Floats sums(const Floats* v) {
        const __m512 a = sumsOfQuarters(v), b = sumsOfQuarters(v + 4), c = sumsOfQuarters(v + 8),
                     d = sumsOfQuarters(v + 12);
        const __m512 ab = addQuarters(a, b), cd = addQuarters(c, d);
        return addQuarters(ab, cd);
    }
    /// Lane j of v[i] becomes lane i of v[j].
    static void transpose(Floats* v) {
        __m512 t[16], u[16];
        for (int i = 0; i < 16; i += 2) {
            t[i] = _mm512_unpacklo_ps(v[i], v[i + 1]);
            t[i + 1] = _mm512_unpackhi_ps(v[i], v[i + 1]);
        }
        for (int i = 0; i < 16; i += 4)
            for (int j = 0; j < 2; ++j) {
                const __m512d a = _mm512_castps_pd(t[i + j]), b = _mm512_castps_pd(t[i + j + 2]);
                u[i + 2 * j] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, b));
                u[i + 2 * j + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(a, b));
            }
        // Quarter q of u[4·i + j] now holds lane 4·q + j of rows 4·i … 4·i + 3.
        for (int j = 0; j < 4; ++j) {
            const __m512 a = _mm512_shuffle_f32x4(u[j], u[4 + j], 0x88);
            const __m512 b = _mm512_shuffle_f32x4(u[j], u[4 + j], 0xDD);
            const __m512 c = _mm512_shuffle_f32x4(u[8 + j], u[12 + j], 0x88);
            const __m512 d = _mm512_shuffle_f32x4(u[8 + j], u[12 + j], 0xDD);
            v[j] = _mm512_shuffle_f32x4(a, c, 0x88);
            v[4 + j] = _mm512_shuffle_f32x4(b, d, 0x88);
            v[8 + j] = _mm512_shuffle_f32x4(a, c, 0xDD);
            v[12 + j] = _mm512_shuffle_f32x4(b, d, 0xDD);
        }
    }
    static Floats swapPairs(Floats v) { return _mm512_permute_ps(v, 0xB1); }
    static Floats duplicate(const float* from) {
        const __m512 eight = _mm512_castps256_ps512(_mm256_loadu_ps(from));
        return _mm512_permutexvar_ps(_mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7),
                                     eight);
    }
    static Floats fmaAlternating(Floats a, Floats b, Floats c) { return _mm512_fmaddsub_ps(a, b, c); }

    // Conversions of kLanes numbers in memory
    // ----------------------------------------------------------------
    static Floats fromHalf(const void* from) {
        return _mm512_cvtph_ps(_mm256_loadu_si256(static_cast<const __m256i*>(from)));
    }
    static Floats splatHalf(const void* from) {
        std::uint16_t bits;
        __builtin_memcpy(&bits, from, sizeof bits);
        return splat(_mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(bits))));
    }
    static void toHalf(void* to, Floats v) {
        _mm256_storeu_si256(static_cast<__m256i*>(to), _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
    }
    template <int Odd>
    static Floats fromBfloat16Pair(const void* from) {
        const __m512i both = _mm512_loadu_si512(from);
        return _mm512_castsi512_ps(Odd ? _mm512_and_si512(both, _mm512_set1_epi32(~0xFFFF))
                                       : _mm512_slli_epi32(both, 16));
    }
    static Floats fromUint8(const void* from) { return fromBytes(load16(from)); }
    static Floats fromInt8(const void* from) {
        return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(load16(from)));
    }
    static Floats fromLowNibbles(const void* from) {
        return fromBytes(_mm_and_si128(load16(from), _mm_set1_epi8(15)));
    }
    static Floats fromHighNibbles(const void* from) {
        return fromBytes(_mm_and_si128(_mm_srli_epi16(load16(from), 4), _mm_set1_epi8(15)));
    }
    static void toInt8(std::int8_t* to, Floats v) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_cvtsepi32_epi8(_mm512_cvtps_epi32(v)));
    }
    static Floats fromExponent8(const void* from) {
        return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu8_epi32(load16(from)), 23));
    }

    // Integer dot products
    // -----------------------------------------------------------------------------------
    /// Sums of weight·activation over Steps steps of 4 columns. Any unsigned weight: vpdpbusd adds four
    /// products to an int32 without saturation.
    template <int MaxCode, int Steps>
    struct Sum {
        __m512i total;

        template <int Step>
        void add(Bytes w, Bytes x, Bytes start) {
            if constexpr (Step == 0)
                total = start;
            total = dot(total, w, x);
        }
        /// Instead of a `start` in the first of an unknown number of steps.
        void begin(Bytes start) {
            total = start;
#if !defined(HEARTH_EMULATED)
            asm("" : "+v"(total)); // a sum of its own from here on
#endif
        }
        [[nodiscard]] Floats floats() const {
            return _mm512_cvtepi32_ps(total);
        }
    };

    /// The same vector, from here on in a register: compilers neither put its load off nor repeat it.
    template <class Vector>
    static Vector held(Vector v) {
#if !defined(HEARTH_EMULATED)
        asm volatile("" : "+v"(v));
#endif
        return v;
    }

private:
    static __m512i dot(__m512i total, __m512i w, __m512i x) {
#if defined(HEARTH_EMULATED)
        return _mm512_dpbusd_epi32(total, w, x);
#else
        // GCC 12 moves accumulators of the intrinsic to memory, which halves the rate.
        asm("vpdpbusd %2, %1, %0" : "+v"(total) : "v"(w), "v"(x));
        return total;
#endif
    }
    static __m128i load16(const void* from) {
        return _mm_loadu_si128(static_cast<const __m128i*>(from));
    }
    static Floats fromBytes(__m128i bytes) {
        return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes));
    }

    /// Neighbouring quarters added: (a0 + a1, a2 + a3, b0 + b1, b2 + b3).
    static __m512 addQuarters(__m512 a, __m512 b) {
        return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xDD));
    }
};
using Simd = Avx512;

} // namespace
} // namespace hearth::kernels
