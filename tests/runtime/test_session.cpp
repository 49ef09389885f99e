// Conversations on small models of the project: reuse of the cache, full contexts, stopping, cancelling.

#include <gtest/gtest.h>

#include "engine/model/model.h"
#include "engine/runtime/session.h"
#include "tests/runtime/chat_model.h"
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

std::unique_ptr<Session> sessionOn(const test::ChatModel& chat) {
    auto session = Session::create(chat.model);
    EXPECT_TRUE(session) << session.error().message();
    return session ? std::move(*session) : nullptr;
}

std::vector<ChatMessage> talk(const std::vector<std::string>& turns, const std::string& system = "") {
    std::vector<ChatMessage> out;
    if (!system.empty())
        out.push_back({"system", system, {}});
    for (std::size_t i = 0; i < turns.size(); ++i)
        out.push_back({i % 2 ? "assistant" : "user", turns[i], {}});
    return out;
}

std::string words(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += (i ? " the " : "the ") + std::to_string(i);
    return text;
}

TEST(SessionReuse, ASecondTurnEvaluatesOnlyWhatIsNew) {
    const test::ChatModel chat(test::chatMlTemplate());
    auto session = sessionOn(chat);
    const auto first = session->chat(talk({"hello there"}, "be kind"), greedy(8));
    ASSERT_TRUE(first) << first.error().message();
    EXPECT_EQ(first->stats.reusedTokens, 0U);
    EXPECT_EQ(first->stats.promptTokens, session->promptTokens(talk({"hello there"}, "be kind"))->size());
    EXPECT_EQ(session->cachedTokens().size(), first->stats.promptTokens + first->stats.generatedTokens - 1);

    const auto longer = talk({"hello there", first->answer, "and now"}, "be kind");
    const auto tokens = *session->promptTokens(longer);
    std::size_t common = 0;
    while (common < tokens.size() && common < session->cachedTokens().size() &&
           tokens[common] == session->cachedTokens()[common])
        ++common;
    std::uint64_t evaluated = 0;
    const auto second = session->chat(longer, greedy(8), {}, {}, [&](const Progress& progress) {
        EXPECT_EQ(progress.phase, "prompt.eval");
        if (evaluated == 0)
            evaluated = progress.total - progress.done;
    });
    ASSERT_TRUE(second) << second.error().message();
    EXPECT_GE(second->stats.reusedTokens, first->stats.promptTokens - 1) << "at least the whole first prompt";
    EXPECT_EQ(second->stats.reusedTokens, common);
    EXPECT_EQ(evaluated, tokens.size() - common);

    // The same conversation from nothing gives the same answer.
    auto fresh = sessionOn(chat);
    const auto again = fresh->chat(longer, greedy(8));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->answer, second->answer);
    EXPECT_EQ(again->stats.reusedTokens, 0U);
}

TEST(SessionReuse, AnEditedMessageIsEvaluatedFromThereOn) {
    const test::ChatModel chat(test::chatMlTemplate());
    auto session = sessionOn(chat), fresh = sessionOn(chat);
    const std::string start = words(30);
    ASSERT_TRUE(session->chat(talk({start, "answer", "question"}), greedy(4)));
    const auto before = std::vector<TokenId>(session->cachedTokens().begin(), session->cachedTokens().end());
    const auto edited = talk({start, "another", "question"});
    const auto tokens = *session->promptTokens(edited);
    std::size_t common = 0;
    while (tokens[common] == before[common])
        ++common;
    const auto got = session->chat(edited, greedy(6));
    const auto want = fresh->chat(edited, greedy(6));
    ASSERT_TRUE(got && want);
    EXPECT_EQ(got->stats.reusedTokens, common);
    EXPECT_GT(common, 60U);
    EXPECT_EQ(got->answer, want->answer);
    // Asking the very same again evaluates one token: the one whose logits are wanted.
    const auto same = session->chat(edited, greedy(6));
    ASSERT_TRUE(same);
    EXPECT_EQ(same->stats.reusedTokens, same->stats.promptTokens - 1);
    EXPECT_EQ(same->answer, want->answer);
}

TEST(SessionReuse, AWindowedModelStartsOverWhenItHasForgotten) {
    const test::ChatModel chat(test::chatMlTemplate(), {.contextTokens = 4096},
                               "gemma3-F32.gguf"); // window 8
    auto session = sessionOn(chat), fresh = sessionOn(chat);
    const std::string start = words(30);
    ASSERT_TRUE(session->chat(talk({start, words(400), "b"}), greedy(4)));
    ASSERT_GT(session->cachedTokens().size(), 8 + kMaxBatch + 200);
    const auto nextTurn = talk({start, words(400), "c"});
    const auto near = session->chat(nextTurn, greedy(4));
    ASSERT_TRUE(near);
    EXPECT_GT(near->stats.reusedTokens, 1000U) << "the window is still there";
    const auto edited = talk({start, "short", "c"});
    const auto got = session->chat(edited, greedy(4)), want = fresh->chat(edited, greedy(4));
    ASSERT_TRUE(got && want);
    EXPECT_EQ(got->stats.reusedTokens, 0U) << "the window at the edit is overwritten";
    EXPECT_EQ(got->answer, want->answer);
}

