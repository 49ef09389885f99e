// Answers generated together are the answers generated alone; they join, leave, fail and stop on their own.

#include <thread>

#include <gtest/gtest.h>

#include "engine/model/model.h"
#include "engine/runtime/prompt.h"
#include "engine/runtime/scheduler.h"
#include "tests/runtime/chat_model.h"
#include "tests/runtime/complete_alone.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::runtime;

GenerationParams greedy(std::int64_t maxTokens) {
    GenerationParams params;
    params.sampling.temperature = 0;
    params.maxTokens = maxTokens;
    params.detectLoops = false;
    return params;
}

std::vector<TokenId> promptOf(std::size_t length, std::size_t seed) {
    std::vector<TokenId> out{1};
    for (std::size_t i = 1; i < length; ++i)
        out.push_back(static_cast<TokenId>(259 + (i * (7 + seed) + seed * 13) % 61));
    return out;
}

class Scheduling : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        auto loaded = LoadedModel::load(test::golden(GetParam()), m_pool, {.contextTokens = 1024});
        ASSERT_TRUE(loaded) << loaded.error().message();
        m_model = *loaded;
    }
    std::unique_ptr<Scheduler> scheduler(SchedulerOptions options = {}) {
        auto made = Scheduler::create(m_model, options);
        EXPECT_TRUE(made) << made.error().message();
        return made ? std::move(*made) : nullptr;
    }
    GenerationResult alone(const std::vector<TokenId>& prompt, const GenerationParams& params) {
        return test::completeAlone(m_model, prompt, params);
    }
    ThreadPool m_pool{2};
    std::shared_ptr<LoadedModel> m_model;
};
INSTANTIATE_TEST_SUITE_P(Models, Scheduling,
                         testing::Values("llama-F32.gguf", "gemma3-F32.gguf", "qwen3moe-F32.gguf"),
                         [](const auto& instance) {
                             const std::string name = instance.param;
                             return name.substr(0, name.find('-'));
                         });

TEST_P(Scheduling, TogetherAsAlone) {
    const auto all = scheduler({.sequences = 3});
    ASSERT_TRUE(all);
    const std::size_t lengths[] = {5, 700, 40, 1, 300, 17, 2};
    std::vector<GenerationResult> got(std::size(lengths));
    std::vector<std::string> streamed(std::size(lengths));
    std::size_t finished = 0;
    for (std::size_t i = 0; i < std::size(lengths); ++i) {
        Request request;
        request.prompt = promptOf(lengths[i], i);
        request.params = greedy(10 + std::int64_t(i) * 3);
        request.sink = [&, i](const Piece& piece) { streamed[i] += piece.text; };
        request.done = [&, i](Result<GenerationResult> result) {
            ASSERT_TRUE(result) << result.error().message();
            got[i] = *result;
            ++finished;
        };
        ASSERT_TRUE(all->submit(std::move(request)));
    }
    EXPECT_EQ(all->waiting(), std::size(lengths));
    std::size_t steps = 0;
    while (all->step()) {
        EXPECT_LE(all->active(), 3U);
        ASSERT_LT(++steps, 1000U);
    }
    EXPECT_EQ(finished, std::size(lengths));
    for (std::size_t i = 0; i < std::size(lengths); ++i) {
        SCOPED_TRACE(i);
        const GenerationResult want = alone(promptOf(lengths[i], i), greedy(10 + std::int64_t(i) * 3));
        EXPECT_EQ(got[i].answer, want.answer);
        EXPECT_EQ(streamed[i], want.answer);
        EXPECT_EQ(got[i].stop, want.stop);
        EXPECT_EQ(got[i].stats.generatedTokens, want.stats.generatedTokens);
        EXPECT_EQ(got[i].stats.promptTokens, lengths[i]);
    }
}

TEST_P(Scheduling, ALongPromptDoesNotHoldUpARunningAnswer) {
    const auto all = scheduler({.sequences = 2, .stallSeconds = 0}); // the smallest pieces
    ASSERT_TRUE(all);
    std::size_t pieces = 0;
    Request running;
    running.prompt = promptOf(4, 1);
    running.params = greedy(200);
    running.params.sampling.logProbs = 1; // a piece per token
    running.params.draftTokens = 0;
    for (const TokenId end : m_model->tokenizer().specials().endOfGeneration)
        running.params.sampling.logitBias[end] = -100;
    running.sink = [&](const Piece& piece) { pieces += piece.token.id >= 0; };
    ASSERT_TRUE(all->submit(std::move(running)));
    ASSERT_TRUE(all->step());
    EXPECT_EQ(pieces, 1U);
    Request late;
    late.prompt = promptOf(500, 2);
    late.params = greedy(1);
    bool read = false;
    late.done = [&](Result<GenerationResult>) { read = true; };
    ASSERT_TRUE(all->submit(std::move(late)));
    std::size_t steps = 0;
    while (!read) {
        const std::size_t before = pieces;
        ASSERT_TRUE(all->step());
        EXPECT_EQ(pieces, before + 1) << "every step brings the running answer a token";
        ASSERT_LT(++steps, 100U);
    }
    EXPECT_GT(steps, 10U) << "the prompt came in pieces";
}

