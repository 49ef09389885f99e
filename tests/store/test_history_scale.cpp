#include <chrono>

#include "tests/store/store_fixture.h"

namespace hearth::store {
namespace {

using test::StoreTest;

class HistoryScale : public StoreTest {
protected:
    /// The best of five: what the work costs, not what else the machine was doing.
    template <class Work>
    static double milliseconds(Work&& work) {
        double best = 1e9;
        for (int i = 0; i < 5; ++i) {
            const auto start = std::chrono::steady_clock::now();
            work();
            best = std::min(
                best,
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
        }
        return best;
    }
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kSlack = 10;
#else
constexpr double kSlack = 1;
#endif

TEST_F(HistoryScale, TenThousandMessagesInOneChat) {
    {
        const auto history = open();
        const RowId chat = history->createConversation("long").value();
        const auto fill = [&]() -> Result<void> {
            RowId parent = 0;
            for (int i = 0; i < 10'000; ++i)
                parent = append(*history, chat, parent, i % 2 ? Role::Assistant : Role::User,
                                "message " + std::to_string(i) + std::string(600, 'x'));
            return {};
        };
        ASSERT_TRUE(history->transaction(fill));
    }
    std::unique_ptr<History> history;
    const double opening = milliseconds([&] {
        history.reset();
        history = open();
    });
    std::vector<Message> page;
    const double newest = milliseconds([&] { page = history->branch(1, 9950, 50).value(); });
    ASSERT_EQ(page.size(), 50U);
    EXPECT_TRUE(page.back().content.starts_with("message 9999x"));
    const double oldest = milliseconds([&] { page = history->branch(1, 0, 50).value(); });
    ASSERT_EQ(page.size(), 50U);
    EXPECT_TRUE(page.front().content.starts_with("message 0x"));
    const double appending =
        milliseconds([&] { append(*history, 1, history->conversation(1)->activeLeaf, Role::User, "more"); });
    const double branching = milliseconds([&] { append(*history, 1, 5000, Role::User, "branch"); });
    const double switching = milliseconds([&] { ASSERT_TRUE(history->activate(10'000)); });
    RecordProperty("open_ms", std::to_string(opening));
    std::printf("open %.1f ms, newest page %.2f ms, oldest page %.2f ms, append %.2f ms, branch off %.2f ms, "
                "switch %.2f ms\n",
                opening, newest, oldest, appending, branching, switching);
    EXPECT_LT(opening, 200 * kSlack);
    EXPECT_LT(newest, 20 * kSlack);
    EXPECT_LT(oldest, 40 * kSlack);
    EXPECT_LT(appending, 50 * kSlack);
    EXPECT_LT(switching, 80 * kSlack);
}

TEST_F(HistoryScale, FiveThousandChats) {
    const auto history = open();
    const auto fill = [&]() -> Result<void> {
        for (int i = 0; i < 5'000; ++i) {
            const RowId chat =
                history
                    ->createConversation((i % 2 ? "Gespräch über Bücher " : "关于书籍的对话 ") +
                                         std::to_string(i))
                    .value();
            append(*history, chat, 0, Role::User, "hello");
        }
        return {};
    };
    ASSERT_TRUE(history->transaction(fill));
    std::size_t count = 0;
    std::vector<Conversation> page;
    const double first = milliseconds([&] { page = history->conversations(false, "", 0, 100).value(); });
    ASSERT_EQ(page.size(), 100U);
    const double last = milliseconds([&] { page = history->conversations(false, "", 4900, 100).value(); });
    ASSERT_EQ(page.size(), 100U);
    const double counting = milliseconds([&] { count = history->conversationCount(false, "").value(); });
    EXPECT_EQ(count, 5000U);
    const double searching =
        milliseconds([&] { page = history->conversations(false, "BÜCHER 4", 0, 50).value(); });
    EXPECT_EQ(page.size(), 50U);
    std::printf("first page %.2f ms, last page %.2f ms, count %.2f ms, title search %.2f ms\n", first, last,
                counting, searching);
    EXPECT_LT(first, 20 * kSlack);
    EXPECT_LT(last, 20 * kSlack);
    EXPECT_LT(counting, 20 * kSlack);
    EXPECT_LT(searching, 50 * kSlack);
}

} // namespace
} // namespace hearth::store
