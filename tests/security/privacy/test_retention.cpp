#include "engine/security/privacy/retention.h"
#include "tests/store/store_fixture.h"

namespace hearth::security {
namespace {

class ChatRetention : public test::StoreTest {
protected:
    static constexpr std::int64_t kDayMs = 86'400'000;
    /// A history whose clock shows `now`.
    std::unique_ptr<store::History> openAt(const std::int64_t& now) {
        store::HistoryOptions options;
        options.clock = [&now] { return now; };
        return open(options);
    }
};

TEST_F(ChatRetention, GoesByItsPreview) {
    std::int64_t now = 1'700'000'000'000;
    const auto history = openAt(now);
    const auto old = history->createConversation("old").value();
    const auto binned = history->createConversation("binned").value();
    ASSERT_TRUE(history->setTrashed(binned, true));
    now += 20 * kDayMs;
    const auto fresh = history->createConversation("fresh").value();
    now += 15 * kDayMs;
    const auto trash = previewChats(*history, Kept::Trash, 30, now),
               idle = previewChats(*history, Kept::Idle, 30, now);
    ASSERT_TRUE(trash && idle);
    ASSERT_EQ(trash->items.size(), 1U);
    EXPECT_EQ(trash->items[0].name, "binned");
    ASSERT_EQ(idle->items.size(), 1U);
    EXPECT_EQ(idle->items[0].name, "old");
    EXPECT_EQ(idle->items[0].timeMs, now - 35 * kDayMs);
    EXPECT_EQ(applyToChats(*history, *trash, now).value(), 1U);
    EXPECT_EQ(applyToChats(*history, *idle, now).value(), 1U);
    EXPECT_EQ(applyToChats(*history, *idle, now).value(), 0U);
    EXPECT_TRUE(history->conversation(fresh));
    EXPECT_FALSE(history->conversation(old));
    for (const int days : {-1, 0, 40'000})
        EXPECT_EQ(previewChats(*history, Kept::Idle, days, now).error().code, "privacy.bad_retention");
    // A clock that was set back makes everything young: nothing goes, and how much is dated ahead is said.
    const auto back = previewChats(*history, Kept::Idle, 1, now - 200 * kDayMs);
    ASSERT_TRUE(back);
    EXPECT_TRUE(back->items.empty());
    EXPECT_EQ(back->ahead, 1U);
    EXPECT_EQ(back->newestMs, now - 15 * kDayMs);
    EXPECT_EQ(applyToChats(*history, *idle, now - 200 * kDayMs).value(), 0U);
}

TEST_F(ChatRetention, AChatOfTheFutureStaysAndKeepsNoOtherOneWaiting) {
    const std::int64_t today = 1'700'000'000'000;
    std::int64_t now = today + 400 * kDayMs;
    const auto history = openAt(now);
    const auto future = history->createConversation("the clock was ahead").value();
    now = today - 60 * kDayMs;
    const auto old = history->createConversation("old").value();
    now = today;
    const auto idle = previewChats(*history, Kept::Idle, 30, now);
    ASSERT_TRUE(idle);
    EXPECT_EQ(idle->ahead, 1U);
    EXPECT_EQ(applyToChats(*history, *idle, now).value(), 1U);
    EXPECT_FALSE(history->conversation(old));
    // Used now, it is of now like any other.
    store::Message message;
    message.conversation = future;
    message.content = "used again";
    ASSERT_TRUE(history->appendMessage(message));
    EXPECT_EQ(previewChats(*history, Kept::Idle, 30, now)->ahead, 0U);
    now += 31 * kDayMs;
    const auto later = previewChats(*history, Kept::Idle, 30, now);
    EXPECT_EQ(applyToChats(*history, *later, now).value(), 1U);
    EXPECT_FALSE(history->conversation(future));
}

TEST_F(ChatRetention, OnlyWhatWasShownGoes) {
    std::int64_t now = 1'700'000'000'000;
    const auto history = openAt(now);
    const auto used = history->createConversation("used meanwhile").value();
    const auto old = history->createConversation("old").value();
    const auto binned = history->createConversation("taken out again").value();
    ASSERT_TRUE(history->setTrashed(binned, true));
    now += 20 * kDayMs;
    const auto later = history->createConversation("too old a little later").value();
    now += 15 * kDayMs;
    const auto trash = previewChats(*history, Kept::Trash, 30, now),
               idle = previewChats(*history, Kept::Idle, 30, now);
    ASSERT_TRUE(trash && idle);
    EXPECT_EQ(trash->items.size(), 1U);
    EXPECT_EQ(idle->items.size(), 2U);
    // Before the answer to the question: one is written to, one leaves the trash, another becomes too old.
    store::Message message;
    message.conversation = used;
    message.content = "still in use";
    ASSERT_TRUE(history->appendMessage(message));
    ASSERT_TRUE(history->setTrashed(binned, false));
    now += 20 * kDayMs;
    EXPECT_EQ(applyToChats(*history, *trash, now).value(), 0U);
    EXPECT_EQ(applyToChats(*history, *idle, now).value(), 1U);
    EXPECT_FALSE(history->conversation(old));
    for (const auto kept : {used, binned, later})
        EXPECT_TRUE(history->conversation(kept));
}

} // namespace
} // namespace hearth::security
