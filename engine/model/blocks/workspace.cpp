#include <algorithm>
#include <new>

#include "engine/model/blocks/pass.h"

namespace hearth::model {

namespace {

std::size_t feedForwardFloats(const ModelConfig& config, std::size_t rows) {
    return config.experts ? rows * config.expertsUsed * config.expertFeedForward : rows * config.feedForward;
}

} // namespace

Result<void> Workspace::reserve(const ModelConfig& config, std::size_t wantedRows, std::size_t sequences) {
    const std::size_t count = std::max(rows, wantedRows);
    HEARTH_CHECK(residual.reserve(count * config.dim));
    HEARTH_CHECK(normed.reserve(count * config.dim));
    HEARTH_CHECK(blockOut.reserve(count * config.dim));
    HEARTH_CHECK(q.reserve(count * config.heads * config.headDim));
    HEARTH_CHECK(k.reserve(count * config.kvHeads * config.headDim));
    HEARTH_CHECK(v.reserve(count * config.kvHeads * config.valueDim));
    HEARTH_CHECK(attended.reserve(count * config.heads * config.valueDim));
    HEARTH_CHECK(gate.reserve(feedForwardFloats(config, count)));
    HEARTH_CHECK(up.reserve(feedForwardFloats(config, count)));
    try {
        if (config.experts) {
            HEARTH_CHECK(router.reserve(count * config.experts));
            HEARTH_CHECK(gathered.reserve(count * config.expertsUsed * config.dim));
            HEARTH_CHECK(expertOut.reserve(count * config.expertsUsed * config.dim));
            routes.resize(count * config.expertsUsed);
            ranking.resize(config.experts);
        }
        positions.resize(count);
        jobs.reserve(sequences);
        projections.reserve(std::max<std::size_t>(3, 2 * config.expertsUsed));
    } catch (const std::bad_alloc&) {
        return fail("model.out_of_memory", "no memory for the buffers of a forward pass");
    }
    rows = count;
    return {};
}

std::uint64_t Workspace::bytesFor(const ModelConfig& config, std::uint64_t rows) {
    const std::size_t used = std::max<std::size_t>(1, config.expertsUsed);
    const std::uint64_t perRow = 3 * config.dim + config.heads * (config.headDim + config.valueDim) +
                                 config.kvHeads * (config.headDim + config.valueDim) +
                                 2 * feedForwardFloats(config, 1) +
                                 (config.experts ? config.experts + 2 * used * config.dim : 0);
    return rows * perRow * sizeof(float);
}

} // namespace hearth::model
