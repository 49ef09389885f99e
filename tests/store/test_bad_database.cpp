#include <map>

#include <sys/stat.h>

#include <QtCore/QVariant>
#include <QtSql/QSqlDatabase>
#include <QtSql/QSqlError>
#include <QtSql/QSqlQuery>

#include "tests/store/store_fixture.h"

namespace hearth::store {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;

/// A database opened without any of the history's care.
class RawDatabase {
public:
    explicit RawDatabase(const std::filesystem::path& file) {
        m_database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("raw"));
        m_database.setDatabaseName(QString::fromStdString(file.string()));
        EXPECT_TRUE(m_database.open());
    }
    ~RawDatabase() {
        m_database.close();
        m_database = {};
        QSqlDatabase::removeDatabase(QStringLiteral("raw"));
    }
    void run(const char* sql) {
        QSqlQuery query(m_database);
        EXPECT_TRUE(query.exec(QString::fromUtf8(sql)))
            << sql << ": " << query.lastError().text().toStdString();
    }

private:
    QSqlDatabase m_database;
};

class BadDatabase : public test::StoreTest {
protected:
    /// A closed history with one chat of `count` messages "m0", "m1" ….
    void make(int count = 40) {
        const auto history = open();
        fill(*history, count);
    }
    static void fill(History& history, int count) {
        const RowId chat = history.createConversation("chat").value();
        RowId parent = 0;
        for (int i = 0; i < count; ++i)
            parent =
                append(history, chat, parent, i % 2 ? Role::Assistant : Role::User, "m" + std::to_string(i));
    }
    /// open() refuses with `code` and the file is as it was.
    void expectRefused(const std::string& code) {
        const std::string before = test::readText(file());
        EXPECT_EQ(openError(), code);
        EXPECT_TRUE(test::readText(file()) == before) << "the refused file was changed";
    }
    /// Whatever open() finds, it either refuses with a name and leaves the file alone, or all messages are
    /// there.
    void expectNamedOrWhole(const std::string& what, int count) {
        const std::string before = test::readText(file());
        const auto history = History::open(file());
        if (!history) {
            EXPECT_TRUE(history.error().code.starts_with("store.")) << what;
            EXPECT_NE(history.error().code, "store.failed") << what << ": " << history.error().message();
            EXPECT_TRUE(test::readText(file()) == before) << what << ": the refused file was changed";
            return;
        }
        const auto branch = (*history)->branch(1, 0, 1000);
        ASSERT_TRUE(branch) << what << ": " << branch.error().message();
        EXPECT_EQ(branch->size(), static_cast<std::size_t>(count)) << what;
    }
};

TEST_F(BadDatabase, Empty) {
    writeFile(file(), "");
    expectRefused("store.empty");
}