TEST_P(Scheduling, CancellingOneLeavesTheOthersAlone) {
    const auto all = scheduler({.sequences = 2});
    ASSERT_TRUE(all);
    std::vector<std::optional<GenerationResult>> got(4);
    std::vector<Scheduler::RequestId> ids;
    std::stop_source stop;
    for (std::size_t i = 0; i < 4; ++i) {
        Request request;
        request.prompt = promptOf(20 + i, i);
        request.params = greedy(30);
        for (const TokenId end : m_model->tokenizer().specials().endOfGeneration)
            request.params.sampling.logitBias[end] = -100;
        if (i == 1)
            request.stop = stop.get_token();
        request.done = [&, i](Result<GenerationResult> result) { got[i] = *result; };
        ids.push_back(*all->submit(std::move(request)));
    }
    ASSERT_TRUE(all->step());
    ASSERT_TRUE(all->step());
    stop.request_stop();  // running
    all->cancel(ids[3]);  // waiting
    all->cancel(999'999); // nobody
    ASSERT_TRUE(all->step());
    ASSERT_TRUE(got[1] && got[3]);
    EXPECT_EQ(got[1]->stop, StopReason::Cancelled);
    EXPECT_GT(got[1]->stats.generatedTokens, 0U);
    EXPECT_EQ(got[3]->stop, StopReason::Cancelled);
    EXPECT_EQ(got[3]->answer, "");
    while (all->step()) {
    }
    ASSERT_TRUE(got[0] && got[2]);
    EXPECT_EQ(got[0]->stop, StopReason::MaxTokens);
    EXPECT_EQ(got[2]->stats.generatedTokens, 30U);
    EXPECT_EQ(all->active(), 0U);
}

TEST_P(Scheduling, ARequestGoesWhereItsBeginningIsCached) {
    const auto all = scheduler({.sequences = 3});
    ASSERT_TRUE(all);
    std::vector<GenerationStats> stats;
    const auto ask = [&](const std::vector<TokenId>& prompt) {
        Request request;
        request.prompt = prompt;
        request.params = greedy(2);
        request.done = [&](Result<GenerationResult> result) { stats.push_back(result->stats); };
        ASSERT_TRUE(all->submit(std::move(request)));
        while (all->step()) {
        }
    };
    ask(promptOf(200, 1));
    ask(promptOf(300, 2));
    auto longer = promptOf(200, 1);
    longer.push_back(270);
    ask(longer);
    ASSERT_EQ(stats.size(), 3U);
    EXPECT_EQ(stats[1].reusedTokens, 0U) << "a free sequence, not the first one's";
    EXPECT_EQ(stats[2].reusedTokens, 200U);
}

TEST_P(Scheduling, WhatCannotBeDoneIsRefusedAtTheDoor) {
    const auto all = scheduler({.sequences = 1, .contextTokens = 64, .waiting = 2});
    ASSERT_TRUE(all);
    const auto codeOf = [&](std::vector<TokenId> prompt, GenerationParams params = {}) -> std::string {
        Request request;
        request.prompt = std::move(prompt);
        request.params = std::move(params);
        const auto id = all->submit(std::move(request));
        return id ? "" : id.error().code;
    };
    EXPECT_EQ(codeOf({}), "session.empty_prompt");
    EXPECT_EQ(codeOf({1, 9999}), "model.bad_token");
    EXPECT_EQ(codeOf({-1}), "model.bad_token");
    EXPECT_EQ(codeOf(promptOf(64, 1)), "context.full");
    EXPECT_EQ(codeOf({1}, greedy(-7)), "session.bad_value");
    EXPECT_EQ(codeOf({1}), "");
    EXPECT_EQ(codeOf({1}), "");
    EXPECT_EQ(codeOf({1}), "scheduler.queue_full");
    EXPECT_EQ(Scheduler::create(m_model, {.sequences = 0}).error().code, "session.bad_value");
}

TEST_P(Scheduling, DestructionEndsEveryRequestOnce) {
    std::size_t ended = 0;
    {
        const auto all = scheduler({.sequences = 1});
        ASSERT_TRUE(all);
        for (int i = 0; i < 3; ++i) {
            Request request;
            request.prompt = promptOf(3, 1);
            request.done = [&](Result<GenerationResult> result) {
                EXPECT_EQ(result->stop, StopReason::Cancelled);
                ++ended;
            };
            ASSERT_TRUE(all->submit(std::move(request)));
        }
        ASSERT_TRUE(all->step());
    }
    EXPECT_EQ(ended, 3U);
}

TEST_P(Scheduling, OtherThreadsMaySubmitWhileItRuns) {
    const auto all = scheduler({.sequences = 2});
    ASSERT_TRUE(all);
    std::atomic<int> ended{0};
    std::jthread engine([&](std::stop_token stop) { all->run(std::move(stop)); });
    std::vector<std::jthread> clients;
    for (std::size_t c = 0; c < 3; ++c)
        clients.emplace_back([&, c] {
            for (std::size_t i = 0; i < 4; ++i) {
                Request request;
                request.prompt = promptOf(5 + c + i, c);
                request.params = greedy(5);
                request.done = [&](Result<GenerationResult>) { ++ended; };
                EXPECT_TRUE(all->submit(std::move(request)));
            }
        });
    clients.clear();
    while (ended < 12)
        std::this_thread::yield();
    engine.request_stop();
    engine.join();
    EXPECT_EQ(ended, 12);
}

} // namespace
