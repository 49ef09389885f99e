#include <nlohmann/json.hpp>

#include "engine/workbench/chat.h"
#include "tests/store/store_fixture.h"

namespace hearth::workbench {
namespace {

using store::MessageState;
using store::RowId;
using ::testing::ElementsAre;

class ChatHistoryTest : public test::StoreTest {
protected:
    void SetUp() override { reopen(); }
    void reopen() {
        m_chat.reset();
        m_chat = std::make_unique<ChatHistory>(open());
    }
    ChatHistory& chat() { return *m_chat; }
    store::History& history() { return m_chat->store(); }

    RowId newChat() { return history().createConversation("").value(); }
    void finish(RowId answer, const std::string& text) {
        runtime::GenerationResult result;
        result.answer = text;
        result.stats.generatedTokens = 3;
        ASSERT_TRUE(chat().finishTurn(answer, result, "test model"));
    }
    ChatHistory::Turn turn(RowId conversation, const std::string& question, const std::string& answer) {
        auto begun = chat().beginTurn(conversation, question);
        EXPECT_TRUE(begun) << begun.error().message();
        finish(begun->answer, answer);
        return *begun;
    }
    static std::vector<std::string> spoken(const TurnRequest& request) {
        std::vector<std::string> out;
        for (const auto& message : request.messages)
            out.push_back(message.role + ": " + message.content);
        return out;
    }

private:
    std::unique_ptr<ChatHistory> m_chat;
};

TEST_F(ChatHistoryTest, TurnIsOnDiskBeforeAnythingIsComputed) {
    const RowId id = newChat();
    ASSERT_TRUE(history().saveDraft(id, "What is"));
    const auto begun = chat().beginTurn(id, "What is a hearth?");
    ASSERT_TRUE(begun);
    EXPECT_THAT(spoken(begun->request), ElementsAre("user: What is a hearth?"));
    EXPECT_THAT(begun->request.sources, ElementsAre(begun->userMessage));
    reopen(); // as after a crash
    EXPECT_THAT(texts(history(), id), ElementsAre("What is a hearth?", ""));
    EXPECT_EQ(history().conversation(id)->title, "What is a hearth?");
    EXPECT_EQ(history().draft(id).value(), "");
    EXPECT_EQ(history().message(begun->answer)->state, MessageState::Streaming);
    EXPECT_EQ(history().recoverInterrupted().value(), 1U);
}

TEST_F(ChatHistoryTest, FinishedTurnKeepsTextAndNumbers) {
    const RowId id = newChat();
    const auto begun = chat().beginTurn(id, "q").value();
    ASSERT_TRUE(chat().checkpoint(begun.answer, "half", "thi"));
    EXPECT_EQ(history().message(begun.answer)->content, "half");
    runtime::GenerationResult result;
    result.answer = "whole";
    result.reasoning = "thinking";
    result.stats.promptTokens = 9;
    ASSERT_TRUE(chat().finishTurn(begun.answer, result, "model"));
    ASSERT_TRUE(chat().checkpoint(begun.answer, "late", "late")) << "comes too late, changes nothing";
    const auto message = history().message(begun.answer).value();
    EXPECT_EQ(message.content, "whole");
    EXPECT_EQ(message.reasoning, "thinking");
    EXPECT_EQ(message.modelName, "model");
    EXPECT_EQ(message.state, MessageState::Complete);
    EXPECT_EQ(nlohmann::json::parse(message.statsJson)["prompt_tokens"], 9);
}

TEST_F(ChatHistoryTest, StoppedAndFailedAnswersSaySo) {
    const RowId id = newChat();
    const auto first = chat().beginTurn(id, "q").value();
    runtime::GenerationResult stopped;
    stopped.answer = "half";
    stopped.stop = runtime::StopReason::Cancelled;
    ASSERT_TRUE(chat().finishTurn(first.answer, stopped, "m"));
    EXPECT_EQ(history().message(first.answer)->state, MessageState::Stopped);
    const auto second = chat().beginTurn(id, "q2").value();
    ASSERT_TRUE(chat().failTurn(second.answer, "part", "thought", {"context.full", "detail"}));
    const auto failed = history().message(second.answer).value();
    EXPECT_EQ(failed.state, MessageState::Failed);
    EXPECT_EQ(failed.errorCode, "context.full");
    EXPECT_EQ(failed.content, "part");
    EXPECT_EQ(failed.reasoning, "thought");
}

TEST_F(ChatHistoryTest, RequestHoldsTheSystemPromptAndTheBranch) {
    const RowId id = newChat();
    auto conversation = history().conversation(id).value();
    conversation.systemPrompt = "Be brief.";
    conversation.parametersJson = R"({"topK":7})";
    ASSERT_TRUE(history().updateConversation(conversation));
    const auto first = turn(id, "one", "eins");
    const auto second = chat().beginTurn(id, "two").value();
    EXPECT_THAT(spoken(second.request),
                ElementsAre("system: Be brief.", "user: one", "assistant: eins", "user: two"));
    EXPECT_THAT(second.request.sources, ElementsAre(0, first.userMessage, first.answer, second.userMessage));
    EXPECT_EQ(second.request.params.sampling.topK, 7);
    finish(second.answer, "zwei");
    const auto preview = chat().previewTurn(id, "three").value();
    EXPECT_EQ(spoken(preview).back(), "user: three");
    EXPECT_EQ(preview.messages.size(), 6U);
    EXPECT_EQ(history().branchLength(id).value(), 4U) << "a preview writes nothing";
}

TEST_F(ChatHistoryTest, RegeneratingAddsAVersion) {
    const RowId id = newChat();
    const auto first = turn(id, "question", "first");
    const auto again = chat().beginRegenerate(first.answer);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(again->userMessage, first.userMessage);
    EXPECT_THAT(spoken(again->request), ElementsAre("user: question"));
    finish(again->answer, "second");
    EXPECT_THAT(texts(history(), id), ElementsAre("question", "second"));
    ASSERT_TRUE(history().switchVersion(again->answer, -1));
    reopen();
    EXPECT_THAT(texts(history(), id), ElementsAre("question", "first"));
    EXPECT_EQ(history().message(first.answer)->siblingCount, 2);
    // The branch continues from the version on screen.
    turn(id, "next", "then");
    EXPECT_THAT(texts(history(), id), ElementsAre("question", "first", "next", "then"));
}

TEST_F(ChatHistoryTest, EditingAddsAVersionOfTheQuestion) {
    const RowId id = newChat();
    const auto first = turn(id, "one", "eins");
    const auto second = turn(id, "two", "zwei");
    const auto edited = chat().beginEdit(second.userMessage, "zwo?").value();
    EXPECT_THAT(spoken(edited.request), ElementsAre("user: one", "assistant: eins", "user: zwo?"));
    finish(edited.answer, "ja");
    EXPECT_THAT(texts(history(), id), ElementsAre("one", "eins", "zwo?", "ja"));
    const auto root = chat().beginEdit(first.userMessage, "eins?").value();
    finish(root.answer, "nein");
    EXPECT_THAT(texts(history(), id), ElementsAre("eins?", "nein"));
    ASSERT_TRUE(history().switchVersion(root.userMessage, -1));
    EXPECT_THAT(texts(history(), id), ElementsAre("one", "eins", "zwo?", "ja"));
}

TEST_F(ChatHistoryTest, AnswersThatSaidNothingAreLeftOut) {
    const RowId id = newChat();
    const auto failed = chat().beginTurn(id, "first try").value();
    ASSERT_TRUE(chat().failTurn(failed.answer, "", "", {"memory.not_enough", ""}));
    const auto retried = chat().beginTurn(id, "second try").value();
    EXPECT_THAT(spoken(retried.request), ElementsAre("user: first try\n\nsecond try"));
    EXPECT_THAT(retried.request.sources, ElementsAre(failed.userMessage));
}

TEST_F(ChatHistoryTest, WrongRolesAndBadParametersChangeNothing) {
    const RowId id = newChat();
    const auto first = turn(id, "q", "a");
    EXPECT_EQ(chat().beginRegenerate(first.userMessage).error().code, "workbench.not_an_answer");
    EXPECT_EQ(chat().beginEdit(first.answer, "x").error().code, "workbench.not_a_user_message");
    EXPECT_EQ(chat().beginTurn(99, "x").error().code, "store.not_found");
    auto conversation = history().conversation(id).value();
    conversation.parametersJson = R"({"topP":9})";
    ASSERT_TRUE(history().updateConversation(conversation));
    EXPECT_EQ(chat().beginTurn(id, "lost?").error().code, "parameters.bad_value");
    EXPECT_THAT(texts(history(), id), ElementsAre("q", "a"));
}

TEST_F(ChatHistoryTest, TitleOfThePersonStays) {
    const RowId id = history().createConversation("mine").value();
    turn(id, "something else", "ok");
    EXPECT_EQ(history().conversation(id)->title, "mine");
}

} // namespace
} // namespace hearth::workbench
