#include <filesystem>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include "gui/bridge/accounts_bridge.h"
#include "gui/bridge/history_bridge.h"
#include "tests/gui/patience.h"
#include "tests/support/test_data.h"

using namespace hearth;
using namespace hearth::gui;
using security::Action;
using security::Resource;
using security::Role;
using State = AccountsBridge::State;

namespace {

constexpr const char* kPassword = "correct horse battery";

security::SecureBytes secret(const char* text) {
    return std::move(*security::SecureBytes::copyOf(security::viewOf(text)));
}

} // namespace

/// People in a thread of their own: what the window hears, and what it never hears.
class TestAccountsBridge : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_paths = {m_folder->filePath(QStringLiteral("data")).toStdString(),
                   m_folder->filePath(QStringLiteral("seals")).toStdString()};
        m = std::make_unique<AccountsBridge>(m_paths, cheap());
    }
    void cleanup() {
        m.reset();
        m_folder.reset();
    }

    void withoutProfilesThereIsOnePerson() {
        QCOMPARE(m->state(), State::Opening);
        QVERIFY(!m->rights().own(Action::View, Resource::Conversation)); // nothing before it is known
        m->start();
        QTRY_COMPARE(m->state(), State::SinglePerson);
        QVERIFY(m->rights().all(Action::Change, Resource::Settings));
        QVERIFY(!m->rights().own(Action::Change, Resource::AuditLog)); // not even the single person
        HistoryBridge history;
        QSignalSpy opened(&history, &HistoryBridge::opened);
        m->openHistory(history);
        QTRY_COMPARE(opened.count(), 1);
        QVERIFY(std::filesystem::exists(m_paths.historyOf(0)));
    }

    void theFirstProfileEndsSinglePersonMode() {
        m->start();
        QTRY_COMPARE(m->state(), State::SinglePerson);
        QSignalSpy leaving(m.get(), &AccountsBridge::aboutToLock);
        std::optional<std::string> answer;
        m->createFirst(this, QStringLiteral("Ann"), secret("too short"), [&](Result<security::NewKeys> keys) {
            answer = keys ? std::string("made") : keys.error().code;
        });
        QTRY_VERIFY(answer.has_value());
        QCOMPARE(*answer, std::string("crypto.password_too_short"));
        QCOMPARE(m->state(), State::SinglePerson);
        std::string key;
        m->createFirst(this, QStringLiteral("Ann"), secret(kPassword), [&](Result<security::NewKeys> keys) {
            key = keys ? std::string(keys->recoveryKey.text()) : keys.error().code;
        });
        QTRY_VERIFY(key.size() > 30);
        QCOMPARE(m->state(), State::Open);
        QCOMPARE(leaving.count(), 1);
        QVERIFY(m->person() && m->person()->name == "Ann");
        m->lock();
        m->signInWithRecoveryKey(QStringLiteral("Ann"), secret(key.c_str()));
        QTRY_COMPARE(m->state(), State::Open);
        QVERIFY(m->cameByRecoveryKey());
        m->lock();
        QVERIFY(!m->cameByRecoveryKey());
    }

    void signingInAndLocking() {
        makePeople();
        m->start();
        QTRY_COMPARE(m->state(), State::Locked);
        QCOMPARE(m->profiles().size(), std::size_t{2}); // names can be read
        QVERIFY(!m->rights().own(Action::View, Resource::Conversation));
        QSignalSpy failed(m.get(), &AccountsBridge::signInFailed);
        m->signIn(QStringLiteral("Ann"), secret("not the password"));
        QVERIFY(m->isSigningIn());
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.first().first().value<Error>().code, std::string("identity.wrong_password"));
        QCOMPARE(m->state(), State::Locked);
        comeIn("Bob");
        QCOMPARE(m->owner(), security::ProfileId{2});
        QVERIFY(m->rights().own(Action::View, Resource::Conversation));
        QVERIFY(!m->rights().all(Action::Change, Resource::Profile));
        QSignalSpy leaving(m.get(), &AccountsBridge::aboutToLock);
        m->lock();
        QCOMPARE(m->state(), State::Locked); // at once
        QCOMPARE(leaving.count(), 1);
        QVERIFY(!m->person());
        QCOMPARE(m->owner(), security::ProfileId{0});
        m->lock(); // nothing more to do
        QCOMPARE(leaving.count(), 1);
        QCOMPARE(ask([](AccountsDesk& desk) {
                     return desk.accounts.gate().check(desk.actor, Action::View,
                                                       workbench::Target::of(Resource::Model));
                 }),
                 std::string("permission.sign_in"));
    }

    void lockingWhileThePasswordIsLookedAtStaysLocked() {
        makePeople();
        m->start();
        QTRY_COMPARE(m->state(), State::Locked);
        m->signIn(QStringLiteral("Ann"), secret(kPassword));
        m->lock();
        QTRY_VERIFY(!m->isSigningIn());
        QCOMPARE(m->state(), State::Locked);
        bool signedIn = true;
        QCOMPARE(ask([&signedIn](AccountsDesk& desk) -> Result<void> {
                     signedIn = desk.session.has_value();
                     return {};
                 }),
                 std::string());
        QVERIFY(!signedIn);
    }

    void answersOfAnEndedSessionNeverArrive() {
        makePeople();
        m->start();
        QTRY_COMPARE(m->state(), State::Locked);
        comeIn("Ann");
        bool came = false, stopped = false;
        m->request(
            this,
            [&stopped](AccountsDesk& desk) -> Result<int> {
                for (int i = 0; i < 5'000 && !desk.stop.stop_requested(); ++i)
                    QThread::msleep(5);
                stopped = desk.stop.stop_requested();
                return 1;
            },
            [&came](const Result<int>&) { came = true; });
        m->lock();
        comeIn("Bob"); // after the work, which heard that it should stop
        QVERIFY(stopped);
        QVERIFY(!came);
    }

    void changesAreReadAgainBeforeTheyAreTold() {
        makePeople();
        m->start();
        QTRY_COMPARE(m->state(), State::Locked);
        comeIn("Ann");
        std::optional<Role> seen;
        m->change(
            this, [](AccountsDesk& desk) { return desk.accounts.setRole(desk.actor, 2, Role::Auditor); },
            [&](const Result<void>& done) {
                QVERIFY(done.has_value());
                seen = m->profiles()[1].role;
            });
        QTRY_VERIFY(seen.has_value());
        QCOMPARE(*seen, Role::Auditor);
        // Others' rights are not one's own.
        QSignalSpy rights(m.get(), &AccountsBridge::rightsChanged);
        change([](AccountsDesk& desk) {
            return desk.accounts.setPermission(desk.actor, Role::User, Action::View, Resource::Report,
                                               security::Scope::All);
        });
        QCOMPARE(rights.count(), 0);
        change([](AccountsDesk& desk) {
            return desk.accounts.setPermission(desk.actor, Role::Administrator, Action::Export,
                                               Resource::Report, security::Scope::None);
        });
        QCOMPARE(rights.count(), 1);
        QVERIFY(!m->rights().own(Action::Export, Resource::Report));
    }

    void whoIsDisabledElsewhereIsLockedOut() {
        makePeople();
        m->start();
        QTRY_COMPARE(m->state(), State::Locked);
        comeIn("Bob");
        {
            auto accounts = workbench::Accounts::open(m_paths, cheap());
            QVERIFY((*accounts)->setDisabled(workbench::Actor::person(1), 2, true).has_value());
        }
        QSignalSpy leaving(m.get(), &AccountsBridge::aboutToLock);
        m->refresh();
        QTRY_COMPARE(m->state(), State::Locked);
        QCOMPARE(leaving.count(), 1);
        QSignalSpy failed(m.get(), &AccountsBridge::signInFailed);
        m->signIn(QStringLiteral("Bob"), secret(kPassword));
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.first().first().value<Error>().code, std::string("identity.disabled"));
    }

    void sealedChatsOpenForTheirPersonOnly() {
        makePeople();
        m->start();
        QTRY_COMPARE(m->state(), State::Locked);
        HistoryBridge history;
        QSignalSpy opened(&history, &HistoryBridge::opened), closed(&history, &HistoryBridge::closed);
        m->openHistory(history); // nobody is in: nothing opens
        QTest::qWait(50);
        QCOMPARE(opened.count(), 0);
        comeIn("Ann");
        m->openHistory(history);
        QTRY_COMPARE(opened.count(), 1);
        history.write([](workbench::ChatHistory& chats) -> Result<void> {
            HEARTH_TRY([[maybe_unused]] const auto chat,
                       chats.store().createConversation("a quiet title of Ann"));
            return {};
        });
        QTRY_COMPARE(titles(history), QStringList{QStringLiteral("a quiet title of Ann")});
        m->lock();
        const int before = static_cast<int>(closed.count());
        history.close();
        QTRY_VERIFY(closed.count() > before);
        QVERIFY(!QByteArray::fromStdString(test::readText(m_paths.historyOf(1))).contains("quiet title"));
        comeIn("Bob");
        m->openHistory(history);
        QTRY_COMPARE(opened.count(), 2);
        QCOMPARE(titles(history), QStringList());
        m->lock();
        comeIn("Ann");
        m->openHistory(history);
        QTRY_COMPARE(opened.count(), 3);
        QCOMPARE(titles(history), QStringList{QStringLiteral("a quiet title of Ann")});
    }

    void aClosedHistoryRefuses() {
        HistoryBridge history;
        std::optional<std::string> code;
        history.request(
            this, [](workbench::ChatHistory& chats) { return chats.store().conversationCount(false, ""); },
            [&code](const Result<std::size_t>& count) { code = count ? "" : count.error().code; });
        QTRY_VERIFY(code.has_value());
        QCOMPARE(*code, std::string("vault.closed"));
    }

    void refusalsAndOutcomesAreNoted() {
        makePeople();
        m->start();
        QTRY_COMPARE(m->state(), State::Locked);
        comeIn("Bob");
        std::optional<std::string> code;
        m->check(this, Action::Change, workbench::Target::of(Resource::Settings),
                 [&code](const Result<void>& allowed) { code = allowed ? "" : allowed.error().code; });
        QTRY_VERIFY(code.has_value());
        QCOMPARE(*code, std::string("permission.denied"));
        m->noteOutcome(Action::Use, workbench::Target::modelAt("/m/a.gguf"));
        m->noteOutcome(Action::Use, workbench::Target::modelAt("/m/b.gguf"), "gguf.truncated");
        std::vector<std::string> notes;
        QCOMPARE(ask([&notes](AccountsDesk& desk) -> Result<void> {
                     HEARTH_TRY(const auto entries, desk.accounts.audit().list({}, 0, 20));
                     for (const auto& entry : entries)
                         notes.push_back(entry.event.action + " " + entry.event.object + " " +
                                         std::string(nameOf(entry.event.outcome)) + " " + entry.event.reason);
                     return {};
                 }),
                 std::string());
        const auto has = [&notes](const char* note) {
            return std::find(notes.begin(), notes.end(), note) != notes.end();
        };
        QVERIFY(has("settings.change  refused permission.denied"));
        QVERIFY(has("model.use model /m/a.gguf done "));
        QVERIFY(has("model.use model /m/b.gguf failed gguf.truncated"));
    }

    void changedAccountsLetNobodyInUntilAnAdministratorTakesThem() {
        makePeople();
        std::filesystem::remove(m_paths.seals / "accounts.head");
        m->start();
        QTRY_COMPARE(m->state(), State::Failed);
        QCOMPARE(m->error()->code, std::string("identity.head_missing"));
        QSignalSpy failed(m.get(), &AccountsBridge::signInFailed);
        m->acceptAsIs(QStringLiteral("Bob"), secret(kPassword));
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(m->state(), State::Failed);
        m->acceptAsIs(QStringLiteral("Ann"), secret(kPassword));
        QTRY_COMPARE(m->state(), State::Locked);
        comeIn("Ann");
    }

