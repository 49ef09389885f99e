#include "engine/model/model.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "engine/model/blocks/decoder_layer.h"
#include "engine/model/blocks/rope.h"
#include "engine/model/blocks/tensor_binder.h"
#include "engine/model/family.h"

namespace hearth::model {

namespace {

/// Everything of a model that comes from tensors.
struct Parts {
    kernels::Weights embedding, output; ///< output has no rows when embeddings are tied
    RmsNorm outputNorm;
    std::vector<DecoderLayer> layers;
    std::vector<float> ropeDivisors, ropeShort, ropeLong;

    Result<void> bind(TensorBinder& tensors, const ModelConfig& config) {
        const LayerDesign& design = findFamily(config.family)->design;
        const std::size_t pairs = config.rope.dimensions / 2;
        HEARTH_CHECK(tensors.matrix(embedding, "token_embd.weight", config.vocabulary, config.dim));
        if (config.rope.scaling == RopeScaling::LongRope) {
            HEARTH_CHECK(tensors.vector(ropeLong, "rope_factors_long.weight", pairs, Presence::Optional));
            HEARTH_CHECK(tensors.vector(ropeShort, "rope_factors_short.weight", pairs, Presence::Optional));
        }
        HEARTH_CHECK(tensors.vector(ropeDivisors, "rope_freqs.weight", pairs, Presence::Optional));
        layers.resize(config.layers);
        for (std::size_t i = 0; i < config.layers; ++i)
            HEARTH_CHECK(layers[i].bind(tensors, config, design, i));
        HEARTH_CHECK(outputNorm.bind(tensors, "output_norm.weight", config.dim));
        if (!config.tiedEmbeddings)
            HEARTH_CHECK(tensors.matrix(output, "output.weight", config.vocabulary, config.dim));
        return {};
    }
};

} // namespace

struct Model::Impl {
    ModelConfig config;
    kernels::Compute& compute;
    Parts parts;
    std::uint64_t weightBytes = 0;
    RopeTables rope, localRope;
    std::size_t positions = 0;
    Workspace work;
    std::vector<PassSlice> slices;

    Impl(ModelConfig shape, kernels::Compute& context) : config(std::move(shape)), compute(context) {}

