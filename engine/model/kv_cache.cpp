#include "engine/model/kv_cache.h"

#include <algorithm>

#include "engine/base/checked.h"

namespace hearth::model {

namespace {

constexpr std::uint64_t kAlign = 64; // every layer's planes begin on a cache line

/// Cells of a windowed layer: while a batch is stored, its first query still sees the window before it.
std::size_t ringCells(const ModelConfig& config, const KvCacheOptions& options) {
    return std::min(options.context, config.slidingWindow + options.batch - 1);
}

bool isWindowed(const ModelConfig& config, std::size_t layer) {
    return config.slidingWindow > 0 && config.windowedLayer[layer];
}

struct Plane {
    std::uint64_t keys = 0, values = 0;
};

std::optional<Plane> planesOf(const ModelConfig& config, kernels::KvType type, std::size_t cells) {
    const auto plane = [&](std::size_t dim) -> std::optional<std::uint64_t> {
        const auto cell = checkedMul<std::uint64_t>(kernels::kvCellBytes(type, dim), config.kvHeads);
        const auto bytes = cell ? checkedMul<std::uint64_t>(*cell, cells) : std::nullopt;
        return bytes ? checkedPad(*bytes, kAlign) : std::nullopt;
    };
    const auto keys = plane(config.headDim), values = plane(config.valueDim);
    if (!keys || !values)
        return std::nullopt;
    return Plane{*keys, *values};
}

} // namespace

std::optional<std::uint64_t> KvCache::bytesFor(const ModelConfig& config, const KvCacheOptions& options) {
    const auto full = planesOf(config, options.type, options.context);
    const auto ring = planesOf(config, options.type, ringCells(config, options));
    if (!full || !ring)
        return std::nullopt;
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < config.layers; ++i) {
        const Plane& plane = isWindowed(config, i) ? *ring : *full;
        const auto both = checkedAdd(plane.keys, plane.values);
        const auto sum = both ? checkedAdd(total, *both) : std::nullopt;
        if (!sum)
            return std::nullopt;
        total = *sum;
    }
    return total;
}

Result<KvCache> KvCache::create(const ModelConfig& config, const KvCacheOptions& options) {
    if (options.context == 0 || options.batch == 0)
        return fail("model.bad_value", "a KV cache needs at least one position");
    const auto bytes = bytesFor(config, options);
    KvCache cache;
    if (bytes)
        cache.m_buffer = kernels::HugeBuffer(static_cast<std::size_t>(*bytes));
    if (!cache.m_buffer)
        return fail("model.out_of_memory",
                    "no memory for a KV cache of " + std::to_string(options.context) + " positions");
    cache.m_context = options.context;
    cache.m_batch = options.batch;
    cache.m_type = options.type;
    std::byte* next = cache.m_buffer.data();
    for (std::size_t i = 0; i < config.layers; ++i) {
        const bool windowed = isWindowed(config, i);
        const std::size_t cells = windowed ? ringCells(config, options) : options.context;
        const Plane plane = *planesOf(config, options.type, cells);
        cache.m_layers.push_back({.type = options.type,
                                  .kvHeads = config.kvHeads,
                                  .keyDim = config.headDim,
                                  .valueDim = config.valueDim,
                                  .capacity = cells,
                                  .keys = next,
                                  .values = next + plane.keys});
        next += plane.keys + plane.values;
        if (windowed) {
            cache.m_window = config.slidingWindow;
            cache.m_ring = cells;
        }
    }
    return cache;
}

void KvCache::beginAppend(std::size_t count) {
    m_highWater = std::max(m_highWater, m_size + count);
}

bool KvCache::canTruncate(std::size_t positions) const {
    if (positions > m_size)
        return false;
    if (m_window == 0 || positions == 0 || m_highWater <= m_ring)
        return true;
    // The query at `positions` looks back window − 1 positions; the ring holds the last m_ring written ones.
    const std::size_t lowestNeeded = positions + 1 > m_window ? positions + 1 - m_window : 0;
    return lowestNeeded >= m_highWater - m_ring;
}

void KvCache::truncate(std::size_t positions) {
    m_size = std::min(m_size, positions);
    if (m_size == 0)
        m_highWater = 0;
}

void KvCache::clear() {
    truncate(0);
}

bool KvCache::isWhole(std::size_t positions) const {
    return positions <= m_size && (m_window == 0 || m_highWater <= m_ring);
}

std::vector<std::span<std::byte>> KvCache::memoryOf(std::size_t positions) {
    std::vector<std::span<std::byte>> out;
    for (const kernels::KvLayer& layer : m_layers) {
        const auto plane = [&](std::byte* begin, std::size_t dim) {
            const std::size_t cell = kernels::kvCellBytes(layer.type, dim);
            for (std::size_t head = 0; head < layer.kvHeads; ++head)
                out.emplace_back(begin + head * layer.capacity * cell, positions * cell);
        };
        plane(layer.keys, layer.keyDim);
        plane(layer.values, layer.valueDim);
    }
    return out;
}

} // namespace hearth::model