TEST_F(BadDatabase, NotSqlite) {
    writeFile(file(), std::string(20'000, 'x'));
    expectRefused("store.not_database");
    writeFile(file(), std::string(8192, '\0')); // zero-filled by a crash of the file system
    expectRefused("store.not_database");
}

TEST_F(BadDatabase, EndsInsideTheHeader) {
    make(2);
    std::filesystem::resize_file(file(), 60);
    expectRefused("store.corrupt");
}

TEST_F(BadDatabase, TruncatedAnywhere) {
    make();
    const std::string whole = test::readText(file());
    for (std::size_t size = 1; size < whole.size(); size += whole.size() / 40) {
        writeFile(file(), whole.substr(0, size));
        EXPECT_THAT(openError(), AnyOf("store.corrupt", "store.not_database")) << size;
        EXPECT_EQ(std::filesystem::file_size(file()), size);
    }
}

TEST_F(BadDatabase, HeaderFlips) {
    make(6);
    const std::string whole = test::readText(file());
    for (std::size_t at = 0; at < 100; ++at)
        for (const int mask : {0xff, 0x01}) {
            std::string flipped = whole;
            flipped[at] = static_cast<char>(flipped[at] ^ mask);
            writeFile(file(), flipped);
            expectNamedOrWhole("header byte " + std::to_string(at), 6);
        }
}

TEST_F(BadDatabase, PageFlips) {
    make(60);
    const std::string whole = test::readText(file());
    int refused = 0;
    for (std::size_t page = 0; page < whole.size() / 4096; ++page)
        for (const std::size_t at : {std::size_t{0}, std::size_t{3}, std::size_t{5}, std::size_t{9}}) {
            const std::size_t place = page * 4096 + (page == 0 ? 100 : 0) + at;
            std::string flipped = whole;
            flipped[place] = static_cast<char>(flipped[place] ^ 0xff);
            writeFile(file(), flipped);
            const auto code = openError();
            refused += code.empty() ? 0 : 1;
            EXPECT_THAT(code, AnyOf("", "store.corrupt", "store.not_database")) << "byte " << place;
            if (!code.empty()) {
                EXPECT_TRUE(test::readText(file()) == flipped);
            }
        }
    EXPECT_GT(refused, 20);
}

TEST_F(BadDatabase, WholePageOfZeros) {
    make(60);
    std::string damaged = test::readText(file());
    std::fill_n(damaged.begin() + 4096, 4096, '\0');
    writeFile(file(), damaged);
    expectRefused("store.corrupt");
}

TEST_F(BadDatabase, NewerSchema) {
    make(2);
    RawDatabase(file()).run("PRAGMA user_version = 99");
    const auto refused = History::open(file());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "store.newer_schema");
    EXPECT_EQ(refused.error().arg("found"), "99");
    expectRefused("store.newer_schema");
}

TEST_F(BadDatabase, OtherProgramsDatabase) {
    RawDatabase(file()).run("CREATE TABLE bookmarks (url TEXT)");
    expectRefused("store.foreign_database");
}

TEST_F(BadDatabase, HostileSchema) {
    const std::map<std::string, const char*> hostile = {
        {"trigger evil", "CREATE TRIGGER evil AFTER INSERT ON message BEGIN DELETE FROM message; END"},
        {"view evil", "CREATE VIEW evil AS SELECT 1"},
        {"table evil", "CREATE TABLE evil (x)"},
        {"index evil", "CREATE INDEX evil ON message (state)"},
    };
    for (const auto& [name, sql] : hostile) {
        std::filesystem::remove(file());
        make(2);
        RawDatabase(file()).run(sql);
        const auto refused = History::open(file());
        ASSERT_FALSE(refused) << name;
        EXPECT_EQ(refused.error().code, "store.unexpected_schema");
        EXPECT_EQ(refused.error().arg("name"), name);
    }
    std::filesystem::remove(file());
    make(2);
    RawDatabase(file()).run("DROP INDEX message_siblings");
    expectRefused("store.unexpected_schema");
}

TEST_F(BadDatabase, AnalyzedDatabaseIsFine) {
    make(4);
    RawDatabase(file()).run("ANALYZE");
    EXPECT_EQ(openError(), "");
}

TEST_F(BadDatabase, SecondInstance) {
    const auto first = open();
    const auto second = History::open(file());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "store.locked");
    EXPECT_TRUE(first->createConversation("still works"));
}

TEST_F(BadDatabase, LockedByAnotherProgram) {
    make(2);
    RawDatabase other(file());
    other.run("BEGIN IMMEDIATE");
    HistoryOptions options;
    options.busyTimeout = std::chrono::milliseconds(50);
    const auto refused = History::open(file(), plainCodec(), options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "store.locked");
    other.run("ROLLBACK");
    EXPECT_EQ(openError(), "");
}

TEST_F(BadDatabase, LockedWhileOpen) {
    HistoryOptions options;
    options.busyTimeout = std::chrono::milliseconds(50);
    const auto history = open(options);
    RawDatabase other(file());
    other.run("BEGIN IMMEDIATE");
    EXPECT_EQ(history->createConversation("now").error().code, "store.locked");
    other.run("ROLLBACK");
    EXPECT_TRUE(history->createConversation("later"));
}

