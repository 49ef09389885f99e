#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "engine/base/error.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/isa.h"
#include "engine/tensor/dtype.h"

namespace hearth::kernels {

namespace detail {
struct KernelTable;
}

/// A weight matrix [rows, cols] (y = W·x) in the layout that the chosen instruction set multiplies fastest.
/// Immutable; thread-safe. May refer to the source bytes (then they must outlive it: see ownsData()).
class Weights {
public:
    Weights();
    Weights(Weights&&) noexcept;
    Weights& operator=(Weights&&) noexcept;
    ~Weights();
    [[nodiscard]] std::size_t rows() const;
    [[nodiscard]] std::size_t cols() const;
    [[nodiscard]] DType type() const;
    /// Bytes read from memory when every weight is used once.
    [[nodiscard]] std::size_t bytes() const;
    /// Whether the weights were copied (packed), so that the source pages may be released.
    [[nodiscard]] bool ownsData() const;

    /// Which tensor of the model file this is, or is a part of, and which matrix of it (the expert's number);
    /// empty when the loader did not say.
    struct Origin {
        std::string tensor;
        std::size_t matrix = 0;
    };
    [[nodiscard]] const Origin& origin() const;
    /// Only for weights that hold something.
    void setOrigin(Origin origin);
    struct Impl;
    std::unique_ptr<Impl> impl;
};

enum class Activation { Silu, Gelu }; ///< Gelu in its tanh form

/// The inputs x[n][cols] of a product, and what is to happen to each before. Where the weights want inputs
/// quantised or rounded, that happens to it while it is in the cache: what was normed or activated is never
/// written to memory.
struct Input {
    const float* x = nullptr;
    const float* norm = nullptr; ///< [cols]: root mean square norm with these weights, as rmsNorm() does it
    float epsilon = 0;           ///< of the norm
    const float* up = nullptr;   ///< [n][cols]: activation(x)·up; not beside a norm
    Activation activation = Activation::Silu;
    /// [n][cols] for what somebody wants as float32 after all (unquantised weights, an observer). May be x;
    /// nullptr only with neither norm nor up.
    float* prepared = nullptr;
};

/// One product of a group that shares its input: y[n][rows] = x[n][cols]·Wᵀ (+ bias).
struct Projection {
    const Weights* weights = nullptr;
    float* y = nullptr;
    std::size_t yStride = 0;     ///< floats between rows of y
    const float* bias = nullptr; ///< [rows] or nullptr
};

/// Sees the input x[n][cols] of a product, for calibration. Called on the thread that calls project().
using ProjectionObserver = std::function<void(const Weights& weights, const float* x, std::size_t n)>;

enum class KvType : std::uint8_t { F16, Q8_0 };

/// Keys and values of one layer of one sequence. Per KV head, cells of one position each; position p lives in
/// cell p % capacity. A cell holds headDim values (F16), or headDim int8 in blocks of 32 with a float16 scale
/// (Q8_0; cell bytes from kvCellBytes).
struct KvLayer {
    KvType type = KvType::F16;
    std::size_t kvHeads = 0, keyDim = 0, valueDim = 0, capacity = 0;
    std::byte* keys = nullptr;   ///< [kvHeads][capacity][kvCellBytes(type, keyDim)]
    std::byte* values = nullptr; ///< [kvHeads][capacity][kvCellBytes(type, valueDim)]
};
[[nodiscard]] std::size_t kvCellBytes(KvType type, std::size_t dim);

/// Causal attention of consecutive query positions of one sequence over its cache (whose keys and values for
/// these positions are already stored).
struct AttentionJob {
    const float* q = nullptr; ///< [count][heads·keyDim]
    float* out = nullptr;     ///< [count][heads·valueDim]
    std::size_t count = 0;
    std::size_t firstPosition = 0;
    KvLayer kv;
};
struct AttentionShape {
    std::size_t heads = 0;
    float scale = 1;
    float softcap = 0;      ///< 0 = none: cap·tanh(s/cap)
    std::size_t window = 0; ///< 0 = all; else positions p with query − p < window
    /// Queries, keys, values and weights may be rounded to bfloat16 where that is faster: fine beside
    /// products with 8-bit or 16-bit weights.
    bool mayRound = false;
};

/// Rotary embedding tables: cos and sin per position and pair, scaled (see model/blocks/rope.h).
struct RopeTable {
    const float* cos = nullptr; ///< [positions][pairs]
    const float* sin = nullptr;
    std::size_t pairs = 0;    ///< rotated dimensions / 2
    bool interleaved = false; ///< (0,1),(2,3)… as llama; otherwise halves (NeoX)
};

/// Every operation of a forward pass, on one instruction set and one thread pool. All arrays are row-major
/// float32 unless said otherwise. Confined to one thread at a time.
///
/// Scratch memory only grows: after reserve() no operation within its limits allocates. Without it, an
/// operation that has to grow the scratch and cannot throws std::bad_alloc.
class Compute {
public:
    /// `pool` must outlive this. `isa` is one of availableIsas().
    Compute(Isa isa, ThreadPool& pool);
    /// For tests: on kernels that no instruction set of this processor offers (emulated ones).
    Compute(const detail::KernelTable& table, ThreadPool& pool);
    ~Compute();
    Compute(const Compute&) = delete;
    Compute& operator=(const Compute&) = delete;

