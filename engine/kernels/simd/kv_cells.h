#pragma once

#include "engine/kernels/simd/elementwise.h"

/// Cells of a KV cache: see KvLayer.
namespace hearth::kernels {
namespace {

constexpr std::size_t padded(std::size_t count, std::size_t multiple) {
    return (count + multiple - 1) / multiple * multiple;
}

template <class S>
struct KvCells {
    using Floats = typename S::Floats;
    static constexpr std::size_t kLanes = S::kLanes;
    static constexpr std::size_t kKvBlock = 32; ///< values per scale of a Q8_0 cell

    static constexpr std::size_t bytes(KvType type, std::size_t dim) {
        return type == KvType::F16 ? dim * 2 : padded(dim, kKvBlock) + padded(dim, kKvBlock) / kKvBlock * 2;
    }

    static void store(KvType type, const float* values, std::size_t dim, std::byte* cell) {
        if (type == KvType::F16) {
            for (std::size_t i = 0; i < dim; i += kLanes) {
                const Floats v = loadSome<S>(values + i, dim - i);
                if (dim - i >= kLanes) {
                    S::toHalf(cell + 2 * i, v);
                } else {
                    std::uint16_t buffer[kLanes];
                    S::toHalf(buffer, v);
                    __builtin_memcpy(cell + 2 * i, buffer, 2 * (dim - i));
                }
            }
            return;
        }
        auto* codes = reinterpret_cast<std::int8_t*>(cell);
        for (std::size_t begin = 0; begin < dim; begin += kKvBlock) {
            float block[kKvBlock] = {};
            __builtin_memcpy(block, values + begin, smaller(kKvBlock, dim - begin) * sizeof(float));
            Floats most = S::zero();
            for (std::size_t i = 0; i < kKvBlock; i += kLanes)
                most = S::max(most, S::abs(S::load(block + i)));
            // Quantise with the scale as it is stored; float16 may round it down, hence the clamp.
            float scales[kLanes] = {S::largest(most) / 127};
            std::uint16_t halves[kLanes];
            S::toHalf(halves, S::load(scales));
            S::store(scales, S::fromHalf(halves));
            const Floats inverse = S::splat(scales[0] > 0 ? 1 / scales[0] : 0);
            for (std::size_t i = 0; i < kKvBlock; i += kLanes) {
                const Floats q = S::round(S::mul(S::load(block + i), inverse));
                S::toInt8(codes + begin + i, S::min(S::max(q, S::splat(-127)), S::splat(127)));
            }
            __builtin_memcpy(cell + padded(dim, kKvBlock) + begin / kKvBlock * 2, halves, 2);
        }
    }

    /// One cell to float32, with zeros up to `width`, a multiple of kLanes.
    static void load(KvType type, const std::byte* cell, std::size_t dim, std::size_t width, float* out) {
        std::size_t i = 0;
        if (type == KvType::F16) {
            for (; i + kLanes <= dim; i += kLanes)
                S::store(out + i, S::fromHalf(cell + 2 * i));
            if (i < dim) {
                std::uint16_t buffer[kLanes] = {};
                __builtin_memcpy(buffer, cell + 2 * i, 2 * (dim - i));
                S::store(out + i, S::fromHalf(buffer));
                i += kLanes;
            }
            for (; i < width; i += kLanes)
                S::store(out + i, S::zero());
            return;
        }
        const std::size_t codeBytes = padded(dim, kKvBlock);
        for (std::size_t begin = 0; begin < width; begin += kKvBlock) {
            const Floats scale = S::splatHalf(cell + codeBytes + begin / kKvBlock * 2);
            // Codes are padded with zeros to whole blocks, so reading past dim is sound.
            for (i = begin; i < smaller(begin + kKvBlock, width); i += kLanes)
                S::store(out + i, S::mul(scale, S::fromInt8(cell + i)));
        }
    }
};

} // namespace
} // namespace hearth::kernels
