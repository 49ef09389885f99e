#pragma once

#include <type_traits>

#include "engine/kernels/simd/results.h"

/// Products with few inputs: weights stream from memory once and are unpacked in registers.
namespace hearth::kernels {
namespace {

/// Asks for a line of a panel that is needed soon. One or two inputs leave that to the processor, which reads
/// one run of memory best undisturbed, unless unpacking takes so many instructions a byte that too few reads
/// are under way: types of two and three bits; more inputs ask, some instruction sets in two stages: from far
/// into the second-level cache and from near into the first, of which the inputs fill much themselves.
template <class S, DType Type, int Tokens>
void prefetchPanel(const std::uint8_t* at) {
    constexpr std::size_t one =
        PanelLayout<S, Type>::kType.lowBits == 2 ? S::kSmallPrefetch : S::kDecodePrefetch;
    if constexpr (Tokens > 2) {
        S::prefetch(at + S::kNearPrefetch);
        if constexpr (S::kFarPrefetch > 0)
            S::prefetchFar(at + S::kFarPrefetch);
    } else if constexpr (one > 0) {
        S::prefetch(at + one);
    }
}

/// Asks for 256 columns of one or two inputs (more take longer to multiply with than to read). They are in
/// the second-level cache at least, but weights on their way through the first one drive out what is longer
/// than a few thousand columns, and a read that misses waits behind those of weights: 8192 columns of Q5_K
/// then reach 70 % of plain reads in place of 85.
template <class S, int Tokens>
void prefetchInputs(const detail::ActBlock* blocks) {
    if constexpr (Tokens <= 2)
        for (std::size_t at = 0; at < Tokens * sizeof(detail::ActBlock); at += 64)
            S::prefetch(reinterpret_cast<const std::uint8_t*>(blocks) + at);
}

/// How decode reads codes. A type with two planes that are both long is read to and fro where each step takes
/// from both, and the processor foresees less of that: Q6_K is 4 % faster in registers at once, with few
/// inputs, which leave registers. (Q5_K, whose second plane is one vector, is 10 % slower.)
template <class S, DType Type, int Tokens>
using DecodeCodes =
    std::conditional_t<S::kHoldsCodes && Tokens <= 2 && packedTypeOf(Type).highBits == 2,
                       Codes<S, Type, CodesInRegisters<S, packedTypeOf(Type).lowBits + 2>>, Codes<S, Type>>;

/// One panel times Tokens inputs beginning at `token`; every lane of `out[t]` is one row's product.
template <class S, DType Type, int Tokens>
void decodePanel(const std::uint8_t* panel, const detail::Activations& act, std::size_t token,
                 typename S::Floats* out) {
    using L = PanelLayout<S, Type>;
    using C = Coding<S, Type>;
    using Sc = typename L::Sc;
    using Floats = typename S::Floats;

    const detail::ActBlock* blocks = act.blocks + token;
    Floats total[Tokens];
    for (int t = 0; t < Tokens; ++t)
        total[t] = S::zero();

    for (std::size_t super = 0; super * kSuperCols < act.cols;
         ++super, blocks += act.n, panel += L::kSuperBytes) {
        const int parts = static_cast<int>(smaller(act.cols - super * kSuperCols, kSuperCols)) / 32;
        Floats sums[Tokens], mins[Tokens];
        for (int t = 0; t < Tokens; ++t)
            sums[t] = mins[t] = S::zero();

        prefetchInputs<S, Tokens>(blocks + act.n);
        // The parts stand in the loops themselves: compilers keep the sums of several inputs in memory where
        // they are a function's, which halves the speed.
        const Sc blockScales(panel);
        for (int first = 0; first < parts; first += L::kRunParts) {
            const int last = first + L::kRunParts < parts ? first + L::kRunParts : parts;
            const std::uint8_t* scales = L::scalesOf(panel, first);
            const std::uint8_t* codes = L::codesOf(panel, first, parts);
            for (int part = first; part < last; ++part, scales += Sc::kBytes, codes += C::kGroupBytes) {
                // An eighth of what 256 columns take, so that the scales are asked for as well.
                for (std::size_t line = 0; line < L::kSuperBytes / 8; line += 64)
                    prefetchPanel<S, Type, Tokens>(panel + std::size_t(part) * (L::kSuperBytes / 8) + line);
                const DecodeCodes<S, Type, Tokens> weights{{codes}};
                unroll<0, L::kGroupsPer32>([&](auto groupIndex) HEARTH_INLINE {
                    constexpr int group = decltype(groupIndex)::value;
                    const int at = L::groupIndex(part, group);
                    typename S::template Sum<C::kMaxCode, L::kSteps> dot[Tokens];
                    typename S::Bytes start[Tokens];
                    for (int t = 0; t < Tokens; ++t)
                        start[t] = C::start(L::sumOf(blocks[t], L::kGroupsPer32 * part + group));
                    unroll<0, L::kSteps>([&](auto stepIndex) HEARTH_INLINE {
                        constexpr int local = decltype(stepIndex)::value, step = group * L::kSteps + local;
                        const auto w = weights.template step<step>();
                        for (int t = 0; t < Tokens; ++t)
                            dot[t].template add<local>(w, S::splat4(blocks[t].q + 32 * part + 4 * step),
                                                       start[t]);
                    });
                    const auto apply = [&](const Sc& by) HEARTH_INLINE {
                        const Floats scale = by.scale(at);
                        for (int t = 0; t < Tokens; ++t) {
                            sums[t] = S::fma(dot[t].floats(), scale, sums[t]);
                            if constexpr (Sc::kHasMin) {
                                const auto* sum = L::sumOf(blocks[t], L::kGroupsPer32 * part + group);
                                mins[t] = S::fma(S::toFloats(S::splatInt(sum)), by.min(at), mins[t]);
                            }
                        }
                    };
                    if constexpr (L::kBlock256)
                        apply(blockScales);
                    else
                        apply(Sc(scales));
                });
            }
        }
        for (int t = 0; t < Tokens; ++t) {
            Floats value = sums[t];
            if constexpr (Sc::kHasFactor)
                value = S::mul(value, blockScales.factor());
            if constexpr (Sc::kHasMin)
                value =
                    Sc::kHasFactor ? S::fma(mins[t], blockScales.minFactor(), value) : S::add(value, mins[t]);
            total[t] = S::fma(value, S::splat(blocks[t].scale), total[t]);
        }
    }
    for (int t = 0; t < Tokens; ++t)
        out[t] = total[t];
}

template <class S, DType Type, int Tokens>
void decodeTokens(const detail::Product& p, std::size_t panel, std::size_t token) {
    typename S::Floats out[Tokens];
    decodePanel<S, Type, Tokens>(p.panels + panel * p.panelBytes, p.act, token, out);
    for (int t = 0; t < Tokens; ++t)
        storeRows<S>(p, panel * S::kLanes, token + static_cast<std::size_t>(t), out[t]);
}

/// Panels [begin, end) times all inputs. A panel stays in the cache while the inputs pass in small groups.
template <class S, DType Type>
void decode(const detail::Product& p, std::size_t begin, std::size_t end) {
    constexpr std::size_t most = S::kDecodeTokens;
    for (std::size_t panel = begin; panel < end; ++panel) {
        std::size_t token = 0;
        for (; token + most <= p.act.n; token += most)
            decodeTokens<S, Type, S::kDecodeTokens>(p, panel, token);
        if constexpr (most > 4)
            for (; token + 4 <= p.act.n; token += 4)
                decodeTokens<S, Type, 4>(p, panel, token);
        for (; token + 2 <= p.act.n; token += 2)
            decodeTokens<S, Type, 2>(p, panel, token);
        if (token < p.act.n)
            decodeTokens<S, Type, 1>(p, panel, token);
    }
}

} // namespace
} // namespace hearth::kernels
