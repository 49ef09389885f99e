#include <nlohmann/json.hpp>

#include "engine/store/transfer.h"
#include "tests/store/store_fixture.h"

namespace hearth::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TransferTest : public test::StoreTest {
protected:
    static std::string exported(History& history, std::optional<RowId> conversation, ExportFormat format) {
        std::string out;
        const auto sink = [&](std::string_view text) -> Result<void> {
            out += text;
            return {};
        };
        const auto done = exportConversations(history, conversation, format, sink);
        EXPECT_TRUE(done) << done.error().message();
        return out;
    }
    /// A conversation with versions of a question and of an answer, the older ones on screen.
    static RowId branched(History& history) {
        const RowId chat = history.createConversation("Branches 分支").value();
        Conversation conversation = history.conversation(chat).value();
        conversation.modelPath = "/models/m.gguf";
        conversation.systemPrompt = "Be \"kind\".\nAlways.";
        conversation.parametersJson = R"({"topK":7})";
        EXPECT_TRUE(history.updateConversation(conversation));
        const RowId question = append(history, chat, 0, Role::User, "question\n```c\nint x;\n```");
        Message answer;
        answer.conversation = chat;
        answer.parent = question;
        answer.role = Role::Assistant;
        answer.content = "first 🌋";
        answer.reasoning = "let me think";
        answer.modelName = "Model Q4_K";
        answer.statsJson = R"({"prompt_tokens":5})";
        answer.createdMs = 1'700'000'000'123;
        const RowId first = history.appendMessage(answer).value();
        answer.content = "second";
        answer.state = MessageState::Failed;
        answer.errorCode = "context.full";
        EXPECT_TRUE(history.appendMessage(answer));
        append(history, chat, 0, Role::User, "edited question");
        EXPECT_TRUE(history.activate(first));
        return chat;
    }
    static void expectSame(History& a, RowId one, History& b, RowId two) {
        const auto left = a.messages(one, 0, 100).value(), right = b.messages(two, 0, 100).value();
        ASSERT_EQ(left.size(), right.size());
        std::map<RowId, RowId> same{{0, 0}};
        for (std::size_t i = 0; i < left.size(); ++i) {
            same[left[i].id] = right[i].id;
            EXPECT_EQ(same[left[i].parent], right[i].parent);
            EXPECT_EQ(left[i].role, right[i].role);
            EXPECT_EQ(left[i].state, right[i].state);
            EXPECT_EQ(left[i].createdMs, right[i].createdMs);
            EXPECT_EQ(left[i].content, right[i].content);
            EXPECT_EQ(left[i].reasoning, right[i].reasoning);
            EXPECT_EQ(left[i].modelName, right[i].modelName);
            EXPECT_EQ(left[i].errorCode, right[i].errorCode);
            EXPECT_EQ(left[i].statsJson, right[i].statsJson);
        }
        const auto leftHead = a.conversation(one).value(), rightHead = b.conversation(two).value();
        EXPECT_EQ(leftHead.title, rightHead.title);
        EXPECT_EQ(leftHead.modelPath, rightHead.modelPath);
        EXPECT_EQ(leftHead.systemPrompt, rightHead.systemPrompt);
        EXPECT_EQ(leftHead.parametersJson, rightHead.parametersJson);
        EXPECT_EQ(same[leftHead.activeLeaf], rightHead.activeLeaf);
    }
};

TEST_F(TransferTest, JsonComesBackWithAllBranches) {
    const auto history = open();
    const RowId chat = branched(*history);
    const std::string json = exported(*history, chat, ExportFormat::Json);
    const auto other = History::open(folder() / "other.db");
    ASSERT_TRUE(other);
    const auto ids = importJson(**other, json);
    ASSERT_TRUE(ids) << ids.error().message();
    ASSERT_EQ(ids->size(), 1U);
    expectSame(*history, chat, **other, ids->at(0));
    EXPECT_THAT(texts(**other, ids->at(0)), ElementsAre("question\n```c\nint x;\n```", "first 🌋"));
}

TEST_F(TransferTest, AllConversationsKeepTheirOrder) {
    const auto history = open();
    const RowId empty = history->createConversation("empty").value();
    const RowId chat = branched(*history);
    const RowId trashed = history->createConversation("trashed").value();
    ASSERT_TRUE(history->setTrashed(trashed, true));
    const std::string json = exported(*history, std::nullopt, ExportFormat::Json);
    const auto other = History::open(folder() / "other.db");
    const auto ids = importJson(**other, json).value();
    ASSERT_EQ(ids.size(), 2U);
    expectSame(*history, chat, **other, ids[0]);
    expectSame(*history, empty, **other, ids[1]);
    const auto list = (*other)->conversations(false, "", 0, 10).value();
    EXPECT_EQ(list[0].title, "Branches 分支");
    EXPECT_EQ(list[1].title, "empty");
    EXPECT_EQ(exported(**other, ids[0], ExportFormat::Markdown),
              exported(*history, chat, ExportFormat::Markdown));
}

