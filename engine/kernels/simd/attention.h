#pragma once

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
    static constexpr std::size_t kQueryTile = 16;
    static constexpr std::size_t kKeys = 64;
    static constexpr std::size_t kLanes = S::kLanes;
    static constexpr std::size_t kKvBlock = 32; ///< values per scale of a Q8_0 cell
    static constexpr float kMasked = -3e38F;

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
            if (i < width) {
                std::uint16_t buffer[kLanes] = {};
                __builtin_memcpy(buffer, cell + 2 * i, 2 * (dim - i));
                S::store(out + i, S::fromHalf(buffer));
            }
            return;
        }
        std::uint16_t halves[kLanes] = {};
        float scales[kLanes];
        const std::size_t codeBytes = padded(dim, kKvBlock);
        for (std::size_t begin = 0; begin < width; begin += kKvBlock) {
            __builtin_memcpy(halves, cell + codeBytes + begin / kKvBlock * 2, 2);
            S::store(scales, S::fromHalf(halves));
            const Floats scale = S::splat(scales[0]);
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
        std::size_t floats;

        Work(const AttentionJob& job, const AttentionShape& shape, std::size_t queries_, std::byte* scratch) {
            keyWidth = padded(job.kv.keyDim, kLanes);
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
            sum = take(rows);
        }
    };

    static std::size_t scratchBytes(const AttentionJob& job, const AttentionShape& shape) {
        return Work(job, shape, kQueryTile, nullptr).floats * sizeof(float);
    }

    // Score and value products
    // --------------------------------------------------------------------------------
    /// Scores of Rows rows with kLanes / Rows keys: one accumulator each, reduced together.
    template <int Rows>
    static void scoreTile(const Work& w, std::size_t row, std::size_t key) {
        constexpr int keys = int(kLanes) / Rows;
        Floats dot[kLanes];
        for (auto& d : dot)
            d = S::zero();
        const float* q = w.queries + row * w.keyWidth;
        const float* k = w.keys + key * w.keyWidth;
        for (std::size_t i = 0; i < w.keyWidth; i += kLanes)
            for (int r = 0; r < Rows; ++r) {
                const Floats a = S::load(q + std::size_t(r) * w.keyWidth + i);
                for (int c = 0; c < keys; ++c)
                    dot[r * keys + c] =
                        S::fma(a, S::load(k + std::size_t(c) * w.keyWidth + i), dot[r * keys + c]);
            }
        float all[kLanes];
        S::store(all, S::sums(dot));
        for (int r = 0; r < Rows; ++r)
            __builtin_memcpy(w.scores + (row + std::size_t(r)) * kKeys + key, all + r * keys,
                             std::size_t(keys) * sizeof(float));
    }

    /// out += weights·values for Rows rows and Vectors vectors of the value width.
    template <int Rows, int Vectors>
    static void valueTile(const Work& w, std::size_t row, std::size_t at, std::size_t keys) {
        Floats sum[Rows][Vectors];
        float* out = w.out + row * w.valueWidth + at;
        for (int r = 0; r < Rows; ++r)
            for (int v = 0; v < Vectors; ++v)
                sum[r][v] = S::load(out + std::size_t(r) * w.valueWidth + std::size_t(v) * kLanes);
        for (std::size_t k = 0; k < keys; ++k) {
            Floats value[Vectors];
            for (int v = 0; v < Vectors; ++v)
                value[v] = S::load(w.values + k * w.valueWidth + at + std::size_t(v) * kLanes);
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

    template <int Rows>
    static void valueRows(const Work& w, std::size_t row, std::size_t keys) {
        std::size_t at = 0;
        for (; at + 4 * kLanes <= w.valueWidth; at += 4 * kLanes)
            valueTile<Rows, 4>(w, row, at, keys);
        for (; at < w.valueWidth; at += kLanes)
            valueTile<Rows, 1>(w, row, at, keys);
    }

    /// Scores of one row become weights exp(score − largest so far); what is summed already is scaled to
    /// match.
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
        Floats sum = S::zero();
        for (std::size_t k = 0; k < kKeys; k += kLanes) {
            const Floats weight = exp<S>(S::sub(S::load(scores + k), S::splat(now)));
            S::store(scores + k, weight);
            sum = S::add(sum, weight);
        }
        if (now > before) {
            float factors[kLanes];
            S::store(factors, exp<S>(S::splat(before - now)));
            w.sum[row] *= factors[0];
            Elementwise<S>::scale(w.out + row * w.valueWidth, factors[0], w.valueWidth);
            w.largest[row] = now;
        }
        w.sum[row] += S::sum(sum);
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
        const Work w(job, shape, task.queries, scratch);

        __builtin_memset(w.queries, 0, w.rows * w.keyWidth * sizeof(float));
        __builtin_memset(w.out, 0, w.rows * w.valueWidth * sizeof(float));
        __builtin_memset(w.scores, 0, w.rows * kKeys * sizeof(float));
        for (std::size_t r = 0; r < w.rows; ++r) {
            w.largest[r] = kMasked;
            w.sum[r] = 0;
        }
        for (std::size_t r = 0; r < used; ++r) {
            float* q = w.queries + r * w.keyWidth;
            __builtin_memcpy(q, rowOf(job.q, task, shape, group, r, kv.keyDim), kv.keyDim * sizeof(float));
            Elementwise<S>::scale(q, shape.scale, kv.keyDim);
        }

        const std::size_t firstPosition = job.firstPosition + task.firstQuery;
        const std::size_t last = firstPosition + task.queries; // one past the last cell that anyone sees
        for (std::size_t at = firstSeen(shape, firstPosition); at < last; at += kKeys) {
            const std::size_t count = smaller(kKeys, last - at);
            for (std::size_t k = 0; k < count; ++k) {
                const std::size_t cell = (at + k) % kv.capacity;
                loadCell(kv.type, keys + cell * keyBytes, kv.keyDim, w.keyWidth, w.keys + k * w.keyWidth);
                loadCell(kv.type, values + cell * valueBytes, kv.valueDim, w.valueWidth,
                         w.values + k * w.valueWidth);
            }
            scoreRows(w, used, count);
            for (std::size_t r = 0; r < used; ++r) {
                const std::size_t position = firstPosition + r / group, first = firstSeen(shape, position);
                softmaxRow(w, shape, r, first > at ? smaller(first - at, count) : 0,
                           position + 1 > at ? smaller(position + 1 - at, count) : 0);
            }
            std::size_t r = 0;
            for (; r + 2 <= used; r += 2)
                valueRows<2>(w, r, count);
            if (r < used)
                valueRows<1>(w, r, count);
        }
        for (std::size_t r = 0; r < used; ++r) {
            float* out = rowOf(job.out, task, shape, group, r, kv.valueDim);
            __builtin_memcpy(out, w.out + r * w.valueWidth, kv.valueDim * sizeof(float));
            Elementwise<S>::scale(out, 1 / w.sum[r], kv.valueDim);
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
    static void scoreRows(const Work& w, std::size_t used, std::size_t count) {
        constexpr int tileRows = int(kLanes) / 4;
        std::size_t r = 0;
        for (; r + 1 < used; r += std::size_t(tileRows))
            for (std::size_t k = 0; k < count; k += 4)
                scoreTile<tileRows>(w, r, k);
        if (r < used)
            for (std::size_t k = 0; k < count; k += kLanes)
                scoreTile<1>(w, r, k);
    }
};

} // namespace
} // namespace hearth::kernels
