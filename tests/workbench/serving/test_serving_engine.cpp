// The engine behind the server: answers together, models one after the other, every request answered once.

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>

#include <gtest/gtest.h>

#include "engine/workbench/chat.h"
#include "engine/workbench/guide.h"
#include "engine/workbench/serving/serving_engine.h"
#include "tests/runtime/chat_model.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace hearth::workbench {
namespace {

using Results = Result<std::vector<runtime::GenerationResult>>;

class ServingEngineTest : public testing::Test {
protected:
    static ServingOptions small() {
        ServingOptions options;
        options.threads = 1;
        options.sequences = 2;
        return options;
    }
    static ServingRequest request(const std::filesystem::path& model, std::int64_t maxTokens = 8) {
        ServingRequest out;
        out.model = model;
        out.contextTokens = 256;
        out.prompt = std::string("hello");
        out.params.sampling.temperature = 0;
        out.params.maxTokens = maxTokens;
        return out;
    }
    /// The answers, when they have come.
    static std::future<Results> ask(ServingEngine& engine, ServingRequest request) {
        const auto promise = std::make_shared<std::promise<Results>>();
        auto future = promise->get_future();
        request.done = [promise](Results results) { promise->set_value(std::move(results)); };
        const auto submitted = engine.submit(std::move(request));
        EXPECT_TRUE(submitted) << submitted.error().message();
        return future;
    }
    static std::string textOf(std::future<Results> future) {
        const Results results = future.get();
        EXPECT_TRUE(results) << results.error().message();
        return results && !results->empty() ? results->front().answer : "";
    }
    test::TemporaryFolder m_folder;
    const std::filesystem::path m_llama = test::golden("llama-F32.gguf"),
                                m_gemma = test::golden("gemma3-F32.gguf");
};

TEST_F(ServingEngineTest, OneModelAfterTheOtherInTheOrderAsked) {
    ServingEngine engine(small());
    const std::string llama = textOf(ask(engine, request(m_llama)));
    const std::string gemma = textOf(ask(engine, request(m_gemma)));
    EXPECT_NE(llama, gemma);
    EXPECT_EQ(engine.state().loads, 2U);
    EXPECT_EQ(engine.state().model, m_gemma);
    // All at once: the same texts, and no model is loaded more often than the order makes necessary.
    std::vector<std::future<Results>> asked;
    for (const auto& model : {m_llama, m_llama, m_llama, m_gemma, m_gemma, m_llama})
        asked.push_back(ask(engine, request(model)));
    for (std::size_t i = 0; i < asked.size(); ++i)
        EXPECT_EQ(textOf(std::move(asked[i])), i == 3 || i == 4 ? gemma : llama) << i;
    EXPECT_EQ(engine.state().loads, 5U);
    // Another context makes it another load, a model that is not there an error, and the next goes on.
    ServingRequest longer = request(m_llama);
    longer.contextTokens = 128;
    EXPECT_EQ(textOf(ask(engine, std::move(longer))), llama);
    EXPECT_EQ(engine.state().loads, 6U);
    EXPECT_EQ(ask(engine, request("/no/such.gguf")).get().error().code, "file.not_found");
    EXPECT_EQ(textOf(ask(engine, request(m_gemma))), gemma);
}

TEST_F(ServingEngineTest, SeveralAnswersToOneRequest) {
    ServingEngine engine(small());
    ServingRequest many = request(m_llama);
    many.answers = 5; // more than are generated at a time
    many.params.sampling.temperature = 2;
    many.params.sampling.seed = 7;
    std::vector<std::string> streamed(5);
    many.piece = [&](std::size_t answer, const runtime::Piece& piece) { streamed[answer] += piece.text; };
    const Results results = ask(engine, many).get();
    ASSERT_TRUE(results);
    ASSERT_EQ(results->size(), 5U);
    for (std::size_t i = 0; i < 5; ++i)
        EXPECT_EQ((*results)[i].answer, streamed[i]);
    ServingRequest third = request(m_llama);
    third.params.sampling.temperature = 2;
    third.params.sampling.seed = 9;
    EXPECT_EQ(textOf(ask(engine, std::move(third))), (*results)[2].answer);
    // What cannot be submitted is an error for all of them, once.
    ServingRequest bad = request(m_llama);
    bad.answers = 3;
    bad.prompt = std::vector<runtime::TokenId>{1, 99'999};
    EXPECT_EQ(ask(engine, std::move(bad)).get().error().code, "model.bad_token");
    ServingRequest tooLong = request(m_llama);
    tooLong.prompt = std::string(5000, 'x');
    EXPECT_EQ(ask(engine, std::move(tooLong)).get().error().code, "context.full");
    ServingRequest nothing = request(m_llama);
    nothing.prompt = std::vector<runtime::ChatMessage>{};
    EXPECT_EQ(ask(engine, std::move(nothing)).get().error().code, "session.no_messages");
}

TEST_F(ServingEngineTest, WhoHasGoneIsNotAnswered) {
    ServingEngine engine(small());
    std::stop_source gone;
    ServingRequest endless = request(m_llama, 250);
    endless.params.detectLoops = false;
    endless.params.sampling.temperature = 2;
    endless.stop = gone.get_token();
    endless.piece = [&](std::size_t, const runtime::Piece&) { gone.request_stop(); };
    const Results cut = ask(engine, std::move(endless)).get();
    ASSERT_TRUE(cut);
    EXPECT_EQ(cut->front().stop, runtime::StopReason::Cancelled);
    ServingRequest late = request(m_gemma);
    late.stop = gone.get_token();
    EXPECT_EQ(ask(engine, std::move(late)).get().error().code, kCancelled);
    EXPECT_EQ(engine.state().model, m_llama) << "nothing is loaded for who has gone";
}

TEST_F(ServingEngineTest, TheEndTellsEverybody) {
    std::vector<std::future<Results>> asked;
    ServingEngine engine(small());
    std::promise<void> begun;
    std::atomic<bool> told{false};
    for (int i = 0; i < 5; ++i) {
        ServingRequest one = request(i < 3 ? m_llama : m_gemma, 250);
        one.params.detectLoops = false;
        one.params.sampling.temperature = 2;
        one.piece = [&](std::size_t, const runtime::Piece&) {
            if (!told.exchange(true))
                begun.set_value();
        };
        asked.push_back(ask(engine, std::move(one)));
    }
    begun.get_future().wait();
    engine.stop();
    for (auto& future : asked) {
        ASSERT_EQ(future.wait_for(std::chrono::seconds(0)), std::future_status::ready);
        const Results results = future.get();
        if (!results) {
            EXPECT_EQ(results.error().code, kCancelled);
        }
    }
    EXPECT_EQ(ask(engine, request(m_llama)).get().error().code, kCancelled);
}

TEST_F(ServingEngineTest, TheQueueIsBounded) {
    ServingOptions options = small();
    options.waiting = 2;
    ServingEngine engine(options);
    std::promise<void> go;
    const auto gate = go.get_future().share();
    ServingRequest first = request(m_llama);
    first.piece = [gate](std::size_t, const runtime::Piece&) { gate.wait(); }; // holds the engine's thread
    auto running = ask(engine, std::move(first));
    int accepted = 0;
    std::string code;
    std::atomic<int> done{0};
    for (int i = 0; i < 10 && code.empty(); ++i) {
        ServingRequest next = request(m_gemma);
        next.done = [&](const Results&) { ++done; };
        if (const auto submitted = engine.submit(std::move(next)); submitted)
            ++accepted;
        else
            code = submitted.error().code;
    }
    EXPECT_EQ(code, "scheduler.queue_full");
    EXPECT_LE(accepted, 3);
    go.set_value();
    EXPECT_FALSE(textOf(std::move(running)).empty());
    engine.stop();
    EXPECT_EQ(done, accepted) << "one that was not accepted is not answered";
}

TEST_F(ServingEngineTest, TheGuideIsAskedAsEverywhere) {
    const auto chat = m_folder.path() / "chat.gguf", guide = m_folder.path() / "guide.gguf";
    test::writeChatModel(chat, test::chatMlTemplate());
    ASSERT_TRUE(test::writeEdited(
        chat, guide,
        {.metadata = [](format::GgufWriter& writer) { writer.setString("general.name", kGuideName); },
         .tensor = {}}));
    TurnRequest turn;
    turn.messages = {{"user", "first"}, {"assistant", "answer"}, {"user", "What is a token?"}};
    turn.params.maxTokens = 12;
    turn.params.sampling.temperature = 2; // the Guide takes the likeliest tokens whatever is asked
    ModelHost host(1);
    ASSERT_TRUE(host.load(guide, {.contextTokens = 256}, {}, {}));
    const auto want = host.answer(turn, {}, {});
    ASSERT_TRUE(want);
    ServingEngine engine(small());
    ServingRequest asked = request(guide);
    asked.prompt = turn.messages;
    asked.params = turn.params;
    EXPECT_EQ(textOf(ask(engine, std::move(asked))), want->answer);
}

} // namespace
} // namespace hearth::workbench
