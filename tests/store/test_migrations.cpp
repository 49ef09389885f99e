#include <array>

#include "engine/store/file_care.h"
#include "engine/store/inspect.h"
#include "tests/store/store_fixture.h"

namespace hearth::store {
namespace {

/// Steps of a schema's life, run by the same code as the real ones.
class MigrationTest : public test::StoreTest {
protected:
    using Statements = std::vector<std::string_view>;

    /// The released steps with further ones behind.
    std::vector<Migration> with(const std::vector<Statements*>& further) {
        std::vector<Migration> out(migrations().begin(), migrations().end());
        for (const Statements* statements : further)
            out.push_back({out.back().version + 1, *statements});
        return out;
    }
    int released() const { return migrations().back().version; }
    Result<std::unique_ptr<Connection>> openWith(const std::vector<Migration>& steps) {
        return openDatabase(file(), steps, {});
    }
    void makeReleased() {
        const auto history = open();
        const RowId chat = history->createConversation("old chat").value();
        append(*history, chat, 0, Role::User, "old message");
    }

    Statements m_addColumn{"ALTER TABLE conversation ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
                           "UPDATE conversation SET pinned = 7"};
    Statements m_addTable{"CREATE TABLE tag (name TEXT NOT NULL) STRICT"};
    Statements m_broken{"CREATE TABLE half (x INTEGER) STRICT", "INSERT INTO no_such_table VALUES (1)"};
    Statements m_orphans{
        "INSERT INTO message (conversation, depth, role, state, created_ms, model_name, error_code, "
        "stats, reasoning, content) VALUES (999, 0, 0, 0, 0, x'', x'', x'', x'', x'')"};
};

TEST_F(MigrationTest, OlderFileIsBackedUpAndMigratedStepByStep) {
    makeReleased();
    const auto steps = with({&m_addColumn, &m_addTable});
    {
        const auto connection = openWith(steps);
        ASSERT_TRUE(connection) << connection.error().message();
        EXPECT_EQ((*connection)->integer("PRAGMA user_version").value(), released() + 2);
        EXPECT_EQ((*connection)->integer("SELECT pinned FROM conversation").value(), 7);
        EXPECT_EQ((*connection)->bytes("SELECT content FROM message").value(), "old message");
    }
    const auto backups = History::backups(file());
    ASSERT_EQ(backups.size(), 2U);
    EXPECT_EQ(inspect(backups.back(), migrations()).value(), released())
        << "the first backup is the file before";
    EXPECT_EQ(std::filesystem::status(backups[0]).permissions() & std::filesystem::perms::mask,
              std::filesystem::perms(0600));
    // Once more: nothing is left to do, nothing is backed up.
    ASSERT_TRUE(openWith(steps));
    EXPECT_EQ(History::backups(file()).size(), 2U);
    // A program of before refuses it.
    EXPECT_EQ(openError(), "store.newer_schema");
}

TEST_F(MigrationTest, FailedStepLeavesTheFileAsItWas) {
    makeReleased();
    for (Statements* bad : {&m_broken, &m_orphans}) {
        const auto refused = openWith(with({bad}));
        ASSERT_FALSE(refused);
        EXPECT_THAT(refused.error().code, ::testing::AnyOf("store.migration_failed", "store.constraint"))
            << refused.error().message();
        EXPECT_EQ(refused.error().arg("to"), std::to_string(released() + 1));
    }
    const auto history = open();
    ASSERT_TRUE(history);
    EXPECT_THAT(texts(*history, 1), ::testing::ElementsAre("old message"));
    EXPECT_FALSE(History::backups(file()).empty());
}

TEST_F(MigrationTest, FinishedStepsStayWhenALaterOneFails) {
    makeReleased();
    EXPECT_EQ(openWith(with({&m_addColumn, &m_broken})).error().code, "store.migration_failed");
    EXPECT_EQ(inspect(file(), with({&m_addColumn})).value(), released() + 1);
}

TEST_F(MigrationTest, HalfAMigrationIsRecognised) {
    makeReleased();
    {
        // As if a tool had run half of a step without its transaction.
        const auto connection = openWith(with({}));
        ASSERT_TRUE((*connection)->run("CREATE TABLE tag (name TEXT NOT NULL) STRICT"));
    }
    EXPECT_EQ(openWith(with({&m_addTable})).error().code, "store.unexpected_schema");
    EXPECT_TRUE(History::backups(file()).empty());
}

TEST_F(MigrationTest, NoBackupNoMigration) {
    makeReleased();
    writeFile(folder() / "backups", "a file where the folder should be");
    EXPECT_EQ(openWith(with({&m_addTable})).error().code, "store.backup_failed");
    EXPECT_EQ(openError(), "") << "still the old schema";
}

TEST_F(MigrationTest, OldBackupsAreRotatedOut) {
    makeReleased();
    std::vector<Statements> tables(5);
    std::vector<Statements*> further;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        static const std::array<std::string_view, 5> sql = {
            "CREATE TABLE t0 (x INTEGER)", "CREATE TABLE t1 (x INTEGER)", "CREATE TABLE t2 (x INTEGER)",
            "CREATE TABLE t3 (x INTEGER)", "CREATE TABLE t4 (x INTEGER)"};
        tables[i] = {sql[i]};
        further.push_back(&tables[i]);
    }
    ASSERT_TRUE(openWith(with(further)));
    const auto backups = History::backups(file());
    ASSERT_EQ(backups.size(), History::kBackupsKept);
    EXPECT_EQ(inspect(backups.front(), with(further)).value(), released() + 4);
}

TEST_F(MigrationTest, BackupIsRestored) {
    makeReleased();
    ASSERT_TRUE(openWith(with({&m_addTable})));
    EXPECT_EQ(openError(), "store.newer_schema");
    const auto restored = History::restoreBackup(file(), History::backups(file()).at(0));
    ASSERT_TRUE(restored) << restored.error().message();
    const auto history = open();
    ASSERT_TRUE(history);
    EXPECT_THAT(texts(*history, 1), ::testing::ElementsAre("old message"));
    int aside = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder()))
        aside += entry.path().filename().string().starts_with("history.db.damaged-") &&
                 entry.path().native().ends_with("Z");
    EXPECT_EQ(aside, 1) << "the newer file is kept";
}

TEST_F(MigrationTest, FileMadeInOneGoIsTheFileMadeStepByStep) {
    makeReleased();
    const auto steps = with({&m_addColumn, &m_addTable});
    ASSERT_TRUE(openWith(steps));
    EXPECT_EQ(inspect(file(), steps).value(), released() + 2);
    const auto fresh = openDatabase(folder() / "fresh.db", steps, {});
    ASSERT_TRUE(fresh);
    EXPECT_EQ((*fresh)->integer("SELECT count(*) FROM tag").value(), 0);
}

} // namespace
} // namespace hearth::store