TEST(SessionContext, StopSaysHowMuchWouldBeNeeded) {
    const test::ChatModel chat(test::chatMlTemplate(), {.contextTokens = 128});
    auto session = sessionOn(chat);
    EXPECT_EQ(session->contextTokens(), 128U);
    const auto messages = talk({words(60)});
    const auto result = session->chat(messages, greedy(4));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, "context.full");
    EXPECT_EQ(result.error().arg("prompt_tokens"), std::to_string(session->promptTokens(messages)->size()));
    EXPECT_EQ(result.error().arg("context_tokens"), "128");
    EXPECT_TRUE(session->cachedTokens().empty()) << "nothing was evaluated";
}

TEST(SessionContext, AnAnswerEndsWhereTheContextEnds) {
    const test::ChatModel chat(test::chatMlTemplate(), {.contextTokens = 96});
    auto session = sessionOn(chat);
    GenerationParams params = greedy(-1);
    for (const TokenId end : chat.model->tokenizer().specials().endOfGeneration)
        params.sampling.logitBias[end] = -100;
    const auto result = session->chat(talk({"hello"}), params);
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(result->stop, StopReason::Context);
    EXPECT_EQ(session->cachedTokens().size(), 96U);
    EXPECT_EQ(result->stats.generatedTokens, 96 - result->stats.promptTokens + 1);
}

TEST(SessionContext, DropOldestLeavesOutTheOldestTurnsAndSaysWhich) {
    const test::ChatModel chat(test::chatMlTemplate(), {.contextTokens = 512});
    auto session = sessionOn(chat);
    std::vector<std::string> turns;
    for (int i = 0; i < 10; ++i) {
        turns.push_back("question " + std::to_string(i) + " " + words(8));
        turns.push_back("answer " + std::to_string(i) + " " + words(8));
    }
    turns.emplace_back("the last question");
    GenerationParams params = greedy(16);
    params.contextPolicy = ContextPolicy::DropOldest;
    auto messages = talk(turns, "be kind");
    const auto result = session->chat(messages, params);
    ASSERT_TRUE(result) << result.error().message();
    ASSERT_FALSE(result->droppedMessages.empty());
    EXPECT_EQ(result->droppedMessages.front(), 1U) << "the system prompt stays";
    EXPECT_EQ(result->droppedMessages.size() % 2, 0U) << "pairs";
    EXPECT_LT(result->droppedMessages.back(), messages.size() - 1);
    EXPECT_LE(result->stats.promptTokens, 512U - 16U);
    // The prompt is the one of the messages that are left.
    std::vector<ChatMessage> kept{messages[0]};
    kept.insert(kept.end(), messages.begin() + std::ssize(result->droppedMessages) + 1, messages.end());
    EXPECT_EQ(result->stats.promptTokens, session->promptTokens(kept)->size());

    // The next turn leaves out the same ones while that fits, and so evaluates only what is new.
    messages.push_back({"assistant", result->answer, {}});
    messages.push_back({"user", "more", {}});
    const auto next = session->chat(messages, params);
    ASSERT_TRUE(next) << next.error().message();
    EXPECT_EQ(next->droppedMessages, result->droppedMessages);
    EXPECT_GE(next->stats.reusedTokens, result->stats.promptTokens - 1);

    const auto hopeless = session->chat(talk({words(300)}, "be kind"), params);
    ASSERT_FALSE(hopeless);
    EXPECT_EQ(hopeless.error().code, "context.full");
}

TEST(SessionStop, CancelTakesEffectWithinOneToken) {
    const test::ChatModel chat(test::chatMlTemplate());
    auto session = sessionOn(chat);
    std::stop_source stop;
    GenerationParams params = greedy(-1);
    for (const TokenId end : chat.model->tokenizer().specials().endOfGeneration)
        params.sampling.logitBias[end] = -100;
    std::size_t pieces = 0;
    const auto result = session->chat(talk({"hello"}), params, stop.get_token(), [&](const Piece&) {
        if (++pieces == 5)
            stop.request_stop();
    });
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(result->stop, StopReason::Cancelled);
    EXPECT_LE(pieces, 6U);
    EXPECT_FALSE(result->answer.empty());
    // The session goes on as if nothing had happened.
    auto fresh = sessionOn(chat);
    EXPECT_EQ(session->chat(talk({"again"}), greedy(5))->answer,
              fresh->chat(talk({"again"}), greedy(5))->answer);
}

TEST(SessionStop, CancelTakesEffectWithinOnePromptBatch) {
    const test::ChatModel chat(test::chatMlTemplate(), {.contextTokens = 4096});
    auto session = sessionOn(chat);
    std::stop_source stop;
    const auto messages = talk({words(600)});
    std::size_t reports = 0;
    const auto result = session->chat(messages, greedy(4), stop.get_token(), {}, [&](const Progress&) {
        if (++reports == 2)
            stop.request_stop();
    });
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(result->stop, StopReason::Cancelled);
    EXPECT_EQ(result->answer, "");
    EXPECT_EQ(reports, 2U);
    EXPECT_GT(session->cachedTokens().size(), 0U);
    EXPECT_LE(session->cachedTokens().size(), kMaxBatch);
    const auto resumed = session->chat(messages, greedy(4));
    ASSERT_TRUE(resumed);
    EXPECT_GT(resumed->stats.reusedTokens, 0U) << "what was evaluated before the stop is kept";
}

