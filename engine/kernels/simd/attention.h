#pragma once

#include "engine/kernels/simd/attention_rounded.h"

/// Attention with an online softmax: the queries of a task (all query heads of one KV head, up to kQueryTile
/// positions) pass over the cells in blocks of kKeys, so that scores never leave the cache and cells are read
/// and converted once per task.
namespace hearth::kernels {
namespace {

template <class S>
struct Attention {
    using Floats = typename S::Floats;
    using AttentionTask = detail::AttentionTask;
    using Work = AttentionWork<S>;
    using Seen = typename Work::Seen;
    using Cells = KvCells<S>;
    static constexpr std::size_t kQueryTile = 32;
    static constexpr std::size_t kKeys = Work::kKeys;
    static constexpr std::size_t kLanes = S::kLanes;
    static constexpr float kMasked = Work::kMasked;
    /// From so many rows on, turning keys to columns costs less than it saves. Sums then run in another order
    /// and are rounded otherwise; as many queries as products take exactly (exactRows()) never do that.
    static constexpr std::size_t kManyRows = 12;

    // Scratch -----------------------------------------------------------------------------------------------
    static std::size_t scratchBytes(const AttentionJob& job, const AttentionShape& shape) {
        return Work(job, shape, kQueryTile, nullptr).floats * sizeof(float);
    }

    /// Asks for the same line of the next block's cell, which is used when this block is done: cells of a
    /// head follow each other in memory. By then it should wait in the second-level cache. (Where a ring
    /// ends, what is asked for is of no use, and does no harm.)
    static void prefetchNext(const std::byte* cell, std::size_t cellBytes, std::size_t offset) {
        if (offset % 64 < 2 * kLanes)
            __builtin_prefetch(cell + kKeys * cellBytes + offset, 0, 2);
    }

    // Score and value products
    // --------------------------------------------------------------------------------
    /// Scores of Rows rows with kLanes / Rows keys: one accumulator each, reduced together.
    /// Direct: from cells of float16; otherwise from w.keys.
    template <int Rows, bool Direct>
    static void scoreTile(const Work& w, std::size_t row, std::size_t key) {
        constexpr int keys = int(kLanes) / Rows;
        Floats dot[kLanes];
        for (auto& d : dot)
            d = S::zero();
        const float* q = w.queries + row * w.keyWidth;
        const float* k = w.keys + key * w.keyWidth;
        for (std::size_t i = 0; i < w.keyWidth; i += kLanes) {
            Floats column[keys];
            for (int c = 0; c < keys; ++c) {
                column[c] = Direct ? S::fromHalf(w.keyCells[key + std::size_t(c)] + 2 * i)
                                   : S::load(k + std::size_t(c) * w.keyWidth + i);
                if (Direct && row == 0)
                    prefetchNext(w.keyCells[key + std::size_t(c)], 2 * w.keyWidth, 2 * i);
            }
            for (int r = 0; r < Rows; ++r) {
                const Floats a = S::load(q + std::size_t(r) * w.keyWidth + i);
                for (int c = 0; c < keys; ++c)
                    dot[r * keys + c] = S::fma(a, column[c], dot[r * keys + c]);
            }
        }
        float all[kLanes];
        S::store(all, S::sums(dot));
        for (int r = 0; r < Rows; ++r)
            __builtin_memcpy(w.scores + (row + std::size_t(r)) * kKeys + key, all + r * keys,
                             std::size_t(keys) * sizeof(float));
    }

