#pragma once

#include "engine/kernels/simd/attention_pairs.h"
#include "engine/kernels/simd/elementwise.h"

/// Attention with an online softmax: the queries of a task (all query heads of one KV head, up to kQueryTile
/// positions) pass over the cells in blocks of kKeys, so that scores never leave the cache and cells are read
/// and converted once per task.
namespace hearth::kernels {
namespace {

template <class S>
struct Attention {
    using Floats = typename S::Floats;
    using AttentionTask = detail::AttentionTask;
    static constexpr std::size_t kQueryTile = 32;
    static constexpr std::size_t kKeys = PairRows<S>::kKeys;
    static constexpr std::size_t kLanes = S::kLanes;
    static constexpr std::size_t kKvBlock = 32; ///< values per scale of a Q8_0 cell
    static constexpr float kMasked = -3e38F;
    /// From so many rows on, turning keys to columns costs less than it saves.
    static constexpr std::size_t kManyRows = 12;

    static constexpr std::size_t padded(std::size_t count, std::size_t multiple) {
        return (count + multiple - 1) / multiple * multiple;
    }

    // Cells -------------------------------------------------------------------------------------------------
    static void storeCell(KvType type, const float* values, std::size_t dim, std::byte* cell) {
        if (type == KvType::F16) {
            for (std::size_t i = 0; i < dim; i += kLanes) {
                const Floats v = loadSome<S>(values + i, dim - i);
                if (dim - i >= kLanes) {
                    S::toHalf(cell + 2 * i, v);
                } else {
                    std::uint16_t buffer[kLanes];
                    S::toHalf(buffer, v);
                    __builtin_memcpy(cell + 2 * i, buffer, 2 * (dim - i));
                }
            }
            return;
        }
        auto* codes = reinterpret_cast<std::int8_t*>(cell);
        for (std::size_t begin = 0; begin < dim; begin += kKvBlock) {
            float block[kKvBlock] = {};
            __builtin_memcpy(block, values + begin, smaller(kKvBlock, dim - begin) * sizeof(float));
            Floats most = S::zero();
            for (std::size_t i = 0; i < kKvBlock; i += kLanes)
                most = S::max(most, S::abs(S::load(block + i)));
            // Quantise with the scale as it is stored; float16 may round it down, hence the clamp.
            float scales[kLanes] = {S::largest(most) / 127};
            std::uint16_t halves[kLanes];
            S::toHalf(halves, S::load(scales));
            S::store(scales, S::fromHalf(halves));
            const Floats inverse = S::splat(scales[0] > 0 ? 1 / scales[0] : 0);
            for (std::size_t i = 0; i < kKvBlock; i += kLanes) {
                const Floats q = S::round(S::mul(S::load(block + i), inverse));
                S::toInt8(codes + begin + i, S::min(S::max(q, S::splat(-127)), S::splat(127)));
            }
            __builtin_memcpy(cell + padded(dim, kKvBlock) + begin / kKvBlock * 2, halves, 2);
        }
    }

    /// One cell to float32, with zeros up to `width`, a multiple of kLanes.
    static void loadCell(KvType type, const std::byte* cell, std::size_t dim, std::size_t width, float* out) {
        std::size_t i = 0;
        if (type == KvType::F16) {
            for (; i + kLanes <= dim; i += kLanes)
                S::store(out + i, S::fromHalf(cell + 2 * i));
            if (i < dim) {
                std::uint16_t buffer[kLanes] = {};
                __builtin_memcpy(buffer, cell + 2 * i, 2 * (dim - i));
                S::store(out + i, S::fromHalf(buffer));
                i += kLanes;
            }
            for (; i < width; i += kLanes)
                S::store(out + i, S::zero());
            return;
        }
        const std::size_t codeBytes = padded(dim, kKvBlock);
        for (std::size_t begin = 0; begin < width; begin += kKvBlock) {
            const Floats scale = S::splatHalf(cell + codeBytes + begin / kKvBlock * 2);
            // Codes are padded with zeros to whole blocks, so reading past dim is sound.
            for (i = begin; i < smaller(begin + kKvBlock, width); i += kLanes)
                S::store(out + i, S::mul(scale, S::fromInt8(cell + i)));
        }
    }

    // Scratch -----------------------------------------------------------------------------------------------
    /// The float arrays of a task.
    struct Work {
        std::size_t keyWidth, valueWidth, rows; ///< rows padded so that score tiles need no remainder
        float *keys, *values, *queries, *scores, *out, *largest, *sum;
        /// `sum` holds a vector a row, summed across lanes at the end.
        float* columns; ///< keys by dimension: [keyWidth][kKeys], or pairs of dimensions as bfloat16
        /// Pairs of bfloat16: of keys by key, of queries, of values (by pairs of keys), of scores.
        std::uint32_t *keyPairs, *queryPairs, *valuePairs, *scorePairs;
        /// Where the cells of the current block lie; whole blocks, the last cell repeated.
        const std::byte* keyCells[kKeys];
        const std::byte* valueCells[kKeys];
        std::size_t floats;

