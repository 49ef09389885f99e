#include "engine/tensor/dequantize.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/tensor/blocks.h"
#include "tests/tensor/golden_gguf.h"

namespace hearth {
namespace {

/// Distance in representable float32 values.
std::int64_t ulps(float a, float b) {
    const auto ordered = [](float value) {
        const auto bits = std::bit_cast<std::int32_t>(value);
        return bits < 0 ? std::int64_t{INT32_MIN} - bits : std::int64_t{bits};
    };
    return std::abs(ordered(a) - ordered(b));
}

class GoldenType : public testing::TestWithParam<const char*> {};

TEST_P(GoldenType, DequantisesToTheGoldenValues) {
    const std::string name = GetParam();
    const auto tensor = test::goldenTensor("llama-" + name + ".gguf", "blk.0.ffn_down.weight");
    EXPECT_EQ(traitsOf(tensor.type).name, name);
    const auto want = test::readFloats(test::golden("llama-" + name + ".ffn_down.f32"));
    ASSERT_EQ(want.size(), 2048U);
    std::vector<float> got(want.size());
    dequantizeRow(tensor.type, tensor.data, got);
    for (std::size_t i = 0; i < want.size(); ++i)
        ASSERT_LE(ulps(got[i], want[i]), 1)
            << name << " element " << i << ": " << got[i] << " for " << want[i];
}

INSTANTIATE_TEST_SUITE_P(AllTypes, GoldenType,
                         testing::Values("F16", "BF16", "Q8_0", "Q6_K", "Q5_K", "Q5_1", "Q5_0", "Q4_K",
                                         "Q4_1", "Q4_0", "IQ4_NL", "IQ4_XS", "Q3_K", "Q2_K"),
                         [](const auto& param) { return std::string(param.param); });

TEST(Dequantize, MxFp4FollowsItsDefinition) {
    BlockMXFP4 block{};
    for (std::size_t j = 0; j < 16; ++j)
        block.qs[j] = static_cast<std::uint8_t>(j | ((15 - j) << 4));
    constexpr float e2m1[]{0, .5F, 1, 1.5F, 2, 3, 4, 6, 0, -.5F, -1, -1.5F, -2, -3, -4, -6};
    for (const int e : {0, 1, 2, 100, 127, 128, 254}) {
        block.e = static_cast<std::uint8_t>(e);
        std::vector<float> got(32);
        dequantizeRow(DType::MXFP4, std::as_bytes(std::span(&block, 1)), got);
        for (std::size_t j = 0; j < 16; ++j) {
            EXPECT_EQ(got[j], std::ldexp(e2m1[j], e - 127)) << "e " << e << " element " << j;
            EXPECT_EQ(got[j + 16], std::ldexp(e2m1[15 - j], e - 127)) << "e " << e << " element " << j + 16;
        }
    }
}

TEST(Dequantize, ReadsAtAnyAlignment) {
    const auto tensor = test::goldenTensor("llama-Q6_K.gguf", "blk.0.ffn_down.weight");
    std::vector<float> aligned(256), shifted(256);
    dequantizeRow(tensor.type, tensor.data, aligned);
    std::vector<std::byte> moved(tensor.data.size() + 1);
    std::copy(tensor.data.begin(), tensor.data.end(), moved.begin() + 1);
    dequantizeRow(tensor.type, std::span(moved).subspan(1), shifted);
    EXPECT_EQ(aligned, shifted);
}

TEST(Dequantize, KnowsExactlyTheComputableTypesAndMxFp4) {
    for (std::uint32_t id = 0; id < 64; ++id)
        if (const DTypeTraits* traits = findTraits(id)) {
            EXPECT_EQ(canDequantize(traits->type), traits->computable || traits->type == DType::MXFP4)
                << traits->name;
        }
}

TEST(Half, EveryValueSurvivesTheRoundTrip) {
    for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
        const float value = halfToFloat(static_cast<std::uint16_t>(bits));
        if (std::isnan(value))
            EXPECT_TRUE(std::isnan(halfToFloat(floatToHalf(value)))) << bits;
        else
            EXPECT_EQ(floatToHalf(value), bits);
        const float wide = bfloat16ToFloat(static_cast<std::uint16_t>(bits));
        if (std::isnan(wide))
            EXPECT_TRUE(std::isnan(bfloat16ToFloat(floatToBfloat16(wide)))) << bits;
        else
            EXPECT_EQ(floatToBfloat16(wide), bits);
    }
}

TEST(Half, RoundsToNearestEven) {
    EXPECT_EQ(floatToHalf(1.0F + 0x1p-11F), 0x3C00);     // tie, stays even
    EXPECT_EQ(floatToHalf(1.0F + 3 * 0x1p-11F), 0x3C02); // tie, goes up to even
    EXPECT_EQ(floatToHalf(1.0F + 0x1.002p-11F), 0x3C01); // just above the tie
    EXPECT_EQ(floatToHalf(65519.0F), 0x7BFF);
    EXPECT_EQ(floatToHalf(65520.0F), 0x7C00);
    EXPECT_EQ(floatToHalf(-1e30F), 0xFC00);
    EXPECT_EQ(floatToHalf(0x1p-25F), 0x0000); // tie between 0 and the least subnormal
    EXPECT_EQ(floatToHalf(0x1.8p-25F), 0x0001);
    EXPECT_EQ(floatToHalf(-0x1.8p-24F), 0x8002);
    EXPECT_EQ(floatToHalf(0x1.ffep-15F), 0x0400); // rounds up into the normal numbers
    EXPECT_EQ(floatToBfloat16(1.0F + 0x1p-8F), 0x3F80);
    EXPECT_EQ(floatToBfloat16(1.0F + 3 * 0x1p-8F), 0x3F82);
    EXPECT_EQ(floatToBfloat16(3.4e38F), 0x7F80);
}

} // namespace
} // namespace hearth
