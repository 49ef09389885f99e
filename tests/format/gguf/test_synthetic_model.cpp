#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/quant_mix.h"
#include "engine/format/gguf/random_weights.h"
#include "engine/format/gguf/synthetic_model.h"
#include "engine/tensor/dequantize.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using hearth::DType;
using namespace hearth::format;

class RandomWeights : public testing::TestWithParam<DType> {};

TEST_P(RandomWeights, AreLikeFreshWeights) {
    constexpr std::size_t kCount = 256 * 200;
    const DType type = GetParam();
    std::vector<std::byte> bytes(*hearth::bytesFor(type, kCount)), again(bytes.size()), other(bytes.size());
    fillRandomWeights(type, 7, bytes);
    fillRandomWeights(type, 7, again);
    fillRandomWeights(type, 8, other);
    EXPECT_EQ(bytes, again);
    EXPECT_NE(bytes, other);
    std::vector<float> values(kCount);
    hearth::dequantizeRow(type, bytes, values);
    double sum = 0, squares = 0;
    for (const float value : values) {
        ASSERT_TRUE(std::isfinite(value));
        sum += double(value);
        squares += double(value) * double(value);
    }
    const double mean = sum / kCount, sigma = std::sqrt(squares / kCount - mean * mean);
    EXPECT_NEAR(sigma, double(kRandomWeightSigma), 0.1 * double(kRandomWeightSigma));
    // Codes such as −8…7 are not symmetric, which moves the mean by up to half a step.
    EXPECT_NEAR(mean, 0, 0.13 * double(kRandomWeightSigma));
}

INSTANTIATE_TEST_SUITE_P(All, RandomWeights,
                         testing::Values(DType::F32, DType::F16, DType::BF16, DType::Q8_0, DType::Q6_K,
                                         DType::Q5_K, DType::Q5_1, DType::Q5_0, DType::Q4_K, DType::Q4_1,
                                         DType::Q4_0, DType::IQ4_NL, DType::IQ4_XS, DType::Q3_K, DType::Q2_K),
                         [](const auto& p) { return std::string(hearth::traitsOf(p.param).name); });

DType typeIn(const char* mix, const char* tensor, std::size_t layers = 32, std::uint64_t row = 4096,
             std::size_t group = 4, std::size_t experts = 0, bool tied = false) {
    return mixType(*findMix(mix), {tensor, row, 2, layers, group, experts, tied});
}