        Work(const AttentionJob& job, const AttentionShape& shape, std::size_t queries_, std::byte* scratch) {
            keyWidth = padded(job.kv.keyDim, 2 * kLanes);
            valueWidth = padded(job.kv.valueDim, kLanes);
            rows = padded(queries_ * (shape.heads / job.kv.kvHeads), kLanes / 4);
            auto* next = reinterpret_cast<float*>(scratch);
            floats = 0;
            const auto take = [&](std::size_t count) {
                float* here = next ? next + floats : nullptr; // without memory only counted
                floats += padded(count, 16);
                return here;
            };
            keys = take(kKeys * keyWidth);
            values = take(kKeys * valueWidth);
            queries = take(rows * keyWidth);
            scores = take(rows * kKeys);
            out = take(rows * valueWidth);
            largest = take(rows);
            sum = take(rows * kLanes);
            columns = take(kKeys * keyWidth);
            const auto pairs = [&](std::size_t count) {
                return reinterpret_cast<std::uint32_t*>(take(S::kBfloat16Dots ? count : 0));
            };
            keyPairs = pairs(kKeys * keyWidth / 2);
            queryPairs = pairs(rows * keyWidth / 2);
            valuePairs = pairs(kKeys / 2 * valueWidth);
            scorePairs = pairs(rows * kKeys / 2);
        }
    };

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
                value[v] =
                    Direct ? S::fromHalf(w.valueCells[k] + 2 * i) : S::load(w.values + k * w.valueWidth + i);
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
    /// From [kKeys][width] to [width][kKeys], in squares.
    static void turn(const float* from, std::size_t width, float* to) {
        for (std::size_t key = 0; key < kKeys; key += kLanes)
            for (std::size_t at = 0; at < width; at += kLanes) {
                Floats square[kLanes];
                for (std::size_t i = 0; i < kLanes; ++i)
                    square[i] = S::load(from + (key + i) * width + at);
                S::transpose(square);
                for (std::size_t i = 0; i < kLanes; ++i)
                    S::store(to + (at + i) * kKeys + key, square[i]);
            }
    }

    /// Scores of Rows rows with all keys of a block.
    template <int Rows, bool Rounded>
    static void scoreColumns(const Work& w, std::size_t row) {
        constexpr int vectors = 4;
        for (std::size_t key = 0; key < kKeys; key += vectors * kLanes) {
            Floats sum[Rows][vectors];
            for (auto& r : sum)
                for (auto& s : r)
                    s = S::zero();
            for (std::size_t d = 0; d < (Rounded ? w.keyWidth / 2 : w.keyWidth); ++d) {
                const float* column = w.columns + d * kKeys + key;
                if constexpr (Rounded) {
                    typename S::Bytes k[vectors];
                    for (int v = 0; v < vectors; ++v)
                        k[v] = S::loadBytes(column + std::size_t(v) * kLanes);
                    for (int r = 0; r < Rows; ++r) {
                        const auto q =
                            S::splatWord(w.queryPairs[(row + std::size_t(r)) * w.keyWidth / 2 + d]);
                        for (int v = 0; v < vectors; ++v)
                            sum[r][v] = S::dotBfloat16(sum[r][v], k[v], q);
                    }
                } else {
                    Floats k[vectors];
                    for (int v = 0; v < vectors; ++v)
                        k[v] = S::load(column + std::size_t(v) * kLanes);
                    for (int r = 0; r < Rows; ++r) {
                        const Floats q = S::splat(w.queries[(row + std::size_t(r)) * w.keyWidth + d]);
                        for (int v = 0; v < vectors; ++v)
                            sum[r][v] = S::fma(q, k[v], sum[r][v]);
                    }
                }
            }
            for (int r = 0; r < Rows; ++r)
                for (int v = 0; v < vectors; ++v)
                    S::store(w.scores + (row + std::size_t(r)) * kKeys + key + std::size_t(v) * kLanes,
                             sum[r][v]);
        }
    }

