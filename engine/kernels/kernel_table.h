#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/kernels/compute.h"

/// Inside of the kernels ring: what one instruction set supplies. Compute owns threads and memory and calls
/// through these tables; the functions themselves are pure, allocate nothing and run on any thread.
///
/// This header is also included by sources that are compiled with wider instruction-set flags. It therefore
/// holds plain data only: an inline function here could be emitted with instructions that the processor lacks
/// and be the copy that the linker keeps.
namespace hearth::kernels::detail {

/// Elements that share one activation scale. 256 divides into whole blocks of every weight type.
inline constexpr std::size_t kActGroup = 256;

/// 256 consecutive activations of one row, quantised: x ≈ scale·q. Rows whose length is not a multiple of 256
/// end with zeros. The sums (of q, exact) serve weight types with an offset or a minimum:
/// Σ(d·w + m)·x = scale·(d·Σw·q + m·Σq).
struct alignas(64) ActBlock {
    std::int8_t q[kActGroup]; ///< −127…127
    std::int32_t sum32[kActGroup / 32];
    std::int32_t sum16[kActGroup / 16];
    std::int32_t sum; ///< of all
    float scale;
};

/// One input of a group of products.
struct Activations {
    const float* x = nullptr;         ///< [n][cols]
    const ActBlock* blocks = nullptr; ///< [⌈cols / 256⌉][n]; nullptr when no product of the group wants them
    /// [n][⌈cols / 2⌉] neighbours rounded to bfloat16, the first in the low half; or nullptr.
    const std::uint32_t* pairs = nullptr;
    std::size_t n = 0, cols = 0;
};

/// A product as kernels see it.
struct Product {
    const std::uint8_t* panels = nullptr; ///< panels of WeightKernel::panelRows rows, panelBytes apart
    std::size_t panelBytes = 0;
    std::size_t rows = 0;
    Activations act;
    float* y = nullptr;
    std::size_t yStride = 0;
    const float* bias = nullptr;
};

/// How one instruction set holds and multiplies one weight type.
struct WeightKernel {
    std::size_t panelRows;  ///< rows stored together
    std::size_t tilePanels; ///< panels that `multiply` likes to get together …
    std::size_t fewInputs;  ///< … for more inputs than so many
    bool quantisedActivations;
    /// From so many inputs on they are wanted rounded to bfloat16 (Activations::pairs).
    std::size_t roundedInputs = SIZE_MAX;
    /// More inputs than this see weights or activations rounded once more (simd/rescaled.h: to 8 bits of the
    /// largest of 256; simd/bfloat16_dots.h) than fewer do.
    std::size_t exactInputs = SIZE_MAX;
    bool packs; ///< false: panels are rows in file layout
    /// Bytes of one panel; a multiple of 64 when `packs`.
    std::size_t (*panelBytes)(std::size_t cols);
    /// Packs `rowCount` (≤ panelRows) rows, rowBytes apart, into one zeroed panel. Null unless `packs`.
    void (*pack)(const std::byte* rows, std::size_t rowBytes, std::size_t rowCount, std::size_t cols,
                 std::uint8_t* panel);
    /// Dequantises row `row` of a panel.
    void (*row)(const std::uint8_t* panel, std::size_t row, std::size_t cols, float* out);
    /// y = x·Wᵀ + bias for the rows of panels [begin, end). `scratch` has scratchBytes, 64-byte aligned.
    void (*multiply)(const Product& product, std::size_t begin, std::size_t end, std::byte* scratch);
    std::size_t (*scratchBytes)(std::size_t cols, std::size_t n);
};

/// Queries of one KV head that share one pass over its cells.
struct AttentionTask {
    const AttentionJob* job = nullptr;
    const AttentionShape* shape = nullptr;
    std::size_t kvHead = 0;
    std::size_t firstQuery = 0, queries = 0; ///< rows of the job
};

/// Everything that one instruction set supplies.
struct KernelTable {
    Isa isa;
    /// nullptr: the type cannot be multiplied.
    const WeightKernel* (*weights)(DType type);
    /// Quantises one row; its blocks are `stride` blocks apart.
    void (*quantise)(const float* x, std::size_t cols, ActBlock* blocks, std::size_t stride);
    /// Rounds one row to bfloat16 (see Activations::pairs); nullptr where no kernel wants that.
    void (*roundPairs)(const float* x, std::size_t cols, std::uint32_t* out) = nullptr;
    void (*rmsNorm)(const float* x, const float* weight, std::size_t dim, float eps, float* y);
    /// Rotates the heads of one position; cos and sin are this position's.
    void (*rope)(float* x, std::size_t heads, std::size_t headDim, const float* cos, const float* sin,
                 std::size_t pairs, bool interleaved);
    void (*storeCell)(KvType type, const float* values, std::size_t dim, std::byte* cell);
    void (*attend)(const AttentionTask& task, std::byte* scratch);
    std::size_t queryTile; ///< queries per AttentionTask at most
    std::size_t (*attendScratchBytes)(const AttentionJob& job, const AttentionShape& shape);
    void (*add)(float* x, const float* y, std::size_t count);
    void (*scale)(float* x, float factor, std::size_t count);
    void (*siluMul)(float* gate, const float* up, std::size_t count);
    void (*geluMul)(float* gate, const float* up, std::size_t count);
    void (*softcap)(float* x, float cap, std::size_t count);
};

extern const KernelTable kGenericTable;

} // namespace hearth::kernels::detail