TEST(QuantMix, Rules) {
    EXPECT_EQ(typeIn("Q4_K_M", "blk.0.attn_v.weight"), DType::Q6_K);
    EXPECT_EQ(typeIn("Q4_K_M", "blk.3.ffn_down.weight"), DType::Q6_K);
    EXPECT_EQ(typeIn("Q4_K_M", "blk.4.ffn_down.weight"), DType::Q4_K);
    EXPECT_EQ(typeIn("Q4_K_M", "blk.6.attn_v.weight"), DType::Q6_K);
    EXPECT_EQ(typeIn("Q4_K_M", "blk.28.attn_v.weight"), DType::Q6_K);
    EXPECT_EQ(typeIn("Q4_K_M", "blk.0.ffn_up.weight"), DType::Q4_K);
    EXPECT_EQ(typeIn("Q5_K_M", "blk.0.attn_v.weight"), DType::Q6_K);
    EXPECT_EQ(typeIn("Q5_K_M", "blk.0.attn_q.weight"), DType::Q5_K);
    EXPECT_EQ(typeIn("Q4_K_S", "blk.3.attn_v.weight"), DType::Q5_K);
    EXPECT_EQ(typeIn("Q4_K_S", "blk.4.attn_v.weight"), DType::Q4_K);
    EXPECT_EQ(typeIn("Q3_K_M", "blk.1.attn_v.weight"), DType::Q5_K);
    EXPECT_EQ(typeIn("Q3_K_M", "blk.2.attn_v.weight"), DType::Q4_K);
    EXPECT_EQ(typeIn("Q3_K_M", "blk.1.ffn_down.weight"), DType::Q5_K);
    EXPECT_EQ(typeIn("Q3_K_M", "blk.2.ffn_down.weight"), DType::Q4_K);
    EXPECT_EQ(typeIn("Q3_K_M", "blk.2.attn_output.weight"), DType::Q4_K);
    EXPECT_EQ(typeIn("Q3_K_M", "blk.2.ffn_gate.weight"), DType::Q3_K);
    EXPECT_EQ(typeIn("Q2_K", "blk.9.attn_v.weight"), DType::Q4_K);
    EXPECT_EQ(typeIn("Q2_K", "blk.9.attn_v.weight", 32, 4096, 1), DType::Q3_K);
    EXPECT_EQ(typeIn("Q2_K", "blk.9.ffn_down.weight"), DType::Q3_K);
    for (const char* mix : {"Q4_0", "Q4_K_M", "Q2_K", "IQ4_XS", "Q6_K"})
        EXPECT_EQ(typeIn(mix, "output.weight"), DType::Q6_K) << mix;
    EXPECT_EQ(typeIn("Q8_0", "output.weight"), DType::Q8_0);
    EXPECT_EQ(typeIn("F16", "output.weight"), DType::F16);
    EXPECT_EQ(typeIn("Q4_0", "token_embd.weight"), DType::Q4_0);
    EXPECT_EQ(typeIn("Q4_0", "token_embd.weight", 32, 4096, 4, 0, true), DType::Q6_K);
    EXPECT_EQ(typeIn("Q4_K_M", "blk.4.attn_k.weight", 32, 4096, 4, 8), DType::Q8_0);
    EXPECT_EQ(typeIn("Q4_K_M", "blk.4.ffn_gate_inp.weight", 32, 4096, 4, 8), DType::F32);
    EXPECT_EQ(mixType(*findMix("Q4_0"), {"blk.0.attn_norm.weight", 4096, 1, 32, 4, 0, false}), DType::F32);
}

TEST(QuantMix, RowsThatAreNotWholeBlocksFallBack) {
    EXPECT_EQ(typeIn("Q4_K_M", "blk.4.ffn_up.weight", 32, 896), DType::Q5_0);
    EXPECT_EQ(typeIn("Q5_K_M", "blk.4.ffn_up.weight", 32, 896), DType::Q5_1);
    EXPECT_EQ(typeIn("Q6_K", "blk.4.ffn_up.weight", 32, 896), DType::Q8_0);
    EXPECT_EQ(typeIn("Q3_K_S", "blk.4.ffn_up.weight", 32, 896), DType::IQ4_NL);
    EXPECT_EQ(typeIn("Q4_0", "blk.4.ffn_up.weight", 32, 896), DType::Q4_0);
    EXPECT_EQ(typeIn("Q4_0", "blk.4.ffn_up.weight", 32, 40), DType::F16);
}

TEST(QuantMix, Names) {
    EXPECT_EQ(findMix("q4_k_m")->name, "Q4_K_M");
    EXPECT_EQ(findMix("Q9"), nullptr);
    std::set<std::uint32_t> numbers;
    for (const auto& mix : quantMixes()) {
        EXPECT_EQ(findMixByFileType(mix.fileType), &mix);
        EXPECT_TRUE(numbers.insert(mix.fileType).second) << mix.name;
    }
    EXPECT_EQ(findMixByFileType(999), nullptr);
}