TEST_F(BadDatabase, DiskFull) {
    // The page limit gives the same SQLITE_FULL as a file system without room.
    HistoryOptions options;
    options.maxBytes = 200'000;
    std::vector<std::string> written;
    {
        const auto history = open(options);
        const RowId chat = history->createConversation("a").value();
        Message message;
        message.conversation = chat;
        for (;;) {
            message.content = std::string(3000, 'x') + std::to_string(written.size());
            const auto id = history->appendMessage(message);
            if (!id) {
                EXPECT_EQ(id.error().code, "store.disk_full") << id.error().message();
                break;
            }
            message.parent = *id;
            written.push_back(message.content);
            ASSERT_LT(written.size(), 1000U);
        }
        EXPECT_EQ(texts(*history, chat), written) << "what was there stays readable";
        EXPECT_EQ(history->branchLength(chat).value(), written.size());
    }
    EXPECT_GT(written.size(), 10U);
    const auto history = open();
    EXPECT_EQ(texts(*history, 1), written);
    append(*history, 1, 0, Role::User, "room again");
}

TEST_F(BadDatabase, Symlinks) {
    make(3);
    const auto link = folder() / "link.db";
    std::filesystem::create_symlink(file(), link);
    {
        const auto history = History::open(link);
        ASSERT_TRUE(history) << history.error().message();
        EXPECT_EQ((*history)->branchLength(1).value(), 3U);
        EXPECT_EQ(openError(), "store.locked") << "the same file under two names";
    }
    EXPECT_TRUE(std::filesystem::is_symlink(link));

    const auto dangling = folder() / "dangling.db";
    std::filesystem::create_symlink(folder() / "gone" / "history.db", dangling);
    EXPECT_EQ(History::open(dangling).error().code, "store.dangling_link");
    EXPECT_FALSE(std::filesystem::exists(folder() / "gone"));

    const auto loop = folder() / "loop.db";
    std::filesystem::create_symlink(loop, loop);
    EXPECT_EQ(History::open(loop).error().code, "store.open_failed");

    const auto text = folder() / "notes.txt";
    writeFile(text, "private notes");
    const auto toText = folder() / "text.db";
    std::filesystem::create_symlink(text, toText);
    EXPECT_EQ(History::open(toText).error().code, "store.not_database");
    EXPECT_EQ(test::readText(text), "private notes");
}

TEST_F(BadDatabase, NotAFile) {
    std::filesystem::create_directory(file());
    EXPECT_EQ(openError(), "store.not_regular");
    const auto pipe = folder() / "pipe.db";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(History::open(pipe).error().code, "store.not_regular");
    EXPECT_EQ(History::open(folder() / "no" / "such" / "history.db").error().code, "store.open_failed");
}

class BadLog : public BadDatabase {
protected:
    struct Pair {
        std::string database, log;
    };
    /// A history as a crash leaves it: `folded` messages in the file, `logged` more in the log.
    Pair crashed(const std::string& name, int folded, int logged) {
        const auto path = folder() / name;
        {
            auto history = History::open(path);
            fill(**history, folded);
        }
        Pair pair;
        {
            auto history = History::open(path);
            RowId parent = (*history)->conversation(1)->activeLeaf;
            for (int i = 0; i < logged; ++i)
                parent = append(**history, 1, parent, Role::User, "logged" + std::to_string(i));
            pair = {test::readText(path), test::readText(path.string() + "-wal")};
        }
        EXPECT_FALSE(pair.log.empty());
        return pair;
    }
    void place(const std::string& database, const std::string& log) {
        for (const char* suffix : {"-shm", "-wal"})
            std::filesystem::remove(file().string() + suffix);
        writeFile(file(), database);
        writeFile(file().string() + "-wal", log);
    }
};

