#pragma once

#include "engine/kernels/compute.h"
#include "engine/kernels/simd/unroll.h"

/// Attention of few queries where the processor multiplies pairs of bfloat16: keys and values are rounded as
/// they are read from their cells, and nothing is copied. Half the multiplications of float32, which would be
/// slower than memory for more than two query heads per KV head.
namespace hearth::kernels {
namespace {

template <class S>
struct PairRows {
    using Floats = typename S::Floats;
    using Bytes = typename S::Bytes;
    static constexpr std::size_t kLanes = S::kLanes;
    static constexpr std::size_t kChunk = 32; ///< values that are read together: a block of Q8_0 cells
    static constexpr std::size_t kKeys = 64;  ///< cells of a block

    static constexpr bool fits(std::size_t keyDim, std::size_t valueDim) {
        return keyDim % kChunk == 0 && valueDim % kChunk == 0;
    }

    // How values become bfloat16: words() gives values [at, at + kChunk) of a cell of `dim`, in order;
    // missed() tells whether some of all that were read became zero and should not have. Sums of weights
    // times values are 2⁻¹⁶ of what they stand for, and queries come 2⁹⁶ times as large, so that the first of
    // these ways needs no multiplication.
    static constexpr float kQueryFactor = 0x1p96F, kOutFactor = 0x1p16F;

    /// Float16 by its bits: an exponent counted from 15 is read as one counted from 127. Subnormal numbers,
    /// below 2⁻¹⁴, become zero, which matters where nothing is as large as 2⁻⁷.
    struct HalfBits {
        static constexpr float kScoreFactor = 0x1p16F, kWeightFactor = 0x1p96F;
        static std::size_t cellBytes(std::size_t dim) { return 2 * dim; }
        static std::size_t offset(std::size_t at) { return 2 * at; }
        Bytes seen = S::zeroInts();
        Bytes words(const std::byte* cell, std::size_t, std::size_t at) {
            const Bytes half = S::loadBytes(cell + 2 * at);
            seen = S::bitOr(seen, half);
            return S::bfloat16OfHalfBits(half);
        }
        [[nodiscard]] bool missed() const { return !S::anyWord(seen, 0x6000) && S::anyWord(seen, 0x7FFF); }
    };
    /// Float16 of any size.
    struct Half : HalfBits {
        static constexpr float kScoreFactor = 0x1p-96F, kWeightFactor = 0x1p-16F;
        Bytes words(const std::byte* cell, std::size_t, std::size_t at) {
            return S::bfloat16Words(S::fromHalf(cell + 2 * at), S::fromHalf(cell + 2 * (at + kLanes)));
        }
        [[nodiscard]] bool missed() const { return false; }
    };
    /// Q8_0 cells.
    struct Blocks {
        static constexpr float kScoreFactor = 0x1p-96F, kWeightFactor = 0x1p-16F;
        static std::size_t cellBytes(std::size_t dim) { return dim + dim / kChunk * 2; }
        static std::size_t offset(std::size_t at) { return at; }
        Bytes words(const std::byte* cell, std::size_t dim, std::size_t at) {
            static_assert(kChunk == 2 * kLanes);
            const Floats scale = S::splatHalf(cell + dim + at / kChunk * 2);
            return S::bfloat16Words(S::mul(scale, S::fromInt8(cell + at)),
                                    S::mul(scale, S::fromInt8(cell + at + kLanes)));
        }
        [[nodiscard]] bool missed() const { return false; }
    };

    /// Asks for the same values of the cell of the next block: see Attention::prefetchNext.
    template <class Cells>
    static void prefetch(const std::byte* cell, std::size_t dim, std::size_t at) {
        __builtin_prefetch(cell + kKeys * Cells::cellBytes(dim) + Cells::offset(at), 0, 2);
    }

    /// scores[r][k] of Rows rows with the cells of a block, the first `count` of kKeys; `queries` as
    /// bfloat16. Four keys share a vector, a quarter each, so that one addition across lanes serves sixteen
    /// scores.
    /// False: to be done once more, as Half.
    template <int Rows, class Cells>
    static bool scores(const std::byte* const* cells, std::size_t count, std::size_t dim,
                       const std::uint32_t* queries, float* scores, bool first) {
        Cells read;
        for (std::size_t key = 0; key < count; key += 16) {
            Floats sum[Rows][4]; // lane 4·q + … of sum[r][j]: key + 4·q + j
            unroll<0, 2>([&](auto half) HEARTH_INLINE {
                constexpr int j = 2 * decltype(half)::value;
                Floats partial[2][Rows];
                for (auto& row : partial)
                    for (Floats& p : row)
                        p = S::zero();
                for (std::size_t at = 0; at < dim; at += kChunk) {
                    Bytes keys[2][4];
                    for (int k = 0; k < 2; ++k) {
                        for (int q = 0; q < 4; ++q) {
                            const std::byte* cell = cells[key + std::size_t(4 * q + j + k)];
                            keys[k][q] = read.words(cell, dim, at);
                            if (first)
                                prefetch<Cells>(cell, dim, at);
                        }
                        S::turnQuarters(keys[k]);
                    }
                    for (int part = 0; part < 4; ++part)
                        for (int r = 0; r < Rows; ++r) {
                            const Bytes query = S::splatQuarter(queries + (std::size_t(r) * dim + at) / 2 +
                                                                std::size_t(4 * part));
                            for (int k = 0; k < 2; ++k)
                                partial[k][r] = S::dotBfloat16(partial[k][r], keys[k][part], query);
                        }
                }
                for (int r = 0; r < Rows; ++r)
                    for (int k = 0; k < 2; ++k)
                        sum[r][j + k] = partial[k][r];
            });
            for (int r = 0; r < Rows; ++r)
                S::store(scores + std::size_t(r) * kKeys + key,
                         S::mul(S::sumsOfQuarters(sum[r]), S::splat(Cells::kScoreFactor)));
        }
        return !read.missed();
    }

