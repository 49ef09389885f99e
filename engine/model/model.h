#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/kernels/compute.h"
#include "engine/model/config.h"
#include "engine/model/kv_cache.h"

namespace hearth::format {
class GgufFile;
}

namespace hearth::model {

/// Which rows' logits a forward pass returns.
enum class LogitsOf { None, Last, All };

/// A sequence's share of a forward pass: tokens that continue its cache.
struct BatchItem {
    KvCache* cache = nullptr;             ///< not owned; each cache at most once a pass
    std::span<const std::int32_t> tokens; ///< at most cache->maxBatch()
    LogitsOf wanted = LogitsOf::Last;
};

/// A transformer's weights and its forward pass. Weights are immutable; forward() uses scratch memory inside,
/// so it is confined to one thread at a time (the one that owns the compute context). In steady state
/// (reserve() called, no larger batch) a pass does not allocate.
class Model {
public:
    /// Refuses what cannot be run, from the file's table of contents alone. Returns the bytes of the tensors
    /// that will be used. Errors: model.missing_tensor, model.bad_shape, model.unsupported_type.
    [[nodiscard]] static Result<std::uint64_t> check(const ModelConfig& config, const format::GgufFile& file);

    /// Packs the weights. `file` and `compute` must outlive the model. Errors: as check(), kernels.*,
    /// model.out_of_memory, base.cancelled (between tensors).
    [[nodiscard]] static Result<std::unique_ptr<Model>> load(ModelConfig config, const format::GgufFile& file,
                                                             kernels::Compute& compute,
                                                             std::stop_token stop = {},
                                                             const ProgressSink& progress = {});
    ~Model();

    [[nodiscard]] const ModelConfig& config() const;
    [[nodiscard]] std::uint64_t weightBytes() const; ///< as packed
    /// Bytes that reserve() takes, all in all.
    [[nodiscard]] static std::uint64_t bufferBytes(const ModelConfig& config, std::uint64_t positions,
                                                   std::uint64_t rows);

    /// Prepares for positions [0, positions) and passes of up to `rows` rows from `sequences` caches. Rotary
    /// tables only grow; LongRope models choose the long factors when `positions` exceeds the original
    /// context, so call this before the first pass of any cache. Errors: model.out_of_memory.
    [[nodiscard]] Result<void> reserve(std::size_t positions, std::size_t rows, std::size_t sequences = 1);

    /// Evaluates all items in one pass: projections run over all rows together, attention per sequence. The
    /// wanted rows' logits go to `logits`, [wanted rows][vocabulary] in the order of the items (may be null
    /// when none is wanted). Every cache grows by its tokens, or, on an error, not at all. Errors:
    /// model.bad_token (outside the vocabulary), context.full (args needed_tokens, context_tokens),
    /// model.bad_batch, model.out_of_memory, base.cancelled (between layers).
    [[nodiscard]] Result<void> forward(std::span<const BatchItem> items, float* logits,
                                       std::stop_token stop = {});

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
    explicit Model(std::unique_ptr<Impl> impl);
};

} // namespace hearth::model