    /// out += weights·values for Rows rows and Vectors vectors of the value width.
    template <int Rows, int Vectors, bool Direct>
    static void valueTile(const Work& w, std::size_t row, std::size_t at, std::size_t keys) {
        Floats sum[Rows][Vectors];
        float* out = w.out + row * w.valueWidth + at;
        for (int r = 0; r < Rows; ++r)
            for (int v = 0; v < Vectors; ++v)
                sum[r][v] = S::load(out + std::size_t(r) * w.valueWidth + std::size_t(v) * kLanes);
        for (std::size_t k = 0; k < keys; ++k) {
            Floats value[Vectors];
            for (int v = 0; v < Vectors; ++v) {
                const std::size_t i = at + std::size_t(v) * kLanes;
                value[v] = S::held(Direct ? S::fromHalf(w.valueCells[k] + 2 * i)
                                          : S::load(w.values + k * w.valueWidth + i));
                if (Direct && row == 0)
                    prefetchNext(w.valueCells[k], 2 * w.valueWidth, 2 * i);
            }
            for (int r = 0; r < Rows; ++r) {
                const Floats weight = S::splat(w.scores[(row + std::size_t(r)) * kKeys + k]);
                for (int v = 0; v < Vectors; ++v)
                    sum[r][v] = S::fma(weight, value[v], sum[r][v]);
            }
        }
        for (int r = 0; r < Rows; ++r)
            for (int v = 0; v < Vectors; ++v)
                S::store(out + std::size_t(r) * w.valueWidth + std::size_t(v) * kLanes, sum[r][v]);
    }

    // The same for many rows: keys are turned to columns, so that no sum runs across lanes
    // ---------------------
    /// Scores of Rows rows with all keys of a block.
    template <int Rows>
    static void scoreColumns(const Work& w, std::size_t row) {
        constexpr int vectors = 4;
        for (std::size_t key = 0; key < kKeys; key += vectors * kLanes) {
            Floats sum[Rows][vectors];
            for (auto& r : sum)
                for (auto& s : r)
                    s = S::zero();
            for (std::size_t d = 0; d < w.keyWidth; ++d) {
                Floats k[vectors];
                for (int v = 0; v < vectors; ++v)
                    k[v] = S::held(S::load(w.columns + d * kKeys + key + std::size_t(v) * kLanes));
                for (int r = 0; r < Rows; ++r) {
                    const Floats q = S::splat(w.queries[(row + std::size_t(r)) * w.keyWidth + d]);
                    for (int v = 0; v < vectors; ++v)
                        sum[r][v] = S::fma(q, k[v], sum[r][v]);
                }
            }
            for (int r = 0; r < Rows; ++r)
                for (int v = 0; v < vectors; ++v)
                    S::store(w.scores + (row + std::size_t(r)) * kKeys + key + std::size_t(v) * kLanes,
                             sum[r][v]);
        }
    }

    /// One block of cells for many rows.
    template <class Softmax>
    static void manyRows(const Work& w, std::size_t used, std::size_t count, const Softmax& softmax) {
        constexpr int rows = S::kScoreRows;
        turnSquares<S>(w.keys, kKeys, w.keyWidth, w.columns);
        std::size_t r = 0;
        for (; r + rows <= used; r += rows)
            scoreColumns<rows>(w, r);
        for (; r < used; ++r)
            scoreColumns<1>(w, r);
        for (r = 0; r < used; ++r)
            softmax(r);
        for (r = 0; r + rows <= used; r += rows)
            valueRows<rows, false>(w, r, count);
        for (; r < used; ++r)
            valueRows<1, false>(w, r, count);
    }

    template <int Rows, bool Direct>
    static void valueRows(const Work& w, std::size_t row, std::size_t keys) {
        std::size_t at = 0;
        for (; at + 4 * kLanes <= w.valueWidth; at += 4 * kLanes)
            valueTile<Rows, 4, Direct>(w, row, at, keys);
        for (; at < w.valueWidth; at += kLanes)
            valueTile<Rows, 1, Direct>(w, row, at, keys);
    }

