#pragma once

#include <cstddef>
#include <cstdint>

#if !defined(HEARTH_EMULATED)
#include <arm_neon.h>
#endif

#include "engine/kernels/isa.h"

/// NEON with the dot products of ARMv8.2 (asimddp) under the shared algorithms of simd/. Everything has
/// internal linkage: these sources are compiled with instructions that other processors lack, so no symbol of
/// theirs may be merged with another file's.
namespace hearth::kernels {
namespace {

struct Neon {
    static constexpr Isa kIsa = Isa::Neon;
    static constexpr std::size_t kLanes = 4;  ///< floats in a vector = rows of a panel
    static constexpr std::size_t kBytes = 16; ///< bytes in a vector: 4 consecutive columns of every row
    /// sdot takes signed bytes on both sides; the codes of unsigned types have at most 6 bits.
    static constexpr bool kWideUnsigned = false;
    /// Register tiles: prefill multiplies kTileVectors × kTileTokens (16 sums, 4 weights and 4 inputs in 32
    /// registers), decode up to kDecodeTokens at once.
    static constexpr int kTileVectors = 4, kTileTokens = 4, kFloatTileTokens = 4, kDecodeTokens = 4;
    static constexpr int kPassVectors = kTileVectors, kPasses = 1, kPlainTileTokens = kTileTokens;
    static constexpr bool kRescales = false, kMultipliesWords = false, kHoldsCodes = false;
    static constexpr bool kBfloat16Dots = false;
    /// Rows of scores that attention computes together, 4 vectors of keys each.
    static constexpr int kScoreRows = 4;
    /// Up to this many inputs, decode is faster than unpacking a tile.
    static constexpr std::size_t kDecodeLimit = 8, kPassDecodeLimit = 8, kWholeDecodeLimit = 8;
    /// How far ahead of its reads decode asks for memory, in bytes.
    static constexpr std::size_t kDecodePrefetch = 1024, kSmallPrefetch = 1024, kNearPrefetch = 1024;
    static constexpr std::size_t kFloatPrefetch = kDecodePrefetch;
    static constexpr std::size_t kFarPrefetch = 0; ///< not in two stages

    using Bytes = uint8x16_t;
    using Floats = float32x4_t;

    static void prefetch(const void* at) { __builtin_prefetch(at); }

    // Bytes -------------------------------------------------------------------------------------------------
    static Bytes loadBytes(const void* from) { return vld1q_u8(static_cast<const std::uint8_t*>(from)); }
    static void storeBytes(void* to, Bytes v) { vst1q_u8(static_cast<std::uint8_t*>(to), v); }
    static Bytes splatByte(int value) { return vdupq_n_u8(static_cast<std::uint8_t>(value)); }
    /// Four bytes, repeated.
    static Bytes splat4(const std::int8_t* from) {
        std::uint32_t word;
        __builtin_memcpy(&word, from, sizeof word);
        return vreinterpretq_u8_u32(vdupq_n_u32(word));
    }
    static Bytes bitAnd(Bytes a, Bytes b) { return vandq_u8(a, b); }
    static Bytes bitOr(Bytes a, Bytes b) { return vorrq_u8(a, b); }
    static Bytes bitXor(Bytes a, Bytes b) { return veorq_u8(a, b); }
    template <int Count>
    static Bytes shiftRight(Bytes v) {
        return vshrq_n_u8(v, Count);
    }
    template <int Count>
    static Bytes shiftLeft(Bytes v) {
        return vshlq_n_u8(v, Count);
    }
    // Integers of 32 bits
    static Bytes splatInt(const std::int32_t* from) { return vreinterpretq_u8_s32(vdupq_n_s32(*from)); }
    static Bytes zeroInts() { return vdupq_n_u8(0); }
    /// −v·2^Shift
    template <int Shift>
    static Bytes negativeShifted(Bytes v) {
        return vreinterpretq_u8_s32(vnegq_s32(vshlq_n_s32(vreinterpretq_s32_u8(v), Shift)));
    }
    static Floats toFloats(Bytes v) { return vcvtq_f32_s32(vreinterpretq_s32_u8(v)); }
    /// Of whole numbers.
    static Bytes toInts(Floats v) { return vreinterpretq_u8_s32(vcvtq_s32_f32(v)); }
    // Numbers for addProducts(), of which other instruction sets join two.
    static constexpr int kJoinedSums = 1;
    static Bytes joined(Bytes low, Bytes) { return low; }
    static Bytes joinedNeighbours(Bytes v) { return v; }
    /// total + a·b
    static Bytes addProducts(Bytes total, Bytes a, Bytes b) {
        return vreinterpretq_u8_s32(
            vmlaq_s32(vreinterpretq_s32_u8(total), vreinterpretq_s32_u8(a), vreinterpretq_s32_u8(b)));
    }
    /// The sums of 256 bytes by sixteens.
    static void sumsOf16(const std::int8_t* q, std::int32_t* sums) {
        for (int i = 0; i < 16; ++i)
            sums[i] = vaddlvq_s8(vld1q_s8(q + 16 * i));
    }
    /// A table of 16 bytes for lookup().
    static Bytes table16(const std::int8_t* entries) { return loadBytes(entries); }
    static Bytes lookup(Bytes table, Bytes index) { return vqtbl1q_u8(table, index); }

