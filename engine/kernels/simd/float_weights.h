#pragma once

#include "engine/kernels/simd/decode.h"
#include "engine/kernels/simd/elementwise.h"

/// Weights in float32, float16 and bfloat16, read in file layout. Activations stay float32.
namespace hearth::kernels {
namespace {

template <class S, DType Type>
struct FloatWeights {
    using Floats = typename S::Floats;
    static constexpr std::size_t kLanes = S::kLanes;
    static constexpr std::size_t kSize = Type == DType::F32 ? 4 : 2;
    static constexpr int kVectors = S::kTileVectors;
    static constexpr std::size_t kTileRows = kVectors * kLanes;
    static constexpr std::size_t kTileCols = 128;

    static Floats load(const void* from) {
        if constexpr (Type == DType::F32)
            return S::load(static_cast<const float*>(from));
        else if constexpr (Type == DType::F16)
            return S::fromHalf(from);
        else
            return S::fromBfloat16(from);
    }
    /// The weights from column i on, zeros past the end of the row.
    static Floats loadSomeWeights(const std::uint8_t* row, std::size_t i, std::size_t cols) {
        if (cols - i >= kLanes)
            return load(row + i * kSize);
        alignas(64) std::uint8_t buffer[kLanes * kSize] = {};
        __builtin_memcpy(buffer, row + i * kSize, (cols - i) * kSize);
        return load(buffer);
    }

    static std::size_t panelBytes(std::size_t cols) { return cols * kSize * kLanes; }

    static void row(const std::uint8_t* panel, std::size_t row, std::size_t cols, float* out) {
        for (std::size_t i = 0; i < cols; i += kLanes)
            storeSome<S>(out + i, loadSomeWeights(panel + row * cols * kSize, i, cols), cols - i);
    }

    /// One row times Tokens inputs; four chains of sums hide the latency of a multiply-add.
    template <int Tokens>
    static void dotRow(const detail::Product& p, std::size_t row, std::size_t token) {
        constexpr int chains = Tokens >= 4 ? 1 : 4 / Tokens;
        const std::size_t cols = p.act.cols;
        const std::uint8_t* w = p.panels + row * cols * kSize;
        const float* x = p.act.x + token * cols;
        Floats sum[Tokens][chains];
        for (auto& chain : sum)
            for (auto& s : chain)
                s = S::zero();
        std::size_t i = 0;
        for (; i + chains * kLanes <= cols; i += chains * kLanes) {
            S::prefetch(w + i * kSize + S::kDecodePrefetch);
            for (int c = 0; c < chains; ++c) {
                const std::size_t at = i + std::size_t(c) * kLanes;
                const Floats weight = load(w + at * kSize);
                for (int t = 0; t < Tokens; ++t)
                    sum[t][c] = S::fma(weight, S::load(x + std::size_t(t) * cols + at), sum[t][c]);
            }
        }
        for (; i < cols; i += kLanes) {
            const Floats weight = loadSomeWeights(w, i, cols);
            for (int t = 0; t < Tokens; ++t)
                sum[t][0] = S::fma(weight, loadSome<S>(x + std::size_t(t) * cols + i, cols - i), sum[t][0]);
        }
        for (int t = 0; t < Tokens; ++t) {
            Floats total = sum[t][0];
            for (int c = 1; c < chains; ++c)
                total = S::add(total, sum[t][c]);
            p.y[(token + std::size_t(t)) * p.yStride + row] = S::sum(total) + (p.bias ? p.bias[row] : 0);
        }
    }

    static void decode(const detail::Product& p, std::size_t begin, std::size_t end) {
        const std::size_t last = smaller(end * kLanes, p.rows);
        for (std::size_t row = begin * kLanes; row < last; ++row) {
            std::size_t token = 0;
            for (; token + 4 <= p.act.n; token += 4)
                dotRow<4>(p, row, token);
            for (; token + 2 <= p.act.n; token += 2)
                dotRow<2>(p, row, token);
            if (token < p.act.n)
                dotRow<1>(p, row, token);
        }
    }