    /// One block of cells for few rows.
    template <bool Direct, class Softmax>
    static void fewRows(const Work& w, std::size_t used, std::size_t count, const Softmax& softmax) {
        constexpr int rows = S::kScoreRows;
        scoreRows<Direct>(w, used, count);
        std::size_t r = 0;
        for (; r < used; ++r)
            softmax(r);
        for (r = 0; r + rows <= used; r += rows)
            valueRows<rows, Direct>(w, r, count);
        if constexpr (rows == 4)
            for (; r + 2 <= used; r += 2)
                valueRows<2, Direct>(w, r, count);
        for (; r < used; ++r)
            valueRows<1, Direct>(w, r, count);
    }

    /// The same in pairs of bfloat16, straight from the cells.
    template <class Softmax>
    static void pairRows(const Work& w, const KvLayer& kv, std::size_t used, std::size_t count,
                         const Softmax& softmax) {
        using Pairs = PairRows<S>;
        const bool blocks = kv.type == KvType::Q8_0;
        Pairs::forGroups(used, [&](auto rows, std::size_t r) {
            constexpr int n = decltype(rows)::value;
            const auto as = [&](auto cells) {
                return Pairs::template scores<n, decltype(cells)>(w.keyCells, count, kv.keyDim,
                                                                  w.queryPairs + r * kv.keyDim / 2,
                                                                  w.scores + r * kKeys, r == 0);
            };
            if (blocks)
                as(typename Pairs::Blocks{});
            else if (!as(typename Pairs::HalfBits{}))
                as(typename Pairs::Half{});
        });
        for (std::size_t r = 0; r < used; ++r)
            softmax(r);
        Pairs::forGroups(used, [&](auto rows, std::size_t r) {
            constexpr int n = decltype(rows)::value;
            const auto as = [&](auto cells) {
                Pairs::template values<n, decltype(cells)>(w.valueCells, count, kv.valueDim,
                                                           w.scores + r * kKeys, w.scorePairs + r * kKeys / 2,
                                                           w.out + r * kv.valueDim, r == 0);
            };
            if (blocks)
                as(typename Pairs::Blocks{});
            else
                as(typename Pairs::HalfBits{});
        });
    }

    /// Scores of one row become weights exp(score − largest so far); what is summed already is scaled to
    /// match.
    template <bool Rounded>
    static void softmaxRow(const Work& w, const AttentionShape& shape, std::size_t row, Seen seen) {
        float* scores = w.scores + row * kKeys;
        if (seen.begin >= seen.end) {
            __builtin_memset(scores, 0, kKeys * sizeof(float));
            return;
        }
        if (shape.softcap > 0)
            Elementwise<S>::softcap(scores, shape.softcap, kKeys);
        for (std::size_t k = 0; k < seen.begin; ++k)
            scores[k] = kMasked;
        for (std::size_t k = seen.end; k < kKeys; ++k)
            scores[k] = kMasked;
        Floats most = S::splat(kMasked);
        for (std::size_t k = 0; k < kKeys; k += kLanes)
            most = S::max(most, S::load(scores + k));
        const float largest = S::largest(most), before = w.largest[row];
        const float now = largest > before ? largest : before;
        Floats sum = S::load(w.sum + row * kLanes);
        if (now > before) {
            const Floats factor = exp<S>(S::splat(before - now));
            sum = S::mul(sum, factor);
            float* out = w.out + row * w.valueWidth;
            for (std::size_t i = 0; i < w.valueWidth; i += kLanes)
                S::store(out + i, S::mul(S::load(out + i), factor));
            w.largest[row] = now;
        }
#pragma GCC unroll 1 // the constants of several exponentials do not fit into 16 registers
        for (std::size_t k = 0; k < kKeys; k += kLanes) {
            const Floats less = S::sub(S::load(scores + k), S::splat(now));
            const Floats weight = Rounded ? roughExp<S>(less) : exp<S>(less);
            S::store(scores + k, weight);
            sum = S::add(sum, weight);
        }
        S::store(w.sum + row * kLanes, sum);
    }

