#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/kernels/compute.h"
#include "engine/model/blocks/float_buffer.h"
#include "engine/model/config.h"
#include "engine/model/kv_cache.h"

namespace hearth::model {

/// Scratch memory of a forward pass over at most `rows` rows, reused from pass to pass.
struct Workspace {
    FloatBuffer residual, normed, blockOut;  ///< [rows][dim]
    FloatBuffer q, k, v, attended;           ///< [rows][heads·headDim] and so on
    FloatBuffer gate, up;                    ///< [rows][feedForward]
    FloatBuffer router, gathered, expertOut; ///< experts: [rows][experts], [rows·used][dim] twice
    std::vector<std::int32_t> positions;     ///< [rows]
    std::vector<kernels::AttentionJob> jobs;
    std::vector<kernels::Projection> projections;
    struct Route {
        std::uint32_t row = 0, expert = 0;
        float weight = 0;
    };
    std::vector<Route> routes;          ///< [rows·used]
    std::vector<std::uint32_t> ranking; ///< [experts]
    std::size_t rows = 0;

    /// Errors: model.out_of_memory.
    [[nodiscard]] Result<void> reserve(const ModelConfig& config, std::size_t wantedRows,
                                       std::size_t sequences);
    [[nodiscard]] static std::uint64_t bytesFor(const ModelConfig& config, std::uint64_t rows);
};

/// Consecutive rows of a pass that belong to one sequence and continue its cache.
struct PassSlice {
    KvCache* cache = nullptr;
    std::size_t firstRow = 0, rows = 0, firstPosition = 0;
};

/// One forward pass on its way through the layers.
struct Pass {
    kernels::Compute& compute;
    Workspace& work;
    const ModelConfig& config;
    std::span<const PassSlice> slices;
    std::size_t rows = 0;
};

} // namespace hearth::model
