#pragma once

/// The intrinsics that avx512/ uses, in plain C++: SIMD Everywhere's, and the few that it lacks. Included
/// before those sources (-include) in the tests' second build of them, so that they run on any processor.
#define HEARTH_EMULATED

#if defined(__GNUC__)
#pragma GCC system_header
#endif

#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>
#include <simde/x86/f16c.h>
#include <simde/x86/fma.h>

#include <cmath>
#include <cstdint>
#include <cstring>

// Lane by lane, from Intel's description of each. Newer versions of SIMD Everywhere have some of them.
namespace hearth_emulated {

template <class To, class From>
static inline To cast(const From& from) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    std::memcpy(&to, &from, sizeof to);
    return to;
}

template <class T, int Count>
struct Lanes {
    T at[Count];
};

/// f of every lane.
template <class To, class From, int Count, class Vector, class In, class F>
static inline Vector map(const In& in, F f) {
    const auto from = cast<Lanes<From, Count>>(in);
    Lanes<To, Count> to;
    for (int i = 0; i < Count; ++i)
        to.at[i] = f(from.at[i]);
    return cast<Vector>(to);
}

static inline __m512 cvtepi32_ps(__m512i v) {
    return map<float, std::int32_t, 16, __m512>(v, [](std::int32_t x) { return static_cast<float>(x); });
}
static inline __m512i cvtps_epi32(__m512 v) {
    return map<std::int32_t, float, 16, __m512i>(
        v, [](float x) { return static_cast<std::int32_t>(std::nearbyint(x)); });
}
static inline __m512i cvtepu8_epi32(__m128i v) {
    return map<std::int32_t, std::uint8_t, 16, __m512i>(v, [](std::uint8_t x) { return std::int32_t{x}; });
}
static inline __m512i cvtepi8_epi32(__m128i v) {
    return map<std::int32_t, std::int8_t, 16, __m512i>(v, [](std::int8_t x) { return std::int32_t{x}; });
}
static inline __m256 extractf32x8_ps(__m512 v, int half) {
    return cast<Lanes<__m256, 2>>(v).at[half];
}
static inline __m512 cvtph_ps(__m256i v) {
    const auto half = cast<Lanes<__m128i, 2>>(v);
    return cast<__m512>(Lanes<__m256, 2>{{_mm256_cvtph_ps(half.at[0]), _mm256_cvtph_ps(half.at[1])}});
}
static inline __m256i cvtps_ph(__m512 v) {
    const auto half = cast<Lanes<__m256, 2>>(v);
    return cast<__m256i>(Lanes<__m128i, 2>{{_mm256_cvtps_ph(half.at[0], 0), _mm256_cvtps_ph(half.at[1], 0)}});
}
static inline __m512 permute_ps(__m512 v, int order) {
    const auto from = cast<Lanes<float, 16>>(v);
    Lanes<float, 16> to;
    for (int i = 0; i < 16; ++i)
        to.at[i] = from.at[i / 4 * 4 + (order >> (i % 4 * 2) & 3)];
    return cast<__m512>(to);
}
static inline __m512 shuffle_f32x4(__m512 a, __m512 b, int order) {
    const auto x = cast<Lanes<__m128, 4>>(a), y = cast<Lanes<__m128, 4>>(b);
    return cast<__m512>(Lanes<__m128, 4>{
        {x.at[order & 3], x.at[order >> 2 & 3], y.at[order >> 4 & 3], y.at[order >> 6 & 3]}});
}
static inline __m512 fmaddsub_ps(__m512 a, __m512 b, __m512 c) {
    const auto x = cast<Lanes<float, 16>>(a), y = cast<Lanes<float, 16>>(b), z = cast<Lanes<float, 16>>(c);
    Lanes<float, 16> to;
    for (int i = 0; i < 16; ++i)
        to.at[i] = std::fma(x.at[i], y.at[i], i % 2 ? z.at[i] : -z.at[i]);
    return cast<__m512>(to);
}

/// Two products of bfloat16 pairs a lane, the odd one first.
static inline __m512 dpbf16_ps(__m512 sum, __m512i a, __m512i b) {
    const auto total = cast<Lanes<float, 16>>(sum);
    const auto x = cast<Lanes<std::uint16_t, 32>>(a), y = cast<Lanes<std::uint16_t, 32>>(b);
    const auto wide = [](std::uint16_t bits) { return cast<float>(std::uint32_t{bits} << 16); };
    Lanes<float, 16> to;
    for (int i = 0; i < 16; ++i)
        to.at[i] = std::fma(wide(x.at[2 * i]), wide(y.at[2 * i]),
                            std::fma(wide(x.at[2 * i + 1]), wide(y.at[2 * i + 1]), total.at[i]));
    return cast<__m512>(to);
}

} // namespace hearth_emulated

#if !defined(_mm512_cvtepi32_ps)
#define _mm512_cvtepi32_ps(v) ::hearth_emulated::cvtepi32_ps(v)
#endif
#if !defined(_mm512_cvtps_epi32)
#define _mm512_cvtps_epi32(v) ::hearth_emulated::cvtps_epi32(v)
#endif
#if !defined(_mm512_cvtepu8_epi32)
#define _mm512_cvtepu8_epi32(v) ::hearth_emulated::cvtepu8_epi32(v)
#endif
#if !defined(_mm512_cvtepi8_epi32)
#define _mm512_cvtepi8_epi32(v) ::hearth_emulated::cvtepi8_epi32(v)
#endif
#if !defined(_mm512_extractf32x8_ps)
#define _mm512_extractf32x8_ps(v, half) ::hearth_emulated::extractf32x8_ps(v, half)
#endif
#if !defined(_mm512_cvtph_ps)
#define _mm512_cvtph_ps(v) ::hearth_emulated::cvtph_ps(v)
#endif
#if !defined(_mm512_cvtps_ph)
#define _mm512_cvtps_ph(v, rounding) ::hearth_emulated::cvtps_ph(v)
#endif
#if !defined(_mm512_permute_ps)
#define _mm512_permute_ps(v, order) ::hearth_emulated::permute_ps(v, order)
#endif
#if !defined(_mm512_shuffle_f32x4)
#define _mm512_shuffle_f32x4(a, b, order) ::hearth_emulated::shuffle_f32x4(a, b, order)
#endif
#if !defined(_mm512_fmaddsub_ps)
#define _mm512_fmaddsub_ps(a, b, c) ::hearth_emulated::fmaddsub_ps(a, b, c)
#endif
#if !defined(_mm512_stream_ps)
#define _mm512_stream_ps(to, v) _mm512_storeu_ps(to, v)
#endif
#if !defined(_MM_FROUND_NO_EXC)
#define _MM_FROUND_NO_EXC 0x08
#endif
#if !defined(_MM_FROUND_TO_NEAREST_INT)
#define _MM_FROUND_TO_NEAREST_INT 0x00
#endif