    /// out[r] += weights[r]·values for Rows rows and Chunks chunks from value `at` on, in pairs of keys. In
    /// `out` the values of a chunk lie as order() finds them. False: nothing was added, and is to be as Half.
    template <int Rows, int Chunks, class Cells>
    static bool valueTile(const std::byte* const* cells, std::size_t count, std::size_t dim, std::size_t at,
                          const std::uint32_t* weights, float* out, bool first) {
        Cells read;
        Floats sum[Rows][2 * Chunks];
        const auto place = [&](int r, int v) {
            return out + std::size_t(r) * dim + at + std::size_t(v) * kLanes;
        };
        for (int r = 0; r < Rows; ++r)
            for (int v = 0; v < 2 * Chunks; ++v)
                sum[r][v] = S::load(place(r, v));
        for (std::size_t pair = 0; pair < (count + 1) / 2; ++pair) {
            const std::byte *even = cells[2 * pair], *odd = cells[2 * pair + 1];
            Bytes value[2 * Chunks];
            for (int c = 0; c < Chunks; ++c) {
                const std::size_t from = at + std::size_t(c) * kChunk;
                const Bytes a = read.words(even, dim, from), b = read.words(odd, dim, from);
                value[2 * c] = S::interleaveLowWords(a, b);
                value[2 * c + 1] = S::interleaveHighWords(a, b);
                if (first) {
                    prefetch<Cells>(even, dim, from);
                    prefetch<Cells>(odd, dim, from);
                }
            }
            for (int r = 0; r < Rows; ++r) {
                const Bytes weight = S::splatWord(weights[std::size_t(r) * kKeys / 2 + pair]);
                for (int v = 0; v < 2 * Chunks; ++v)
                    sum[r][v] = S::dotBfloat16(sum[r][v], value[v], weight);
            }
        }
        if (read.missed())
            return false;
        for (int r = 0; r < Rows; ++r)
            for (int v = 0; v < 2 * Chunks; ++v)
                S::store(place(r, v), sum[r][v]);
        return true;
    }

    template <int Rows, class Cells>
    static void roundWeights(const float* weights, std::uint32_t* rounded) {
        for (std::size_t i = 0; i < Rows * kKeys; i += kLanes)
            S::toBfloat16(rounded + i / 2, S::mul(S::load(weights + i), S::splat(Cells::kWeightFactor)));
    }

    /// out[r] += weights[r]·values for Rows rows; `rounded` is scratch memory for their weights.
    template <int Rows, class Cells>
    static void values(const std::byte* const* cells, std::size_t count, std::size_t dim,
                       const float* weights, std::uint32_t* rounded, float* out, bool first) {
        constexpr int chunks = Rows > 4 ? 1 : 2;
        roundWeights<Rows, Cells>(weights, rounded);
        const auto tile = [&](auto width, std::size_t at) {
            constexpr int c = decltype(width)::value;
            if (valueTile<Rows, c, Cells>(cells, count, dim, at, rounded, out, first))
                return;
            roundWeights<Rows, Half>(weights, rounded);
            valueTile<Rows, c, Half>(cells, count, dim, at, rounded, out, false);
            roundWeights<Rows, Cells>(weights, rounded);
        };
        std::size_t at = 0;
        for (; at + chunks * kChunk <= dim; at += chunks * kChunk)
            tile(Index<chunks>{}, at);
        for (; at < dim; at += kChunk)
            tile(Index<1>{}, at);
    }

    /// One row of sums in the order of the values: interleaving words took them by fours.
    static void order(float* out, std::size_t dim) {
        for (std::size_t at = 0; at < dim; at += kChunk) {
            float chunk[kChunk];
            __builtin_memcpy(chunk, out + at, sizeof chunk);
            for (std::size_t four = 0; four < kChunk / 4; ++four)
                __builtin_memcpy(out + at + 4 * four, chunk + four % 2 * kLanes + four / 2 * 4,
                                 4 * sizeof(float));
        }
    }

    /// body(Index<rows>, row) for groups of rows that cover `used` rows; the last may reach beyond them, up
    /// to a multiple of four.
    template <class Body>
    static void forGroups(std::size_t used, const Body& body) {
        for (std::size_t row = 0; row < used;) {
            const std::size_t left = used - row;
            if (left > 4)
                body(Index<8>{}, row);
            else if (left > 2)
                body(Index<4>{}, row);
            else if (left > 1)
                body(Index<2>{}, row);
            else
                body(Index<1>{}, row);
            row += left > 4 ? 8 : 4;
        }
    }
};

} // namespace
} // namespace hearth::kernels
