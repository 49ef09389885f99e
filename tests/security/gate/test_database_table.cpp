// The thirty bad inputs that Hearth's databases may meet, one row each: a named error or a named finding, and
// nothing lost.
#include <fstream>

#include "engine/security/identity/history_codec.h"
#include "engine/workbench/accounts.h"
#include "tests/security/identity/identity_fixture.h"

namespace hearth::workbench {
namespace {

namespace fs = std::filesystem;
using namespace security;
using store::Connection;

class ThirtyDatabases : public test::IdentityTest {
protected:
    fs::path history() const { return folder() / "history.db"; }
    static std::unique_ptr<store::TextCodec> codec() {
        auto key = SecureBytes::make(32);
        key->bytes()[0] = std::byte{7};
        return std::move(*sealedCodec(3, std::move(*key)));
    }
    void make(bool sealed = false, int messages = 40) const {
        auto made = store::History::open(history(), sealed ? codec() : store::plainCodec());
        ASSERT_TRUE(made) << made.error().message();
        const auto chat = (*made)->createConversation("kept").value();
        store::Message message;
        message.conversation = chat;
        for (int i = 0; i < messages; ++i) {
            message.content = "m" + std::to_string(i) + std::string(300, '.');
            message.parent = (*made)->appendMessage(message).value();
        }
    }
    static std::string read(const fs::path& file) { return test::readText(file); }
    static void write(const fs::path& file, const std::string& bytes) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    }
    std::string openCode(bool sealed = false) const {
        const auto opened = store::History::open(history(), sealed ? codec() : store::plainCodec());
        return opened ? "" : opened.error().code;
    }
    static void sql(const fs::path& file, std::string_view text) {
        auto connection = Connection::open(file, Connection::Mode::ReadWrite);
        ASSERT_TRUE(connection) << connection.error().message();
        const auto done = (*connection)->run(text);
        ASSERT_TRUE(done) << done.error().message();
    }
    AccountPaths paths() const { return {folder() / "data", folder() / "seals"}; }
    AccountsOptions cheap() {
        return {[this] { return m_now; }, PasswordCost{64, 1, 1}};
    }
    void makePeople() {
        auto accounts = Accounts::open(paths(), cheap());
        ASSERT_TRUE(accounts) << accounts.error().message();
        ASSERT_TRUE(
            (*accounts)->create(Actor::singlePerson(), "Ann", security::Role::Administrator, password()));
        ASSERT_TRUE((*accounts)->create(Actor::person(1), "Bob", security::Role::User, password()));
    }
    std::string accountsCode() { return codeOf(Accounts::open(paths(), cheap())); }
    std::string verdict() {
        auto log = AuditLog::open({paths().data / "audit.db", paths().seals / "audit.head"},
                                  std::move(*SigningKey::loadOrCreate(paths().seals / "signing.key")));
        const auto report = (*log)->verify();
        return report && !report->problems.empty() ? report->problems.front().code : "";
    }
};

/// Breaks the history's file; `code` is what opening says then, and the file stays as it is.
struct FileRow {
    const char* name;
    std::function<void(const fs::path&)> breakIt;
    std::vector<std::string> codes;
};

TEST_F(ThirtyDatabases, FilesThatAreNotWhole) {
    const auto set = [](const fs::path& file, std::size_t at, const std::string& with) {
        std::string bytes = test::readText(file);
        bytes.replace(at, with.size(), with);
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    };
    const std::vector<FileRow> rows = {
        {"empty", [](const fs::path& f) { write(f, ""); }, {"store.empty"}},
        {"not SQLite", [](const fs::path& f) { write(f, std::string(8192, 'x')); }, {"store.not_database"}},
        {"truncated", [](const fs::path& f) { write(f, read(f).substr(0, 9000)); }, {"store.corrupt"}},
        {"header flips", [&](const fs::path& f) { set(f, 0, "T"); }, {"store.not_database"}},
        {"page flips",
         [&](const fs::path& f) { set(f, 3 * 4096, std::string(16, '\xff')); },
         {"store.corrupt"}},
        {"foreign log",
         [](const fs::path& f) {
             // A log of another history: whole, but of another database.
             const fs::path other = f.parent_path() / "other.db";
             {
                 auto made = store::History::open(other);
                 ASSERT_TRUE((*made)->createConversation("another's"));
                 fs::copy_file(other.string() + "-wal", f.string() + "-wal",
                               fs::copy_options::overwrite_existing);
             }
             for (const char* end : {"", "-wal", "-shm", ".lock"})
                 fs::remove(other.string() + end);
         },
         {"store.foreign_wal"}},
        {"stale journal",
         [](const fs::path& f) { write(f.string() + "-journal", std::string(512, 'j')); },
         {"store.foreign_journal"}},
        {"newer schema",
         [](const fs::path& f) { sql(f, "PRAGMA user_version = 999"); },
         {"store.newer_schema"}},
        {"half a migration",
         [](const fs::path& f) { sql(f, "DROP INDEX message_streaming"); },
         {"store.unexpected_schema"}},
        {"older schema",
         [](const fs::path& f) { sql(f, "PRAGMA user_version = 0"); },
         {"store.foreign_database"}},
        {"hostile trigger",
         [](const fs::path& f) {
             sql(f, "CREATE TRIGGER t AFTER INSERT ON message BEGIN DELETE FROM message; END");
         },
         {"store.unexpected_schema"}},
    };
    for (const FileRow& row : rows) {
        SCOPED_TRACE(row.name);
        for (const auto& entry : fs::directory_iterator(folder()))
            if (entry.path().filename().string().starts_with("history.db"))
                fs::remove(entry.path());
        make();
        row.breakIt(history());
        const std::string before = read(history());
        EXPECT_THAT(row.codes, ::testing::Contains(openCode()));
        EXPECT_TRUE(read(history()) == before) << "the refused file was changed";
    }
}

TEST_F(ThirtyDatabases, LogsThatAreTorn) {
    make();
    fs::path copy = folder() / "copy.db";
    {
        auto opened = store::History::open(history());
        store::Message message;
        message.conversation = 1;
        message.parent = 40;
        message.content = "the last";
        ASSERT_TRUE((*opened)->appendMessage(message));
        fs::copy_file(history(), copy);
        const std::string log = read(history().string() + "-wal");
        write(copy.string() + "-wal", log.substr(0, log.size() - 100));
    }
    const auto opened = store::History::open(copy);
    ASSERT_TRUE(opened) << opened.error().message();
    EXPECT_EQ((*opened)->branchLength(1).value(), 40U); // all but what was not whole on the disk
}

TEST_F(ThirtyDatabases, PlacesAndOtherPrograms) {
    make();
    {
        // second instance
        const auto first = store::History::open(history());
        ASSERT_TRUE(first);
        EXPECT_EQ(openCode(), "store.locked");
    }
    {
        // locked by another program
        auto other = Connection::open(history(), Connection::Mode::ReadWrite);
        ASSERT_TRUE((*other)->run("BEGIN EXCLUSIVE"));
        store::HistoryOptions impatient;
        impatient.busyTimeout = std::chrono::milliseconds(20);
        const auto opened = store::History::open(history(), store::plainCodec(), impatient);
        EXPECT_EQ(codeOf(opened), "store.locked");
        ASSERT_TRUE((*other)->run("ROLLBACK"));
    }
    {
        // disk full
        store::HistoryOptions small;
        small.maxBytes = fs::file_size(history());
        const auto opened = store::History::open(history(), store::plainCodec(), small);
        ASSERT_TRUE(opened);
        store::Message message;
        message.conversation = 1;
        message.parent = 40;
        message.content = std::string(500'000, 'f');
        EXPECT_EQ(codeOf((*opened)->appendMessage(message)), "store.disk_full");
        EXPECT_EQ((*opened)->branchLength(1).value(), 40U);
        // 2 GB text: refused by its length before anything is bound or sealed. A view of so many bytes that
        // nobody has to fill.
        message.content = std::string(store::kMaxTextBytes + 1, 'g');
        EXPECT_EQ(codeOf((*opened)->appendMessage(message)), "store.text_too_large");
    }
    // symlink: followed, a dangling one is named, and stays
    const fs::path link = folder() / "link.db";
    fs::create_symlink(history(), link);
    EXPECT_TRUE(store::History::open(link));
    fs::remove(link);
    fs::create_symlink(folder() / "nowhere" / "x.db", link);
    EXPECT_EQ(codeOf(store::History::open(link)), "store.dangling_link");
    EXPECT_TRUE(fs::is_symlink(link));
    // read-only file and folder, and I/O errors: KillTest, ReadOnlyTest and Faults, which need processes of
    // their own or failing calls
}

TEST_F(ThirtyDatabases, ClockBackwardsAndOlderCopies) {
    std::int64_t now = 2'000'000'000'000;
    store::HistoryOptions options;
    options.clock = [&now] { return now; };
    {
        auto opened = store::History::open(history(), store::plainCodec(), options);
        ASSERT_TRUE(opened);
        ASSERT_TRUE((*opened)->createConversation("first"));
        now -= 1'000'000'000'000;
        ASSERT_TRUE((*opened)->createConversation("second"));
        const auto list = (*opened)->conversations(false, "", 0, 10).value();
        ASSERT_EQ(list.size(), 2U);
        EXPECT_EQ(list[0].title, "second");
    }
    // old restore: accounts that were put back by hand
    makePeople();
    const std::string older = read(paths().data / "accounts.db");
    {
        auto accounts = Accounts::open(paths(), cheap());
        ASSERT_TRUE((*accounts)->setRole(Actor::person(1), 2, security::Role::Auditor));
    }
    const std::string newer = read(paths().data / "accounts.db");
    write(paths().data / "accounts.db", older);
    EXPECT_EQ(accountsCode(), "identity.rolled_back");
    write(paths().data / "accounts.db", newer);
    EXPECT_EQ(accountsCode(), "");
}

TEST_F(ThirtyDatabases, SealedTextsThatWereTouched) {
    struct Row {
        const char* name;
        const char* sql;
        const char* code;
    };
    // The tag is the last byte of every envelope.
    for (const Row& row : {Row{"tag flip",
                               "UPDATE message SET content = CAST(substr(content, 1, length(content) - 1) || "
                               "x'00' AS BLOB) WHERE id = 5",
                               "crypto.tampered"},
                           Row{"rows swapped",
                               "UPDATE message SET content = (SELECT content FROM message WHERE id = 6) "
                               "WHERE id = 5",
                               "crypto.tampered"}}) {
        SCOPED_TRACE(row.name);
        for (const char* end : {"", "-wal", "-shm", ".lock"})
            fs::remove(history().string() + end);
        make(true, 10);
        sql(history(), row.sql);
        const auto opened = store::History::open(history(), codec());
        ASSERT_TRUE(opened) << opened.error().message();
        EXPECT_EQ(codeOf((*opened)->message(5)), row.code);
        EXPECT_TRUE((*opened)->message(6)); // the others are whole
    }
    // row deleted: of a tree, the messages below it lose their way and are named
    sql(history(), "PRAGMA foreign_keys = OFF");
    sql(history(), "DELETE FROM conversation WHERE id = 1");
    const auto opened = store::History::open(history(), codec());
    ASSERT_TRUE(opened);
    EXPECT_EQ(codeOf((*opened)->branch(1, 0, 100)), "store.not_found");
}

TEST_F(ThirtyDatabases, AccountsThatWereTouched) {
    struct Row {
        const char* name;
        const char* sql;
    };
    for (const Row& row : {Row{"role edited", "UPDATE profile SET role = 0 WHERE id = 2"},
                           Row{"row deleted", "DELETE FROM profile WHERE id = 2"},
                           Row{"permission edited", "UPDATE permission SET scope = 2"}}) {
        SCOPED_TRACE(row.name);
        fs::remove_all(paths().data);
        fs::remove_all(paths().seals);
        makePeople();
        sql(paths().data / "accounts.db", row.sql);
        EXPECT_EQ(accountsCode(), "identity.tampered");
        EXPECT_EQ(accountsCode(), "identity.tampered"); // also at the next start: nothing was "repaired"
    }
    // wrong password
    fs::remove_all(paths().data);
    fs::remove_all(paths().seals);
    makePeople();
    {
        auto accounts = Accounts::open(paths(), cheap());
        EXPECT_EQ(codeOf((*accounts)->signIn("Bob", viewOf("not his password"))), "identity.wrong_password");
        EXPECT_TRUE((*accounts)->signIn("Bob", password()));
    }
    // KDF parameters edited: found by the seal before they could cost or weaken anything
    sql(paths().data / "accounts.db", "UPDATE profile SET memory_kib = 8, passes = 1 WHERE id = 2");
    EXPECT_EQ(accountsCode(), "identity.tampered");
}

TEST_F(ThirtyDatabases, AuditLogsThatWereTouched) {
    struct Row {
        const char* name;
        const char* sql;
        const char* code;
    };
    for (const Row& row :
         {Row{"audit edited", "UPDATE entry SET object = x'41' WHERE number = 2", "audit.entry_changed"},
          Row{"entry deleted", "DELETE FROM entry WHERE number = 1", "audit.entry_missing"},
          Row{"audit tail cut", "DELETE FROM entry WHERE number = (SELECT max(number) FROM entry)",
              "audit.tail_cut"}}) {
        SCOPED_TRACE(row.name);
        fs::remove_all(paths().data);
        fs::remove_all(paths().seals);
        makePeople();
        EXPECT_EQ(verdict(), "");
        sql(paths().data / "audit.db", row.sql);
        EXPECT_EQ(verdict(), row.code);
        EXPECT_EQ(accountsCode(), ""); // what happens next is noted all the same
    }
}

} // namespace
} // namespace hearth::workbench
