#include <fstream>

#include "engine/security/crypto/file_sealing.h"
#include "engine/security/identity/history_codec.h"
#include "engine/workbench/backups.h"
#include "tests/store/store_fixture.h"

namespace hearth::workbench {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

constexpr std::int64_t kDay = std::int64_t{24} * 3600 * 1000;
constexpr std::int64_t kStart = 1'700'006'400'000; // 2023-11-15T00:00:00Z, a Wednesday

class Backups : public test::StoreTest {
protected:
    Backups() {
        auto key = security::SecureBytes::make(32);
        key->bytes()[5] = std::byte{9};
        m_key = std::move(*key);
    }
    std::unique_ptr<store::TextCodec> codec() const {
        auto key = security::SecureBytes::make(32);
        key->bytes()[0] = std::byte{7};
        return std::move(*security::sealedCodec(3, std::move(*key)));
    }
    BackupPlace sealedPlace() const { return {file(), m_key.bytes()}; }
    BackupPlace plainPlace() const { return {file(), {}}; }
    void say(const std::string& text, bool sealed) const {
        auto history = store::History::open(file(), sealed ? codec() : store::plainCodec());
        ASSERT_TRUE(history) << history.error().message();
        const auto chat = (*history)->createConversation("about " + text).value();
        append(**history, chat, 0, store::Role::User, text);
    }
    std::vector<std::string> titles(bool sealed) const {
        std::vector<std::string> out;
        auto history = store::History::open(file(), sealed ? codec() : store::plainCodec());
        EXPECT_TRUE(history) << history.error().message();
        if (!history)
            return out;
        const auto found = (*history)->conversations(false, "", 0, 100);
        EXPECT_TRUE(found);
        for (const auto& each : *found)
            out.push_back(each.title);
        return out;
    }
    std::string everyByte() const {
        std::string all;
        for (const auto& entry : fs::recursive_directory_iterator(folder()))
            if (entry.is_regular_file())
                all += test::readText(entry.path());
        return all;
    }
    std::vector<std::string> namesIn(const fs::path& where) const {
        std::vector<std::string> out;
        for (const auto& entry : fs::directory_iterator(where))
            out.push_back(entry.path().filename().string());
        std::sort(out.begin(), out.end());
        return out;
    }
    security::SecureBytes m_key;
};

TEST_F(Backups, WithoutChatsThereIsNothingToBackUp) {
    for (const BackupPlace& place : {plainPlace(), sealedPlace()}) {
        const auto made = makeBackup(place, BackupReason::Manual, kStart);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, "backup.no_chats");
        EXPECT_FALSE(fs::exists(place.folder()));
    }
}

TEST_F(Backups, ComeBackWithEverything) {
    for (const bool sealed : {false, true}) {
        SCOPED_TRACE(sealed);
        fs::remove_all(folder());
        fs::create_directory(folder());
        const BackupPlace place = sealed ? sealedPlace() : plainPlace();
        say("first", sealed);
        const auto made = makeBackup(place, BackupReason::Manual, kStart);
        ASSERT_TRUE(made) << made.error().message();
        EXPECT_EQ(made->madeMs, kStart);
        EXPECT_EQ(made->sealed, sealed);
        EXPECT_EQ(made->reason, BackupReason::Manual);
        EXPECT_EQ(made->path.filename(),
                  std::string("history-manual-20231115T000000Z") + (sealed ? ".sealed" : ".db"));
        say("second", sealed);
        const auto preview = previewRestore(place, made->path, sealed ? codec() : store::plainCodec());
        ASSERT_TRUE(preview) << preview.error().message();
        EXPECT_EQ(preview->backup.messages, 1);
        EXPECT_EQ(preview->backup.sealed, sealed);
        ASSERT_TRUE(preview->present);
        EXPECT_EQ(preview->present->messages, 2);
        ASSERT_EQ(preview->newest.size(), 1U);
        EXPECT_EQ(preview->newest[0].title, "about first");
        EXPECT_THAT(titles(sealed), ElementsAre("about second", "about first")); // nothing changed
        const auto restored =
            restoreBackup(place, made->path, sealed ? codec() : store::plainCodec(), kStart + kDay);
        ASSERT_TRUE(restored) << restored.error().message();
        EXPECT_THAT(titles(sealed), ElementsAre("about first"));
        // What was there before is a backup of its own, and comes back too.
        const auto all = listBackups(file());
        ASSERT_EQ(all.size(), 2U);
        EXPECT_EQ(all[0].reason, BackupReason::BeforeRestore);
        ASSERT_TRUE(
            restoreBackup(place, all[0].path, sealed ? codec() : store::plainCodec(), kStart + 2 * kDay));
        EXPECT_THAT(titles(sealed), ElementsAre("about second", "about first"));
        for (const std::string& name : namesIn(folder()))
            EXPECT_TRUE(name.starts_with("history.db") || name == "backups") << name;
        for (const std::string& name : namesIn(folder()))
            EXPECT_EQ(name.find("damaged"), std::string::npos) << name;
        if (sealed) {
            EXPECT_EQ(everyByte().find("about first"), std::string::npos);
        }
        ASSERT_TRUE(removeBackup(file(), made->path));
        EXPECT_EQ(removeBackup(file(), made->path).error().code, "backup.not_ours");
        EXPECT_EQ(removeBackup(file(), file()).error().code, "backup.not_ours");
    }
}

