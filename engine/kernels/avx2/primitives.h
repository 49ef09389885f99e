#pragma once

#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "engine/kernels/isa.h"

/// AVX2, FMA and F16C under the shared algorithms of simd/. Everything has internal linkage: these sources
/// are compiled with instructions that other processors lack, so no symbol of theirs may be merged with
/// another file's.
namespace hearth::kernels {
namespace {

struct Avx2 {
    static constexpr Isa kIsa = Isa::Avx2;
    static constexpr std::size_t kLanes = 8;  ///< floats in a vector = rows of a panel
    static constexpr std::size_t kBytes = 32; ///< bytes in a vector: 4 consecutive columns of every row
    /// dot() takes any unsigned byte; otherwise pairs of products must stay within int16 (see Sum).
    static constexpr bool kWideUnsigned = false;
    /// Floats are multiplied by kTileVectors × kFloatTileTokens, quantised types by kPassVectors ×
    /// kTileTokens in kPasses; decode takes up to kDecodeTokens at once. 8 sums of a pass, 2 vectors of
    /// weights, an input and products leave a few of 16 registers: with 12 sums weights are loaded for every
    /// input again.
    static constexpr int kTileVectors = 4, kFloatTileTokens = 3, kDecodeTokens = 4;
    static constexpr int kPassVectors = 2, kPasses = 4, kTileTokens = 4;
    /// Without minimums to add, 5 inputs: Q4_0 58.2 in place of 56.6 % of the rate of vpmaddubsw.
    static constexpr int kPlainTileTokens = 5;

    /// vpmaddubsw cannot multiply whole bytes without saturating.
    static constexpr bool kRescales = false, kMultipliesWords = true;
    static constexpr bool kBfloat16Dots = false;
    /// Rows of scores that attention computes together, 4 vectors of keys each.
    static constexpr int kScoreRows = 2;
    static constexpr bool kHoldsCodes = false; ///< see DecodeCodes: too few registers
    /// Up to this many inputs, decode is faster than unpacking a tile.
    static constexpr std::size_t kDecodeLimit = 8;
    /// The same for tiles of 64 rows, and where whole numbers are scales. In per cent of vpmaddubsw's rate:
    /// at 20 inputs Q4_0 42 in place of 38 and Q8_0 27 in place of 19, at 12 inputs Q6_K 29 in place of 30.
    static constexpr std::size_t kPassDecodeLimit = 20, kWholeDecodeLimit = 12;
    /// Bytes ahead at which decode asks for memory (see prefetchPanel); 0 = never. Measured on Zen 4 with two
    /// threads as a share of plain reads at 60 GB/s, 8192 rows of 2048 columns and 2048 of 8192: Q4_0 83 and
    /// 76 % without asking, 78 and 69 % asked 3072 ahead; Q8_0 93 and 91 % against 85 and 79; Q3_K 54 and
    /// 48 % against 54 and 50.
    static constexpr std::size_t kDecodePrefetch = 0, kSmallPrefetch = 3072;
    static constexpr std::size_t kFloatPrefetch = 3072;
    /// Several inputs: Q4_0 for four 26.7 GB/s in place of 25.4 with one stage and 22 without.
    static constexpr std::size_t kNearPrefetch = 2048, kFarPrefetch = 16384;

    using Bytes = __m256i;
    using Floats = __m256;

    static void prefetch(const void* at) { _mm_prefetch(static_cast<const char*>(at), _MM_HINT_T0); }
    static void prefetchFar(const void* at) { _mm_prefetch(static_cast<const char*>(at), _MM_HINT_T1); }