    // Floats ------------------------------------------------------------------------------------------------
    static Floats zero() { return vdupq_n_f32(0); }
    static Floats splat(float value) { return vdupq_n_f32(value); }
    static Floats load(const float* from) { return vld1q_f32(from); }
    static void store(float* to, Floats v) { vst1q_f32(to, v); }
    /// Processors of this kind notice by themselves when lines are written whole.
    static void stream(float* to, Floats v) { store(to, v); }
    static void endStream() {}
    static Floats add(Floats a, Floats b) { return vaddq_f32(a, b); }
    static Floats sub(Floats a, Floats b) { return vsubq_f32(a, b); }
    static Floats mul(Floats a, Floats b) { return vmulq_f32(a, b); }
    static Floats div(Floats a, Floats b) { return vdivq_f32(a, b); }
    /// a·b + c
    static Floats fma(Floats a, Floats b, Floats c) { return vfmaq_f32(c, a, b); }
    static Floats max(Floats a, Floats b) { return vmaxq_f32(a, b); }
    static Floats min(Floats a, Floats b) { return vminq_f32(a, b); }
    static Floats abs(Floats a) { return vabsq_f32(a); }
    static Floats copySign(Floats magnitude, Floats sign) {
        return vbslq_f32(vdupq_n_u32(0x80000000U), sign, magnitude);
    }
    static Floats round(Floats a) { return vrndnq_f32(a); }
    /// a·2ⁿ for whole n with −126 ≤ n ≤ 127.
    static Floats scaleByPower(Floats a, Floats n) {
        const int32x4_t exponent = vshlq_n_s32(vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127)), 23);
        return vmulq_f32(a, vreinterpretq_f32_s32(exponent));
    }
    static float sum(Floats v) { return vaddvq_f32(v); }
    /// Lane i of the result is the sum of v[i].
    static Floats sums(const Floats* v) { return vpaddq_f32(vpaddq_f32(v[0], v[1]), vpaddq_f32(v[2], v[3])); }
    /// Lane j of v[i] becomes lane i of v[j].
    static void transpose(Floats* v) {
        const Floats a = vzip1q_f32(v[0], v[2]), b = vzip2q_f32(v[0], v[2]);
        const Floats c = vzip1q_f32(v[1], v[3]), d = vzip2q_f32(v[1], v[3]);
        v[0] = vzip1q_f32(a, c);
        v[1] = vzip2q_f32(a, c);
        v[2] = vzip1q_f32(b, d);
        v[3] = vzip2q_f32(b, d);
    }
    /// (1, 0, 3, 2)
    static Floats swapPairs(Floats v) { return vrev64q_f32(v); }
    /// Two numbers, each twice.
    static Floats duplicate(const float* from) {
        const float32x2_t two = vld1_f32(from);
        return vcombine_f32(vzip1_f32(two, two), vzip2_f32(two, two));
    }
    /// a·b − c in even lanes, a·b + c in odd lanes
    static Floats fmaAlternating(Floats a, Floats b, Floats c) {
        const uint32x4_t even = vreinterpretq_u32_u64(vdupq_n_u64(0x80000000U));
        return fma(a, b, vreinterpretq_f32_u32(veorq_u32(vreinterpretq_u32_f32(c), even)));
    }
    static float largest(Floats v) { return vmaxvq_f32(v); }