    [[nodiscard]] Isa isa() const;
    [[nodiscard]] ThreadPool& pool() const;

    /// Packs row-major GGUF data; `source` is rows·cols elements of `type`, at any alignment.
    /// Errors: kernels.unsupported_type, kernels.bad_shape, kernels.out_of_memory.
    [[nodiscard]] Result<Weights> pack(DType type, std::size_t rows, std::size_t cols,
                                       std::span<const std::byte> source);

    /// How many rows of x project() multiplies with all that was packed here as exactly as one row alone;
    /// larger products may round once more where that is much faster. Of so many queries that follow each
    /// other attention() gives each as it does alone. What must not depend on the size of a batch is computed
    /// in batches of at most so many.
    [[nodiscard]] std::size_t exactRows() const;

    /// The largest step that is to come.
    struct Limits {
        std::size_t tokens = 1; ///< rows of an input, of all sequences together
        std::size_t cols = 0;   ///< of the widest weight matrix
        std::size_t heads = 0;  ///< query heads
        std::size_t kvHeads = 0, keyDim = 0, valueDim = 0;
        std::size_t positions = 0; ///< capacity of the longest cache
    };
    /// Takes the scratch memory of such a step now. Call again after the pool was resized.
    /// Errors: kernels.out_of_memory.
    [[nodiscard]] Result<void> reserve(const Limits& limits);
    /// Scratch memory in use, in bytes.
    [[nodiscard]] std::size_t scratchBytes() const;

    /// All projections of one input; activations are quantised once.
    void project(const Input& input, std::size_t n, std::span<const Projection> projections);
    void project(const float* x, std::size_t n, std::span<const Projection> projections) {
        project(Input{.x = x}, n, projections);
    }
    /// The inputs [n][cols] as they are to be multiplied: input.prepared, or input.x where nothing is to be
    /// done to them.
    [[nodiscard]] const float* prepare(const Input& input, std::size_t n, std::size_t cols);
    /// Shows the inputs of all products from here on to `observer`; an empty one ends that.
    void observeProjections(ProjectionObserver observer);
    /// One row per call of an embedding table kept in its file type: out[cols] = row `row` of W.
    void embeddingRow(const Weights& table, std::size_t row, float* out);

    void rmsNorm(const float* x, const float* weight, std::size_t n, std::size_t dim, float eps, float* y);
    /// Rotates heads in place: x[n][heads·headDim], position of row i is positions[i].
    void rope(float* x, std::size_t n, std::size_t heads, std::size_t headDim, const std::int32_t* positions,
              const RopeTable& table);
    /// Stores keys k[count][kvHeads·keyDim] and values of positions from firstPosition on; count ≤ capacity.
    void storeKv(const KvLayer& layer, std::size_t firstPosition, std::size_t count, const float* k,
                 const float* v);
    void attention(std::span<const AttentionJob> jobs, const AttentionShape& shape);

    void add(float* x, const float* y, std::size_t count); ///< x += y
    void scale(float* x, float factor, std::size_t count); ///< x *= factor
    /// gate = activation(gate)·up
    void activate(Activation activation, float* gate, const float* up, std::size_t count);
    void softcap(float* x, float cap, std::size_t count); ///< x = cap·tanh(x/cap)

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace hearth::kernels
