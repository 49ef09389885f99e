#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/kernels/generic/generic.h"
#include "engine/tensor/half.h"

namespace hearth::kernels::generic {

namespace {

/// A Q8_0 cell: int8 values padded to whole blocks of 32, then one float16 scale per block.
constexpr std::size_t kBlock = 32;

constexpr std::size_t padded(std::size_t dim) {
    return (dim + kBlock - 1) / kBlock * kBlock;
}

std::uint16_t read16(const std::byte* from) {
    std::uint16_t bits;
    std::memcpy(&bits, from, sizeof bits);
    return bits;
}

void loadCell(KvType type, const std::byte* cell, std::size_t dim, float* out) {
    for (std::size_t i = 0; i < dim; ++i) {
        if (type == KvType::F16) {
            out[i] = halfToFloat(read16(cell + 2 * i));
        } else {
            const float scale = halfToFloat(read16(cell + padded(dim) + 2 * (i / kBlock)));
            out[i] = scale * static_cast<float>(static_cast<std::int8_t>(cell[i]));
        }
    }
}

} // namespace

void storeCell(KvType type, const float* values, std::size_t dim, std::byte* cell) {
    if (type == KvType::F16) {
        for (std::size_t i = 0; i < dim; ++i) {
            const std::uint16_t half = floatToHalf(values[i]);
            std::memcpy(cell + 2 * i, &half, sizeof half);
        }
        return;
    }
    for (std::size_t begin = 0; begin < dim; begin += kBlock) {
        const std::size_t count = std::min(kBlock, dim - begin);
        float largest = 0;
        for (std::size_t i = 0; i < count; ++i)
            largest = std::max(largest, std::fabs(values[begin + i]));
        const std::uint16_t half = floatToHalf(largest / 127);
        // Quantise with the scale as it is stored; never past the range where float16 rounded it down.
        const float scale = halfToFloat(half), inverse = scale > 0 ? 1 / scale : 0;
        for (std::size_t i = 0; i < kBlock; ++i) {
            const float value = i < count ? values[begin + i] * inverse : 0;
            cell[begin + i] = static_cast<std::byte>(std::lrint(std::clamp(value, -127.0F, 127.0F)));
        }
        std::memcpy(cell + padded(dim) + 2 * (begin / kBlock), &half, sizeof half);
    }
}

std::size_t attendScratchBytes(const AttentionJob& job, const AttentionShape&) {
    const std::size_t last = job.firstPosition + job.count;
    return (last + job.kv.keyDim + job.kv.valueDim) * sizeof(float);
}

void attend(const AttentionTask& task, std::byte* scratch) {
    const AttentionJob& job = *task.job;
    const AttentionShape& shape = *task.shape;
    const KvLayer& kv = job.kv;
    const std::size_t group = shape.heads / kv.kvHeads;
    const std::size_t keyBytes = kvCellBytes(kv.type, kv.keyDim),
                      valueBytes = kvCellBytes(kv.type, kv.valueDim);
    const std::byte* keys = kv.keys + task.kvHead * kv.capacity * keyBytes;
    const std::byte* values = kv.values + task.kvHead * kv.capacity * valueBytes;
    auto* cell = reinterpret_cast<float*>(scratch);
    float* scores = cell + kv.keyDim + kv.valueDim;

    for (std::size_t i = task.firstQuery; i < task.firstQuery + task.queries; ++i) {
        const std::size_t position = job.firstPosition + i, end = position + 1;
        const std::size_t begin = shape.window && end > shape.window ? end - shape.window : 0;
        for (std::size_t head = task.kvHead * group; head < (task.kvHead + 1) * group; ++head) {
            const float* q = job.q + (i * shape.heads + head) * kv.keyDim;
            float* out = job.out + (i * shape.heads + head) * kv.valueDim;
            float largest = -std::numeric_limits<float>::infinity();
            for (std::size_t p = begin; p < end; ++p) {
                loadCell(kv.type, keys + p % kv.capacity * keyBytes, kv.keyDim, cell);
                float score = 0;
                for (std::size_t d = 0; d < kv.keyDim; ++d)
                    score += q[d] * cell[d];
                score *= shape.scale;
                if (shape.softcap > 0)
                    score = shape.softcap * std::tanh(score / shape.softcap);
                scores[p - begin] = score;
                largest = std::max(largest, score);
            }
            float sum = 0;
            std::fill_n(out, kv.valueDim, 0.0F);
            for (std::size_t p = begin; p < end; ++p) {
                const float weight = std::exp(scores[p - begin] - largest);
                sum += weight;
                loadCell(kv.type, values + p % kv.capacity * valueBytes, kv.valueDim, cell);
                for (std::size_t d = 0; d < kv.valueDim; ++d)
                    out[d] += weight * cell[d];
            }
            for (std::size_t d = 0; d < kv.valueDim; ++d)
                out[d] /= sum;
        }
    }
}

} // namespace hearth::kernels::generic
