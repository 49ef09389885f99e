#include "tests/store/store_fixture.h"

#include <unistd.h>

namespace hearth::store {
namespace {

using test::StoreTest;
using ::testing::ElementsAre;

class HistoryTest : public StoreTest {};

TEST_F(HistoryTest, ConversationKeepsEverythingOverARestart) {
    RowId id = 0, answer = 0;
    {
        const auto history = open();
        ASSERT_TRUE(history);
        id = history->createConversation("标题 Title").value();
        Conversation conversation = history->conversation(id).value();
        conversation.modelPath = "/models/模型.gguf";
        conversation.systemPrompt = "You are terse.";
        conversation.parametersJson = R"({"temperature":0.5})";
        ASSERT_TRUE(history->updateConversation(conversation));
        const RowId user = append(*history, id, 0, Role::User, std::string("nul \0 inside, emoji 🌋", 24));
        Message message;
        message.conversation = id;
        message.parent = user;
        message.role = Role::Assistant;
        message.content = "answer";
        message.reasoning = "thought";
        message.state = MessageState::Failed;
        message.modelName = "model";
        message.errorCode = "context.full";
        message.statsJson = "{}";
        answer = history->appendMessage(message).value();
    }
    const auto history = open();
    ASSERT_TRUE(history);
    const Conversation conversation = history->conversation(id).value();
    EXPECT_EQ(conversation.title, "标题 Title");
    EXPECT_EQ(conversation.modelPath, "/models/模型.gguf");
    EXPECT_EQ(conversation.systemPrompt, "You are terse.");
    EXPECT_EQ(conversation.parametersJson, R"({"temperature":0.5})");
    EXPECT_EQ(conversation.activeLeaf, answer);
    EXPECT_EQ(conversation.messageCount, 2);
    EXPECT_GT(conversation.createdMs, 1'600'000'000'000);
    EXPECT_FALSE(conversation.trashedMs);
    const auto branch = history->branch(id, 0, 10).value();
    ASSERT_EQ(branch.size(), 2U);
    EXPECT_EQ(branch[0].content, std::string("nul \0 inside, emoji 🌋", 24));
    EXPECT_EQ(branch[0].role, Role::User);
    EXPECT_EQ(branch[1].content, "answer");
    EXPECT_EQ(branch[1].reasoning, "thought");
    EXPECT_EQ(branch[1].state, MessageState::Failed);
    EXPECT_EQ(branch[1].modelName, "model");
    EXPECT_EQ(branch[1].errorCode, "context.full");
    EXPECT_EQ(branch[1].statsJson, "{}");
    EXPECT_EQ(branch[1].parent, branch[0].id);
}

TEST_F(HistoryTest, FileBelongsToItsOwnerAlone) {
    ASSERT_TRUE(open());
    const auto permissions = std::filesystem::status(file()).permissions();
    EXPECT_EQ(permissions & std::filesystem::perms::mask, std::filesystem::perms(0600));
}

TEST_F(HistoryTest, ListIsInOrderOfUseAndPaged) {
    const auto history = open();
    std::vector<RowId> ids;
    for (int i = 0; i < 7; ++i)
        ids.push_back(history->createConversation("chat " + std::to_string(i)).value());
    append(*history, ids[2], 0, Role::User, "hello");
    const auto first = history->conversations(false, "", 0, 3).value();
    ASSERT_EQ(first.size(), 3U);
    EXPECT_THAT((std::vector{first[0].id, first[1].id, first[2].id}), ElementsAre(ids[2], ids[6], ids[5]));
    const auto last = history->conversations(false, "", 6, 3).value();
    ASSERT_EQ(last.size(), 1U);
    EXPECT_EQ(last[0].id, ids[0]);
    ASSERT_TRUE(history->rename(ids[0], "renamed"));
    EXPECT_EQ(history->conversations(false, "", 0, 1).value()[0].id, ids[2]) << "renaming is not using";
}

TEST_F(HistoryTest, ClockThatGoesBackwardsShufflesNothing) {
    std::int64_t time = 2'000'000'000'000;
    HistoryOptions options;
    options.clock = [&] { return time; };
    const auto history = open(std::move(options));
    const RowId older = history->createConversation("older").value();
    time = 1'000'000'000'000;
    const RowId newer = history->createConversation("newer").value();
    const RowId first = append(*history, newer, 0, Role::User, "a");
    time = 900'000'000'000;
    append(*history, newer, first, Role::Assistant, "b");
    const auto list = history->conversations(false, "", 0, 10).value();
    EXPECT_EQ(list[0].id, newer);
    EXPECT_EQ(list[1].id, older);
    EXPECT_THAT(texts(*history, newer), ElementsAre("a", "b"));
}

TEST_F(HistoryTest, TitleSearchIgnoresCaseAndWidth) {
    const auto history = open();
    const RowId strasse = history->createConversation("Die Straße nach Köln").value();
    const RowId chinese = history->createConversation("如何学习Ｃ＋＋语言").value();
    const RowId broken = history->createConversation("broken \xff\xfe utf-8").value();
    const RowId greek = history->createConversation("ΟΔΥΣΣΕΥΣ").value();
    const auto find = [&](const std::string& needle) {
        std::vector<RowId> out;
        const auto found = history->conversations(false, needle, 0, 10).value();
        for (const auto& conversation : found)
            out.push_back(conversation.id);
        EXPECT_EQ(history->conversationCount(false, needle).value(), out.size());
        return out;
    };
    EXPECT_THAT(find("STRASSE"), ElementsAre(strasse));
    EXPECT_THAT(find("KÖLN"), ElementsAre(strasse));
    EXPECT_THAT(find("c++"), ElementsAre(chinese));
    EXPECT_THAT(find("学习"), ElementsAre(chinese));
    EXPECT_THAT(find("οδυσσευς"), ElementsAre(greek));
    EXPECT_THAT(find("broken"), ElementsAre(broken));
    EXPECT_THAT(find("100%"), ElementsAre());
    EXPECT_THAT(find("n"), ElementsAre(broken, strasse));
}

TEST_F(HistoryTest, VersionsAreKeptAndSwitched) {
    const auto history = open();
    const RowId chat = history->createConversation("").value();
    const RowId question = append(*history, chat, 0, Role::User, "question");
    const RowId first = append(*history, chat, question, Role::Assistant, "first");
    const RowId more = append(*history, chat, first, Role::User, "more");
    append(*history, chat, more, Role::Assistant, "deep");
    const RowId second = append(*history, chat, question, Role::Assistant, "second");
    EXPECT_THAT(texts(*history, chat), ElementsAre("question", "second"));
    EXPECT_EQ(history->branchLength(chat).value(), 2U);
    const auto branch = history->branch(chat, 1, 1).value();
    ASSERT_EQ(branch.size(), 1U);
    EXPECT_EQ(branch[0].siblingIndex, 1);
    EXPECT_EQ(branch[0].siblingCount, 2);

    ASSERT_TRUE(history->switchVersion(second, -1));
    EXPECT_THAT(texts(*history, chat), ElementsAre("question", "first", "more", "deep"));
    ASSERT_TRUE(history->switchVersion(first, +1));
    EXPECT_THAT(texts(*history, chat), ElementsAre("question", "second"));
    EXPECT_EQ(history->switchVersion(second, +1).error().code, "store.no_such_version");
    EXPECT_EQ(history->switchVersion(question, -1).error().code, "store.no_such_version");
    EXPECT_EQ(history->switchVersion(9999, 1).error().code, "store.not_found");

    // An edited first message is a further root.
    const RowId edited = append(*history, chat, 0, Role::User, "edited");
    EXPECT_THAT(texts(*history, chat), ElementsAre("edited"));
    EXPECT_EQ(history->message(edited).value().siblingCount, 2);
    ASSERT_TRUE(history->switchVersion(edited, -1));
    EXPECT_THAT(texts(*history, chat), ElementsAre("question", "second"))
        << "back to where that version was left";
}

TEST_F(HistoryTest, SwitchingComesBackToTheLeafThatWasOnScreen) {
    const auto history = open();
    const RowId chat = history->createConversation("").value();
    const RowId root = append(*history, chat, 0, Role::User, "root");
    const RowId a = append(*history, chat, root, Role::Assistant, "a");
    const RowId a1 = append(*history, chat, a, Role::User, "a1");
    append(*history, chat, a, Role::User, "a2");
    const RowId b = append(*history, chat, root, Role::Assistant, "b");
    ASSERT_TRUE(history->activate(a1));
    EXPECT_THAT(texts(*history, chat), ElementsAre("root", "a", "a1"));
    ASSERT_TRUE(history->activate(b));
    ASSERT_TRUE(history->switchVersion(b, -1));
    EXPECT_THAT(texts(*history, chat), ElementsAre("root", "a", "a1"));
    // Appending away from the active branch leads the way there too.
    append(*history, chat, b, Role::User, "b1");
    EXPECT_THAT(texts(*history, chat), ElementsAre("root", "b", "b1"));
    ASSERT_TRUE(history->activate(root));
    EXPECT_THAT(texts(*history, chat), ElementsAre("root", "b", "b1"));
}

TEST_F(HistoryTest, ParentsAreOfTheSameConversation) {
    const auto history = open();
    const RowId one = history->createConversation("1").value(),
                two = history->createConversation("2").value();
    Message message;
    message.conversation = two;
    message.parent = append(*history, one, 0, Role::User, "of one");
    EXPECT_EQ(history->appendMessage(message).error().code, "store.bad_parent");
    message.parent = 4711;
    EXPECT_EQ(history->appendMessage(message).error().code, "store.bad_parent");
    message.parent = 0;
    message.conversation = 4711;
    EXPECT_EQ(history->appendMessage(message).error().code, "store.not_found");
    EXPECT_EQ(history->branchLength(two).value(), 0U);
}

TEST_F(HistoryTest, TrashIsUndoneOrPurged) {
    std::int64_t time = 1000;
    HistoryOptions options;
    options.clock = [&] { return time; };
    const auto history = open(std::move(options));
    const RowId keep = history->createConversation("keep").value();
    const RowId old = history->createConversation("old").value();
    const RowId fresh = history->createConversation("fresh").value();
    append(*history, old, append(*history, old, 0, Role::User, "x"), Role::Assistant, "y");
    ASSERT_TRUE(history->saveDraft(old, "draft"));
    ASSERT_TRUE(history->setTrashed(keep, true));
    ASSERT_TRUE(history->setTrashed(keep, false));
    ASSERT_TRUE(history->setTrashed(old, true));
    time = 5000;
    ASSERT_TRUE(history->setTrashed(fresh, true));
    EXPECT_EQ(history->conversationCount(false, "").value(), 1U);
    EXPECT_EQ(history->conversationCount(true, "").value(), 2U);
    EXPECT_EQ(history->purgeTrashedBefore(5000).value(), 1U);
    EXPECT_EQ(history->conversation(old).error().code, "store.not_found");
    EXPECT_TRUE(history->messages(old, 0, 10).value().empty());
    EXPECT_EQ(history->draft(old).value(), "");
    EXPECT_EQ(history->conversations(true, "", 0, 10).value().at(0).id, fresh);
    ASSERT_TRUE(history->purge(fresh));
    EXPECT_EQ(history->purge(fresh).error().code, "store.not_found");
    EXPECT_GT(history->createConversation("next").value(), fresh) << "ids are never used twice";
}

TEST_F(HistoryTest, PurgedTextIsOverwrittenOnDisk) {
    const std::string secret = "the-secret-that-must-go-4711";
    {
        const auto history = open();
        const RowId chat = history->createConversation("a").value();
        append(*history, chat, 0, Role::User, secret);
        ASSERT_TRUE(history->purge(chat));
    }
    EXPECT_EQ(test::readText(file()).find(secret), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(file().string() + "-wal"));
}

TEST_F(HistoryTest, DraftsAndSettings) {
    {
        const auto history = open();
        const RowId chat = history->createConversation("a").value();
        ASSERT_TRUE(history->saveDraft(0, "new chat"));
        ASSERT_TRUE(history->saveDraft(chat, "one"));
        ASSERT_TRUE(history->saveDraft(chat, "two"));
        ASSERT_TRUE(history->setSetting("key", "v1"));
        ASSERT_TRUE(history->setSetting("key", "v2"));
        EXPECT_EQ(history->saveDraft(77, "nowhere").error().code, "store.not_found");
    }
    const auto history = open();
    EXPECT_EQ(history->draft(0).value(), "new chat");
    EXPECT_EQ(history->draft(1).value(), "two");
    EXPECT_EQ(history->setting("key").value(), "v2");
    EXPECT_EQ(history->setting("absent").value(), std::nullopt);
    ASSERT_TRUE(history->saveDraft(0, ""));
    EXPECT_EQ(history->draft(0).value(), "");
}

TEST_F(HistoryTest, InterruptedAnswersBecomeStopped) {
    const auto history = open();
    const RowId chat = history->createConversation("a").value();
    Message message;
    message.conversation = chat;
    message.role = Role::Assistant;
    message.state = MessageState::Streaming;
    message.content = "half an ans";
    const RowId id = history->appendMessage(message).value();
    EXPECT_EQ(history->recoverInterrupted().value(), 1U);
    EXPECT_EQ(history->recoverInterrupted().value(), 0U);
    EXPECT_EQ(history->message(id).value().state, MessageState::Stopped);
    EXPECT_EQ(history->message(id).value().content, "half an ans");
}

TEST_F(HistoryTest, TransactionIsAllOrNothing) {
    const auto history = open();
    const RowId chat = history->createConversation("before").value();
    const auto failing = [&]() -> Result<void> {
        append(*history, chat, 0, Role::User, "never");
        static_cast<void>(history->rename(chat, "never"));
        return fail("test.no", "no");
    };
    EXPECT_EQ(history->transaction(failing).error().code, "test.no");
    EXPECT_EQ(history->branchLength(chat).value(), 0U);
    EXPECT_EQ(history->conversation(chat).value().title, "before");
    // A failed inner step leaves no trace in an outer one that goes on.
    const auto outer = [&]() -> Result<void> {
        append(*history, chat, 0, Role::User, "kept");
        static_cast<void>(history->transaction(failing));
        return {};
    };
    ASSERT_TRUE(history->transaction(outer));
    EXPECT_THAT(texts(*history, chat), ElementsAre("kept"));
    EXPECT_EQ(history->conversation(chat).value().title, "before");
}

TEST_F(HistoryTest, OverlongTextIsRefused) {
    const auto history = open();
    const RowId chat = history->createConversation("a").value();
    Message message;
    message.conversation = chat;
    message.content.assign(kMaxTextBytes + 1, 'x');
    const auto refused = history->appendMessage(message);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "store.text_too_large");
    EXPECT_EQ(refused.error().arg("limit"), std::to_string(kMaxTextBytes));
    EXPECT_EQ(history->branchLength(chat).value(), 0U);
}

/// Marks every text with its place, so that a text read back from another place is an error.
class MarkingCodec final : public TextCodec {
public:
    Result<std::string> seal(std::string_view text, std::string_view context) const override {
        return std::string(context) + "|" + std::string(text);
    }
    Result<std::string> open(std::string_view sealed, std::string_view context) const override {
        if (!sealed.starts_with(std::string(context) + "|"))
            return fail("test.wrong_place", std::string(context));
        return std::string(sealed.substr(context.size() + 1));
    }
};

TEST_F(HistoryTest, EveryTextGoesThroughTheCodecUnderItsPlace) {
    {
        const auto opened = History::open(file(), std::make_unique<MarkingCodec>());
        ASSERT_TRUE(opened);
        History& history = **opened;
        const RowId chat = history.createConversation("Visible Title").value();
        Conversation conversation = history.conversation(chat).value();
        conversation.systemPrompt = "prompt";
        ASSERT_TRUE(history.updateConversation(conversation));
        const RowId id = append(history, chat, 0, Role::User, "hello");
        ASSERT_TRUE(history.saveDraft(chat, "draft"));
        ASSERT_TRUE(history.setSetting("k", "v"));
        EXPECT_EQ(history.conversations(false, "visible", 0, 5).value().size(), 1U);
        EXPECT_EQ(history.conversations(false, "conversation/", 0, 5).value().size(), 0U);
        EXPECT_EQ(history.message(id).value().content, "hello");
        EXPECT_EQ(history.draft(chat).value(), "draft");
        EXPECT_EQ(history.setting("k").value(), "v");
    }
    const std::string raw = test::readText(file());
    for (const char* sealed :
         {"message/1/content|hello", "conversation/1/title|Visible Title", "draft/1/content|draft",
          "conversation/1/system_prompt|prompt", "setting/1/k|v", "message/1/stats|"})
        EXPECT_NE(raw.find(sealed), std::string::npos) << sealed;
}

TEST_F(HistoryTest, TwoHistoriesHaveConnectionsOfTheirOwn) {
    const auto first = open();
    auto second = History::open(folder() / "other.db");
    ASSERT_TRUE(second);
    ASSERT_TRUE(first->createConversation("first"));
    EXPECT_EQ((*second)->conversationCount(false, "").value(), 0U);
    second->reset();
    EXPECT_EQ(first->conversationCount(false, "").value(), 1U);
}

} // namespace
} // namespace hearth::store
