#include <map>
#include <random>
#include <sstream>

#include <nlohmann/json.hpp>

#include "engine/workbench/chat.h"
#include "tests/store/child_process.h"
#include "tests/store/store_fixture.h"

namespace hearth::workbench {
namespace {

using store::MessageState;
using store::RowId;

/// Model and history together, as the programs use them.
class MainJob : public test::StoreTest {
protected:
    void SetUp() override {
        m_chat = std::make_unique<ChatHistory>(open());
        const auto loaded = m_host.load(test::golden("llama-Q4_K.gguf"), {}, {}, {});
        ASSERT_TRUE(loaded) << loaded.error().message();
        m_model = loaded->name;
    }
    ChatHistory& chat() { return *m_chat; }
    void restart() {
        m_chat.reset();
        m_chat = std::make_unique<ChatHistory>(open());
    }
    /// Answers a turn that was begun and saves the end.
    std::string complete(Result<ChatHistory::Turn> turn) {
        EXPECT_TRUE(turn) << turn.error().message();
        turn->request.params.maxTokens = 10;
        turn->request.params.sampling.seed = 7;
        const auto result = m_host.answer(turn->request, {}, {});
        EXPECT_TRUE(result) << result.error().message();
        const auto saved = chat().finishTurn(turn->answer, *result, m_model);
        EXPECT_TRUE(saved) << saved.error().message();
        return result->answer;
    }

private:
    std::unique_ptr<ChatHistory> m_chat;
    ModelHost m_host{1};
    std::string m_model;
};

TEST_F(MainJob, TurnRegenerateEditSwitchRestart) {
    const RowId id = chat().store().createConversation("").value();
    const std::string first = complete(chat().beginTurn(id, "hello"));
    const RowId firstAnswer = chat().store().conversation(id)->activeLeaf;
    const std::string second = complete(chat().beginTurn(id, "and then?"));
    const std::string again = complete(chat().beginRegenerate(chat().store().conversation(id)->activeLeaf));
    const RowId lastAnswer = chat().store().conversation(id)->activeLeaf;
    EXPECT_EQ(again, second) << "the same seed";
    const RowId question = chat().store().message(lastAnswer)->parent;
    const std::string edited = complete(chat().beginEdit(question, "something else"));
    EXPECT_THAT(texts(chat().store(), id), ::testing::ElementsAre("hello", first, "something else", edited));
    const RowId editedQuestion = chat().store().message(chat().store().conversation(id)->activeLeaf)->parent;
    ASSERT_TRUE(chat().store().switchVersion(editedQuestion, -1));

    restart();
    EXPECT_EQ(chat().store().recoverInterrupted().value(), 0U);
    const auto branch = chat().store().branch(id, 0, 10).value();
    ASSERT_EQ(branch.size(), 4U);
    EXPECT_EQ(branch[1].content, first);
    EXPECT_EQ(branch[1].id, firstAnswer);
    EXPECT_EQ(branch[2].content, "and then?");
    EXPECT_EQ(branch[2].siblingCount, 2);
    EXPECT_EQ(branch[3].siblingIndex, 1);
    EXPECT_EQ(branch[3].siblingCount, 2);
    EXPECT_FALSE(branch[3].modelName.empty());
    const auto stats = nlohmann::json::parse(branch[3].statsJson);
    EXPECT_GT(stats["prompt_tokens"], 0);
    EXPECT_EQ(stats["seed"], "7");
    EXPECT_EQ(chat().store().conversation(id)->title, "hello");
}

TEST_F(MainJob, KilledInMidAnswerKeepsWhatWasCheckpointed) {
    const auto path = (folder() / "killed.db").string();
    std::mt19937 random(42);
    std::size_t interrupted = 0;
    for (int round = 0; round < 12; ++round) {
        std::map<RowId, std::size_t> saved, finished;
        {
            test::ChildProcess writer({CHAT_WRITER, path, test::golden("llama-Q4_K.gguf").string()});
            ASSERT_TRUE(writer.started());
            std::string line;
            const auto note = [&] {
                std::istringstream words(line);
                std::string what;
                RowId id = 0;
                std::size_t length = 0;
                words >> what >> id >> length;
                ASSERT_NE(what, "error") << line;
                (what == "finished" ? finished : saved)[id] = length;
            };
            const unsigned lines = 1 + random() % 40;
            for (unsigned i = 0; i < lines && writer.readLine(line); ++i)
                note();
            writer.killNow();
            while (writer.readLine(line))
                note();
        }
        ASSERT_FALSE(saved.empty());
        auto history = store::History::open(path);
        ASSERT_TRUE(history) << history.error().message();
        interrupted += (*history)->recoverInterrupted().value();
        for (const auto& [id, length] : saved) {
            const auto message = (*history)->message(id);
            ASSERT_TRUE(message) << "lost answer " << id;
            if (finished.contains(id)) {
                EXPECT_EQ(message->state, MessageState::Complete);
                EXPECT_EQ(message->content.size(), finished[id]);
            } else {
                EXPECT_THAT(message->state, ::testing::AnyOf(MessageState::Stopped, MessageState::Complete));
                EXPECT_GE(message->content.size(), length);
            }
            EXPECT_TRUE((*history)->message(message->parent)->content.starts_with("question"));
        }
    }
    EXPECT_GT(interrupted, 5U);
}

} // namespace
} // namespace hearth::workbench