TEST(SessionStop, ModelsWithoutATemplateStopAtItsWrittenTurnEnd) {
    // Plain golden vocabulary: ChatML's markers are no tokens there.
    ThreadPool pool{2};
    auto model = LoadedModel::load(test::golden("llama-F32.gguf"), pool);
    ASSERT_TRUE(model) << model.error().message();
    EXPECT_FALSE((*model)->hasOwnTemplate());
    auto session = Session::create(*model);
    ASSERT_TRUE(session);
    const auto result = (*session)->chat(talk({"hello"}), greedy(4));
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(result->stop, StopReason::MaxTokens);
    EXPECT_GE(result->stats.firstTokenSeconds, result->stats.promptSeconds);
}

TEST(SessionErrors, EmptyInputsAndBadValues) {
    const test::ChatModel chat(test::chatMlTemplate());
    auto session = sessionOn(chat);
    EXPECT_EQ(session->chat({}, {}).error().code, "session.no_messages");
    EXPECT_EQ(session->complete({}, {}).error().code, "session.empty_prompt");
    EXPECT_EQ(session->complete(std::vector<TokenId>{-5}, {}).error().code, "model.bad_token");
    EXPECT_EQ(session->logits(std::vector<TokenId>{1}, 0).error().code, "session.bad_value");
    EXPECT_EQ(session->logits(std::vector<TokenId>{1}, 513).error().code, "session.bad_value");
    GenerationParams params;
    params.stopStrings = {""};
    EXPECT_EQ(session->chat(talk({"x"}), params).error().code, "sampling.empty_stop");
}

TEST(SessionLogits, AreThoseOfTheReferenceInEveryBatchSize) {
    ThreadPool pool{2};
    auto model = LoadedModel::load(test::golden("qwen3-F32.gguf"), pool);
    ASSERT_TRUE(model) << model.error().message();
    auto session = Session::create(*model);
    ASSERT_TRUE(session);
    const std::vector<TokenId> prompt{1, 262, 278, 301, 305, 290, 268, 300, 259, 317, 2, 1, 5, 319, 271, 311};
    const auto want = test::readFloats(test::golden("qwen3-F32.logits.f32"));
    for (const std::size_t batch : {1, 7, 64, 512}) {
        const auto got = (*session)->logits(prompt, batch);
        ASSERT_TRUE(got) << got.error().message();
        EXPECT_LE(test::nmse(*got, want), 1e-6) << batch;
        EXPECT_EQ((*session)->cachedTokens().size(), prompt.size());
    }
}

class Stories : public testing::Test {
protected:
    void SetUp() override {
        HEARTH_SKIP_WITHOUT(test::shared("stories260K/stories260K.gguf"));
        auto model = LoadedModel::load(test::shared("stories260K/stories260K.gguf"), m_pool);
        ASSERT_TRUE(model) << model.error().message();
        auto session = Session::create(*model);
        ASSERT_TRUE(session) << session.error().message();
        m_model = *model;
        m_session = std::move(*session);
    }
    ThreadPool m_pool{2};
    std::shared_ptr<LoadedModel> m_model;
    std::unique_ptr<Session> m_session;
};

TEST_F(Stories, LogitsOfTheFirstPositionAreThoseOfTheReference) {
    // Only the first row: the later ones, and greedy.txt, contradict both the reference program and the
    // greedy text below, which agree with each other.
    const std::vector<TokenId> prompt{1, 403, 407, 261, 378};
    const auto logits = m_session->logits(prompt);
    ASSERT_TRUE(logits);
    auto want = test::readFloats(test::shared("stories260K/logits.f32"));
    want.resize(512);
    EXPECT_LE(test::nmse({logits->begin(), logits->begin() + 512}, want), 1e-6);
}

TEST_F(Stories, GreedyTextIsThatOfTheReference) {
    const std::string want = test::readText(test::shared("stories260K/greedy-once-upon-a-time.txt"));
    auto prompt = m_model->tokenizer().encode("Once upon a time", text::Tokenizer::Specials::Plain);
    ASSERT_TRUE(prompt);
    prompt->insert(prompt->begin(), 1);
    std::string streamed;
    EXPECT_EQ(*prompt, (std::vector<TokenId>{1, 403, 407, 261, 378}));
    const auto result =
        m_session->complete(*prompt, greedy(-1), {}, [&](const Piece& piece) { streamed += piece.text; });
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(streamed, result->answer);
    const std::string got = " Once upon a time" + result->answer;
    const std::string body = want.substr(0, want.find_last_not_of("\n") + 1);
    EXPECT_EQ(got.substr(0, body.size()), body);
    EXPECT_EQ(result->stop, StopReason::Context) << "the model was trained for 128 tokens";
}

} // namespace
