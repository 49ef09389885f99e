#include "engine/format/gguf/random_weights.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/tensor/blocks.h"
#include "engine/tensor/half.h"

namespace hearth::format {

namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): a counter and a mixing function, so that a compiler can overlap
/// steps.
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next() {
        std::uint64_t z = m_state += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }

private:
    std::uint64_t m_state;
};

void fillRandomBytes(Random& random, std::span<std::byte> out) {
    std::size_t i = 0;
    for (; i + 8 <= out.size(); i += 8) {
        const std::uint64_t word = random.next();
        std::memcpy(out.data() + i, &word, 8);
    }
    const std::uint64_t word = random.next();
    std::memcpy(out.data() + i, &word, out.size() - i);
}

/// 4096 bell-shaped values: each the sum of twelve uniform numbers, whose variance is one.
const std::array<float, 4096>& bellTable() {
    static const auto table = [] {
        std::array<float, 4096> values{};
        Random random(1);
        for (float& value : values) {
            float sum = -6;
            for (int i = 0; i < 12; ++i)
                sum += static_cast<float>(random.next() >> 40) * 0x1p-24F;
            value = kRandomWeightSigma * sum;
        }
        return values;
    }();
    return table;
}

template <class Number, class Convert>
void fillNumbers(Random& random, std::span<std::byte> out, Convert convert) {
    std::array<Number, 4096> table;
    std::transform(bellTable().begin(), bellTable().end(), table.begin(), convert);
    const std::size_t count = out.size() / sizeof(Number);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i) {
        word = i % 5 == 0 ? random.next() : word >> 12; // five table indices from one word
        std::memcpy(out.data() + i * sizeof(Number), &table[word & 4095], sizeof(Number));
    }
}

/// A block's scale: `base` changed by up to an eighth either way, chosen by a byte that was random already.
StoredHalf scaleNear(float base, std::uint8_t chance) {
    return StoredHalf::of(base * (0.875F + 0.25F * static_cast<float>(chance) / 255.0F));
}

// The standard deviation of uniform codes of 2…6 bits, √((n² − 1) / 12), and of a code book entry.
constexpr float kSigma2 = 1.118F, kSigma3 = 2.291F, kSigma4 = 4.610F, kSigma5 = 9.233F, kSigma6 = 18.47F;
constexpr float kSigmaBook = 70.4F;
// The root mean square of a sub-block scale drawn from 8…15, 16…31 or −32…31.
constexpr float kScale4 = 11.7F, kScale5 = 23.95F, kScaleSigned6 = 18.5F;

/// All eight scales and mins of Q4_K and Q5_K from 16…31, min equal to scale: with dmin = d · (mean code) the
/// values have mean zero.
Bytes<12> packScales(const Bytes<12>& random) {
    Bytes<12> out{};
    for (std::size_t j = 0; j < 4; ++j) {
        const unsigned low = 16U | (random[j] & 15U), high = 16U | (random[j + 4] & 15U);
        out[j] = static_cast<std::uint8_t>(low | ((high >> 4) << 6));
        out[j + 4] = out[j];
        out[j + 8] = static_cast<std::uint8_t>((high & 15U) | ((high & 15U) << 4));
    }
    return out;
}

