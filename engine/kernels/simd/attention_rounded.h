#pragma once

#include "engine/kernels/simd/attention_work.h"

/// Attention of many queries where the processor multiplies pairs of bfloat16. The keys of a block are turned
/// to columns and its values paired once for all rows; then a few rows at a time have their scores, which
/// become weights while they are in registers, and the sums of their values.
namespace hearth::kernels {
namespace {

/// From [rows][width] to [width][rows], in squares; both are multiples of kLanes.
template <class S>
void turnSquares(const float* from, std::size_t rows, std::size_t width, float* to) {
    for (std::size_t row = 0; row < rows; row += S::kLanes)
        for (std::size_t at = 0; at < width; at += S::kLanes) {
            typename S::Floats square[S::kLanes];
            for (std::size_t i = 0; i < S::kLanes; ++i)
                square[i] = S::load(from + (row + i) * width + at);
            S::transpose(square);
            for (std::size_t i = 0; i < S::kLanes; ++i)
                S::store(to + (at + i) * rows + row, square[i]);
        }
}

template <class S>
struct RoundedRows {
    using Floats = typename S::Floats;
    using Bytes = typename S::Bytes;
    using Work = AttentionWork<S>;
    using Cells = KvCells<S>;
    static constexpr std::size_t kLanes = S::kLanes, kKeys = Work::kKeys;
    static constexpr int kRows = 4, kVectors = int(kKeys / kLanes);
    /// How far scores may lie above what their row is weighed against: e⁸ is far from any limit, and sums are
    /// seldom brought to a new measure.
    static constexpr float kSlack = 8;

    /// `dim` numbers scaled and rounded, with zeros up to `width`, a multiple of two vectors.
    static void roundRow(const float* from, std::size_t dim, std::size_t width, float scale,
                         std::uint32_t* to) {
        const Floats factor = S::splat(scale);
        const auto part = [&](std::size_t at) {
            return at < dim ? S::mul(loadSome<S>(from + at, dim - at), factor) : S::zero();
        };
        for (std::size_t i = 0; i < width; i += 2 * kLanes)
            S::storeBytes(to + i / 2, S::bfloat16Words(part(i), part(i + kLanes)));
    }

    /// One block of cells for all rows. Whole: every row sees all cells.
    template <class SeenOf>
    static void block(const Work& w, const KvLayer& kv, std::size_t used, std::size_t count, float cap,
                      bool whole, const SeenOf& seen) {
        arrange(w, kv, count);
        for (std::size_t row = 0; row < used; row += kRows) {
            if (whole && cap <= 0)
                weigh<true>(w, cap, row, seen);
            else
                weigh<false>(w, cap, row, seen);
            addValues(w, row, count);
        }
    }

private:
    /// The first `count` keys and values of a block.
    static void arrange(const Work& w, const KvLayer& kv, std::size_t count) {
        for (std::size_t k = 0; k < count; ++k) {
            Cells::load(kv.type, w.keyCells[k], kv.keyDim, w.keyWidth, w.keys);
            roundRow(w.keys, w.keyWidth, w.keyWidth, 1, w.keyPairs + k * w.keyWidth / 2);
        }
        turnSquares<S>(reinterpret_cast<const float*>(w.keyPairs), kKeys, w.keyWidth / 2, w.columns);
        float *even = w.values, *odd = even + w.valueWidth;
        for (std::size_t k = 0; k < count; k += 2) {
            Cells::load(kv.type, w.valueCells[k], kv.valueDim, w.valueWidth, even);
            if (k + 1 < count)
                Cells::load(kv.type, w.valueCells[k + 1], kv.valueDim, w.valueWidth, odd);
            else
                __builtin_memset(odd, 0, w.valueWidth * sizeof(float));
            for (std::size_t i = 0; i < w.valueWidth; i += kLanes)
                S::storeBytes(w.valuePairs + k / 2 * w.valueWidth + i,
                              S::bfloat16Pairs(S::load(even + i), S::load(odd + i)));
        }
    }

