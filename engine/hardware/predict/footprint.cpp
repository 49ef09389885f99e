#include "engine/hardware/predict/footprint.h"

#include <algorithm>

#include "engine/base/thread_pool.h"
#include "engine/hardware/predict/formula.h"
#include "engine/model/kv_cache.h"
#include "engine/model/model.h"
#include "engine/runtime/loaded_model.h"

namespace hearth::hardware {

namespace {

/// Rows of a probe matrix; a multiple of the panels of every instruction set.
constexpr std::size_t kProbeRows = 64;

/// The header's arrays and the tokeniser's tables. The heap that five vocabularies of 30 000 to 50 000 tokens
/// take is from 55 (word pieces) to 115 bytes each (byte-level BPE with its merges).
constexpr std::uint64_t kBytesPerToken = 100;

std::string number(std::uint64_t value) {
    return std::to_string(value);
}

Term kvTerm(const model::ModelConfig& c, std::size_t context, kernels::KvType type, double bytes) {
    const std::size_t cell = kernels::kvCellBytes(type, c.headDim) + kernels::kvCellBytes(type, c.valueDim);
    const auto windowed = static_cast<std::size_t>(
        c.slidingWindow ? std::count(c.windowedLayer.begin(), c.windowedLayer.end(), true) : 0);
    const std::string cells = number(std::min(context, c.slidingWindow + runtime::kMaxBatch - 1));
    std::vector<std::pair<std::string, std::string>> args{
        {"layers", number(windowed < c.layers ? c.layers - windowed : windowed)},
        {"heads", number(c.kvHeads)},
        {"cell", number(cell)},
        {"positions", windowed < c.layers ? number(context) : cells}};
    const bool both = windowed > 0 && windowed < c.layers;
    if (both) {
        args.emplace_back("windowed_layers", number(windowed));
        args.emplace_back("windowed_positions", cells);
    }
    return makeTerm("kv_cache", both ? "kv_windowed" : "kv_layers", std::move(args), bytes);
}

} // namespace

Result<std::uint64_t> Footprint::packedBytes(DType type, std::size_t rows, std::size_t cols) {
    auto [it, fresh] = m_panels.try_emplace({type, cols});
    if (fresh) {
        // What packing makes of a few rows tells the size of a panel and how many rows are in it.
        kernels::Compute compute(m_isa, m_pool);
        const std::uint64_t rowBytes = bytesFor(type, cols).value_or(0);
        const std::vector<std::byte> zeros(static_cast<std::size_t>(rowBytes * kProbeRows));
        const auto pack = [&](std::size_t count) {
            return compute.pack(type, count, cols,
                                std::span(zeros).first(static_cast<std::size_t>(rowBytes * count)));
        };
        const auto one = pack(1), many = pack(kProbeRows);
        if (!one || !many) {
            m_panels.erase(it);
            return tl::unexpected<Error>(one ? many.error() : one.error());
        }
        const std::size_t panels =
            std::max<std::size_t>(1, many->bytes() / std::max<std::size_t>(1, one->bytes()));
        it->second = {one->bytes(), kProbeRows / panels};
    }
    const Panel& panel = it->second;
    return (rows + panel.rows - 1) / panel.rows * panel.bytes;
}

Result<std::vector<Term>> Footprint::terms(const ModelShape& shape, std::size_t context,
                                           kernels::KvType kvType) {
    const model::ModelConfig& c = shape.config;
    const std::size_t rows = std::min(runtime::kMaxBatch, context);
    std::vector<Term> out;

    std::uint64_t weights = shape.vectorElements * sizeof(float);
    for (const WeightGroup& group : shape.weights) {
        HEARTH_TRY(const std::uint64_t bytes, packedBytes(group.type, group.rows, group.cols));
        weights += bytes * group.count;
    }
    const std::uint64_t parameters = parametersOf(shape);
    const double bits = parameters ? 8.0 * static_cast<double>(weights) / static_cast<double>(parameters) : 0;
    out.push_back(makeTerm("weights", "weights_bits",
                           {{"parameters", number(parameters)}, {"bits", std::to_string(bits).substr(0, 5)}},
                           static_cast<double>(weights)));

    const auto cache =
        model::KvCache::bytesFor(c, {.context = context, .type = kvType, .batch = runtime::kMaxBatch});
    if (!cache)
        return fail("model.bad_value", "the KV cache's size does not fit 64 bits");
    out.push_back(kvTerm(c, context, kvType, static_cast<double>(*cache)));

    out.push_back(
        makeTerm("buffers", "buffers",
                 {{"rows", number(rows)}, {"positions", number(context)}, {"tokens", number(c.vocabulary)}},
                 static_cast<double>(model::Model::bufferBytes(c, context, rows))));

    kernels::Compute compute(m_isa, m_pool);
    HEARTH_CHECK(compute.reserve({.tokens = rows,
                                  .cols = std::max({c.dim, c.feedForward, c.expertFeedForward,
                                                    c.heads * std::max(c.headDim, c.valueDim)}),
                                  .heads = c.heads,
                                  .kvHeads = c.kvHeads,
                                  .keyDim = c.headDim,
                                  .valueDim = c.valueDim,
                                  .positions = context}));
    out.push_back(makeTerm("scratch", "scratch", {{"threads", number(m_pool.size())}},
                           static_cast<double>(compute.scratchBytes())));
    out.push_back(makeTerm("tokenizer", "tokens_bytes",
                           {{"tokens", number(c.vocabulary)}, {"bytes", number(kBytesPerToken)}},
                           static_cast<double>(c.vocabulary * kBytesPerToken)));
    return out;
}

} // namespace hearth::hardware