void shape(BlockQ4_0& b) {
    b.d = scaleNear(kRandomWeightSigma / kSigma4, b.d.bytes[0]);
}
void shape(BlockQ4_1& b) {
    b.d = scaleNear(kRandomWeightSigma / kSigma4, b.d.bytes[0]);
    b.m = StoredHalf::of(-7.5F * b.d.value());
}
void shape(BlockQ5_0& b) {
    b.d = scaleNear(kRandomWeightSigma / kSigma5, b.d.bytes[0]);
}
void shape(BlockQ5_1& b) {
    b.d = scaleNear(kRandomWeightSigma / kSigma5, b.d.bytes[0]);
    b.m = StoredHalf::of(-15.5F * b.d.value());
}
void shape(BlockQ8_0& b) {
    b.d = scaleNear(kRandomWeightSigma / 73.6F, b.d.bytes[0]);
    for (auto& q : b.qs) // quantisers use −127…127
        q = std::max<std::int8_t>(q, -127);
}
void shape(BlockQ2_K& b) {
    for (auto& s : b.scales) { // scale and min equal, 8…15
        const unsigned scale = 8U | (s & 7U);
        s = static_cast<std::uint8_t>(scale | (scale << 4));
    }
    b.d = scaleNear(kRandomWeightSigma / (kSigma2 * kScale4), b.d.bytes[0]);
    b.dmin = StoredHalf::of(1.5F * b.d.value());
}
void shape(BlockQ3_K& b) {
    b.d = scaleNear(kRandomWeightSigma / (kSigma3 * kScaleSigned6), b.d.bytes[0]);
}
void shape(BlockQ4_K& b) {
    b.scales = packScales(b.scales);
    b.d = scaleNear(kRandomWeightSigma / (kSigma4 * kScale5), b.d.bytes[0]);
    b.dmin = StoredHalf::of(7.5F * b.d.value());
}
void shape(BlockQ5_K& b) {
    b.scales = packScales(b.scales);
    b.d = scaleNear(kRandomWeightSigma / (kSigma5 * kScale5), b.d.bytes[0]);
    b.dmin = StoredHalf::of(15.5F * b.d.value());
}
void shape(BlockQ6_K& b) {
    for (auto& s : b.scales) { // ±(8…15)
        const int scale = 8 | (s & 7);
        s = static_cast<std::int8_t>(s < 0 ? -scale : scale);
    }
    b.d = scaleNear(kRandomWeightSigma / (kSigma6 * kScale4), b.d.bytes[0]);
}
void shape(BlockIQ4_NL& b) {
    b.d = scaleNear(kRandomWeightSigma / kSigmaBook, b.d.bytes[0]);
}
void shape(BlockIQ4_XS& b) {
    b.d = scaleNear(kRandomWeightSigma / (kSigmaBook * kScaleSigned6), b.d.bytes[0]);
}

/// Blocks are made of bytes, so the random bytes are already blocks; only their scales need a shape.
template <class Block>
void fillBlocks(Random& random, std::span<std::byte> out) {
    static_assert(alignof(Block) == 1);
    fillRandomBytes(random, out);
    for (std::size_t i = 0; i + sizeof(Block) <= out.size(); i += sizeof(Block)) {
        Block block;
        std::memcpy(&block, out.data() + i, sizeof block);
        shape(block);
        std::memcpy(out.data() + i, &block, sizeof block);
    }
}

} // namespace

void fillRandomWeights(DType type, std::uint64_t seed, std::span<std::byte> out) {
    Random random(seed);
    switch (type) {
    case DType::F32:
        return fillNumbers<float>(random, out, [](float x) { return x; });
    case DType::F16:
        return fillNumbers<std::uint16_t>(random, out, floatToHalf);
    case DType::BF16:
        return fillNumbers<std::uint16_t>(random, out, floatToBfloat16);
    case DType::Q4_0:
        return fillBlocks<BlockQ4_0>(random, out);
    case DType::Q4_1:
        return fillBlocks<BlockQ4_1>(random, out);
    case DType::Q5_0:
        return fillBlocks<BlockQ5_0>(random, out);
    case DType::Q5_1:
        return fillBlocks<BlockQ5_1>(random, out);
    case DType::Q8_0:
        return fillBlocks<BlockQ8_0>(random, out);
    case DType::Q2_K:
        return fillBlocks<BlockQ2_K>(random, out);
    case DType::Q3_K:
        return fillBlocks<BlockQ3_K>(random, out);
    case DType::Q4_K:
        return fillBlocks<BlockQ4_K>(random, out);
    case DType::Q5_K:
        return fillBlocks<BlockQ5_K>(random, out);
    case DType::Q6_K:
        return fillBlocks<BlockQ6_K>(random, out);
    case DType::IQ4_NL:
        return fillBlocks<BlockIQ4_NL>(random, out);
    case DType::IQ4_XS:
        return fillBlocks<BlockIQ4_XS>(random, out);
    default:
        std::fill(out.begin(), out.end(), std::byte{0});
    }
}

} // namespace hearth::format
