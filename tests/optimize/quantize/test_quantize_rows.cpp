// Quality and layout of every quantiser: random weights against the figures of the field's reference tool,
// the project's golden models against the same weights as that tool quantised them.

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "engine/format/gguf/gguf_file.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/tensor/dequantize.h"
#include "engine/tensor/half.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using optimize::quantizeRows;

struct Bar {
    DType type;
    double gaussian; ///< normalised square error of the reference tool on Gaussian weights
};

constexpr Bar kBars[] = {
    {DType::Q8_0, 2.85e-5},   {DType::Q6_K, 3.13e-4},   {DType::Q5_K, 1.30e-3}, {DType::Q5_1, 1.43e-3},
    {DType::Q5_0, 1.82e-3},   {DType::Q4_K, 5.08e-3},   {DType::Q4_1, 6.12e-3}, {DType::Q4_0, 7.37e-3},
    {DType::IQ4_NL, 5.80e-3}, {DType::IQ4_XS, 5.89e-3}, {DType::Q3_K, 2.27e-2}, {DType::Q2_K, 8.75e-2},
};

void PrintTo(const Bar& bar, std::ostream* out) {
    *out << traitsOf(bar.type).name;
}

std::vector<float> gaussian(std::size_t count, unsigned seed = 1, float sigma = 1) {
    std::mt19937_64 generator(seed);
    std::normal_distribution<float> distribution(0, sigma);
    std::vector<float> out(count);
    for (float& value : out)
        value = distribution(generator);
    return out;
}

std::vector<float> heavyTailed(std::size_t count, unsigned seed = 1) {
    std::mt19937_64 generator(seed);
    std::student_t_distribution<float> distribution(4);
    std::vector<float> out(count);
    for (float& value : out)
        value = 0.02F * distribution(generator);
    return out;
}

Result<std::vector<float>> roundTrip(DType type, const std::vector<float>& x, std::size_t cols,
                                     const std::vector<float>& importance = {}) {
    std::vector<std::byte> packed(bytesFor(type, x.size()).value());
    HEARTH_CHECK(quantizeRows(type, x, cols, importance, packed));
    std::vector<float> back(x.size());
    dequantizeRow(type, packed, back);
    return back;
}

double weightedError(const std::vector<float>& got, const std::vector<float>& want,
                     const std::vector<float>& importance) {
    double error = 0, power = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        const double w = importance.empty() ? 1.0 : double(importance[i % importance.size()]);
        const double d = double(got[i]) - double(want[i]);
        error += w * d * d;
        power += w * double(want[i]) * double(want[i]);
    }
    return error / power;
}

class Quantiser : public testing::TestWithParam<Bar> {};

TEST_P(Quantiser, GaussianWeightsAreWithinTheReferenceTool) {
    const auto x = gaussian(64 * 1024);
    const auto back = roundTrip(GetParam().type, x, 1024);
    ASSERT_TRUE(back) << back.error().message();
    const double error = test::nmse(*back, x);
    RecordProperty("nmse", std::to_string(error));
    EXPECT_LE(error, GetParam().gaussian);
    EXPECT_GT(error, GetParam().gaussian * 0.6) << "better than the type can be: a wrong measurement";
}

TEST_P(Quantiser, ErrorScalesWithTheWeights) {
    // The same weights at the size that trained models have: float16 scales must not cost accuracy.
    const auto x = gaussian(32 * 1024, 2, 0.02F);
    const auto back = roundTrip(GetParam().type, x, 1024);
    ASSERT_TRUE(back);
    EXPECT_LE(test::nmse(*back, x), GetParam().gaussian * 1.01);
}

TEST_P(Quantiser, ImportanceMovesTheErrorWhereItMattersLess) {
    const std::size_t cols = 512;
    const auto x = heavyTailed(64 * cols);
    std::vector<float> importance(cols);
    std::mt19937_64 generator(3);
    std::lognormal_distribution<float> distribution(0, 1.5F);
    for (float& value : importance)
        value = distribution(generator);
    const auto without = roundTrip(GetParam().type, x, cols),
               with = roundTrip(GetParam().type, x, cols, importance);
    ASSERT_TRUE(without && with);
    const double before = weightedError(*without, x, importance), after = weightedError(*with, x, importance);
    EXPECT_LT(after, before * (GetParam().type == DType::Q8_0 ? 1.0 : 0.97));
}

TEST_P(Quantiser, GoldenWeightsAreAtLeastAsGoodAsTheReferenceTools) {
    const auto source = format::GgufFile::open(test::golden("llama-F16.gguf"));
    const std::string name(traitsOf(GetParam().type).name);
    const auto reference = format::GgufFile::open(test::golden("llama-" + name + ".gguf"));
    ASSERT_TRUE(source && reference);
    std::size_t compared = 0;
    double ours = 0, theirs = 0;
    for (const auto& tensor : source->tensors()) {
        const auto* other = reference->findTensor(tensor.name);
        if (!other || other->type != GetParam().type)
            continue;
        ASSERT_EQ(other->shape, tensor.shape);
        std::vector<float> x(tensor.elements), back(tensor.elements);
        dequantizeRow(tensor.type, source->tensorData(tensor), x);
        dequantizeRow(other->type, reference->tensorData(*other), back);
        const auto own = roundTrip(GetParam().type, x, tensor.shape[0]);
        ASSERT_TRUE(own) << own.error().message();
        ours += test::nmse(*own, x);
        theirs += test::nmse(back, x);
        ++compared;
    }
    ASSERT_GT(compared, 3U);
    RecordProperty("ratio", std::to_string(ours / theirs));
    EXPECT_LE(ours, theirs) << "mean " << ours / double(compared) << " against " << theirs / double(compared);
}