    static void run(const AttentionTask& task, std::byte* scratch) {
        const AttentionJob& job = *task.job;
        const AttentionShape& shape = *task.shape;
        const KvLayer& kv = job.kv;
        const std::size_t group = shape.heads / kv.kvHeads, used = task.queries * group;
        const std::size_t keyBytes = Cells::bytes(kv.type, kv.keyDim),
                          valueBytes = Cells::bytes(kv.type, kv.valueDim);
        const std::byte* keys = kv.keys + task.kvHead * kv.capacity * keyBytes;
        const std::byte* values = kv.values + task.kvHead * kv.capacity * valueBytes;
        Work w(job, shape, task.queries, scratch);
        const bool few = job.count <= S::kDecodeLimit; // each comes out exactly as it would alone
        const bool rounds = S::kBfloat16Dots && shape.mayRound, many = !few && used >= kManyRows;
        // Few rows use every value once: they are converted where they are multiplied.
        const bool pairs = rounds && !many && PairRows<S>::fits(kv.keyDim, kv.valueDim);
        const bool direct = pairs || (kv.type == KvType::F16 && !many && kv.keyDim == w.keyWidth &&
                                      kv.valueDim == w.valueWidth);
        begin(w, task, rounds && (many || pairs),
              pairs ? shape.scale * PairRows<S>::kQueryFactor : shape.scale);

        const std::size_t firstPosition = job.firstPosition + task.firstQuery;
        const std::size_t last = firstPosition + task.queries; // one past the last cell that anyone sees
        std::size_t at = firstSeen(shape, firstPosition);
        if (few) // blocks lie the same for every query; what lies before the window is masked
            at -= at % kKeys;
        for (; at < last; at += kKeys) {
            const std::size_t count = smaller(kKeys, last - at);
            for (std::size_t k = 0, cell = at % kv.capacity; k < kKeys; ++k) {
                w.keyCells[k] = keys + cell * keyBytes;
                w.valueCells[k] = values + cell * valueBytes;
                if (k + 1 < count && ++cell == kv.capacity)
                    cell = 0;
            }
            /// The cells of the block that row r sees, none if begin >= end.
            const auto seen = [&](std::size_t r) {
                const std::size_t position = firstPosition + r / group, first = firstSeen(shape, position);
                return Seen{first > at ? smaller(first - at, count) : 0,
                            position + 1 > at ? smaller(position + 1 - at, count) : 0};
            };
            if constexpr (S::kBfloat16Dots)
                if (rounds && many) {
                    const bool whole = count == kKeys && seen(0).end == kKeys && seen(used - 1).begin == 0;
                    RoundedRows<S>::block(w, kv, used, count, shape.softcap, whole, seen);
                    continue;
                }
            if (!direct)
                for (std::size_t k = 0; k < count; ++k) {
                    Cells::load(kv.type, w.keyCells[k], kv.keyDim, w.keyWidth, w.keys + k * w.keyWidth);
                    Cells::load(kv.type, w.valueCells[k], kv.valueDim, w.valueWidth,
                                w.values + k * w.valueWidth);
                }
            const auto softmax = [&](std::size_t r) {
                if (shape.mayRound)
                    softmaxRow<true>(w, shape, r, seen(r));
                else
                    softmaxRow<false>(w, shape, r, seen(r));
            };
            if constexpr (S::kBfloat16Dots)
                if (pairs) {
                    pairRows(w, kv, used, count, softmax);
                    continue;
                }
            if (many)
                manyRows(w, used, count, softmax);
            else if (direct)
                fewRows<true>(w, used, count, softmax);
            else
                fewRows<false>(w, used, count, softmax);
        }
        end(w, task, pairs);
    }

private:
    /// The first position that a query at `position` attends to.
    static std::size_t firstSeen(const AttentionShape& shape, std::size_t position) {
        return shape.window && position + 1 > shape.window ? position + 1 - shape.window : 0;
    }

