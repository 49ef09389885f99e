// An answer's tokens take no memory from the heap, but for the growing text. A program of its own, because it
// replaces the global allocation functions.

#include <gtest/gtest.h>

#include "engine/runtime/scheduler.h"
#include "tests/kernels/count_allocations.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::runtime;

constexpr std::size_t kWarm = 40, kPieces = 200;

/// Counts allocations between two of an answer's pieces.
struct Counter {
    std::size_t pieces = 0, begin = 0, end = 0;
    PieceSink sink() {
        return [this](const Piece& piece) {
            if (piece.token.id < 0)
                return;
            if (++pieces == kWarm)
                begin = test::allocations();
            if (pieces == kPieces)
                end = test::allocations();
        };
    }
};

class AnswerAllocations : public testing::TestWithParam<std::size_t> {
protected:
    GenerationParams params() const {
        GenerationParams out;
        out.sampling.temperature = 0;
        for (const TokenId end : m_model->tokenizer().specials().endOfGeneration)
            out.sampling.logitBias[end] = -100;
        out.maxTokens = 300;
        out.draftTokens = GetParam();
        return out;
    }
    void SetUp() override {
        for (std::size_t i = 0; i < 40; ++i)
            m_prompt.push_back(static_cast<TokenId>(20 + i * i % 17));
        auto loaded = LoadedModel::load(test::golden("llama-F32.gguf"), m_pool, {.contextTokens = 512});
        ASSERT_TRUE(loaded) << loaded.error().message();
        m_model = *loaded;
    }
    void check(const Counter& counter, const GenerationStats& stats, std::size_t texts) const {
        ASSERT_GE(counter.pieces, kPieces) << "of " << stats.generatedTokens << " tokens";
        EXPECT_LE(counter.end - counter.begin, 4 * texts) << "more than texts take, which double in size";
        EXPECT_EQ(stats.draftedTokens > 0, GetParam() > 0);
    }
    ThreadPool m_pool{2};
    std::shared_ptr<LoadedModel> m_model;
    std::vector<TokenId> m_prompt;
};
INSTANTIATE_TEST_SUITE_P(Guesses, AnswerAllocations, testing::Values(0, 7));

TEST_P(AnswerAllocations, ASessionMakesNonePerToken) {
    auto session = Session::create(m_model);
    ASSERT_TRUE(session);
    Counter counter;
    const auto result = (*session)->complete(m_prompt, params(), {}, counter.sink());
    ASSERT_TRUE(result) << result.error().message();
    check(counter, result->stats, 1);
}

TEST_P(AnswerAllocations, TheSchedulerMakesNonePerToken) {
    auto scheduler = Scheduler::create(m_model, {.sequences = 3});
    ASSERT_TRUE(scheduler);
    Counter counters[2];
    std::vector<GenerationStats> stats;
    stats.reserve(2);
    for (Counter& counter : counters) {
        Request request;
        request.prompt = m_prompt;
        if (&counter == counters)
            request.renderedPrompt = "a chat, whose text is divided";
        request.params = params();
        request.sink = counter.sink();
        request.done = [&](Result<GenerationResult> result) { stats.push_back(result->stats); };
        ASSERT_TRUE((*scheduler)->submit(std::move(request)));
    }
    while ((*scheduler)->step()) {
    }
    ASSERT_EQ(stats.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i)
        check(counters[i], stats[i], 2);
}

} // namespace
