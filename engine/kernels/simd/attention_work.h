#pragma once

#include "engine/kernels/simd/attention_pairs.h"
#include "engine/kernels/simd/kv_cells.h"

namespace hearth::kernels {
namespace {

/// The scratch memory of one attention task: a block of kKeys cells, and all its rows.
template <class S>
struct AttentionWork {
    static constexpr std::size_t kLanes = S::kLanes;
    static constexpr std::size_t kKeys = PairRows<S>::kKeys;
    static constexpr float kMasked = -3e38F; ///< the score of what is not seen

    /// The cells of a block that a row sees; none where begin >= end.
    struct Seen {
        std::size_t begin, end;
    };

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

    AttentionWork(const AttentionJob& job, const AttentionShape& shape, std::size_t queries_,
                  std::byte* scratch) {
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

} // namespace
} // namespace hearth::kernels