TEST_F(BadLog, TornAtAnyByteLosesOnlyWhatWasNotCommitted) {
    const Pair pair = crashed("source.db", 6, 12);
    std::size_t before = 6;
    for (std::size_t size = 0; size <= pair.log.size(); size += 2731) {
        place(pair.database, pair.log.substr(0, size));
        const auto history = open();
        ASSERT_TRUE(history) << size;
        const std::size_t length = history->branchLength(1).value();
        EXPECT_GE(length, before) << size;
        EXPECT_EQ(history->branch(1, 0, 100).value().size(), length);
        before = length;
    }
    place(pair.database, pair.log);
    EXPECT_EQ(open()->branchLength(1).value(), 18U);
}

TEST_F(BadLog, FlippedBytesInTheLog) {
    const Pair pair = crashed("source.db", 6, 12);
    for (std::size_t at = 0; at < pair.log.size(); at += at < 64 ? 5 : 4007) {
        std::string log = pair.log;
        log[at] = static_cast<char>(log[at] ^ 0x55);
        place(pair.database, log);
        const auto history = open();
        ASSERT_TRUE(history) << at;
        EXPECT_GE(history->branchLength(1).value(), 6U) << at;
    }
}

TEST_F(BadLog, LogWithADamagedHeadIsKept) {
    const Pair pair = crashed("source.db", 6, 12);
    std::string log = pair.log;
    log[20] = static_cast<char>(log[20] ^ 1);
    place(pair.database, log);
    EXPECT_EQ(openError(), "");
    std::string kept;
    for (const auto& entry : std::filesystem::directory_iterator(folder()))
        if (entry.path().filename().string().starts_with("history.db-wal.damaged-"))
            kept = test::readText(entry.path());
    EXPECT_TRUE(kept == log);
}

TEST_F(BadLog, ForeignLog) {
    const Pair own = crashed("own.db", 30, 4);
    for (const int folded : {2, 30, 80}) {
        const Pair other = crashed("other" + std::to_string(folded) + ".db", folded, 60);
        place(own.database, other.log);
        const auto refused = History::open(file());
        if (refused)
            ADD_FAILURE() << "a log of another history was taken, folded " << folded;
        else
            EXPECT_THAT(refused.error().code, AnyOf("store.foreign_wal", "store.corrupt"))
                << refused.error().message();
        EXPECT_TRUE(test::readText(file()) == own.database);
        EXPECT_TRUE(test::readText(file().string() + "-wal") == other.log);
    }
    place(own.database, own.log);
    EXPECT_EQ(open()->branchLength(1).value(), 34U);
}

TEST_F(BadLog, LogWithoutItsDatabaseIsSetAside) {
    const Pair pair = crashed("source.db", 6, 12);
    writeFile(file().string() + "-wal", pair.log);
    const auto history = open();
    EXPECT_EQ(history->conversationCount(false, "").value(), 0U);
    bool kept = false;
    for (const auto& entry : std::filesystem::directory_iterator(folder()))
        kept |= entry.path().filename().string().starts_with("history.db-wal.damaged-") &&
                test::readText(entry.path()) == pair.log;
    EXPECT_TRUE(kept);
}

TEST_F(BadLog, ForeignSharedMemoryAndStaleJournal) {
    const Pair pair = crashed("source.db", 6, 12);
    place(pair.database, pair.log);
    writeFile(file().string() + "-shm", std::string(32768, 'S'));
    EXPECT_EQ(open()->branchLength(1).value(), 18U);
    writeFile(file().string() + "-journal", std::string(4096, 'J'));
    expectRefused("store.foreign_journal");
}

TEST_F(BadDatabase, DamagedFileIsSetAsideWithEverything) {
    writeFile(file(), std::string(9000, 'x'));
    EXPECT_EQ(openError(), "store.not_database");
    const auto aside = History::setAside(file());
    ASSERT_TRUE(aside) << aside.error().message();
    EXPECT_EQ(test::readText(*aside), std::string(9000, 'x'));
    EXPECT_EQ(openError(), "");
    const auto open1 = open();
    EXPECT_EQ(History::setAside(file()).error().code, "store.locked");
}

} // namespace
} // namespace hearth::store
