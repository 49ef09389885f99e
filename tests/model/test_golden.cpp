// Logits of the project's small random-weight models against float64 references, on every instruction set
// that this machine has.

#include <gtest/gtest.h>

#include "tests/model/model_fixture.h"

namespace {

using namespace hearth;

struct Case {
    const char* name;
    double limit; ///< largest normalised mean square error
};

void PrintTo(const Case& golden, std::ostream* out) {
    *out << golden.name;
}

class Golden : public testing::TestWithParam<Case> {};

TEST_P(Golden, LogitsAgreeWithTheReference) {
    const std::string name = GetParam().name;
    const std::vector<float> want = test::readFloats(test::golden(name + ".logits.f32"));
    const std::vector<std::int32_t> prompt =
        want.size() == 16 * 320 ? test::kGoldenPrompt : test::longGoldenPrompt();
    ASSERT_EQ(want.size(), prompt.size() * 320);
    for (const kernels::Isa isa : kernels::availableIsas()) {
        SCOPED_TRACE(name + " on " + std::string(kernels::isaName(isa)));
        auto running = test::RunningModel::open(test::golden(name + ".gguf"), isa);
        ASSERT_TRUE(running) << running.error().message();
        ASSERT_EQ((*running)->compute->isa(), isa);
        auto cache = (*running)->cache();
        ASSERT_TRUE(cache) << cache.error().message();
        const auto got = (*running)->logits(*cache, prompt, 16);
        ASSERT_TRUE(got) << got.error().message();
        const double error = test::nmse(*got, want);
        EXPECT_LE(error, GetParam().limit);
        RecordProperty(name + "_" + std::string(kernels::isaName(isa)), std::to_string(error * 1e6) + "e-6");
    }
}

constexpr double kExact = 1e-6;     // float32 weights
constexpr double kQuantised = 1e-3; // 8-bit activations

const Case kFamilies[] = {{"llama-F32", kExact},   {"qwen2-F32", kExact},  {"qwen3-F32", kExact},
                          {"gemma2-F32", kExact},  {"gemma3-F32", kExact}, {"phi3-F32", kExact},
                          {"qwen3moe-F32", kExact}};
const Case kTypes[] = {{"llama-F16", kQuantised},  {"llama-BF16", kQuantised},   {"llama-Q8_0", kQuantised},
                       {"llama-Q6_K", kQuantised}, {"llama-Q5_K", kQuantised},   {"llama-Q5_1", kQuantised},
                       {"llama-Q5_0", kQuantised}, {"llama-Q4_K", kQuantised},   {"llama-Q4_1", kQuantised},
                       {"llama-Q4_0", kQuantised}, {"llama-IQ4_NL", kQuantised}, {"llama-IQ4_XS", kQuantised},
                       {"llama-Q3_K", kQuantised}, {"llama-Q2_K", kQuantised}};

// Mixtures, rope variants, heads wider than dim/heads, windows of 4 under a prompt of 48 tokens.
const Case kShapes[] = {{"llama-moe-F32", kExact},      {"llama-ropefreqs-F32", kExact},
                        {"llama-linear-F32", kExact},   {"llama-yarn-F32", kExact},
                        {"llama-headdim-F32", kExact},  {"qwen2-yarn-F32", kExact},
                        {"qwen3moe-many-F32", kExact},  {"gemma2-window4-F32", kExact},
                        {"gemma3-window4-F32", kExact}, {"phi3-window4-F32", kExact}};

std::string caseName(const testing::TestParamInfo<Case>& info) {
    std::string name = info.param.name;
    for (char& c : name)
        if (c == '-')
            c = '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Families, Golden, testing::ValuesIn(kFamilies), caseName);
INSTANTIATE_TEST_SUITE_P(Shapes, Golden, testing::ValuesIn(kShapes), caseName);
INSTANTIATE_TEST_SUITE_P(Types, Golden, testing::ValuesIn(kTypes), caseName);

} // namespace
