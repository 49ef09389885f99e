#include "engine/security/privacy/chat_files.h"

#include <fstream>

#include "engine/security/privacy/person_export.h"
#include "tests/store/store_fixture.h"

namespace hearth::security {
namespace {

using store::RowId;

SecureBytes secret(const char* text) {
    return std::move(*SecureBytes::copyOf(viewOf(text)));
}

class ChatFiles : public test::StoreTest {
protected:
    std::filesystem::path file(const char* name = "out") const { return folder() / name; }
    /// Two chats, the first with two versions of an answer; one in the trash; drafts.
    static void fill(store::History& history) {
        const RowId first = history.createConversation("First 第一").value();
        const RowId question = append(history, first, 0, store::Role::User, "how many?");
        append(history, first, question, store::Role::Assistant, "three");
        append(history, first, question, store::Role::Assistant, "four");
        const RowId binned = history.createConversation("Binned").value();
        append(history, binned, 0, store::Role::User, "thrown away");
        EXPECT_TRUE(history.setTrashed(binned, true));
        const RowId last = history.createConversation("Last").value();
        append(history, last, 0, store::Role::User, "the newest");
        EXPECT_TRUE(history.saveDraft(last, "half a sentence"));
    }
    static std::vector<std::string> titles(store::History& history, bool trashed) {
        std::vector<std::string> out;
        const auto page = history.conversations(trashed, "", 0, 100);
        for (const auto& each : *page)
            out.push_back(each.title);
        return out;
    }
    std::unique_ptr<store::History> other() const {
        return std::move(*store::History::open(folder() / "other.db"));
    }
};

TEST_F(ChatFiles, WhatIsWrittenComesBackReadableAndSealed) {
    const auto history = open();
    fill(*history);
    const auto password = secret("a password of the file");
    ASSERT_TRUE(exportChats(*history, std::nullopt, store::ExportFormat::Json, file("plain"), nullptr));
    ASSERT_TRUE(exportChats(*history, std::nullopt, store::ExportFormat::Json, file("sealed"), &password));
    EXPECT_NE(test::readText(file("plain")).find("the newest"), std::string::npos);
    EXPECT_EQ(test::readText(file("sealed")).find("the newest"), std::string::npos);
    const auto into = other();
    for (const char* name : {"plain", "sealed"}) {
        const auto ids = importChats(*into, file(name), &password);
        ASSERT_TRUE(ids) << ids.error().message();
        ASSERT_EQ(ids->size(), 2U);
        EXPECT_EQ(into->conversation(ids->front())->title, "Last");
        EXPECT_EQ(into->messages(ids->back(), 0, 10)->size(), 3U); // every version
    }
    EXPECT_EQ(importChats(*into, file("sealed"), nullptr).error().code, "crypto.needs_password");
    const auto wrong = secret("another password here");
    EXPECT_EQ(importChats(*into, file("sealed"), &wrong).error().code, "crypto.wrong_password");
    EXPECT_EQ(importChats(*into, file("absent"), nullptr).error().code, "file.not_found");
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(exportChats(*history, std::nullopt, store::ExportFormat::Json, file("stopped"), nullptr,
                          stop.get_token())
                  .error()
                  .code,
              kCancelled);
    EXPECT_FALSE(std::filesystem::exists(file("stopped")));
    EXPECT_EQ(into->conversationCount(false, "").value(), 4U); // refusals added nothing
}

TEST_F(ChatFiles, EverythingAboutAPersonComesBackWithTrashAndDrafts) {
    const auto history = open();
    fill(*history);
    PersonSources sources;
    sources.history = history.get();
    std::string text;
    ASSERT_TRUE(exportPerson(sources, [&](std::string_view piece) -> Result<void> {
        text += piece;
        return {};
    }));
    std::ofstream(file()) << text;
    const auto into = other();
    const auto ids = importChats(*into, file(), nullptr);
    ASSERT_TRUE(ids) << ids.error().message();
    EXPECT_EQ(ids->size(), 3U);
    EXPECT_EQ(titles(*into, false), titles(*history, false));
    EXPECT_EQ(titles(*into, true), std::vector<std::string>{"Binned"});
    EXPECT_EQ(into->draft(ids->front()).value(), "half a sentence");
    // All or none: the last of three is not a chat.
    const auto at = text.find("\"title\":\"First");
    ASSERT_NE(at, std::string::npos);
    std::ofstream(file("bad")) << text.replace(at, 9, "\"title\":7,\"x\":\"");
    EXPECT_EQ(importChats(*into, file("bad"), nullptr).error().code, "import.bad_value");
    EXPECT_EQ(into->conversationCount(false, "").value(), 2U);
    EXPECT_EQ(into->conversationCount(true, "").value(), 1U);
    for (
        const char* wrong :
        {R"({"format":"hearth-person","version":1,"conversations":7})",
         R"({"format":"hearth-person","version":1,"conversations":[7]})",
         R"({"format":"hearth-person","version":1,"conversations":[{"export":{"format":"hearth-conversations","version":1,"conversations":[{"title":"t","messages":[]}]},"draft":7}]})",
         R"({"format":"hearth-person","version":1,"conversations":[{"export":{"format":"hearth-conversations","version":1,"conversations":[{"title":"t","messages":[]}]},"in_trash":"no"}]})",
         R"({"format":"hearth-person","version":1,"conversations":[{"export":{"format":"hearth-conversations","version":1,"conversations":[]}}]})"}) {
        std::ofstream(file("bad"), std::ios::trunc) << wrong;
        EXPECT_EQ(importChats(*into, file("bad"), nullptr).error().code, "import.bad_value") << wrong;
    }
    std::ofstream(file("deep"), std::ios::trunc)
        << "{\"format\":\"hearth-person\",\"version\":1,\"conversations\":" << std::string(100'000, '[');
    EXPECT_TRUE(importChats(*into, file("deep"), nullptr).error().code.starts_with("import."));
    EXPECT_EQ(into->conversationCount(false, "").value(), 2U);
}

} // namespace
} // namespace hearth::security
