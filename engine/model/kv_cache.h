#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "engine/kernels/compute.h"
#include "engine/kernels/huge_buffer.h"
#include "engine/model/config.h"

namespace hearth::model {

/// How much memory a cache may use: positions, value type and the largest batch that will be appended at
/// once.
struct KvCacheOptions {
    std::size_t context = 0; ///< positions
    kernels::KvType type = kernels::KvType::F16;
    std::size_t batch = 512; ///< largest append(); windowed layers hold window + batch − 1 positions
};

/// Keys and values of one sequence in all layers: one anonymous mapping (touched lazily, on huge pages
/// where granted). Layers with a sliding window keep a ring of the last positions only. Move-only; confined
/// to one thread. See kernels::KvLayer for the layout of a layer.
class KvCache {
public:
    /// Bytes that create() maps; nullopt on overflow.
    [[nodiscard]] static std::optional<std::uint64_t> bytesFor(const ModelConfig& config,
                                                               const KvCacheOptions& options);
    /// Errors: model.out_of_memory, model.bad_value (context or batch 0).
    [[nodiscard]] static Result<KvCache> create(const ModelConfig& config, const KvCacheOptions& options);

    KvCache() = default;
    KvCache(KvCache&&) noexcept = default; ///< what was moved from may only be assigned to or destroyed
    KvCache& operator=(KvCache&&) noexcept = default;

    [[nodiscard]] std::size_t size() const { return m_size; }        ///< positions stored
    [[nodiscard]] std::size_t capacity() const { return m_context; } ///< positions that fit
    [[nodiscard]] std::size_t maxBatch() const { return m_batch; }
    [[nodiscard]] std::uint64_t bytes() const { return m_buffer.size(); }
    [[nodiscard]] kernels::KvType type() const { return m_type; }
    [[nodiscard]] const kernels::KvLayer& layer(std::size_t index) const { return m_layers[index]; }

    /// Announces that cells of [size, size+count) are about to be written; they count once commit() is
    /// called. An append that is not committed leaves the stored positions valid as far as canTruncate()
    /// says.
    void beginAppend(std::size_t count);
    void commit(std::size_t count) { m_size += count; }

    /// Whether the cache can go back to its first `positions`: false when a windowed layer no longer holds
    /// the positions that the next token would look at.
    [[nodiscard]] bool canTruncate(std::size_t positions) const;
    /// Forgets all but the first `positions`. Precondition: canTruncate(positions).
    void truncate(std::size_t positions);
    void clear();

    /// Whether the first `positions` still lie in every layer as they were written: a windowed layer must not
    /// have begun its ring anew.
    [[nodiscard]] bool isWhole(std::size_t positions) const;
    /// The memory of the first `positions`, in a fixed order: layer by layer, keys before values, head by
    /// head. For copies of it. Precondition: positions fit every layer (isWhole(), or wholeCapacity()).
    [[nodiscard]] std::vector<std::span<std::byte>> memoryOf(std::size_t positions);
    /// Positions that every layer can hold at once.
    [[nodiscard]] std::size_t wholeCapacity() const { return m_window ? m_ring : m_context; }
    /// Takes the first `positions` for stored: their memory was filled from a copy.
    void restored(std::size_t positions) { m_size = m_highWater = positions; }

private:
    kernels::HugeBuffer m_buffer;
    std::vector<kernels::KvLayer> m_layers;
    std::size_t m_size = 0, m_context = 0, m_batch = 0;
    std::size_t m_window = 0;    ///< positions a windowed layer looks at; 0 = no windowed layer
    std::size_t m_ring = 0;      ///< cells of a windowed layer
    std::size_t m_highWater = 0; ///< one past the highest position written since clear()
    kernels::KvType m_type = kernels::KvType::F16;
};

} // namespace hearth::model
