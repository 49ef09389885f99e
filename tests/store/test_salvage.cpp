#include <set>

#include "engine/store/salvage.h"
#include "engine/store/snapshot.h"
#include "tests/store/store_fixture.h"

namespace hearth::store {
namespace {

class SalvageTest : public test::StoreTest {
protected:
    /// Several chats whose messages fill many pages.
    void make(int chats = 5, int messages = 30) {
        const auto history = open();
        for (int c = 0; c < chats; ++c) {
            const RowId chat = history->createConversation("chat " + std::to_string(c)).value();
            RowId parent = 0;
            for (int i = 0; i < messages; ++i)
                parent = append(*history, chat, parent, i % 2 ? Role::Assistant : Role::User, textOf(c, i));
        }
        ASSERT_TRUE(history->saveDraft(0, "half a thought"));
    }
    static std::string textOf(int chat, int message) {
        return "c" + std::to_string(chat) + "m" + std::to_string(message) + std::string(400, '.');
    }
    std::filesystem::path saved() const { return folder() / "saved.db"; }
    Result<Salvaged> salvageIt() const {
        std::filesystem::remove(saved());
        return salvage(file(), *plainCodec(), saved());
    }
};

TEST_F(SalvageTest, AWholeHistoryComesOutWhole) {
    make();
    const auto before = test::readText(file());
    const auto found = salvageIt();
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_EQ(found->conversations, 5);
    EXPECT_EQ(found->messages, 150);
    EXPECT_EQ(found->lostRows + found->damagedTexts + found->madeUp, 0);
    EXPECT_TRUE(test::readText(file()) == before);
    const auto history = History::open(saved());
    ASSERT_TRUE(history) << history.error().message();
    for (int c = 0; c < 5; ++c) {
        const auto all = texts(**history, c + 1);
        ASSERT_EQ(all.size(), 30U);
        for (int i = 0; i < 30; ++i)
            EXPECT_EQ(all[static_cast<std::size_t>(i)], textOf(c, i));
    }
    EXPECT_EQ((*history)->draft(0).value(), "half a thought");
    EXPECT_EQ(salvage(file(), *plainCodec(), saved()).error().code, "vault.target_exists");
}

TEST_F(SalvageTest, EveryRuinedPageCostsItsOwnRowsOnly) {
    make();
    const std::string whole = test::readText(file());
    const std::size_t pages = whole.size() / 4096;
    ASSERT_GT(pages, 20U);
    std::size_t saved90 = 0;
    for (std::size_t page = 0; page < pages; ++page) {
        std::string damaged = whole;
        std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(page * 4096), 4096, '\xff');
        writeFile(file(), damaged);
        const auto found = salvageIt();
        EXPECT_TRUE(test::readText(file()) == damaged) << page;
        if (!found) { // the page that holds the schema, or a root
            EXPECT_TRUE(found.error().code == "store.nothing_salvaged" ||
                        found.error().code == "store.not_database")
                << page << ": " << found.error().message();
            EXPECT_FALSE(std::filesystem::exists(saved()));
            continue;
        }
        saved90 += found->messages >= 135;
        const auto history = History::open(saved());
        ASSERT_TRUE(history) << page << ": " << history.error().message();
        // What came out is right, wherever it stands now.
        std::set<std::string> known;
        for (int c = 0; c < 5; ++c)
            for (int i = 0; i < 30; ++i)
                known.insert(textOf(c, i));
        const auto conversations = (*history)->conversations(false, "", 0, 100);
        ASSERT_TRUE(conversations) << page;
        for (const Conversation& conversation : *conversations) {
            const auto all = (*history)->messages(conversation.id, 0, 1000);
            ASSERT_TRUE(all) << page;
            for (const Message& message : *all)
                EXPECT_TRUE(known.contains(message.content)) << page;
            EXPECT_TRUE((*history)->branch(conversation.id, 0, 100)) << page;
        }
    }
    // All but the few pages at the top of the trees.
    EXPECT_GT(saved90, pages - 6) << "of " << pages;
}

TEST_F(SalvageTest, NothingIsMadeOfNothing) {
    writeFile(file(), std::string(40'960, 'x'));
    const auto found = salvageIt();
    ASSERT_FALSE(found);
    EXPECT_TRUE(found.error().code == "store.nothing_salvaged" || found.error().code == "store.not_database")
        << found.error().message();
    EXPECT_FALSE(std::filesystem::exists(saved()));
    std::stop_source stopped;
    stopped.request_stop();
    std::filesystem::remove(file());
    make(1, 3);
    EXPECT_EQ(salvage(file(), *plainCodec(), saved(), stopped.get_token()).error().code, kCancelled);
    EXPECT_FALSE(std::filesystem::exists(saved()));
}

TEST_F(SalvageTest, SnapshotsAreWholeWhileTheHistoryIsWrittenTo) {
    const auto history = open();
    const RowId chat = history->createConversation("chat").value();
    RowId parent = 0;
    for (int round = 0; round < 8; ++round) {
        for (int i = 0; i < 5; ++i)
            parent = append(*history, chat, parent, Role::User, textOf(round, i));
        const auto to = folder() / ("copy" + std::to_string(round) + ".db");
        const auto copied = snapshot(file(), to);
        ASSERT_TRUE(copied) << copied.error().message();
        EXPECT_EQ(std::filesystem::status(to).permissions() & std::filesystem::perms::all,
                  std::filesystem::perms(0600));
        const auto contents = contentsOf(to);
        ASSERT_TRUE(contents) << contents.error().message();
        EXPECT_EQ(contents->messages, 5 * (round + 1));
        EXPECT_EQ(contents->conversations, 1);
        EXPECT_FALSE(contents->sealed);
        EXPECT_TRUE(contents->firstMs && contents->lastMs && *contents->firstMs <= *contents->lastMs);
    }
    ASSERT_TRUE(history->setTrashed(chat, true));
    const auto contents = contentsOf(file());
    EXPECT_EQ(contents->conversations, 0);
    EXPECT_EQ(contents->trashed, 1);
    EXPECT_EQ(snapshot(folder() / "absent.db", folder() / "x.db").error().code, "store.open_failed");
    EXPECT_EQ(snapshot(file(), folder() / "no" / "x.db").error().code, "store.backup_failed");
}

} // namespace
} // namespace hearth::store
