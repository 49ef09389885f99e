#pragma once

#include "engine/kernels/simd/float_scaled.h"
#include "engine/kernels/simd/integer_scaled.h"
#include "engine/kernels/simd/rescaled.h"
#include "engine/kernels/simd/words.h"

/// Products with many inputs: a tile of rows is unpacked to bytes once per 256 columns, in a buffer that the
/// first-level cache holds, and all inputs stream past it.
namespace hearth::kernels {
namespace {

/// The rows of a tile (see tilesOf) times all inputs. The sums of the first 256 columns begin at
/// nothing (nullptr), those of the last go straight into the result where nothing is to be added or cut off.
template <class S, class Tiles>
struct Panels {
    using Tile = typename Tiles::Tile;
    static constexpr std::size_t kTileRows = Tiles::kTileRows;

    static std::size_t scratchBytes(std::size_t n) { return sizeof(Tile) + n * kTileRows * sizeof(float); }

    /// The rows of panels [begin, end), at most kTileVectors of them.
    static void run(const detail::Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
        Tile& tile = *reinterpret_cast<Tile*>(scratch);
        auto* sums = reinterpret_cast<float*>(scratch + sizeof(Tile));
        const bool direct = !p.bias && end - begin == Tiles::kVectors && end * S::kLanes <= p.rows;
        const std::size_t supers = (p.act.cols + kSuperCols - 1) / kSuperCols;
        for (std::size_t super = 0; super < supers; ++super) {
            for (std::size_t panel = begin; panel < end; ++panel)
                Tiles::unpack(p.panels + panel * p.panelBytes, p.act.cols, super,
                              static_cast<int>(panel - begin), tile);
            const float* before = super == 0 ? nullptr : sums;
            const bool last = super + 1 == supers;
            const Next next{p.panels + (last ? end : begin) * p.panelBytes +
                                (last ? 0 : super + 1) * Tiles::L::kSuperBytes,
                            p.panelBytes};
            if (!direct || !last) {
                columns(p, super, tile, before, next, Target<S, false>{sums, kTileRows});
            } else if (streams<S>(p)) {
                columns(p, super, tile, before, next, Target<S, true>{p.y + begin * S::kLanes, p.yStride});
                S::endStream();
            } else {
                columns(p, super, tile, before, next, Target<S, false>{p.y + begin * S::kLanes, p.yStride});
            }
        }
        if (!direct)
            storeTile<S>(p, begin, end - begin, sums, kTileRows);
    }

private:
    /// Where the columns lie that are unpacked next. They are asked for while others are multiplied:
    /// unpacking waits for memory for 1.5 (Q4_0) to 3 % (Q8_0) of a product otherwise.
    struct Next {
        static constexpr std::size_t kPanelLines = (Tiles::L::kSuperBytes + 63) / 64;
        static constexpr std::size_t kLines = kPanelLines * Tiles::kVectors;
        const std::uint8_t* panels;
        std::size_t panelBytes;
        std::size_t line = 0;

        void askUntil(std::size_t end) {
            for (; line < end; ++line)
                S::prefetch(panels + line / kPanelLines * panelBytes + line % kPanelLines * 64);
        }
    };

    /// The tile of columns [256·super, …) times all inputs, added to the sums `before`.
    template <bool Streams>
    static void columns(const detail::Product& p, std::size_t super, const Tile& tile, const float* before,
                        Next next, Target<S, Streams> to) {
        constexpr std::size_t most = Tiles::kTokens;
        const std::size_t n = p.act.n;
        const int units = Tiles::units(smaller(p.act.cols - super * kSuperCols, kSuperCols));
        const detail::ActBlock* act = p.act.blocks + super * n;
        const auto tokens = [&](auto count, std::size_t t) HEARTH_INLINE {
            constexpr int inputs = decltype(count)::value;
            next.askUntil(Next::kLines * (t + inputs) / n);
            Tiles::template multiply<inputs>(tile, units, act + t, before ? before + t * kTileRows : nullptr,
                                             Target<S, Streams>{to.first + t * to.stride, to.stride});
        };
        std::size_t t = 0;
        for (; t + most <= n; t += most)
            tokens(Index<Tiles::kTokens>{}, t);
        for (; t + 2 <= n; t += 2)
            tokens(Index<2>{}, t);
        if (t < n)
            tokens(Index<1>{}, t);
    }
};

/// Whether prefill brings a type to one scale per 256 columns. The largest weight of a row is taken from its
/// scales: of MXFP4, whose values end at 12 of the 127 that its byte could hold, that would waste three bits.
template <class S, DType Type>
constexpr bool kIsRescaled = S::kRescales&& packedTypeOf(Type).codeBook != CodeBook::MxFp4;

template <class S, DType Type>
constexpr auto tilesOf() {
    if constexpr (kIsRescaled<S, Type>)
        return Rescaled<S, Type>{};
    else if constexpr (kSignedTakesWords<S, Type> && packedTypeOf(Type).codeBook != CodeBook::MxFp4)
        return Words<S, Type>{};
    else if constexpr (PanelLayout<S, Type>::Sc::kHasFactor)
        return IntegerScaled<S, Type>{};
    else
        return FloatScaled<S, Type>{};
}

/// Up to so many inputs are decoded.
template <class S, DType Type>
constexpr std::size_t kDecodeLimitOf = decltype(tilesOf<S, Type>())::kDecodeLimit;

/// The choice between decode and prefill: see WeightKernel::multiply.
template <class S, DType Type>
void multiplyQuantised(const detail::Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
    if (p.act.n <= kDecodeLimitOf<S, Type>) {
        decode<S, Type>(p, begin, end);
        return;
    }
    using Tiles = decltype(tilesOf<S, Type>());
    for (std::size_t panel = begin; panel < end; panel += Tiles::kVectors)
        Panels<S, Tiles>::run(p, panel, smaller(end, panel + Tiles::kVectors), scratch);
}

template <class S, DType Type>
std::size_t quantisedScratchBytes(std::size_t, std::size_t n) {
    return n <= kDecodeLimitOf<S, Type> ? 0 : Panels<S, decltype(tilesOf<S, Type>())>::scratchBytes(n);
}

} // namespace
} // namespace hearth::kernels
