#pragma once

#include "engine/kernels/simd/panel.h"

/// Where the sums of products go.
namespace hearth::kernels {
namespace {

/// Writes the rows of a vector of products that exist, with their bias.
template <class S>
void storeRows(const detail::Product& p, std::size_t row, std::size_t token, typename S::Floats values) {
    float* y = p.y + token * p.yStride + row;
    const std::size_t count = smaller(S::kLanes, p.rows - row);
    if (count == S::kLanes) {
        S::store(y, p.bias ? S::add(values, S::load(p.bias + row)) : values);
        return;
    }
    float buffer[S::kLanes];
    S::store(buffer, values);
    for (std::size_t i = 0; i < count; ++i)
        y[i] = buffer[i] + (p.bias ? p.bias[row + i] : 0);
}

/// Where the sums of a tile go: a row for each input; past the caches where that is worth it (see streams()).
template <class S, bool Streams>
struct Target {
    float* first;
    std::size_t stride; ///< floats between inputs
    [[nodiscard]] float* at(int token, int vector) const {
        return first + std::size_t(token) * stride + std::size_t(vector) * S::kLanes;
    }
    void put(int token, int vector, typename S::Floats sum) const {
        if constexpr (Streams)
            S::stream(at(token, vector), sum);
        else
            S::store(at(token, vector), sum);
    }
    /// Asks for the lines of the sums of the inputs that follow.
    void prefetch(int token, int vector) const {
        if constexpr (!Streams)
            S::prefetch(at(token, vector));
    }
};

/// Results that would push more out of the caches than their reader finds there. Written past them they are
/// not read from memory first: two thirds of the traffic.
inline constexpr std::size_t kStreamBytes = std::size_t{1} << 20;
template <class S>
bool streams(const detail::Product& p) {
    const std::size_t rowBytes = p.yStride * sizeof(float);
    return p.act.n * rowBytes > kStreamBytes && reinterpret_cast<std::uintptr_t>(p.y) % S::kBytes == 0 &&
           rowBytes % S::kBytes == 0;
}

/// Writes the sums [n][stride] of all inputs times `vectors` panels from `panel` on.
template <class S>
void storeTile(const detail::Product& p, std::size_t panel, std::size_t vectors, const float* sums,
               std::size_t stride) {
    const std::size_t row = panel * S::kLanes;
    const bool past = streams<S>(p) && row + vectors * S::kLanes <= p.rows;
    for (std::size_t t = 0; t < p.act.n; ++t)
        for (std::size_t v = 0; v < vectors; ++v) {
            const std::size_t at = v * S::kLanes;
            const typename S::Floats sum = S::load(sums + t * stride + at);
            if (past)
                S::stream(p.y + t * p.yStride + row + at,
                          p.bias ? S::add(sum, S::load(p.bias + row + at)) : sum);
            else
                storeRows<S>(p, row + at, t, sum);
        }
    if (past)
        S::endStream();
}

} // namespace
} // namespace hearth::kernels
