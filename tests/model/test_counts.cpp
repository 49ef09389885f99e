// What a pass costs, counted instead of timed: bytes of weights read, barriers, products per expert.

#include <map>

#include "engine/format/gguf/synthetic_model.h"
#include "tests/model/edited_model.h"
#include "tests/model/model_fixture.h"

namespace {

using namespace hearth;

constexpr format::SyntheticShape kShape{"counts", 1024, 4, 16, 4, 2816, 4096, 256};

class Counts : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        ASSERT_TRUE(format::writeSyntheticModel(kShape, GetParam(), m_file.path()));
        auto running = test::RunningModel::open(m_file.path(), kernels::availableIsas().back());
        ASSERT_TRUE(running) << running.error().message();
        m_running = std::move(*running);
        auto cache = m_running->cache(256);
        ASSERT_TRUE(cache);
        m_cache = std::move(*cache);
        ASSERT_TRUE(m_running->logits(m_cache, test::longGoldenPrompt(40), 64));
    }
    test::TemporaryFile m_file;
    std::unique_ptr<test::RunningModel> m_running;
    model::KvCache m_cache;
};

TEST_P(Counts, ATokenReadsEveryMatrixOnceAndNothingElse) {
    std::uint64_t read = 0;
    std::map<const void*, int> uses;
    m_running->compute->observeProjections([&](const kernels::Weights& weights, const float*, std::size_t) {
        read += weights.bytes();
        ++uses[&weights];
    });
    ASSERT_TRUE(m_running->logits(m_cache, {{7}}, 1));
    std::uint64_t stored = 0;
    for (const auto& tensor : m_running->file->tensors())
        if (tensor.shape.size() == 2 && tensor.name != "token_embd.weight")
            stored += tensor.bytes;
    EXPECT_GE(read, stored);
    EXPECT_LE(static_cast<double>(read), 1.04 * static_cast<double>(stored));
    EXPECT_EQ(uses.size(), kShape.layers * 7 + 1U);
    for (const auto& [weights, count] : uses)
        EXPECT_EQ(count, 1);
}

TEST_P(Counts, BarriersOfALayer) {
    const std::uint64_t before = m_running->pool.jobsRun();
    ASSERT_TRUE(m_running->logits(m_cache, {{7}}, 1));
    const std::uint64_t barriers = m_running->pool.jobsRun() - before;
    // q, k and v together; attention; its output; gate and up together; down. One more for the vocabulary.
    EXPECT_LE(barriers, kShape.layers * 5 + 1U);
    EXPECT_GE(barriers, kShape.layers * 4);
}

INSTANTIATE_TEST_SUITE_P(Types, Counts, testing::Values("Q4_0", "Q8_0", "Q6_K", "F16"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST(Experts, TokensAreGatheredPerExpert) {
    auto running =
        test::RunningModel::open(test::golden("qwen3moe-F32.gguf"), kernels::availableIsas().back());
    ASSERT_TRUE(running) << running.error().message();
    const auto& config = (*running)->model->config();
    auto cache = (*running)->cache(256);
    ASSERT_TRUE(cache);
    std::map<const void*, std::size_t> uses;
    std::size_t rows = 0;
    (*running)->compute->observeProjections(
        [&](const kernels::Weights& weights, const float*, std::size_t n) {
            ++uses[&weights];
            rows += weights.rows() == config.expertFeedForward ? n : 0;
        });
    constexpr std::size_t kTokens = 48;
    ASSERT_TRUE((*running)->logits(*cache, test::longGoldenPrompt(kTokens), 64));
    for (const auto& [weights, count] : uses)
        EXPECT_EQ(count, 1U) << "an expert's weights are read once, however many tokens it gets";
    // Gate and up of the experts that each token was sent to, and no padding.
    EXPECT_EQ(rows, 2 * kTokens * config.expertsUsed * config.layers);
}

} // namespace