TEST_F(Backups, DamagedOrForeignBackupsAreRefusedAndChangeNothing) {
    say("first", true);
    const auto made = makeBackup(sealedPlace(), BackupReason::Manual, kStart);
    ASSERT_TRUE(made);
    const std::string whole = test::readText(made->path), before = test::readText(file());
    const auto refusal = [&] {
        const auto preview = previewRestore(sealedPlace(), made->path, codec());
        const auto restored = restoreBackup(sealedPlace(), made->path, codec(), kStart);
        EXPECT_FALSE(preview || restored);
        EXPECT_EQ(preview.error().code, restored.error().code);
        EXPECT_TRUE(test::readText(file()) == before);
        EXPECT_EQ(listBackups(file()).size(), 1U);
        return preview.error().code;
    };
    for (const std::size_t at : {std::size_t{60}, whole.size() / 2, whole.size() - 1}) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        writeFile(made->path, changed);
        EXPECT_EQ(refusal(), "crypto.tampered") << at;
    }
    writeFile(made->path, whole.substr(0, whole.size() / 2));
    EXPECT_TRUE(refusal().starts_with("crypto."));
    writeFile(made->path, "");
    EXPECT_TRUE(refusal().starts_with("crypto.") || refusal().starts_with("file."));
    // Of another profile: another key.
    writeFile(made->path, whole);
    auto other = security::SecureBytes::make(32);
    EXPECT_EQ(previewRestore({file(), other->bytes()}, made->path, codec()).error().code, "crypto.tampered");
    for (const std::string& name : namesIn(folder()))
        EXPECT_EQ(name.find("previewing"), std::string::npos) << name;
}

TEST_F(Backups, AreMadeWhenDueAndOnlyThen) {
    EXPECT_FALSE(makeBackupWhenDue(plainPlace(), kStart).value()); // no history yet
    say("first", false);
    const std::int64_t now = std::int64_t{::time(nullptr)} * 1000;
    EXPECT_TRUE(makeBackupWhenDue(plainPlace(), now).value());
    EXPECT_FALSE(makeBackupWhenDue(plainPlace(), now + 3600 * 1000).value());
    EXPECT_FALSE(makeBackupWhenDue(plainPlace(), now + 2 * kDay).value()); // nothing was written since
    fs::last_write_time(file(), fs::file_time_type::clock::now() + std::chrono::hours(30));
    EXPECT_TRUE(makeBackupWhenDue(plainPlace(), now + 2 * kDay).value());
    EXPECT_TRUE(makeBackupWhenDue(plainPlace(), now - 10 * kDay).value()); // the clock went back
}

