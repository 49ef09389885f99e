#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>

#include "engine/tensor/dtype.h"

namespace {

using hearth::bytesFor;
using hearth::DType;
using hearth::dtypeFromName;
using hearth::findTraits;
using hearth::traitsOf;

struct Published {
    std::uint32_t id;
    const char* name;
    std::uint32_t elements, bytes;
    bool computable;
};

/// The published numbers of every type, written out once more.
constexpr Published kPublished[] = {
    {0, "F32", 1, 4, true},       {1, "F16", 1, 2, true},         {2, "Q4_0", 32, 18, true},
    {3, "Q4_1", 32, 20, true},    {6, "Q5_0", 32, 22, true},      {7, "Q5_1", 32, 24, true},
    {8, "Q8_0", 32, 34, true},    {10, "Q2_K", 256, 84, true},    {11, "Q3_K", 256, 110, true},
    {12, "Q4_K", 256, 144, true}, {13, "Q5_K", 256, 176, true},   {14, "Q6_K", 256, 210, true},
    {20, "IQ4_NL", 32, 18, true}, {23, "IQ4_XS", 256, 136, true}, {30, "BF16", 1, 2, true},
    {39, "MXFP4", 32, 17, false}, {24, "I8", 1, 1, false},        {25, "I16", 1, 2, false},
    {26, "I32", 1, 4, false},     {27, "I64", 1, 8, false},       {28, "F64", 1, 8, false},
};

TEST(DType, TraitsAreThePublishedOnes) {
    for (const auto& expected : kPublished) {
        const auto* traits = findTraits(expected.id);
        ASSERT_NE(traits, nullptr) << expected.name;
        EXPECT_EQ(traits->name, expected.name);
        EXPECT_EQ(traits->blockSize, expected.elements) << expected.name;
        EXPECT_EQ(traits->blockBytes, expected.bytes) << expected.name;
        EXPECT_EQ(traits->computable, expected.computable) << expected.name;
        EXPECT_EQ(&traitsOf(traits->type), traits);
        EXPECT_EQ(dtypeFromName(expected.name), traits->type);
    }
}

TEST(DType, UnknownIdsAndNames) {
    std::set<std::uint32_t> known;
    for (const auto& expected : kPublished)
        known.insert(expected.id);
    for (std::uint32_t id = 0; id < 300; ++id)
        EXPECT_EQ(findTraits(id) != nullptr, known.contains(id)) << id;
    EXPECT_EQ(findTraits(~0U), nullptr);
    EXPECT_EQ(dtypeFromName("q4_k"), DType::Q4_K);
    EXPECT_EQ(dtypeFromName("Q4_K_M"), std::nullopt);
    EXPECT_EQ(dtypeFromName(""), std::nullopt);
}

TEST(DType, BytesOfElements) {
    EXPECT_EQ(bytesFor(DType::F32, 3), 12U);
    EXPECT_EQ(bytesFor(DType::Q4_0, 64), 36U);
    EXPECT_EQ(bytesFor(DType::Q4_0, 33), std::nullopt);
    EXPECT_EQ(bytesFor(DType::Q6_K, 256), 210U);
    EXPECT_EQ(bytesFor(DType::Q6_K, 128), std::nullopt);
    EXPECT_EQ(bytesFor(DType::Q8_0, 0), 0U);
    EXPECT_EQ(bytesFor(DType::F32, 1ULL << 62), std::nullopt);
    // Blocks of more bytes than elements can overflow too.
    EXPECT_EQ(bytesFor(DType::Q8_0, ~std::uint64_t{0} - 31), std::nullopt);
    EXPECT_EQ(bytesFor(DType::Q4_0, 1ULL << 63), (1ULL << 58) * 18);
}

} // namespace