private:
    static workbench::AccountsOptions cheap() {
        workbench::AccountsOptions options;
        options.cost = security::PasswordCost{64, 1, 1};
        return options;
    }
    void makePeople() {
        auto accounts = workbench::Accounts::open(m_paths, cheap());
        QVERIFY(accounts.has_value());
        const auto password = security::viewOf(kPassword);
        QVERIFY((*accounts)
                    ->create(workbench::Actor::singlePerson(), "Ann", Role::Administrator, password)
                    .has_value());
        QVERIFY((*accounts)->create(workbench::Actor::person(1), "Bob", Role::User, password).has_value());
    }
    void comeIn(const char* name) {
        m->signIn(QString::fromLatin1(name), secret(kPassword));
        QTRY_COMPARE(m->state(), State::Open);
        QCOMPARE(m->person()->name, std::string(name));
    }
    template <class Work>
    std::string ask(Work work) {
        std::optional<std::string> code;
        m->request(this, std::move(work),
                   [&code](const auto& result) { code = result ? std::string() : result.error().code; });
        [&] { QTRY_VERIFY(code.has_value()); }();
        return code.value_or("<no answer>");
    }
    template <class Work>
    void change(Work work) {
        std::optional<bool> done;
        m->change(this, std::move(work), [&done](const auto& result) { done = result.has_value(); });
        QTRY_VERIFY(done.has_value());
        QVERIFY(*done);
    }
    QStringList titles(HistoryBridge& history) {
        std::optional<QStringList> out;
        history.request(
            this, [](workbench::ChatHistory& chats) { return chats.store().conversations(false, "", 0, 10); },
            [&out](const Result<std::vector<store::Conversation>>& rows) {
                out = QStringList();
                if (rows)
                    for (const auto& row : *rows)
                        *out << QString::fromStdString(row.title);
            });
        [&] { QTRY_VERIFY(out.has_value()); }();
        return out.value_or(QStringList());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    workbench::AccountPaths m_paths;
    std::unique_ptr<AccountsBridge> m;
};

QTEST_MAIN(TestAccountsBridge)
#include "test_accounts_bridge.moc"