    // Bytes -------------------------------------------------------------------------------------------------
    static Bytes loadBytes(const void* from) { return _mm256_loadu_si256(static_cast<const __m256i*>(from)); }
    static void storeBytes(void* to, Bytes v) { _mm256_storeu_si256(static_cast<__m256i*>(to), v); }
    static Bytes splatByte(int value) { return _mm256_set1_epi8(static_cast<char>(value)); }
    /// Four bytes, repeated.
    static Bytes splat4(const std::int8_t* from) {
        int word;
        __builtin_memcpy(&word, from, sizeof word);
        return _mm256_set1_epi32(word);
    }
    static Bytes bitAnd(Bytes a, Bytes b) { return _mm256_and_si256(a, b); }
    static Bytes bitOr(Bytes a, Bytes b) { return _mm256_or_si256(a, b); }
    static Bytes bitXor(Bytes a, Bytes b) { return _mm256_xor_si256(a, b); }
    /// Shifts 16-bit lanes; bits that cross a byte are for the caller to mask.
    template <int Count>
    static Bytes shiftRight(Bytes v) {
        return _mm256_srli_epi16(v, Count);
    }
    template <int Count>
    static Bytes shiftLeft(Bytes v) {
        return _mm256_slli_epi16(v, Count);
    }
    // Integers of 32 bits
    static Bytes splatInt(const std::int32_t* from) { return _mm256_set1_epi32(*from); }
    static Bytes zeroInts() { return _mm256_setzero_si256(); }
    /// −v·2^Shift
    template <int Shift>
    static Bytes negativeShifted(Bytes v) {
        return _mm256_sub_epi32(_mm256_setzero_si256(), _mm256_slli_epi32(v, Shift));
    }
    static Floats toFloats(Bytes v) { return _mm256_cvtepi32_ps(v); }
    /// Rounds to nearest.
    static Bytes toInts(Floats v) { return _mm256_cvtps_epi32(v); }
    // Pairs of 16 bits
    static Bytes addBytes(Bytes a, Bytes b) { return _mm256_add_epi8(a, b); }
    static Bytes mulWords(Bytes a, Bytes b) { return _mm256_mullo_epi16(a, b); }
    /// The bytes of even and of odd columns, widened with their signs.
    static Bytes evenWords(Bytes v) { return _mm256_srai_epi16(_mm256_slli_epi16(v, 8), 8); }
    static Bytes oddWords(Bytes v) { return _mm256_srai_epi16(v, 8); }
    /// Two whole numbers of 16 bits as one of 32, for addProducts().
    static Bytes joined(Bytes low, Bytes high) {
        return _mm256_blend_epi16(low, _mm256_slli_epi32(high, 16), 0xAA);
    }
    static constexpr int kJoinedSums = 2;
    /// Entries 2i and 2i + 1 joined into entry 2i.
    static Bytes joinedNeighbours(Bytes v) { return _mm256_blend_epi16(v, _mm256_srli_epi64(v, 16), 0x22); }
    /// total + the sum of the products of both pairs
    static Bytes addProducts(Bytes total, Bytes a, Bytes b) {
        Bytes sum = _mm256_add_epi32(total, _mm256_madd_epi16(a, b));
        asm("" : "+x"(sum)); // see Sum::add
        return sum;
    }
    /// The sums of 256 bytes by sixteens.
    static void sumsOf16(const std::int8_t* q, std::int32_t* sums) {
        const __m256i ones8 = _mm256_set1_epi8(1), ones16 = _mm256_set1_epi16(1);
        const auto fours = [&](int i) {
            return _mm256_madd_epi16(_mm256_maddubs_epi16(ones8, loadBytes(q + 32 * i)), ones16);
        };
        for (int i = 0; i < 8; i += 4) {
            // Quarters of a vector are sixteens: the low ones of two vectors, then the high ones.
            const __m256i a = _mm256_hadd_epi32(_mm256_hadd_epi32(fours(i), fours(i + 1)),
                                                _mm256_hadd_epi32(fours(i + 2), fours(i + 3)));
            storeBytes(sums + 2 * i,
                       _mm256_permutevar8x32_epi32(a, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7)));
        }
    }
    /// A table of 16 bytes for lookup().
    static Bytes table16(const std::int8_t* entries) {
        return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(entries)));
    }
    static Bytes lookup(Bytes table, Bytes index) { return _mm256_shuffle_epi8(table, index); }

    // Floats ------------------------------------------------------------------------------------------------
    static Floats zero() { return _mm256_setzero_ps(); }
    static Floats splat(float value) { return _mm256_set1_ps(value); }
    static Floats load(const float* from) { return _mm256_loadu_ps(from); }
    static void store(float* to, Floats v) { _mm256_storeu_ps(to, v); }
    /// To memory, past the caches; `to` is a multiple of kBytes. Seen by other threads after endStream().
    static void stream(float* to, Floats v) { _mm256_stream_ps(to, v); }
    static void endStream() { _mm_sfence(); }
    static Floats add(Floats a, Floats b) { return _mm256_add_ps(a, b); }
    static Floats sub(Floats a, Floats b) { return _mm256_sub_ps(a, b); }
    static Floats mul(Floats a, Floats b) { return _mm256_mul_ps(a, b); }
    static Floats div(Floats a, Floats b) { return _mm256_div_ps(a, b); }
    /// a·b + c
    static Floats fma(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }
    static Floats max(Floats a, Floats b) { return _mm256_max_ps(a, b); }
    static Floats min(Floats a, Floats b) { return _mm256_min_ps(a, b); }
    static Floats abs(Floats a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0F), a); }
    static Floats copySign(Floats magnitude, Floats sign) {
        const __m256 bit = _mm256_set1_ps(-0.0F);
        return _mm256_or_ps(_mm256_andnot_ps(bit, magnitude), _mm256_and_ps(bit, sign));
    }
    static Floats round(Floats a) {
        return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    }
    /// a·2ⁿ for whole n with −126 ≤ n ≤ 127.
    static Floats scaleByPower(Floats a, Floats n) {
        const __m256i exponent =
            _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
        return _mm256_mul_ps(a, _mm256_castsi256_ps(exponent));
    }
    static float sum(Floats v) {
        const __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
        const __m128 pair = _mm_add_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_add_ss(pair, _mm_shuffle_ps(pair, pair, 1)));
    }
    /// Lane i of the result is the sum of v[i].
    static Floats sums(const Floats* v) {
        const __m256 a = _mm256_hadd_ps(_mm256_hadd_ps(v[0], v[1]), _mm256_hadd_ps(v[2], v[3]));
        const __m256 b = _mm256_hadd_ps(_mm256_hadd_ps(v[4], v[5]), _mm256_hadd_ps(v[6], v[7]));
        return _mm256_add_ps(_mm256_permute2f128_ps(a, b, 0x20), _mm256_permute2f128_ps(a, b, 0x31));
    }
    /// Lane j of v[i] becomes lane i of v[j].
    static void transpose(Floats* v) {
        __m256 t[8], u[8];
        for (int i = 0; i < 8; i += 2) {
            t[i] = _mm256_unpacklo_ps(v[i], v[i + 1]);
            t[i + 1] = _mm256_unpackhi_ps(v[i], v[i + 1]);
        }
        for (int i = 0; i < 8; i += 4)
            for (int j = 0; j < 2; ++j) {
                const __m256d a = _mm256_castps_pd(t[i + j]), b = _mm256_castps_pd(t[i + j + 2]);
                u[i + 2 * j] = _mm256_castpd_ps(_mm256_unpacklo_pd(a, b));
                u[i + 2 * j + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(a, b));
            }
        for (int j = 0; j < 4; ++j) {
            v[j] = _mm256_permute2f128_ps(u[j], u[4 + j], 0x20);
            v[4 + j] = _mm256_permute2f128_ps(u[j], u[4 + j], 0x31);
        }
    }
    /// (1, 0, 3, 2, …)
    static Floats swapPairs(Floats v) { return _mm256_permute_ps(v, 0xB1); }
    /// kLanes / 2 numbers, each twice.
    static Floats duplicate(const float* from) {
        const __m256 four = _mm256_castps128_ps256(_mm_loadu_ps(from));
        return _mm256_permutevar8x32_ps(four, _mm256_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3));
    }
    /// a·b − c in even lanes, a·b + c in odd lanes
    static Floats fmaAlternating(Floats a, Floats b, Floats c) { return _mm256_fmaddsub_ps(a, b, c); }
    static float largest(Floats v) {
        const __m128 half = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
        const __m128 pair = _mm_max_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_max_ss(pair, _mm_shuffle_ps(pair, pair, 1)));
    }

    // Conversions of kLanes numbers in memory
    // ----------------------------------------------------------------
    static Floats fromHalf(const void* from) {
        return _mm256_cvtph_ps(_mm_loadu_si128(static_cast<const __m128i*>(from)));
    }
    /// One number, repeated.
    static Floats splatHalf(const void* from) {
        std::uint16_t bits;
        __builtin_memcpy(&bits, from, sizeof bits);
        return splat(_mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(bits))));
    }
    static void toHalf(void* to, Floats v) {
        _mm_storeu_si128(static_cast<__m128i*>(to), _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
    }
    /// One of two columns of bfloat16 that share 32-bit words: the low (Odd = 0) or the high half.
    template <int Odd>
    static Floats fromBfloat16Pair(const void* from) {
        const __m256i both = _mm256_loadu_si256(static_cast<const __m256i*>(from));
        return _mm256_castsi256_ps(Odd ? _mm256_and_si256(both, _mm256_set1_epi32(~0xFFFF))
                                       : _mm256_slli_epi32(both, 16));
    }
    static Floats fromUint8(const void* from) {
        return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(static_cast<const __m128i*>(from))));
    }
    static Floats fromInt8(const void* from) {
        return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(static_cast<const __m128i*>(from))));
    }
    static Floats fromLowNibbles(const void* from) {
        const __m128i bytes = _mm_loadl_epi64(static_cast<const __m128i*>(from));
        return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_and_si128(bytes, _mm_set1_epi8(15))));
    }
    static Floats fromHighNibbles(const void* from) {
        const __m128i bytes = _mm_loadl_epi64(static_cast<const __m128i*>(from));
        return _mm256_cvtepi32_ps(
            _mm256_cvtepu8_epi32(_mm_and_si128(_mm_srli_epi16(bytes, 4), _mm_set1_epi8(15))));
    }
    /// Rounds to nearest; |v| ≤ 127.
    static void toInt8(std::int8_t* to, Floats v) {
        const __m256i wide = _mm256_cvtps_epi32(v);
        const __m128i words =
            _mm_packs_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256(wide, 1));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packs_epi16(words, words));
    }
    /// 2^(e − 127) of stored exponents, 0 for e = 0.
    static Floats fromExponent8(const void* from) {
        const __m256i wide = _mm256_cvtepu8_epi32(_mm_loadl_epi64(static_cast<const __m128i*>(from)));
        return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 23));
    }

    // Integer dot products
    // -----------------------------------------------------------------------------------
    /// Sums of weight·activation over `Steps` steps of 4 columns, one sum a lane. Unsigned weights up to
    /// MaxCode: vpmaddubsw adds pairs of products in int16, and kNarrow steps of them before the sum has to
    /// be widened (MaxCode·127·2·kNarrow ≤ 32767). Signed weights (MaxCode < 0): |w|·(x·sign w), |w| ≤ 128,
    /// one step fits.
    template <int MaxCode, int Steps>
    struct Sum {
        static constexpr int kNarrow = MaxCode < 0 ? 1 : 32767 / (MaxCode * 127 * 2);
        static_assert(kNarrow >= 1);
        __m256i narrow, wide;

        /// The first step adds `start`.
        template <int Step>
        void add(Bytes w, Bytes x, Bytes start) {
            __m256i products;
            if constexpr (MaxCode < 0)
                products = _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w));
            else
                products = _mm256_maddubs_epi16(w, x);
            narrow = Step % kNarrow == 0 ? products : _mm256_add_epi16(narrow, products);
            // Without this GCC regroups the sums of a whole tile into trees, and spills every register.
            asm("" : "+x"(narrow));
            if constexpr (Step % kNarrow == kNarrow - 1 || Step == Steps - 1) {
                const __m256i widened = _mm256_madd_epi16(narrow, _mm256_set1_epi16(1));
                wide = _mm256_add_epi32(Step < kNarrow ? start : wide, widened);
                asm("" : "+x"(wide));
            }
        }
        [[nodiscard]] Floats floats() const { return _mm256_cvtepi32_ps(wide); }
    };

    /// Sums of weight·activation in pairs of 16 bits, which addProducts() multiplies by a joined scale.
    template <int MaxCode>
    struct Run {
        Bytes sum;

        /// The first step adds `start`, if there is an offset (see runStarts).
        template <int Step, bool HasStart>
        void add(Bytes w, Bytes x, Bytes start) {
            static_assert(MaxCode * 127 * 2 <= 32767);
            const Bytes products = _mm256_maddubs_epi16(w, x);
            if constexpr (Step > 0)
                sum = _mm256_add_epi16(sum, products);
            else
                sum = HasStart ? _mm256_add_epi16(products, start) : products;
            asm("" : "+x"(sum)); // see Sum::add
        }
    };
    /// Steps of up to `most` whose sums fit into 16 bits. With an offset the sums are those of code − offset:
    /// what they pass through may be larger, since they wrap around.
    template <int MaxCode, int Offset>
    static constexpr int runSteps(int most) {
        const int fit = 32767 / ((Offset > 0 ? Offset : MaxCode) * 127 * 2);
        int steps = most;
        while (steps > fit)
            steps /= 2;
        return steps;
    }
    /// What the groups of 16 columns begin with, so that they end as the sums of (code − offset)·q.
    template <int Offset>
    static void runStarts(const std::int8_t* q, const std::int32_t*, std::int32_t* starts) {
        const Bytes offset = splatByte(Offset);
        // Sums of two halves each of a and b: [a, b] in the low and high pair of words.
        const auto halves = [](Bytes a, Bytes b) {
            const __m256 x = _mm256_castsi256_ps(a), y = _mm256_castsi256_ps(b);
            return _mm256_add_epi16(_mm256_castps_si256(_mm256_shuffle_ps(x, y, 0x88)),
                                    _mm256_castps_si256(_mm256_shuffle_ps(x, y, 0xDD)));
        };
        for (int i = 0; i < 2; ++i) {
            const auto products = [&](int at) {
                return _mm256_maddubs_epi16(offset, loadBytes(q + 128 * i + 32 * at));
            };
            // Quarters are groups: 0, 2, 4, 6 in the low half, 1, 3, 5, 7 in the high one.
            const Bytes sums = halves(halves(products(0), products(1)), halves(products(2), products(3)));
            storeBytes(starts + 8 * i,
                       _mm256_sub_epi16(
                           _mm256_setzero_si256(),
                           _mm256_permutevar8x32_epi32(sums, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7))));
        }
    }

    /// The same vector, from here on in a register: compilers do not repeat its load.
    template <class Vector>
    static Vector held(Vector v) {
        asm("" : "+x"(v));
        return v;
    }
};
using Simd = Avx2;

} // namespace
} // namespace hearth::kernels