    /// Weights of kRows rows. Whole: as in block(), and scores have no cap.
    template <bool Whole, class SeenOf>
    static void weigh(const Work& w, float cap, std::size_t row, const SeenOf& seen) {
        // Every index is a constant, so that scores are registers and nothing but registers.
        const auto each = [](const auto& body) HEARTH_INLINE {
            unroll<0, kRows>([&](auto r) HEARTH_INLINE {
                unroll<0, kVectors>([&](auto v) HEARTH_INLINE { body(r.value, v.value); });
            });
        };
        Floats score[kRows][kVectors];
        each([&](int r, int v) HEARTH_INLINE { score[r][v] = S::zero(); });
        const std::uint32_t* query = w.queryPairs + row * w.keyWidth / 2;
        for (std::size_t d = 0; d < w.keyWidth / 2; ++d) {
            Bytes key[kVectors];
            unroll<0, kVectors>([&](auto v) HEARTH_INLINE {
                key[v.value] = S::loadBytes(w.columns + d * kKeys + v.value * kLanes);
            });
            unroll<0, kRows>([&](auto r) HEARTH_INLINE {
                const Bytes q = S::splatWord(query[r.value * w.keyWidth / 2 + d]);
                unroll<0, kVectors>([&](auto v) HEARTH_INLINE {
                    score[r.value][v.value] = S::dotBfloat16(score[r.value][v.value], key[v.value], q);
                });
            });
        }
        [[maybe_unused]] typename Work::Seen cells[kRows];
        [[maybe_unused]] const auto only = [&](Floats values, int r, int v, float other) HEARTH_INLINE {
            return S::within(values, int(cells[r].begin) - v * int(kLanes),
                             int(cells[r].end) - v * int(kLanes), S::splat(other));
        };
        if constexpr (!Whole) {
            unroll<0, kRows>([&](auto r) { cells[r.value] = seen(row + std::size_t(r.value)); });
            if (cap > 0)
                each([&](int r, int v) HEARTH_INLINE {
                    score[r][v] = S::mul(S::splat(cap), tanh<S>(S::mul(score[r][v], S::splat(1 / cap))));
                });
            each([&](int r, int v) HEARTH_INLINE { score[r][v] = only(score[r][v], r, v, Work::kMasked); });
        }
        Floats most[kRows];
        unroll<0, kRows>([&](auto r) HEARTH_INLINE {
            const Floats* s = score[r.value];
            most[r.value] = S::max(S::max(s[0], s[1]), S::max(s[2], s[3]));
        });
        raise(w, row, S::largestOfFour(most));
        unroll<0, kRows>([&](auto r) HEARTH_INLINE {
            const std::size_t at = row + std::size_t(r.value);
            const Floats measure = S::splat(w.largest[at]);
            Floats weight[kVectors];
            unroll<0, kVectors>([&](auto v) HEARTH_INLINE {
                weight[v.value] = roughExp<S>(S::sub(score[r.value][v.value], measure));
                if constexpr (!Whole)
                    weight[v.value] = only(weight[v.value], r.value, v.value, 0);
            });
            const Floats sum = S::add(S::add(weight[0], weight[1]), S::add(weight[2], weight[3]));
            S::store(w.sum + at * kLanes, S::add(S::load(w.sum + at * kLanes), sum));
            std::uint32_t* pairs = w.scorePairs + at * kKeys / 2;
            S::storeBytes(pairs, S::bfloat16Words(weight[0], weight[1]));
            S::storeBytes(pairs + kLanes, S::bfloat16Words(weight[2], weight[3]));
        });
    }

    /// out += weights·values for kRows rows and the first `count` cells.
    static void addValues(const Work& w, std::size_t row, std::size_t count) {
        std::size_t at = 0;
        for (; at + 4 * kLanes <= w.valueWidth; at += 4 * kLanes)
            valueTile<4>(w, row, at, (count + 1) / 2);
        for (; at < w.valueWidth; at += kLanes)
            valueTile<1>(w, row, at, (count + 1) / 2);
    }

    /// Brings the sums of kRows rows to a new measure where a score, `most` (row j in lane j of every
    /// quarter), is too far above theirs.
    static void raise(const Work& w, std::size_t row, Floats most) {
        const Floats before = S::splatFour(w.largest + row);
        if (!S::anyAbove(most, S::add(before, S::splat(kSlack))))
            return;
        const Floats now = S::max(before, most);
        float factors[kLanes];
        S::store(factors, exp<S>(S::sub(before, now)));
        S::storeFour(w.largest + row, now);
        for (std::size_t r = 0; r < kRows; ++r) {
            const Floats factor = S::splat(factors[r]);
            float* sum = w.sum + (row + r) * kLanes;
            S::store(sum, S::mul(S::load(sum), factor));
            float* out = w.out + (row + r) * w.valueWidth;
            for (std::size_t i = 0; i < w.valueWidth; i += kLanes)
                S::store(out + i, S::mul(S::load(out + i), factor));
        }
    }

    template <int Vectors>
    static void valueTile(const Work& w, std::size_t row, std::size_t at, std::size_t pairs) {
        Floats sum[kRows][Vectors];
        float* out = w.out + row * w.valueWidth + at;
        for (int r = 0; r < kRows; ++r)
            for (int v = 0; v < Vectors; ++v)
                sum[r][v] = S::load(out + std::size_t(r) * w.valueWidth + std::size_t(v) * kLanes);
        for (std::size_t k = 0; k < pairs; ++k) {
            Bytes value[Vectors];
            for (int v = 0; v < Vectors; ++v)
                value[v] = S::loadBytes(w.valuePairs + k * w.valueWidth + at + std::size_t(v) * kLanes);
            for (int r = 0; r < kRows; ++r) {
                const Bytes weight = S::splatWord(w.scorePairs[(row + std::size_t(r)) * kKeys / 2 + k]);
                for (int v = 0; v < Vectors; ++v)
                    sum[r][v] = S::dotBfloat16(sum[r][v], value[v], weight);
            }
        }
        for (int r = 0; r < kRows; ++r)
            for (int v = 0; v < Vectors; ++v)
                S::store(out + std::size_t(r) * w.valueWidth + std::size_t(v) * kLanes, sum[r][v]);
    }
};

} // namespace
} // namespace hearth::kernels