    /// out += weights·values of pairs of keys, Rows rows and Vectors vectors of the value width.
    template <int Rows, int Vectors>
    static void valuePairTile(const Work& w, std::size_t row, std::size_t at, std::size_t pairs) {
        Floats sum[Rows][Vectors];
        float* out = w.out + row * w.valueWidth + at;
        for (int r = 0; r < Rows; ++r)
            for (int v = 0; v < Vectors; ++v)
                sum[r][v] = S::load(out + std::size_t(r) * w.valueWidth + std::size_t(v) * kLanes);
        for (std::size_t k = 0; k < pairs; ++k) {
            typename S::Bytes value[Vectors];
            for (int v = 0; v < Vectors; ++v)
                value[v] = S::loadBytes(w.valuePairs + k * w.valueWidth + at + std::size_t(v) * kLanes);
            for (int r = 0; r < Rows; ++r) {
                const auto weight = S::splatWord(w.scorePairs[(row + std::size_t(r)) * kKeys / 2 + k]);
                for (int v = 0; v < Vectors; ++v)
                    sum[r][v] = S::dotBfloat16(sum[r][v], value[v], weight);
            }
        }
        for (int r = 0; r < Rows; ++r)
            for (int v = 0; v < Vectors; ++v)
                S::store(out + std::size_t(r) * w.valueWidth + std::size_t(v) * kLanes, sum[r][v]);
    }

    template <int Rows, bool Rounded>
    static void valueRows(const Work& w, std::size_t row, std::size_t keys) {
        if constexpr (Rounded) {
            std::size_t at = 0;
            for (; at + 4 * kLanes <= w.valueWidth; at += 4 * kLanes)
                valuePairTile<Rows, 4>(w, row, at, (keys + 1) / 2);
            for (; at < w.valueWidth; at += kLanes)
                valuePairTile<Rows, 1>(w, row, at, (keys + 1) / 2);
        } else {
            plainValueRows<Rows, false>(w, row, keys);
        }
    }

    static void toPairs(const float* from, std::size_t count, std::uint32_t* to) {
        for (std::size_t i = 0; i < count; i += kLanes)
            S::toBfloat16(to + i / 2, S::load(from + i));
    }

    /// The keys and values of a block, as scoreColumns and valueRows want them.
    template <bool Rounded>
    static void arrange(const Work& w, std::size_t count) {
        if constexpr (Rounded) {
            toPairs(w.keys, count * w.keyWidth, w.keyPairs);
            turn(reinterpret_cast<const float*>(w.keyPairs), w.keyWidth / 2, w.columns);
            if (count % 2)
                __builtin_memset(w.values + count * w.valueWidth, 0, w.valueWidth * sizeof(float));
            for (std::size_t k = 0; k < count; k += 2)
                for (std::size_t i = 0; i < w.valueWidth; i += kLanes) {
                    const float* from = w.values + k * w.valueWidth + i;
                    S::storeBytes(w.valuePairs + k / 2 * w.valueWidth + i,
                                  S::bfloat16Pairs(S::load(from), S::load(from + w.valueWidth)));
                }
        } else {
            turn(w.keys, w.keyWidth, w.columns);
        }
    }

    /// One block of cells for all rows of a task.
    template <bool Rounded, class Softmax>
    static void manyRows(const Work& w, std::size_t used, std::size_t count, const Softmax& softmax) {
        constexpr int rows = S::kScoreRows;
        arrange<Rounded>(w, count);
        std::size_t r = 0;
        for (; r + rows <= used; r += rows)
            scoreColumns<rows, Rounded>(w, r);
        for (; r < used; ++r)
            scoreColumns<1, Rounded>(w, r);
        for (r = 0; r < used; ++r) {
            softmax(r);
            if constexpr (Rounded)
                toPairs(w.scores + r * kKeys, kKeys, w.scorePairs + r * kKeys / 2);
        }
        for (r = 0; r + rows <= used; r += rows)
            valueRows<rows, Rounded>(w, r, count);
        for (; r < used; ++r)
            valueRows<1, Rounded>(w, r, count);
    }

