#pragma once

#include <cstring>
#include <random>
#include <vector>

#include "engine/tensor/blocks.h"
#include "engine/tensor/dequantize.h"

namespace hearth::test {

/// Every weight type that kernels multiply with.
inline const std::vector<DType>& weightTypes() {
    static const std::vector<DType> types{DType::F32,    DType::F16,  DType::BF16, DType::Q8_0,
                                          DType::Q6_K,   DType::Q5_K, DType::Q5_1, DType::Q5_0,
                                          DType::Q4_K,   DType::Q4_1, DType::Q4_0, DType::IQ4_NL,
                                          DType::IQ4_XS, DType::Q3_K, DType::Q2_K, DType::MXFP4};
    return types;
}

inline bool isFloat(DType type) {
    return type == DType::F32 || type == DType::F16 || type == DType::BF16;
}

/// A matrix in file layout: codes are uniformly random or one extreme byte, block scales are random.
struct Matrix {
    DType type;
    std::size_t rows, cols;
    std::vector<std::byte> data;

    [[nodiscard]] std::size_t rowBytes() const { return data.size() / rows; }
    [[nodiscard]] std::vector<float> values() const {
        std::vector<float> out(rows * cols);
        for (std::size_t r = 0; r < rows; ++r)
            dequantizeRow(type, std::span(data).subspan(r * rowBytes(), rowBytes()),
                          std::span(out).subspan(r * cols, cols));
        return out;
    }
};

template <class Block>
void setScales(std::byte* at, std::mt19937& random) {
    std::uniform_real_distribution<float> size(0.005F, 0.02F);
    Block block;
    std::memcpy(&block, at, sizeof block);
    if constexpr (requires { block.d; })
        block.d = StoredHalf::of(size(random));
    if constexpr (requires { block.m; })
        block.m = StoredHalf::of(-8 * size(random));
    if constexpr (requires { block.dmin; })
        block.dmin = StoredHalf::of(size(random));
    if constexpr (requires { block.e; })
        block.e = static_cast<std::uint8_t>(118 + random() % 6);
    std::memcpy(at, &block, sizeof block);
}

/// `fill` < 0: random codes; otherwise that byte everywhere.
inline Matrix randomMatrix(DType type, std::size_t rows, std::size_t cols, unsigned seed, int fill = -1) {
    std::mt19937 random(seed);
    Matrix m{type, rows, cols, std::vector<std::byte>(bytesFor(type, rows * cols).value())};
    if (isFloat(type)) {
        std::normal_distribution<float> normal(0, 0.05F);
        for (std::size_t i = 0; i < rows * cols; ++i) {
            const float value = normal(random);
            const std::uint16_t half = type == DType::F16 ? floatToHalf(value) : floatToBfloat16(value);
            if (type == DType::F32)
                std::memcpy(m.data.data() + 4 * i, &value, 4);
            else
                std::memcpy(m.data.data() + 2 * i, &half, 2);
        }
        return m;
    }
    for (auto& byte : m.data)
        byte = static_cast<std::byte>(fill < 0 ? random() : static_cast<unsigned>(fill));
    const std::size_t size = traitsOf(type).blockBytes;
    for (std::size_t at = 0; at < m.data.size(); at += size) {
        std::byte* block = m.data.data() + at;
        switch (type) {
        case DType::Q4_0:
            setScales<BlockQ4_0>(block, random);
            break;
        case DType::Q4_1:
            setScales<BlockQ4_1>(block, random);
            break;
        case DType::Q5_0:
            setScales<BlockQ5_0>(block, random);
            break;
        case DType::Q5_1:
            setScales<BlockQ5_1>(block, random);
            break;
        case DType::Q8_0:
            setScales<BlockQ8_0>(block, random);
            break;
        case DType::Q2_K:
            setScales<BlockQ2_K>(block, random);
            break;
        case DType::Q3_K:
            setScales<BlockQ3_K>(block, random);
            break;
        case DType::Q4_K:
            setScales<BlockQ4_K>(block, random);
            break;
        case DType::Q5_K:
            setScales<BlockQ5_K>(block, random);
            break;
        case DType::Q6_K:
            setScales<BlockQ6_K>(block, random);
            break;
        case DType::IQ4_NL:
            setScales<BlockIQ4_NL>(block, random);
            break;
        case DType::IQ4_XS:
            setScales<BlockIQ4_XS>(block, random);
            break;
        default:
            setScales<BlockMXFP4>(block, random);
            break;
        }
    }
    return m;
}

template <class Block>
void fillScalesOf(std::byte* at, int fill) {
    Block block;
    std::memcpy(&block, at, sizeof block);
    if constexpr (requires { block.scales; })
        std::memset(&block.scales, fill, sizeof block.scales);
    if constexpr (requires { block.scalesLow; }) {
        std::memset(&block.scalesLow, fill, sizeof block.scalesLow);
        std::memset(&block.scalesHigh, fill, sizeof block.scalesHigh);
    }
    std::memcpy(at, &block, sizeof block);
}

/// Sets every byte of the whole-number scales and minimums that blocks of 256 have; returns whether there are
/// any.
inline bool fillScales(Matrix& m, int fill) {
    const std::size_t size = traitsOf(m.type).blockBytes;
    for (std::size_t at = 0; at < m.data.size(); at += size) {
        std::byte* block = m.data.data() + at;
        switch (m.type) {
        case DType::Q2_K:
            fillScalesOf<BlockQ2_K>(block, fill);
            break;
        case DType::Q3_K:
            fillScalesOf<BlockQ3_K>(block, fill);
            break;
        case DType::Q4_K:
            fillScalesOf<BlockQ4_K>(block, fill);
            break;
        case DType::Q5_K:
            fillScalesOf<BlockQ5_K>(block, fill);
            break;
        case DType::Q6_K:
            fillScalesOf<BlockQ6_K>(block, fill);
            break;
        case DType::IQ4_XS:
            fillScalesOf<BlockIQ4_XS>(block, fill);
            break;
        default:
            return false;
        }
    }
    return true;
}

inline std::vector<float> randomFloats(std::size_t count, unsigned seed, float deviation = 1) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, deviation);
    std::vector<float> out(count);
    for (float& value : out)
        value = normal(random);
    return out;
}

} // namespace hearth::test
