#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/workbench/chat.h"
#include "tests/support/test_data.h"

namespace hearth::workbench {
namespace {

TurnRequest ask(std::initializer_list<runtime::ChatMessage> messages, std::int64_t maxTokens = 12) {
    TurnRequest request;
    request.messages = messages;
    request.params.sampling.temperature = 0;
    request.params.maxTokens = maxTokens;
    request.params.detectLoops = false;
    return request;
}

class ModelHostTest : public ::testing::Test {
protected:
    ModelSummary load(const std::string& name, runtime::LoadOptions options = {}) {
        const auto loaded = host.load(test::golden(name), options, {}, {});
        EXPECT_TRUE(loaded) << loaded.error().message();
        return loaded.value_or(ModelSummary{});
    }
    ModelHost host{2};
};

TEST_F(ModelHostTest, NothingLoadedSaysSo) {
    EXPECT_EQ(host.summary(), nullptr);
    EXPECT_EQ(host.countTokens(ask({{"user", "hi"}})).error().code, "workbench.no_model");
    EXPECT_EQ(host.answer(ask({{"user", "hi"}}), {}, {}).error().code, "workbench.no_model");
    host.eject();
}

TEST_F(ModelHostTest, SummaryTellsWhatIsLoaded) {
    std::vector<std::string> phases;
    const auto progress = [&](const Progress& now) { phases.emplace_back(now.phase); };
    const auto path = test::golden("qwen3-F32.gguf");
    const auto loaded = host.load(path, {.contextTokens = 64}, {}, progress);
    ASSERT_TRUE(loaded) << loaded.error().message();
    EXPECT_EQ(loaded->path, path);
    EXPECT_EQ(loaded->family, "qwen3");
    EXPECT_EQ(loaded->quantisation, "F32");
    EXPECT_EQ(loaded->contextTokens, 64U);
    EXPECT_GE(loaded->trainedContext, 64U);
    EXPECT_EQ(loaded->fileBytes, std::filesystem::file_size(path));
    EXPECT_GT(loaded->parameters, 100'000U);
    EXPECT_GT(loaded->memory.weights, 0U);
    EXPECT_GT(loaded->memory.kvCache, 0U);
    EXPECT_FALSE(loaded->name.empty());
    ASSERT_NE(host.summary(), nullptr);
    EXPECT_EQ(host.summary()->path, path);
    EXPECT_FALSE(phases.empty());
    host.eject();
    EXPECT_EQ(host.summary(), nullptr);
}

TEST_F(ModelHostTest, AnswersStreamAndReuseTheConversation) {
    load("llama-F32.gguf");
    const auto first = ask({{"user", "one"}});
    const auto count = host.countTokens(first);
    ASSERT_TRUE(count) << count.error().message();
    std::string streamed;
    const auto answer = host.answer(first, {}, [&](const runtime::Piece& piece) {
        if (piece.kind == runtime::PieceKind::Answer)
            streamed += piece.text;
    });
    ASSERT_TRUE(answer) << answer.error().message();
    EXPECT_EQ(streamed, answer->answer);
    EXPECT_EQ(answer->stats.promptTokens, *count) << "counted exactly before sending";
    EXPECT_LE(answer->stats.generatedTokens, 12U);
    const auto second =
        host.answer(ask({{"user", "one"}, {"assistant", answer->answer}, {"user", "two"}}), {}, {});
    ASSERT_TRUE(second) << second.error().message();
    EXPECT_GT(second->stats.reusedTokens, 0U);
    EXPECT_EQ(host.answer(first, {}, {})->answer, answer->answer)
        << "greedy answers do not depend on what came before";
}

TEST_F(ModelHostTest, ThreadsDoNotChangeTheAnswer) {
    load("llama-Q8_0.gguf");
    const auto request = ask({{"user", "abc"}});
    const std::string two = host.answer(request, {}, {})->answer;
    host.setThreads(1);
    EXPECT_EQ(host.answer(request, {}, {})->answer, two);
}

TEST_F(ModelHostTest, StopTokenEndsAnAnswer) {
    load("llama-F32.gguf");
    std::stop_source stop;
    int pieces = 0;
    const auto answer =
        host.answer(ask({{"user", "talk"}}, -1), stop.get_token(), [&](const runtime::Piece&) {
            if (++pieces == 2)
                stop.request_stop();
        });
    ASSERT_TRUE(answer) << answer.error().message();
    EXPECT_THAT(answer->stop,
                ::testing::AnyOf(runtime::StopReason::Cancelled, runtime::StopReason::EndOfTurn));
    EXPECT_LT(answer->stats.generatedTokens, 20U);
}

TEST_F(ModelHostTest, RefusedModelLeavesTheLoadedOne) {
    load("llama-F32.gguf");
    const auto before = host.answer(ask({{"user", "x"}}), {}, {})->answer;
    EXPECT_EQ(host.load("/nonexistent/model.gguf", {}, {}, {}).error().code, "file.not_found");
    EXPECT_TRUE(host.load(HEARTH_TEST_DATA "/golden/llama-F32.logits.f32", {}, {}, {})
                    .error()
                    .code.starts_with("gguf."));
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(host.load(test::golden("qwen2-F32.gguf"), {}, stop.get_token(), {}).error().code, kCancelled);
    ASSERT_NE(host.summary(), nullptr);
    EXPECT_EQ(host.summary()->family, "llama");
    EXPECT_EQ(host.answer(ask({{"user", "x"}}), {}, {})->answer, before);
}

TEST_F(ModelHostTest, ShortMemoryLetsTheLoadedModelGoWhenThatIsEnough) {
    load("llama-F32.gguf", {.contextTokens = 256});
    // One byte is free beside the loaded model, and the next one needs no more than that one holds.
    runtime::LoadOptions options{.contextTokens = 128};
    options.availableBytes = 1;
    const auto smaller = host.load(test::golden("llama-F32.gguf"), options, {}, {});
    ASSERT_TRUE(smaller) << smaller.error().message();
    EXPECT_EQ(smaller->contextTokens, 128U);
    EXPECT_TRUE(host.answer(ask({{"user", "x"}}, 2), {}, {}));
}

TEST_F(ModelHostTest, ShortMemoryKeepsTheLoadedModelWhenItWouldNotBeEnough) {
    load("llama-F32.gguf", {.contextTokens = 32});
    runtime::LoadOptions options{.contextTokens = 64};
    options.availableBytes = 1;
    const auto larger = host.load(test::golden("llama-F32.gguf"), options, {}, {});
    ASSERT_FALSE(larger);
    EXPECT_EQ(larger.error().code, "memory.not_enough");
    ASSERT_NE(host.summary(), nullptr);
    EXPECT_EQ(host.summary()->contextTokens, 32U);
}

/// Keeps what a host tells.
struct Watching final : RunObserver {
    explicit Watching(std::vector<std::string>& told) : notes(told) {}
    void loaded(const std::filesystem::path& model, const runtime::LoadOptions& options,
                std::size_t threads) override {
        notes.push_back("loaded " + model.filename().string() + " " + std::to_string(options.contextTokens) +
                        " " + std::to_string(threads));
    }
    void ejected() override { notes.push_back("ejected"); }
    void answered(const runtime::GenerationStats& stats) override {
        notes.push_back("answered " + std::to_string(stats.generatedTokens));
    }
    std::vector<std::string>& notes;
};

TEST(ModelHostObserver, SeesLoadsAnswersAndEjects) {
    std::vector<std::string> notes;
    ModelHost host(2, std::make_unique<Watching>(notes));
    EXPECT_FALSE(host.answer(ask({{"user", "hi"}}), {}, {}));
    ASSERT_TRUE(host.load(test::golden("llama-F32.gguf"), {.contextTokens = 64}, {}, {}));
    const auto result = host.answer(ask({{"user", "hi"}}), {}, [](const runtime::Piece&) {});
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_FALSE(host.load(test::golden("absent.gguf"), {}, {}, {}));
    host.setThreads(1);
    host.eject();
    EXPECT_THAT(notes, testing::ElementsAre("loaded llama-F32.gguf 64 2",
                                            "answered " + std::to_string(result->stats.generatedTokens),
                                            "loaded llama-F32.gguf 64 1", "ejected"));
}

} // namespace
} // namespace hearth::workbench