    template <int Rows, bool Direct>
    static void plainValueRows(const Work& w, std::size_t row, std::size_t keys) {
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
            plainValueRows<rows, Direct>(w, r, count);
        if constexpr (rows == 4)
            for (; r + 2 <= used; r += 2)
                plainValueRows<2, Direct>(w, r, count);
        for (; r < used; ++r)
            plainValueRows<1, Direct>(w, r, count);
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
    static void softmaxRow(const Work& w, const AttentionShape& shape, std::size_t row, std::size_t begin,
                           std::size_t end) {
        float* scores = w.scores + row * kKeys;
        if (begin >= end) {
            __builtin_memset(scores, 0, kKeys * sizeof(float));
            return;
        }
        if (shape.softcap > 0)
            Elementwise<S>::softcap(scores, shape.softcap, kKeys);
        for (std::size_t k = 0; k < begin; ++k)
            scores[k] = kMasked;
        for (std::size_t k = end; k < kKeys; ++k)
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
        const std::size_t keyBytes = cellBytes(kv.type, kv.keyDim),
                          valueBytes = cellBytes(kv.type, kv.valueDim);
        const std::byte* keys = kv.keys + task.kvHead * kv.capacity * keyBytes;
        const std::byte* values = kv.values + task.kvHead * kv.capacity * valueBytes;
        Work w(job, shape, task.queries, scratch);
        const bool rounds = S::kBfloat16Dots && shape.mayRound, many = used >= kManyRows;
        // Few rows use every value once: they are converted where they are multiplied.
        const bool pairs = rounds && !many && PairRows<S>::fits(kv.keyDim, kv.valueDim);
        const bool direct = pairs || (kv.type == KvType::F16 && !many && kv.keyDim == w.keyWidth &&
                                      kv.valueDim == w.valueWidth);

        __builtin_memset(w.queries, 0, w.rows * w.keyWidth * sizeof(float));
        __builtin_memset(w.out, 0, w.rows * w.valueWidth * sizeof(float));
        __builtin_memset(w.scores, 0, w.rows * kKeys * sizeof(float));
        for (std::size_t r = 0; r < w.rows; ++r) {
            w.largest[r] = kMasked;
            S::store(w.sum + r * kLanes, S::zero());
        }
        for (std::size_t r = 0; r < used; ++r) {
            float* q = w.queries + r * w.keyWidth;
            __builtin_memcpy(q, rowOf(job.q, task, shape, group, r, kv.keyDim), kv.keyDim * sizeof(float));
            Elementwise<S>::scale(q, pairs ? shape.scale * PairRows<S>::kQueryFactor : shape.scale,
                                  kv.keyDim);
        }

        if constexpr (S::kBfloat16Dots)
            if (rounds)
                toPairs(w.queries, w.rows * w.keyWidth, w.queryPairs);
        const std::size_t firstPosition = job.firstPosition + task.firstQuery;
        const std::size_t last = firstPosition + task.queries; // one past the last cell that anyone sees
        for (std::size_t at = firstSeen(shape, firstPosition); at < last; at += kKeys) {
            const std::size_t count = smaller(kKeys, last - at);
            for (std::size_t k = 0, cell = at % kv.capacity; k < kKeys; ++k) {
                w.keyCells[k] = keys + cell * keyBytes;
                w.valueCells[k] = values + cell * valueBytes;
                if (k + 1 < count && ++cell == kv.capacity)
                    cell = 0;
            }
            if (!direct)
                for (std::size_t k = 0; k < count; ++k) {
                    loadCell(kv.type, w.keyCells[k], kv.keyDim, w.keyWidth, w.keys + k * w.keyWidth);
                    loadCell(kv.type, w.valueCells[k], kv.valueDim, w.valueWidth,
                             w.values + k * w.valueWidth);
                }
            const auto softmaxOf = [&](std::size_t r, auto rounded) {
                const std::size_t position = firstPosition + r / group, first = firstSeen(shape, position);
                softmaxRow<decltype(rounded)::value != 0>(
                    w, shape, r, first > at ? smaller(first - at, count) : 0,
                    position + 1 > at ? smaller(position + 1 - at, count) : 0);
            };
            const auto softmax = [&](std::size_t r) { softmaxOf(r, Index<0>{}); };
            if constexpr (S::kBfloat16Dots)
                if (many ? rounds : pairs) {
                    const auto rough = [&](std::size_t r) { softmaxOf(r, Index<1>{}); };
                    if (many)
                        manyRows<true>(w, used, count, rough);
                    else
                        pairRows(w, kv, used, count, rough);
                    continue;
                }
            if (many)
                manyRows<false>(w, used, count, softmax);
            else if (direct)
                fewRows<true>(w, used, count, softmax);
            else
                fewRows<false>(w, used, count, softmax);
        }
        for (std::size_t r = 0; r < used; ++r) {
            float* out = rowOf(job.out, task, shape, group, r, kv.valueDim);
            __builtin_memcpy(out, w.out + r * w.valueWidth, kv.valueDim * sizeof(float));
            float factor = 1 / S::sum(S::load(w.sum + r * kLanes));
            if (pairs) {
                PairRows<S>::order(out, kv.valueDim);
                factor *= PairRows<S>::kOutFactor;
            }
            Elementwise<S>::scale(out, factor, kv.valueDim);
        }
    }

private:
    static constexpr std::size_t cellBytes(KvType type, std::size_t dim) {
        return type == KvType::F16 ? dim * 2 : padded(dim, kKvBlock) + padded(dim, kKvBlock) / kKvBlock * 2;
    }

    /// The first position that a query at `position` attends to.
    static std::size_t firstSeen(const AttentionShape& shape, std::size_t position) {
        return shape.window && position + 1 > shape.window ? position + 1 - shape.window : 0;
    }

    /// Row r of a task is head r % group of query r / group.
    template <class Float>
    static Float* rowOf(Float* base, const AttentionTask& task, const AttentionShape& shape,
                        std::size_t group, std::size_t r, std::size_t dim) {
        const std::size_t query = task.firstQuery + r / group;
        return base + (query * shape.heads + task.kvHead * group + r % group) * dim;
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