    // Conversions of kLanes numbers in memory
    // ----------------------------------------------------------------
    static Floats fromHalf(const void* from) {
        return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(static_cast<const std::uint16_t*>(from))));
    }
    /// One number, repeated.
    static Floats splatHalf(const void* from) {
        std::uint16_t bits;
        __builtin_memcpy(&bits, from, sizeof bits);
        return vcvt_f32_f16(vreinterpret_f16_u16(vdup_n_u16(bits)));
    }
    static void toHalf(void* to, Floats v) {
        vst1_u16(static_cast<std::uint16_t*>(to), vreinterpret_u16_f16(vcvt_f16_f32(v)));
    }
    /// One of two columns of bfloat16 that share 32-bit words: the low (Odd = 0) or the high half.
    template <int Odd>
    static Floats fromBfloat16Pair(const void* from) {
        const uint32x4_t both = vreinterpretq_u32_u8(loadBytes(from));
        return vreinterpretq_f32_u32(Odd ? vandq_u32(both, vdupq_n_u32(0xFFFF0000U)) : vshlq_n_u32(both, 16));
    }
    static Floats fromUint8(const void* from) { return vcvtq_f32_u32(widened(fourBytes(from))); }
    static Floats fromInt8(const void* from) {
        const int16x8_t words = vmovl_s8(vreinterpret_s8_u8(fourBytes(from)));
        return vcvtq_f32_s32(vmovl_s16(vget_low_s16(words)));
    }
    static Floats fromLowNibbles(const void* from) {
        return vcvtq_f32_u32(widened(vand_u8(fourBytes(from), vdup_n_u8(15))));
    }
    static Floats fromHighNibbles(const void* from) {
        return vcvtq_f32_u32(widened(vshr_n_u8(fourBytes(from), 4)));
    }
    /// Rounds to nearest; |v| ≤ 127.
    static void toInt8(std::int8_t* to, Floats v) {
        const int16x4_t words = vmovn_s32(vcvtq_s32_f32(vrndnq_f32(v)));
        const int8x8_t bytes = vmovn_s16(vcombine_s16(words, words));
        const std::int32_t four = vget_lane_s32(vreinterpret_s32_s8(bytes), 0);
        __builtin_memcpy(to, &four, sizeof four);
    }
    /// 2^(e − 127) of stored exponents, 0 for e = 0.
    static Floats fromExponent8(const void* from) {
        return vreinterpretq_f32_u32(vshlq_n_u32(widened(fourBytes(from)), 23));
    }

    // Integer dot products
    // -----------------------------------------------------------------------------------
    /// Sums of weight·activation over `Steps` steps of 4 columns, one sum a lane.
    template <int MaxCode, int Steps>
    struct Sum {
        static_assert(MaxCode < 128, "sdot would take a larger code for a negative one");
        int32x4_t total;

        /// The first step adds `start`.
        template <int Step>
        void add(Bytes w, Bytes x, Bytes start) {
            total = vdotq_s32(Step == 0 ? vreinterpretq_s32_u8(start) : total, vreinterpretq_s8_u8(w),
                              vreinterpretq_s8_u8(x));
        }
        [[nodiscard]] Floats floats() const { return vcvtq_f32_s32(total); }
    };

    /// The same for addProducts(), which multiplies it by a scale.
    template <int MaxCode>
    struct Run {
        static_assert(MaxCode < 128, "sdot would take a larger code for a negative one");
        Bytes sum;

        /// The first step adds `start`, if there is an offset (see runStarts).
        template <int Step, bool HasStart>
        void add(Bytes w, Bytes x, Bytes start) {
            const Bytes before = Step > 0 ? sum : HasStart ? start : zeroInts();
            sum = vreinterpretq_u8_s32(
                vdotq_s32(vreinterpretq_s32_u8(before), vreinterpretq_s8_u8(w), vreinterpretq_s8_u8(x)));
        }
    };
    /// Steps, of up to `most`, that a Run takes.
    template <int MaxCode, int Offset>
    static constexpr int runSteps(int most) {
        return most;
    }
    /// What the groups of 16 columns begin with, so that they end as the sums of (code − offset)·q.
    template <int Offset>
    static void runStarts(const std::int8_t*, const std::int32_t* sums, std::int32_t* starts) {
        for (int i = 0; i < 16; ++i)
            starts[i] = -Offset * sums[i];
    }

    /// The same vector; compilers keep it in one of 32 registers by themselves.
    template <class Vector>
    static Vector held(Vector v) {
        return v;
    }

private:
    static uint8x8_t fourBytes(const void* from) {
        std::uint32_t word;
        __builtin_memcpy(&word, from, sizeof word);
        return vreinterpret_u8_u32(vdup_n_u32(word));
    }
    static uint32x4_t widened(uint8x8_t bytes) { return vmovl_u16(vget_low_u16(vmovl_u8(bytes))); }
};
using Simd = Neon;

} // namespace
} // namespace hearth::kernels