TEST(SyntheticModel, EveryMixIsAReadableModel) {
    const hearth::test::TemporaryFolder folder;
    const auto path = folder.path() / "tiny.gguf";
    for (const auto& mix : quantMixes()) {
        const auto written = writeSyntheticModel(*findSyntheticShape("tiny"), mix.name, path);
        ASSERT_TRUE(written.has_value()) << written.error().message();
        const auto file = GgufFile::open(path);
        ASSERT_TRUE(file.has_value()) << mix.name << file.error().message();
        EXPECT_EQ(file->tensors().size(), 3U + 2 * 9);
        EXPECT_EQ(file->getUint("general.file_type"), mix.fileType);
        EXPECT_EQ(file->findTensor("blk.0.ffn_up.weight")->type, mix.base);
        for (const auto& tensor : file->tensors())
            ASSERT_TRUE(hearth::traitsOf(tensor.type).computable) << tensor.name;
    }
}

TEST(SyntheticModel, VocabularyIsWhole) {
    const hearth::test::TemporaryFolder folder;
    const auto path = folder.path() / "model.gguf";
    SyntheticShape shape = *findSyntheticShape("1b"); // its vocabulary, on a small body
    shape.dim = 64;
    shape.heads = shape.kvHeads = shape.layers = 1;
    shape.feedForward = 64;
    ASSERT_TRUE(writeSyntheticModel(shape, "F16", path).has_value());
    const auto file = GgufFile::open(path);
    ASSERT_TRUE(file.has_value());
    const auto& tokens = std::get<std::vector<std::string_view>>(*file->getArray("tokenizer.ggml.tokens"));
    ASSERT_EQ(tokens.size(), 32000U);
    EXPECT_EQ(std::set(tokens.begin(), tokens.end()).size(), tokens.size());
    EXPECT_EQ(tokens[3], "<0x00>");
    EXPECT_EQ(tokens[258], "<0xFF>");
    EXPECT_EQ(std::get<std::vector<double>>(*file->getArray("tokenizer.ggml.scores")).size(), tokens.size());
    EXPECT_EQ(std::get<std::vector<std::int64_t>>(*file->getArray("tokenizer.ggml.token_type")).size(),
              tokens.size());
    EXPECT_EQ(file->findTensor("output.weight")->shape[1], tokens.size());
}

TEST(SyntheticModel, SeedDecidesAndStopLeavesNothing) {
    const hearth::test::TemporaryFolder folder;
    const auto& tiny = *findSyntheticShape("tiny");
    const auto a = folder.path() / "a", b = folder.path() / "b", c = folder.path() / "c";
    ASSERT_TRUE(writeSyntheticModel(tiny, "Q4_K", a, 1).has_value()); // a plain type: its small mix
    ASSERT_TRUE(writeSyntheticModel(tiny, "q4_k_s", b, 1).has_value());
    EXPECT_EQ(hearth::test::readText(a), hearth::test::readText(b));
    ASSERT_TRUE(writeSyntheticModel(tiny, "Q4_K_S", b, 2).has_value());
    EXPECT_NE(hearth::test::readText(a), hearth::test::readText(b));

    std::stop_source stop;
    const auto stopAtOnce = [&](const hearth::Progress& p) {
        EXPECT_EQ(p.phase, "synthesize");
        EXPECT_LE(p.done, p.total);
        stop.request_stop();
    };
    EXPECT_EQ(writeSyntheticModel(tiny, "Q8_0", c, 1, stop.get_token(), stopAtOnce).error().code,
              "base.cancelled");
    EXPECT_FALSE(std::filesystem::exists(c));
    EXPECT_EQ(writeSyntheticModel(tiny, "Q9_K", c).error().code, "synthesize.unknown_type");
    EXPECT_EQ(findSyntheticShape("2b"), nullptr);
}

TEST(SyntheticModel, OneBillionShapeIsTheStatedOne) {
    const auto& s = *findSyntheticShape("1b");
    EXPECT_EQ(s.dim, 2048U);
    EXPECT_EQ(s.layers, 16U);
    EXPECT_EQ(s.heads, 32U);
    EXPECT_EQ(s.kvHeads, 8U);
    EXPECT_EQ(s.feedForward, 8192U);
    EXPECT_EQ(s.vocabulary, 32000U);
    EXPECT_EQ(s.context, 8192U);
}

} // namespace