    Result<void> reserve(std::size_t wantedPositions, std::size_t rows, std::size_t sequences);
    Result<std::size_t> arrange(std::span<const BatchItem> items);
    void embed(std::span<const BatchItem> items);
    void writeLogits(std::span<const BatchItem> items, float* logits);
};

Model::Model(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Model::~Model() = default;
const ModelConfig& Model::config() const {
    return m_impl->config;
}
std::uint64_t Model::weightBytes() const {
    return m_impl->weightBytes;
}

Result<std::uint64_t> Model::check(const ModelConfig& config, const format::GgufFile& file) {
    Parts parts;
    TensorCheck check(file);
    HEARTH_CHECK(parts.bind(check, config));
    return check.bytes();
}

Result<std::unique_ptr<Model>> Model::load(ModelConfig config, const format::GgufFile& file,
                                           kernels::Compute& compute, std::stop_token stop,
                                           const ProgressSink& progress) {
    HEARTH_TRY(const std::uint64_t bytes, check(config, file));
    auto impl = std::make_unique<Impl>(std::move(config), compute);
    TensorLoad load(file, compute, bytes, std::move(stop), progress);
    HEARTH_CHECK(impl->parts.bind(load, impl->config));
    impl->weightBytes = load.packedBytes();
    return std::unique_ptr<Model>(new Model(std::move(impl)));
}

std::uint64_t Model::bufferBytes(const ModelConfig& config, std::uint64_t positions, std::uint64_t rows) {
    return RopeTables::bytesFor(config.rope, positions) + Workspace::bytesFor(config, rows) +
           config.vocabulary * sizeof(float);
}

Result<void> Model::Impl::reserve(std::size_t wantedPositions, std::size_t rows, std::size_t sequences) {
    HEARTH_CHECK(work.reserve(config, rows, sequences));
    slices.reserve(sequences);
    if (wantedPositions <= positions)
        return {};
    const RopeConfig& shape = config.rope;
    std::span<const float> divisors = parts.ropeDivisors;
    if (shape.scaling == RopeScaling::LongRope && !parts.ropeLong.empty() && !parts.ropeShort.empty())
        divisors = wantedPositions > shape.originalContext ? parts.ropeLong : parts.ropeShort;
    HEARTH_CHECK(rope.build(ropeFrequencies(shape, static_cast<double>(shape.base), true, divisors),
                            wantedPositions, shape.interleaved));
    if (shape.separateLocal)
        HEARTH_CHECK(localRope.build(ropeFrequencies(shape, static_cast<double>(shape.localBase), false, {}),
                                     wantedPositions, shape.interleaved));
    positions = wantedPositions;
    return {};
}

Result<void> Model::reserve(std::size_t positions, std::size_t rows, std::size_t sequences) {
    return m_impl->reserve(positions, rows, sequences);
}

/// Checks the items, gives each its rows and fills the positions. Returns the number of rows.
Result<std::size_t> Model::Impl::arrange(std::span<const BatchItem> items) {
    std::size_t rows = 0, positionsNeeded = 0;
    for (const BatchItem& item : items) {
        const KvCache& cache = *item.cache;
        if (item.tokens.empty() || item.tokens.size() > cache.maxBatch())
            return fail("model.bad_batch", std::to_string(item.tokens.size()) +
                                               " tokens in one pass; allowed are 1…" +
                                               std::to_string(cache.maxBatch()));
        const std::size_t needed = cache.size() + item.tokens.size();
        if (needed > cache.capacity())
            return tl::unexpected<Error>(Error{"context.full", std::to_string(needed) +
                                                                   " tokens do not fit the context of " +
                                                                   std::to_string(cache.capacity())}
                                             .with("needed_tokens", std::to_string(needed))
                                             .with("context_tokens", std::to_string(cache.capacity())));
        for (const std::int32_t token : item.tokens)
            if (token < 0 || static_cast<std::size_t>(token) >= config.vocabulary)
                return tl::unexpected<Error>(Error{"model.bad_token", "token " + std::to_string(token) +
                                                                          " is outside the vocabulary of " +
                                                                          std::to_string(config.vocabulary)}
                                                 .with("token", std::to_string(token))
                                                 .with("vocabulary", std::to_string(config.vocabulary)));
        rows += item.tokens.size();
        positionsNeeded = std::max(positionsNeeded, needed);
    }
    HEARTH_CHECK(reserve(positionsNeeded, rows, items.size()));
    slices.clear();
    std::size_t row = 0;
    for (const BatchItem& item : items) {
        const std::size_t first = item.cache->size();
        slices.push_back({item.cache, row, item.tokens.size(), first});
        for (std::size_t i = 0; i < item.tokens.size(); ++i)
            work.positions[row + i] = static_cast<std::int32_t>(first + i);
        row += item.tokens.size();
    }
    return rows;
}

void Model::Impl::embed(std::span<const BatchItem> items) {
    float* x = work.residual.data();
    for (const BatchItem& item : items)
        for (const std::int32_t token : item.tokens) {
            compute.embeddingRow(parts.embedding, static_cast<std::size_t>(token), x);
            x += config.dim;
        }
    if (config.embeddingScale != 1.0F)
        compute.scale(work.residual.data(), config.embeddingScale,
                      static_cast<std::size_t>(x - work.residual.data()));
}

/// Norms and multiplies only the rows whose logits are wanted, all in one product.
void Model::Impl::writeLogits(std::span<const BatchItem> items, float* logits) {
    const float* x = work.residual.data();
    float* next = work.blockOut.data();
    for (const BatchItem& item : items) {
        const std::size_t count = item.tokens.size();
        const std::size_t wanted = item.wanted == LogitsOf::All    ? count
                                   : item.wanted == LogitsOf::Last ? 1
                                                                   : 0;
        std::memcpy(next, x + (count - wanted) * config.dim, wanted * config.dim * sizeof(float));
        next += wanted * config.dim;
        x += count * config.dim;
    }
    const std::size_t rows = static_cast<std::size_t>(next - work.blockOut.data()) / config.dim;
    if (rows == 0)
        return;
    const kernels::Weights& head = config.tiedEmbeddings ? parts.embedding : parts.output;
    const std::array projection{kernels::Projection{&head, logits, config.vocabulary, nullptr}};
    compute.project(parts.outputNorm.of(work.blockOut.data(), config.normEpsilon, work.normed.data()), rows,
                    projection);
    if (config.finalSoftcap > 0)
        compute.softcap(logits, config.finalSoftcap, rows * config.vocabulary);
}

Result<void> Model::forward(std::span<const BatchItem> items, float* logits, std::stop_token stop) {
    Impl& m = *m_impl;
    HEARTH_TRY(const std::size_t rows, m.arrange(items));
    if (rows == 0)
        return {};
    for (const PassSlice& slice : m.slices)
        slice.cache->beginAppend(slice.rows);
    m.embed(items);
    const Pass pass{m.compute, m.work, m.config, m.slices, rows};
    for (std::size_t i = 0; i < m.parts.layers.size(); ++i) {
        if (stop.stop_requested())
            return fail(kCancelled, "evaluation was cancelled");
        const bool local = m.config.rope.separateLocal && m.config.windowedLayer[i];
        m.parts.layers[i].run(pass, i, (local ? m.localRope : m.rope).table(), m.work.residual.data());
    }
    m.writeLogits(items, logits);
    for (const PassSlice& slice : m.slices)
        slice.cache->commit(slice.rows);
    return {};
}

} // namespace hearth::model
