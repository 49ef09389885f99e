// Every call by which a save path changes a file fails once: the caller hears of it by a named error, what
// was there before is still there, what was acknowledged is too, and the same step succeeds afterwards.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <set>

#include <sys/wait.h>
#include <unistd.h>

#include "engine/security/identity/history_codec.h"
#include "engine/store/shred.h"
#include "engine/workbench/accounts.h"
#include "engine/workbench/backups.h"
#include "tests/security/gate/fault_paths.h"
#include "tests/store/store_fixture.h"
#include "tests/support/failing_io.h"

namespace hearth::workbench {
namespace {

namespace fs = std::filesystem;
using test::FailingIo;
using test::keyOf;
using Path = test::FaultPath;

constexpr std::int64_t kNow = 1'700'006'400'000;

std::unique_ptr<store::TextCodec> sealed() {
    return std::move(*security::sealedCodec(3, keyOf(7)));
}

security::ByteView password() {
    return security::viewOf("correct horse battery");
}

AccountPaths accountPaths(const fs::path& folder) {
    return {folder / "data", folder / "seals"};
}

AccountsOptions cheap() {
    // Hours pass, so that counted tries make nobody wait.
    static std::int64_t now = kNow;
    return {[] { return now += 3'600'000; }, security::PasswordCost{64, 1, 1}};
}

store::RowId say(store::History& history, store::RowId chat, store::RowId parent, const std::string& text) {
    store::Message message;
    message.conversation = chat;
    message.parent = parent;
    message.content = text;
    return history.appendMessage(message).value_or(0);
}

// ---- histories

void makeHistory(const fs::path& folder, bool seal) {
    auto history = store::History::open(folder / "history.db", seal ? sealed() : store::plainCodec());
    ASSERT_TRUE(history) << history.error().message();
    const auto chat = (*history)->createConversation("kept").value();
    const auto first = say(**history, chat, 0, "first");
    ASSERT_EQ(say(**history, chat, first, "second"), 2);
    ASSERT_EQ((*history)->createConversation("other").value(), 2);
}

void checkHistory(const fs::path& folder, bool seal, const std::function<void(store::History&)>& also) {
    auto history = store::History::open(folder / "history.db", seal ? sealed() : store::plainCodec());
    ASSERT_TRUE(history) << history.error().message();
    EXPECT_EQ((*history)->conversation(1)->title, "kept");
    EXPECT_EQ((*history)->message(1)->content, "first");
    EXPECT_EQ((*history)->message(2)->content, "second");
    also(**history);
}

Path historyStep(const char* name, bool seal, std::function<Result<void>(store::History&)> step,
                 std::function<void(store::History&)> whenDone) {
    return {name, [seal](const fs::path& folder) { makeHistory(folder, seal); },
            [seal, step](const fs::path& folder) -> std::function<Result<void>()> {
                auto opened =
                    store::History::open(folder / "history.db", seal ? sealed() : store::plainCodec());
                EXPECT_TRUE(opened);
                std::shared_ptr<store::History> history = std::move(*opened);
                return [history, step] { return step(*history); };
            },
            [seal, whenDone](const fs::path& folder, bool done) {
                checkHistory(folder, seal, [&](store::History& history) {
                    if (done)
                        whenDone(history);
                });
            }};
}

std::vector<Path> historyPaths() {
    std::vector<Path> out;
    for (const bool seal : {false, true})
        out.push_back(historyStep(
            seal ? "append, sealed" : "append", seal,
            [](store::History& h) -> Result<void> {
                store::Message message;
                message.conversation = 1;
                message.parent = 2;
                message.content = "third" + std::string(20'000, '.');
                return h.appendMessage(message).map([](store::RowId) {});
            },
            [](store::History& h) { EXPECT_EQ(h.branch(1, 0, 10)->back().content.substr(0, 5), "third"); }));
    out.push_back(historyStep(
        "several in one transaction", false,
        [](store::History& h) {
            return h.transaction([&]() -> Result<void> {
                HEARTH_TRY(const auto chat, h.createConversation("new"));
                HEARTH_CHECK(h.rename(2, "renamed"));
                return h.saveDraft(chat, "draft");
            });
        },
        [](store::History& h) {
            EXPECT_EQ(h.conversation(2)->title, "renamed");
            EXPECT_EQ(h.conversationCount(false, "").value() >= 3, true);
        }));
    out.push_back(historyStep(
        "purge", false, [](store::History& h) { return h.purge(2); },
        [](store::History& h) { EXPECT_FALSE(h.conversation(2)); }));
    out.push_back({"open, append, close", [](const fs::path& folder) { makeHistory(folder, false); },
                   [](const fs::path& folder) {
                       return [folder]() -> Result<void> {
                           HEARTH_TRY(const auto history, store::History::open(folder / "history.db"));
                           store::Message message;
                           message.conversation = 2;
                           message.content = "third";
                           return history->appendMessage(message).map([](store::RowId) {});
                       };
                   },
                   [](const fs::path& folder, bool done) {
                       checkHistory(folder, false, [&](store::History& history) {
                           if (done) {
                               EXPECT_EQ(history.message(3)->content, "third");
                           }
                       });
                   }});
    out.push_back({"create", [](const fs::path&) {},
                   [](const fs::path& folder) {
                       return [folder]() -> Result<void> {
                           HEARTH_TRY(const auto history, store::History::open(folder / "history.db"));
                           return history->createConversation("made").map([](store::RowId) {});
                       };
                   },
                   [](const fs::path& folder, bool done) {
                       const auto history = store::History::open(folder / "history.db");
                       ASSERT_TRUE(history) << history.error().message();
                       if (done) {
                           EXPECT_GE((*history)->conversationCount(false, "made").value(), 1U);
                       }
                   }});
    return out;
}

// ---- backups

std::vector<Path> backupPaths() {
    std::vector<Path> out;
    for (const bool seal : {false, true}) {
        const auto place = [seal](const fs::path& folder, const security::SecureBytes& key) {
            return BackupPlace{folder / "history.db", seal ? key.bytes() : security::ByteView()};
        };
        const auto codec = [seal] { return seal ? sealed() : store::plainCodec(); };
        out.push_back({seal ? "backup, sealed" : "backup",
                       [seal](const fs::path& folder) { makeHistory(folder, seal); },
                       [place](const fs::path& folder) {
                           return [folder, place]() -> Result<void> {
                               const auto key = keyOf(9);
                               return makeBackup(place(folder, key), BackupReason::Manual, kNow)
                                   .map([](const BackupFile&) {});
                           };
                       },
                       [seal, place, codec](const fs::path& folder, bool done) {
                           checkHistory(folder, seal, [](store::History&) {});
                           const auto key = keyOf(9);
                           const auto all = listBackups(folder / "history.db");
                           if (done) {
                               EXPECT_FALSE(all.empty());
                           }
                           for (const BackupFile& each : all) { // whole or not there
                               const auto preview = previewRestore(place(folder, key), each.path, codec());
                               ASSERT_TRUE(preview) << preview.error().message();
                               EXPECT_EQ(preview->backup.messages, 2);
                           }
                       }});
        out.push_back(
            {seal ? "restore, sealed" : "restore",
             [seal, place](const fs::path& folder) {
                 makeHistory(folder, seal);
                 const auto key = keyOf(9);
                 ASSERT_TRUE(makeBackup(place(folder, key), BackupReason::Manual, kNow));
                 auto history =
                     store::History::open(folder / "history.db", seal ? sealed() : store::plainCodec());
                 ASSERT_EQ(say(**history, 1, 2, "third"), 3);
             },
             [place, codec](const fs::path& folder) {
                 return [folder, place, codec]() -> Result<void> {
                     const auto key = keyOf(9);
                     const auto all = listBackups(folder / "history.db");
                     const auto chosen = std::find_if(all.begin(), all.end(), [](const BackupFile& f) {
                         return f.reason == BackupReason::Manual;
                     });
                     if (chosen == all.end())
                         return fail("test.no_backup", "");
                     return restoreBackup(place(folder, key), chosen->path, codec(), kNow + 1000);
                 };
             },
             [seal, place, codec](const fs::path& folder, bool done) {
                 // The third message is in the history, in a backup, or in what was set aside.
                 bool there = false;
                 const auto key = keyOf(9);
                 for (const BackupFile& each : listBackups(folder / "history.db")) {
                     const auto preview = previewRestore(place(folder, key), each.path, codec());
                     ASSERT_TRUE(preview) << preview.error().message();
                     there = there || preview->backup.messages == 3;
                 }
                 for (const auto& entry : fs::directory_iterator(folder)) {
                     const std::string file = entry.path().filename().string();
                     if (file == "history.db" ||
                         (file.starts_with("history.db.damaged-") && file.ends_with("Z"))) {
                         const auto contents = store::contentsOf(entry.path());
                         there = there || (contents && contents->messages == 3);
                     }
                 }
                 EXPECT_TRUE(there);
                 if (done)
                     checkHistory(folder, seal, [](store::History& h) { EXPECT_FALSE(h.message(3)); });
             }});
    }
    out.push_back(
        {"repair",
         [](const fs::path& folder) {
             makeHistory(folder, false);
             auto history = store::History::open(folder / "history.db");
             store::RowId last = 2;
             for (int i = 0; i < 20; ++i)
                 last = say(**history, 1, last, "more" + std::string(900, '.'));
             history = {};
             std::string bytes = test::readText(folder / "history.db");
             std::fill_n(bytes.end() - 4096, 4096, '\xff');
             std::ofstream(folder / "history.db", std::ios::binary | std::ios::trunc) << bytes;
         },
         [](const fs::path& folder) {
             return [folder]() -> Result<void> {
                 return repairHistory(folder / "history.db", *store::plainCodec()).map([](const Repaired&) {
                 });
             };
         },
         [](const fs::path& folder, bool done) {
             if (done)
                 checkHistory(folder, false, [](store::History&) {});
             int damaged = 0;
             for (const auto& entry : fs::directory_iterator(folder))
                 if (entry.is_regular_file() && entry.file_size() > 20'000)
                     damaged += test::readText(entry.path()).ends_with(std::string(64, '\xff'));
             EXPECT_GE(damaged, 1) << "the damaged file is gone";
         }});
    return out;
}

// ---- people

void makePeople(const fs::path& folder) {
    const auto accounts = Accounts::open(accountPaths(folder), cheap());
    ASSERT_TRUE(accounts) << accounts.error().message();
    ASSERT_TRUE((*accounts)->create(Actor::singlePerson(), "Ann", security::Role::Administrator, password()));
    ASSERT_TRUE((*accounts)->create(Actor::person(1), "Bob", security::Role::User, password()));
    auto bob = (*accounts)->signIn("Bob", password());
    ASSERT_TRUE(bob);
    auto history = (*accounts)->openHistory(*bob);
    ASSERT_TRUE(history);
    const auto chat = (*history)->createConversation("Bob's").value();
    ASSERT_EQ(say(**history, chat, 0, "Bob's words"), 1);
}

Path peopleStep(const char* name, std::function<Result<void>(Accounts&)> step,
                std::function<void(Accounts&, bool)> check) {
    return {name, makePeople,
            [step](const fs::path& folder) -> std::function<Result<void>()> {
                auto opened = Accounts::open(accountPaths(folder), cheap());
                EXPECT_TRUE(opened) << opened.error().message();
                std::shared_ptr<Accounts> accounts = std::move(*opened);
                return [accounts, step] { return step(*accounts); };
            },
            [check](const fs::path& folder, bool done) {
                auto accounts = Accounts::open(accountPaths(folder), cheap());
                ASSERT_TRUE(accounts) << accounts.error().message();
                EXPECT_TRUE((*accounts)->signIn("Ann", password())) << "Ann is locked out";
                const auto report = (*accounts)->audit().verify();
                ASSERT_TRUE(report);
                EXPECT_TRUE(report->intact()) << report->problems[0].detail;
                check(**accounts, done);
            }};
}

void expectBobsWords(Accounts& accounts) {
    auto bob = accounts.signIn("Bob", password());
    ASSERT_TRUE(bob) << bob.error().message();
    auto history = accounts.openHistory(*bob);
    ASSERT_TRUE(history) << history.error().message();
    EXPECT_EQ((*history)->message(1)->content, "Bob's words");
}

Path takeOver() {
    return {"taking over plain chats",
            [](const fs::path& folder) {
                makePeople(folder);
                makeHistory(folder / "data", false);
            },
            [](const fs::path& folder) -> std::function<Result<void>()> {
                auto opened = Accounts::open(accountPaths(folder), cheap());
                EXPECT_TRUE(opened) << opened.error().message();
                std::shared_ptr<Accounts> accounts = std::move(*opened);
                auto entered = accounts->signIn("Ann", password());
                EXPECT_TRUE(entered);
                auto ann = std::make_shared<security::Session>(std::move(*entered));
                return [accounts, ann] {
                    return accounts->plainHistoryWaits() ? accounts->adoptPlainHistory(*ann) : Result<void>();
                };
            },
            [](const fs::path& folder, bool done) {
                auto accounts = Accounts::open(accountPaths(folder), cheap());
                ASSERT_TRUE(accounts) << accounts.error().message();
                auto ann = (*accounts)->signIn("Ann", password());
                ASSERT_TRUE(ann);
                auto sealedOne = (*accounts)->openHistory(*ann);
                ASSERT_TRUE(sealedOne) << sealedOne.error().message();
                const auto message = (*sealedOne)->message(2);
                if (done) {
                    EXPECT_TRUE(message && message->content == "second");
                    EXPECT_FALSE((*accounts)->plainHistoryWaits());
                }
                // The words are in one of the two places at least.
                if (!message)
                    checkHistory(folder / "data", false, [](store::History&) {});
            }};
}

std::vector<Path> peoplePaths() {
    std::vector<Path> out;
    out.push_back(peopleStep(
        "audit entry",
        [](Accounts& a) {
            return a.audit().append({1, "model.use", "model /x", security::Outcome::Done, ""}).map([](auto) {
            });
        },
        [](Accounts& a, bool done) {
            security::AuditFilter filter;
            filter.action = "model.use";
            EXPECT_GE(a.audit().count(filter).value(), done ? 1 : 0);
            expectBobsWords(a);
        }));
    out.push_back(peopleStep(
        "new profile",
        [](Accounts& a) {
            if (a.identity().profileNamed("Eve").value_or(std::nullopt))
                return Result<void>(); // made by a step whose note in the log then failed
            return a.create(Actor::person(1), "Eve", security::Role::User, password()).map([](const auto&) {
            });
        },
        [](Accounts& a, bool done) {
            if (done) {
                EXPECT_TRUE(a.signIn("Eve", password()));
            }
            expectBobsWords(a);
        }));
    out.push_back(peopleStep(
        "sign-in", [](Accounts& a) { return a.signIn("Bob", password()).map([](const auto&) {}); },
        [](Accounts& a, bool) { expectBobsWords(a); }));
    out.push_back(peopleStep(
        "change of password",
        [](Accounts& a) -> Result<void> {
            auto bob = a.signIn("Bob", password());
            if (!bob && bob.error().code == "identity.wrong_password") // changed by a step that then failed
                bob = a.signIn("Bob", security::viewOf("another long password"));
            if (!bob)
                return tl::unexpected<Error>(bob.error());
            return a.setPassword(*bob, security::viewOf("another long password"));
        },
        [](Accounts& a, bool done) {
            auto bob = a.signIn("Bob", security::viewOf("another long password"));
            if (!bob && !done)
                bob = a.signIn("Bob", password());
            ASSERT_TRUE(bob) << "neither password opens: " << bob.error().message();
            auto history = a.openHistory(*bob);
            ASSERT_TRUE(history) << history.error().message();
            EXPECT_EQ((*history)->message(1)->content, "Bob's words");
        }));
    out.push_back(peopleStep(
        "erasure",
        [](Accounts& a) -> Result<void> {
            if (!a.identity().profileNamed("Bob").value_or(std::nullopt))
                return store::shredFolder(a.paths().folderOf(2)); // keys are gone; the files follow
            return a.erase(Actor::person(1), 2);
        },
        [](Accounts& a, bool done) {
            const auto bob = a.identity().profileNamed("Bob");
            ASSERT_TRUE(bob);
            if (*bob) {
                EXPECT_FALSE(done);
                expectBobsWords(a);
            } else if (done) {
                EXPECT_FALSE(fs::exists(a.paths().folderOf(2)));
            }
        }));
    out.push_back(takeOver());
    return out;
}

class Faults : public test::StoreTest {
protected:
    /// Makes what a path begins with, and tells how many calls its step takes when none fails; 0 = it failed.
    long prepare(const Path& path) {
        fs::remove_all(m_before);
        fs::create_directory(m_before);
        path.prepare(m_before);
        startAnew();
        const auto step = path.begin(m_now);
        FailingIo::arm(0, 0);
        const auto done = step();
        const long calls = FailingIo::disarm();
        EXPECT_TRUE(done) << done.error().message();
        return done ? calls : 0;
    }
    void startAnew() {
        fs::remove_all(m_now);
        fs::copy(m_before, m_now, fs::copy_options::recursive);
    }
    void run(const Path& path, int number, bool fromThenOn) {
        SCOPED_TRACE(std::string(path.name) + (fromThenOn ? ", from then on" : ", once"));
        const fs::path& now = m_now;
        const long calls = prepare(path);
        ASSERT_GT(calls, 0);
        std::set<std::string> kinds;
        int errors = 0;
        // Each call once with `ctest -C durability -L durability`; a sample of them with every run of the
        // tests.
        const bool each = std::getenv("HEARTH_ALL_FAULTS") != nullptr;
        const long stride = each ? (fromThenOn ? 3 : 1) : std::max<long>(1, calls / (fromThenOn ? 4 : 10));
        for (long nth = 1; nth <= calls && !HasFailure(); nth += stride) {
            startAnew();
            bool done = false;
            std::string what;
            {
                const auto step = path.begin(now);
                FailingIo::arm(nth, number, fromThenOn);
                const auto result = step();
                FailingIo::disarm();
                what = FailingIo::failed();
                kinds.insert(what);
                done = result.has_value();
                if (!done) {
                    ++errors;
                    const std::string& code = result.error().code;
                    EXPECT_NE(code, "store.failed") << what << " " << nth << ": " << result.error().message();
                    EXPECT_NE(code.find('.'), std::string::npos) << code;
                    EXPECT_FALSE(result.error().detail.empty());
                }
            }
            SCOPED_TRACE(what + ", call " + std::to_string(nth) + " of " + std::to_string(calls) +
                         (done ? ", said to be done" : ", refused"));
            path.check(now, done);
            if (!done) { // once the disk is well again, so is the step
                {
                    const auto again = path.begin(now);
                    const auto result = again();
                    EXPECT_TRUE(result) << result.error().message();
                }
                path.check(now, true);
            }
        }
        EXPECT_GT(errors, 0);
        RecordProperty(path.name, std::to_string(calls) + " calls, " + std::to_string(errors) + " errors");
        std::string list;
        for (const auto& kind : kinds)
            list += " " + kind;
        std::printf("  %-28s %3ld calls, %3d refused:%s\n", path.name, calls, errors, list.c_str());
    }
    void runAll(const std::vector<Path>& paths) {
        for (const Path& path : paths) {
            run(path, EIO, false);
            if (!HasFailure())
                run(path, ENOSPC, true);
            if (HasFailure())
                return;
        }
    }

    fs::path m_before = folder() / "before", m_now = folder() / "now";
};

TEST_F(Faults, Histories) {
    runAll(historyPaths());
}
TEST_F(Faults, BackupsAndRepair) {
    runAll(backupPaths());
}
TEST_F(Faults, PeopleAndTheirLog) {
    runAll(peoplePaths());
}
/// The same with the program killed instead of a call that fails.
TEST_F(Faults, TakingOverGoesOnWhereverItWasKilled) {
    const Path path = takeOver();
    const fs::path& now = m_now;
    const long calls = prepare(path);
    ASSERT_GT(calls, 0);
    const long stride = std::getenv("HEARTH_ALL_FAULTS") ? 1 : std::max<long>(1, calls / 24);
    int killed = 0;
    for (long nth = 1; nth <= calls && !HasFailure(); nth += stride) {
        SCOPED_TRACE("killed at call " + std::to_string(nth) + " of " + std::to_string(calls));
        startAnew();
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            const auto step = path.begin(now);
            FailingIo::arm(nth, FailingIo::kKill);
            ::_exit(step() ? 0 : 1);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        ++killed;
        path.check(now, false);
        {
            const auto again = path.begin(now);
            const auto result = again();
            EXPECT_TRUE(result) << result.error().message();
        }
        path.check(now, true);
    }
    EXPECT_GT(killed, 20);
}
TEST_F(Faults, SettingsAndFiles) {
    runAll(test::fileFaultPaths());
}

} // namespace
} // namespace hearth::workbench