TEST_F(TransferTest, MarkdownAndTextShowTheBranchOnScreen) {
    const auto history = open();
    const RowId chat = branched(*history);
    const std::string markdown = exported(*history, chat, ExportFormat::Markdown);
    EXPECT_THAT(markdown, ::testing::StartsWith("# Branches 分支\n\n"));
    EXPECT_THAT(markdown,
                HasSubstr("## System\n\nBe \"kind\".\nAlways.\n\n## User\n\nquestion\n```c\nint x;\n```\n\n"
                          "<details><summary>Reasoning</summary>\n\nlet me think\n\n</details>\n\n"
                          "## Assistant (Model Q4_K)\n\nfirst 🌋\n"));
    EXPECT_THAT(markdown, ::testing::Not(HasSubstr("second")));
    const std::string text = exported(*history, chat, ExportFormat::PlainText);
    EXPECT_THAT(text, HasSubstr("User:\nquestion"));
    EXPECT_THAT(text, HasSubstr("Assistant (Model Q4_K):\nfirst 🌋"));
    EXPECT_THAT(text, ::testing::Not(HasSubstr("##")));
}

TEST_F(TransferTest, MoreThanAPageAndBrokenBytes) {
    const auto history = open();
    const RowId chat = history->createConversation("long").value();
    const auto fill = [&]() -> Result<void> {
        RowId parent = 0;
        for (int i = 0; i < 450; ++i)
            parent =
                append(*history, chat, parent, Role::User, "m" + std::to_string(i) + (i == 7 ? "\xff" : ""));
        return {};
    };
    ASSERT_TRUE(history->transaction(fill));
    const auto json = nlohmann::json::parse(exported(*history, chat, ExportFormat::Json));
    const auto& messages = json["conversations"][0]["messages"];
    ASSERT_EQ(messages.size(), 450U);
    EXPECT_EQ(messages[449]["parent"], 448);
    EXPECT_EQ(messages[7]["content"], "m7\uFFFD");
    const std::string text = exported(*history, chat, ExportFormat::PlainText);
    EXPECT_THAT(text, HasSubstr("m449\n"));
}

TEST_F(TransferTest, ExportStopsWhenAskedAndWhenTheSinkFails) {
    const auto history = open();
    const RowId chat = branched(*history);
    std::stop_source stop;
    stop.request_stop();
    const auto ignore = [](std::string_view) { return Result<void>(); };
    EXPECT_EQ(exportConversations(*history, chat, ExportFormat::Json, ignore, stop.get_token()).error().code,
              kCancelled);
    const auto full = [](std::string_view) -> Result<void> { return fail("file.disk_full", ""); };
    EXPECT_EQ(exportConversations(*history, chat, ExportFormat::Json, full).error().code, "file.disk_full");
    EXPECT_EQ(exportConversations(*history, 99, ExportFormat::Json, ignore).error().code, "store.not_found");
}

TEST_F(TransferTest, BadImportsAreNamedAndAddNothing) {
    const auto history = open();
    const auto with = [](const std::string& message) {
        return R"({"format":"hearth-conversations","version":1,"conversations":[{"title":"t","messages":[)"
               R"({"role":"user","state":"complete","content":"a"},)" +
               message + "]}]}";
    };
    const std::vector<std::pair<std::string, std::string>> bad = {
        {"", "import.bad_json"},
        {"{", "import.bad_json"},
        {std::string("\0\0", 2), "import.bad_json"},
        {"[]", "import.not_ours"},
        {R"({"format":"other","version":1,"conversations":[]})", "import.not_ours"},
        {R"({"format":"hearth-conversations","version":0,"conversations":[]})", "import.not_ours"},
        {R"({"format":"hearth-conversations","version":9,"conversations":[]})", "import.newer_version"},
        {R"({"format":"hearth-conversations","version":1})", "import.bad_value"},
        {R"({"format":"hearth-conversations","version":1,"conversations":[7]})", "import.bad_value"},
        {std::string(100'000, '['), "import.bad_json"},
        {std::string(100'000, '[') + std::string(100'000, ']'), "import.too_deep"},
        {with("7"), "import.bad_value"},
        {with(R"({"role":"robot","state":"complete","content":"b"})"), "import.bad_value"},
        {with(R"({"role":"user","state":"streaming","content":"b"})"), "import.bad_value"},
        {with(R"({"role":"user","state":"complete"})"), "import.bad_value"},
        {with(R"({"role":"user","state":"complete","content":5})"), "import.bad_value"},
        {with(R"({"role":"user","state":"complete","content":"b","parent":1})"), "import.bad_value"},
        {with(R"({"role":"user","state":"complete","content":"b","parent":-1})"), "import.bad_value"},
        {with(R"({"role":"user","state":"complete","content":"b","created_ms":1e300})"), "import.bad_value"},
        {with(R"({"role":"user","state":"complete","content":"b","created_ms":9223372036854775808})"),
         "import.bad_value"},
        {with(R"({"role":"user","state":"complete","content":"b","stats":3})"), "import.bad_value"},
    };
    for (const auto& [json, code] : bad) {
        const auto result = importJson(*history, json);
        ASSERT_FALSE(result) << json.substr(0, 200);
        EXPECT_EQ(result.error().code, code) << json.substr(0, 200);
    }
    const auto named = importJson(*history, with(R"({"role":"robot","state":"complete","content":"b"})"));
    EXPECT_EQ(named.error().arg("message"), "1");
    EXPECT_EQ(named.error().arg("key"), "role");
    EXPECT_EQ(history->conversationCount(false, "").value(), 0U);
}

} // namespace
} // namespace hearth::store