TEST_P(Quantiser, ZerosAndConstantsAndExtremes) {
    const DType type = GetParam().type;
    const std::size_t cols = 256;
    const auto zeros = roundTrip(type, std::vector<float>(cols, 0.0F), cols);
    ASSERT_TRUE(zeros);
    for (const float value : *zeros)
        ASSERT_EQ(value, 0.0F);
    for (const float constant : {1.0F, -0.37F, 3e4F, -6e4F, 1e-2F}) {
        const auto back = roundTrip(type, std::vector<float>(cols, constant), cols);
        ASSERT_TRUE(back);
        for (const float value : *back)
            ASSERT_NEAR(value, constant, std::fabs(constant) * 0.02F) << constant;
    }
    // One large value among zeros keeps its size, and the zeros stay small.
    std::vector<float> lone(cols, 0.0F);
    lone[100] = -5.0F;
    const auto back = roundTrip(type, lone, cols);
    ASSERT_TRUE(back);
    EXPECT_NEAR((*back)[100], -5.0F, 0.2F);
    for (std::size_t i = 0; i < cols; ++i)
        ASSERT_LE(std::fabs((*back)[i]), i == 100 ? 5.2F : 0.1F) << i;
    // Values that float16 scales cannot reach become zero, not noise.
    const auto tiny = roundTrip(type, std::vector<float>(cols, 1e-12F), cols);
    ASSERT_TRUE(tiny);
    for (const float value : *tiny)
        ASSERT_LE(std::fabs(value), 1e-6F);
}

TEST_P(Quantiser, RowsAreIndependentAndRepeatable) {
    const DType type = GetParam().type;
    const std::size_t cols = 1280; // more than one piece of weights
    const auto x = heavyTailed(4 * cols, 5);
    std::vector<std::byte> all(bytesFor(type, x.size()).value()), one(bytesFor(type, cols).value());
    ASSERT_TRUE(quantizeRows(type, x, cols, {}, all));
    for (std::size_t row = 0; row < 4; ++row) {
        ASSERT_TRUE(quantizeRows(type, std::span(x).subspan(row * cols, cols), cols, {}, one));
        EXPECT_TRUE(std::equal(one.begin(), one.end(), all.begin() + std::ptrdiff_t(row * one.size())))
            << row;
    }
}

std::string typeName(const testing::TestParamInfo<Bar>& bar) {
    return std::string(traitsOf(bar.param.type).name);
}

INSTANTIATE_TEST_SUITE_P(Types, Quantiser, testing::ValuesIn(kBars), typeName);

TEST(QuantizeRows, FloatsAreRoundedToNearest) {
    const std::vector<float> x{0.1F, -1.0F / 3, 1.0F, 65504.0F};
    const auto half = roundTrip(DType::F16, x, 4), brain = roundTrip(DType::BF16, x, 4),
               full = roundTrip(DType::F32, x, 4);
    ASSERT_TRUE(half && brain && full);
    for (std::size_t i = 0; i < x.size(); ++i) {
        EXPECT_EQ((*half)[i], halfToFloat(floatToHalf(x[i])));
        EXPECT_EQ((*brain)[i], bfloat16ToFloat(floatToBfloat16(x[i])));
        EXPECT_EQ((*full)[i], x[i]);
    }
}

TEST(QuantizeRows, WhatCannotBeWrittenIsNamed) {
    std::vector<float> x(256, 0.5F);
    std::vector<std::byte> out(bytesFor(DType::Q4_K, 256).value());
    const auto code = [&](DType type, std::size_t cols, std::span<const float> importance,
                          std::size_t bytes) {
        const auto result = quantizeRows(type, x, cols, importance, std::span(out).first(bytes));
        return result ? std::string("ok") : result.error().code;
    };
    EXPECT_EQ(code(DType::Q4_K, 256, {}, out.size()), "ok");
    EXPECT_EQ(code(DType::MXFP4, 256, {}, out.size()), "quantize.unsupported_type");
    EXPECT_EQ(code(DType::I32, 256, {}, out.size()), "quantize.unsupported_type");
    EXPECT_EQ(code(DType::Q4_K, 128, {}, out.size()), "quantize.partial_block");
    EXPECT_EQ(code(DType::Q4_K, 0, {}, out.size()), "quantize.partial_block");
    EXPECT_EQ(code(DType::Q4_K, 256, {}, out.size() - 1), "quantize.bad_size");
    EXPECT_EQ(code(DType::Q4_K, 256, std::vector<float>(255, 1.0F), out.size()), "quantize.bad_size");
    x[77] = std::nanf("");
    const auto nan = quantizeRows(DType::Q4_K, x, 256, {}, out);
    ASSERT_FALSE(nan);
    EXPECT_EQ(nan.error().code, "quantize.not_finite");
    EXPECT_EQ(nan.error().arg("index"), "77");
    x[77] = 70000;
    EXPECT_EQ(code(DType::Q4_K, 256, {}, out.size()), "quantize.out_of_range");
    std::vector<std::byte> brain(512);
    EXPECT_TRUE(quantizeRows(DType::BF16, x, 256, {}, brain));
    x[77] = INFINITY;
    EXPECT_EQ(code(DType::Q4_K, 256, {}, out.size()), "quantize.not_finite");
}

} // namespace