    /// kTileRows rows × kTileCols columns as float32, columns outermost: a vector is one column of kLanes
    /// rows.
    struct Tile {
        alignas(64) float weights[kTileCols][kTileRows];
    };

    static void unpack(const detail::Product& p, std::size_t firstRow, std::size_t rows, std::size_t col,
                       std::size_t count, Tile& tile) {
        for (std::size_t r = 0; r < rows; ++r) {
            const std::uint8_t* from = p.panels + (firstRow + r) * p.act.cols * kSize;
            for (std::size_t i = 0; i < count; i += kLanes) {
                float values[kLanes];
                S::store(values, loadSomeWeights(from, col + i, p.act.cols));
                for (std::size_t j = 0; j < smaller(kLanes, count - i); ++j)
                    tile.weights[i + j][r] = values[j];
            }
        }
    }

    template <int Tokens>
    static void multiply(const Tile& tile, std::size_t count, const float* x, std::size_t cols, float* sums) {
        Floats sum[Tokens][kVectors];
        for (int t = 0; t < Tokens; ++t)
            for (int v = 0; v < kVectors; ++v)
                sum[t][v] = S::load(sums + (t * kVectors + v) * int(kLanes));
        for (std::size_t i = 0; i < count; ++i) {
            Floats w[kVectors];
            for (int v = 0; v < kVectors; ++v)
                w[v] = S::load(tile.weights[i] + v * int(kLanes));
            for (int t = 0; t < Tokens; ++t) {
                const Floats value = S::splat(x[std::size_t(t) * cols + i]);
                for (int v = 0; v < kVectors; ++v)
                    sum[t][v] = S::fma(value, w[v], sum[t][v]);
            }
        }
        for (int t = 0; t < Tokens; ++t)
            for (int v = 0; v < kVectors; ++v)
                S::store(sums + (t * kVectors + v) * int(kLanes), sum[t][v]);
    }

    static void tile(const detail::Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
        constexpr std::size_t most = S::kTileTokens;
        Tile& tile = *reinterpret_cast<Tile*>(scratch);
        auto* sums = reinterpret_cast<float*>(scratch + sizeof(Tile));
        const std::size_t n = p.act.n, cols = p.act.cols;
        const std::size_t firstRow = begin * kLanes, rows = smaller(end * kLanes, p.rows) - firstRow;
        __builtin_memset(sums, 0, n * kTileRows * sizeof(float));
        for (std::size_t col = 0; col < cols; col += kTileCols) {
            const std::size_t count = smaller(kTileCols, cols - col);
            unpack(p, firstRow, rows, col, count, tile);
            std::size_t t = 0;
            for (; t + most <= n; t += most)
                multiply<S::kTileTokens>(tile, count, p.act.x + t * cols + col, cols, sums + t * kTileRows);
            for (; t < n; ++t)
                multiply<1>(tile, count, p.act.x + t * cols + col, cols, sums + t * kTileRows);
        }
        for (std::size_t t = 0; t < n; ++t)
            for (std::size_t r = 0; r < rows; r += kLanes)
                storeRows<S>(p, firstRow + r, t, S::load(sums + t * kTileRows + r));
    }

    static void multiply(const detail::Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
        if (p.act.n <= S::kDecodeLimit) {
            decode(p, begin, end);
            return;
        }
        for (std::size_t panel = begin; panel < end; panel += kVectors)
            tile(p, panel, smaller(end, panel + kVectors), scratch);
    }

    static std::size_t scratchBytes(std::size_t, std::size_t n) {
        return n <= S::kDecodeLimit ? 0 : sizeof(Tile) + n * kTileRows * sizeof(float);
    }
};

template <class S, DType Type>
constexpr detail::WeightKernel floatKernel() {
    using F = FloatWeights<S, Type>;
    return {.panelRows = S::kLanes,
            .tilePanels = S::kTileVectors,
            .quantisedActivations = false,
            .packs = false,
            .panelBytes = F::panelBytes,
            .pack = nullptr,
            .row = F::row,
            .multiply = F::multiply,
            .scratchBytes = F::scratchBytes};
}

} // namespace
} // namespace hearth::kernels