TEST_F(Backups, RotationKeepsDaysThenWeeks) {
    std::vector<BackupFile> all;
    const auto add = [&](std::int64_t ms, BackupReason reason = BackupReason::Automatic) {
        all.push_back({"f" + std::to_string(all.size()), ms, 1, reason, false});
    };
    add(kStart + 13 * 3600 * 1000);
    add(kStart + 1 * 3600 * 1000); // the same day: goes
    for (int day = 1; day < 60; ++day)
        add(kStart - day * kDay);
    for (int i = 0; i < 5; ++i)
        add(kStart - (60 + i) * kDay, BackupReason::BeforeRestore);
    add(kStart - 400 * kDay, BackupReason::Manual);
    add(kStart - 400 * kDay, BackupReason::BeforeMigration);
    const auto gone = superfluous(all, {});
    std::vector<std::int64_t> kept;
    for (const BackupFile& each : all)
        if (each.reason == BackupReason::Automatic &&
            std::find(gone.begin(), gone.end(), each.path) == gone.end())
            kept.push_back((kStart + 13 * 3600 * 1000 - each.madeMs) / kDay);
    // Seven days, then the last day (Sunday) of the weeks before them.
    EXPECT_THAT(kept, ElementsAre(0, 1, 2, 3, 4, 5, 6, 10, 17, 24));
    EXPECT_EQ(std::count_if(all.begin(), all.end(),
                            [&](const BackupFile& each) {
                                return each.reason == BackupReason::BeforeRestore &&
                                       std::find(gone.begin(), gone.end(), each.path) == gone.end();
                            }),
              3);
    EXPECT_TRUE(std::none_of(all.begin(), all.end(), [&](const BackupFile& each) {
        return (each.reason == BackupReason::Manual || each.reason == BackupReason::BeforeMigration) &&
               std::find(gone.begin(), gone.end(), each.path) != gone.end();
    }));
    // The same on disk.
    say("first", false);
    for (int day = 0; day < 12; ++day)
        ASSERT_TRUE(makeBackup(plainPlace(), BackupReason::Automatic, kStart + day * kDay));
    EXPECT_EQ(listBackups(file()).size(), 8U);
}

TEST_F(Backups, ADamagedHistoryIsRepairedOrReplaced) {
    for (int i = 0; i < 40; ++i)
        say("text " + std::to_string(i) + std::string(900, '.'), false);
    const auto made = makeBackup(plainPlace(), BackupReason::Automatic, kStart);
    ASSERT_TRUE(made);
    std::string damaged = test::readText(file());
    std::fill_n(damaged.end() - 3 * 4096, 4096, '\xff');
    writeFile(file(), damaged);
    const auto refused = store::History::open(file());
    ASSERT_FALSE(refused);
    const RepairPlan plan = planRepair(file(), refused.error());
    EXPECT_TRUE(RepairPlan::helps(refused.error().code)) << refused.error().code;
    EXPECT_FALSE(RepairPlan::helps("store.locked"));
    EXPECT_TRUE(plan.worthReading);
    EXPECT_EQ(plan.backups.size(), 1U);
    EXPECT_EQ(plan.damagedBytes, damaged.size());
    const auto preview = previewRestore(plainPlace(), made->path, store::plainCodec());
    ASSERT_TRUE(preview) << preview.error().message();
    EXPECT_TRUE(preview->presentProblem);
    EXPECT_EQ(preview->backup.messages, 40);

    const auto repaired = repairHistory(file(), *store::plainCodec());
    ASSERT_TRUE(repaired) << repaired.error().message();
    EXPECT_GT(repaired->messages, 30);
    EXPECT_TRUE(test::readText(repaired->aside) == damaged);
    EXPECT_GT(titles(false).size(), 30U);

    // The other way: the backup, the damaged file set aside.
    writeFile(file(), damaged);
    ASSERT_TRUE(restoreBackup(plainPlace(), made->path, store::plainCodec(), kStart + kDay));
    EXPECT_EQ(titles(false).size(), 40U);
    int aside = 0;
    for (const std::string& name : namesIn(folder()))
        aside += name.find(".damaged-") != std::string::npos && !name.ends_with(".lock");
    EXPECT_GE(aside, 2);
}

TEST_F(Backups, AnOpenHistoryIsBackedUpButNotReplaced) {
    const auto history = store::History::open(file(), codec());
    ASSERT_TRUE(history);
    const auto chat = (*history)->createConversation("open").value();
    append(**history, chat, 0, store::Role::User, "written and not yet folded into the file");
    const auto made = makeBackup(sealedPlace(), BackupReason::Automatic, kStart);
    ASSERT_TRUE(made) << made.error().message();
    EXPECT_EQ(previewRestore(sealedPlace(), made->path, codec())->backup.messages, 1);
    EXPECT_EQ(restoreBackup(sealedPlace(), made->path, codec(), kStart).error().code, "store.locked");
    EXPECT_TRUE((*history)->message(1));
}

} // namespace
} // namespace hearth::workbench