    /// Row r of a task is head r % group of query r / group; its `dim` values in a job's array.
    template <class Float>
    static Float* rowOf(Float* base, const AttentionTask& task, std::size_t r, std::size_t dim) {
        const std::size_t group = task.shape->heads / task.job->kv.kvHeads;
        const std::size_t query = task.firstQuery + r / group;
        return base + (query * task.shape->heads + task.kvHead * group + r % group) * dim;
    }

    /// Rows ahead at which queries and results are asked for: a few lines here and there, which the processor
    /// does not foresee.
    static constexpr std::size_t kRowsAhead = 16;
    template <int ForWriting>
    static void ask(const float* row, std::size_t dim) {
        for (std::size_t i = 0; i < dim; i += 64 / sizeof(float))
            __builtin_prefetch(row + i, ForWriting);
    }

    /// Takes the queries times `scale`, and nothing is summed yet.
    static void begin(const Work& w, const AttentionTask& task, bool rounded, float scale) {
        const std::size_t dim = task.job->kv.keyDim;
        const std::size_t used = task.queries * (task.shape->heads / task.job->kv.kvHeads);
        __builtin_memset(w.out, 0, w.rows * w.valueWidth * sizeof(float));
        __builtin_memset(w.sum, 0, w.rows * kLanes * sizeof(float));
        for (std::size_t r = 0; r < w.rows; ++r)
            w.largest[r] = kMasked;
        __builtin_memset(w.scores + used * kKeys, 0, (w.rows - used) * kKeys * sizeof(float));
        if (!rounded)
            __builtin_memset(w.queries, 0, w.rows * w.keyWidth * sizeof(float));
        for (std::size_t r = 0; r < w.rows; ++r) {
            const auto row = [&](std::size_t at) {
                return rowOf(task.job->q, task, smaller(at, used - 1), dim);
            };
            ask<0>(row(r + kRowsAhead), dim);
            const float* from = row(r);
            const std::size_t left = r < used ? dim : 0;
            if constexpr (S::kBfloat16Dots)
                if (rounded) {
                    RoundedRows<S>::roundRow(from, left, w.keyWidth, scale,
                                             w.queryPairs + r * w.keyWidth / 2);
                    continue;
                }
            float* q = w.queries + r * w.keyWidth;
            __builtin_memcpy(q, from, left * sizeof(float));
            Elementwise<S>::scale(q, scale, left);
        }
    }

    /// Divides the sums by those of their weights.
    static void end(const Work& w, const AttentionTask& task, bool pairs) {
        const std::size_t dim = task.job->kv.valueDim;
        const std::size_t used = task.queries * (task.shape->heads / task.job->kv.kvHeads);
        for (std::size_t r = 0; r < used; ++r) {
            float* from = w.out + r * w.valueWidth;
            float factor = 1 / S::sum(S::load(w.sum + r * kLanes));
            if (pairs) {
                PairRows<S>::order(from, dim);
                factor *= PairRows<S>::kOutFactor;
            }
            ask<1>(rowOf(task.job->out, task, smaller(r + kRowsAhead, used - 1), dim), dim);
            float* out = rowOf(task.job->out, task, r, dim);
            for (std::size_t i = 0; i < dim; i += kLanes)
                storeSome<S>(out + i, S::mul(S::load(from + i), S::splat(factor)), dim - i);
        }
    }

    /// Keys beyond `count` hold values of an earlier block; softmaxRow masks them.
    template <bool Direct>
    static void scoreRows(const Work& w, std::size_t used, std::size_t count) {
        constexpr int tileRows = int(kLanes) / 4;
        std::size_t r = 0;
        for (; r + 1 < used; r += std::size_t(tileRows))
            for (std::size_t k = 0; k < count; k += 4)
                scoreTile<tileRows, Direct>(w, r, k);
        if (r < used)
            for (std::size_t k = 0; k < count; k += kLanes)
                scoreTile<1, Direct>(w, r, k);
    }
};

} // namespace
} // namespace hearth::kernels
