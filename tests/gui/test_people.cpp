#include <filesystem>

#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QMessageBox>
#include <QRegularExpression>
#include <QSemaphore>
#include <QSignalSpy>
#include <QThread>

#include "gui/delegates/chat_edit.h"
#include "gui/pages/chat_page.h"
#include "gui/shell/lock_triggers.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "tests/gui/people_bench.h"
#include "tests/support/test_data.h"

using namespace hearth;
using namespace hearth::gui;
using hearth::security::Role;
using hearth::test::PeopleBench;
using State = AccountsBridge::State;

/// People in the window: what each role sees, what is refused, locking and what is left then.
class TestPeople : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m = std::make_unique<PeopleBench>(); }
    void cleanup() { m.reset(); }

    void singlePersonIsToldWhatIsNotProtected() {
        m->start();
        QTRY_COMPARE(m->state(), State::SinglePerson);
        QTRY_VERIFY(m->pages().contains(QStringLiteral("chat")));
        QVERIFY(!m->pages().contains(QStringLiteral("administration")));
        QVERIFY(!m->shows("profileSwitcher"));
        m->window().showPage(QStringLiteral("settings"));
        QTRY_VERIFY(m->shows("protect"));
        QVERIFY(m->find<QLabel>("singlePerson")->text().contains(QStringLiteral("Nothing is encrypted")));
        QVERIFY(!m->shows("changePassword"));
        QTest::keyClick(&m->window(), Qt::Key_L, Qt::ControlModifier); // nothing to lock with
        QCOMPARE(m->state(), State::SinglePerson);
        QVERIFY(!m->window().isCovered());
    }

    void nothingIsLoadedBeforeSigningIn() {
        m->makeProfiles({{"Ann", Role::Administrator}});
        m->start();
        QSignalSpy opened(&m->application->history(), &HistoryBridge::opened);
        QTRY_COMPARE(m->state(), State::Locked);
        QTRY_VERIFY(m->shows("lockSecret"));
        QVERIFY(m->pages().isEmpty());
        QVERIFY(m->window().findChildren<ChatPage*>().isEmpty());
        // The usual keys do nothing while the window is covered.
        QTest::keyClick(&m->window(), Qt::Key_N, Qt::ControlModifier);
        QTest::keyClick(&m->window(), Qt::Key_Comma, Qt::ControlModifier);
        QTest::keyClick(&m->window(), Qt::Key_1, Qt::ControlModifier);
        QTest::qWait(50);
        QVERIFY(m->window().findChildren<ChatPage*>().isEmpty());
        QCOMPARE(opened.count(), 0);
        QVERIFY(!std::filesystem::exists(m->accountPaths().historyOf(1)));

        m->signIn(QStringLiteral("Ann"), QStringLiteral("not the password"));
        QCOMPARE(m->state(), State::Locked);
        QVERIFY(m->find<QLineEdit>("lockSecret")->text().isEmpty());
        m->comeIn(QStringLiteral("Ann"));
        QTRY_VERIFY(opened.count() > 0);
        QVERIFY(std::filesystem::exists(m->accountPaths().historyOf(1)));
    }

    void wrongPasswordsMakeTheNextTryWait() {
        m->makeProfiles({{"Ann", Role::Administrator}});
        m->start();
        for (int i = 0; i < 2; ++i)
            m->signIn(QStringLiteral("Ann"), QStringLiteral("not the password"));
        QVERIFY(!m->shows("lockCountdown"));
        m->signIn(QStringLiteral("Ann"), QStringLiteral("not the password"));
        QTRY_VERIFY(m->shows("lockCountdown"));
        QVERIFY(!m->find<QAbstractButton>("lockEnter")->isEnabled());
        QVERIFY(m->find<QLabel>("lockCountdown")->text().contains(QRegularExpression(QStringLiteral("\\d"))));
        QTRY_VERIFY_WITH_TIMEOUT(m->find<QAbstractButton>("lockEnter")->isEnabled(), 10'000);
    }

    void rolesSeeWhatTheyMayUse_data() {
        QTest::addColumn<int>("role");
        QTest::addColumn<QStringList>("there");
        QTest::addColumn<QStringList>("absent");
        const auto page = [](const char* name) { return QString::fromLatin1(name); };
        const QString chat = page("chat"), admin = page("administration"), hardware = page("hardware"),
                      models = page("models"), settings = page("settings"), about = page("about");
        QTest::newRow("administrator")
            << int(Role::Administrator) << QStringList{chat, admin, hardware, models, settings, about}
            << QStringList{};
        QTest::newRow("data scientist")
            << int(Role::DataScientist) << QStringList{chat, hardware, models, settings, about}
            << QStringList{admin};
        QTest::newRow("user") << int(Role::User) << QStringList{chat, hardware, models, settings, about}
                              << QStringList{admin};
        QTest::newRow("auditor") << int(Role::Auditor) << QStringList{hardware, settings, about}
                                 << QStringList{chat, admin, models};
    }
    void rolesSeeWhatTheyMayUse() {
        QFETCH(int, role);
        QFETCH(QStringList, there);
        QFETCH(QStringList, absent);
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", static_cast<Role>(role)}});
        m->start();
        m->comeIn(QStringLiteral("Bob"));
        for (const QString& page : there)
            QVERIFY2(m->pages().contains(page), qPrintable(page));
        for (const QString& page : absent) {
            QVERIFY2(!m->pages().contains(page), qPrintable(page));
            QVERIFY2(!m->window().showPage(page), qPrintable(page)); // and by no other way
        }
        const bool administers = static_cast<Role>(role) == Role::Administrator;
        const bool reports = static_cast<Role>(role) != Role::User;
        m->window().showPage(QStringLiteral("settings"));
        QTRY_VERIFY(m->shows("language"));
        QCOMPARE(m->shows("threads"), administers);
        QCOMPARE(m->shows("addFolder"), administers);
        QVERIFY(m->shows("changePassword"));
        m->window().showPage(QStringLiteral("hardware"));
        QTRY_COMPARE(m->shows("export"), reports);
        QCOMPARE(m->shows("measure"), role == int(Role::Administrator) || role == int(Role::DataScientist));
        if (static_cast<Role>(role) != Role::Auditor) {
            m->window().showPage(QStringLiteral("models"));
            QTRY_VERIFY(m->shows("storage") || m->find<QWidget>("firstImport"));
            QCOMPARE(m->shows("import"), administers || static_cast<Role>(role) == Role::DataScientist);
        }
        if (static_cast<Role>(role) == Role::Auditor) {
            QTest::keyClick(&m->window(), Qt::Key_N, Qt::ControlModifier); // "new chat" leads nowhere
            QVERIFY(m->window().findChildren<ChatPage*>().isEmpty());
        }
    }

    void whatIsAbsentIsAlsoRefused_data() {
        QTest::addColumn<int>("role");
        QTest::newRow("data scientist") << int(Role::DataScientist);
        QTest::newRow("user") << int(Role::User);
        QTest::newRow("auditor") << int(Role::Auditor);
    }
    void whatIsAbsentIsAlsoRefused() {
        QFETCH(int, role);
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", static_cast<Role>(role)}});
        m->start();
        m->comeIn(QStringLiteral("Bob"));
        const std::string denied = "permission.denied";
        QCOMPARE(m->ask([](AccountsDesk& d) {
            return d.accounts.create(d.actor, "Eve", Role::Administrator,
                                     security::viewOf("quite long enough"));
        }),
                 denied);
        QCOMPARE(m->ask([](AccountsDesk& d) { return d.accounts.setRole(d.actor, 2, Role::Administrator); }),
                 denied);
        QCOMPARE(m->ask([](AccountsDesk& d) { return d.accounts.rename(d.actor, 1, "Not Ann"); }), denied);
        QCOMPARE(m->ask([](AccountsDesk& d) { return d.accounts.setDisabled(d.actor, 1, true); }), denied);
        QCOMPARE(m->ask([](AccountsDesk& d) { return d.accounts.resetPassword(d.actor, 1); }), denied);
        QCOMPARE(m->ask([](AccountsDesk& d) { return d.accounts.erase(d.actor, 1); }), denied);
        QCOMPARE(m->ask([](AccountsDesk& d) {
            return d.accounts.createToken(d.actor, 1, "Ann's", security::TokenScope::Manage, 0);
        }),
                 denied);
        QCOMPARE(m->ask([](AccountsDesk& d) {
            return d.accounts.setPermission(d.actor, Role::User, security::Action::Change,
                                            security::Resource::Profile, security::Scope::All);
        }),
                 denied);
        QCOMPARE(m->ask([](AccountsDesk& d) {
            return d.accounts.gate().check(d.actor, security::Action::Change,
                                           workbench::Target::of(security::Resource::Settings));
        }),
                 denied);
        // Nobody else's chats, by no role.
        QCOMPARE(m->ask([](AccountsDesk& d) {
            return d.accounts.gate().check(d.actor, security::Action::View,
                                           workbench::Target::of(security::Resource::Conversation, 1));
        }),
                 denied);
    }

    void aModelOfOthersIsRefusedAndNoted() {
        const auto model = test::golden("llama-F32.gguf");
        QVERIFY(std::filesystem::exists(model));
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}});
        m->with("Ann", [&](workbench::Accounts& accounts, security::Session&) {
            return accounts.setModelAccess(
                workbench::Actor::person(1), model.string(), security::Action::Use,
                {{model.string(), security::Action::Use, Role::Administrator, std::nullopt}});
        });
        m->start();
        m->comeIn(QStringLiteral("Bob"));
        QSignalSpy failed(&m->application->engine(), &EngineBridge::loadFailed);
        QSignalSpy loaded(&m->application->engine(), &EngineBridge::loaded);
        m->application->activate(QString::fromStdString(model.string()));
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.first().at(1).value<Error>().code, std::string("permission.denied"));
        QVERIFY(!m->application->engine().isLoading());
        m->accounts().lock();
        m->comeIn(QStringLiteral("Ann"));
        m->application->activate(QString::fromStdString(model.string()));
        QTRY_COMPARE_WITH_TIMEOUT(loaded.count(), 1, 20'000);
        // Ann's model does not stay in memory for Bob.
        m->accounts().lock();
        m->comeIn(QStringLiteral("Bob"));
        QTRY_VERIFY(!m->application->engine().model());
        std::vector<std::string> notes;
        QCOMPARE(m->ask([&notes](AccountsDesk& d) -> Result<void> {
            HEARTH_TRY(const auto entries, d.accounts.audit().list({}, 0, 100));
            for (const auto& entry : entries)
                notes.push_back(entry.event.action + " " + std::string(nameOf(entry.event.outcome)) + " " +
                                std::to_string(entry.event.actor));
            return {};
        }),
                 std::string());
        QVERIFY(std::find(notes.begin(), notes.end(), "model.use refused 2") != notes.end());
        QVERIFY(std::find(notes.begin(), notes.end(), "model.use done 1") != notes.end());
        QVERIFY(std::find(notes.begin(), notes.end(), "sign-out done 2") != notes.end());
    }

    void lockingClosesEverythingAndTheDraftComesBack() {
        m->makeProfiles({{"Ann", Role::Administrator}});
        m->start();
        QSignalSpy opened(&m->application->history(), &HistoryBridge::opened);
        m->comeIn(QStringLiteral("Ann"));
        QTRY_VERIFY(!opened.isEmpty());
        QTRY_VERIFY(message());
        auto* composer = message();
        QVERIFY(composer);
        composer->setFocus();
        QTest::keyClicks(composer, QStringLiteral("a thought that nobody else reads"));
        QSignalSpy closed(&m->application->history(), &HistoryBridge::closed);
        QTest::keyClick(&m->window(), Qt::Key_L, Qt::ControlModifier);
        QCOMPARE(m->state(), State::Locked); // at once
        QVERIFY(m->window().isCovered());
        QTRY_COMPARE(closed.count(), 1);
        QTRY_VERIFY(m->window().findChildren<ChatPage*>().isEmpty());
        QVERIFY(m->pages().isEmpty());
        // The file is free, and what it holds is sealed.
        QVERIFY(!test::readText(m->accountPaths().historyOf(1)).empty());
        QVERIFY(!m->everyByte().contains("a thought that nobody"));
        m->comeIn(QStringLiteral("Ann"));
        QTRY_VERIFY(message() &&
                    message()->toPlainText() == QStringLiteral("a thought that nobody else reads"));
    }

    void whatIsTypedBeforeTheChatsAreOpenIsKeptToo() {
        m->makeProfiles({{"Ann", Role::Administrator}});
        m->start();
        QSignalSpy opened(&m->application->history(), &HistoryBridge::opened),
            failed(&m->application->history(), &HistoryBridge::writeFailed);
        QSemaphore goOn;
        QTRY_COMPARE(m->state(), State::Locked);
        QTRY_VERIFY(m->shows("lockSecret"));
        m->type("lockSecret", QString::fromLatin1(PeopleBench::kPassword));
        m->click("lockEnter");
        m->accounts().request( // what comes after the sign-in waits: a slow disk
            &m->window(),
            [&goOn](AccountsDesk&) -> Result<void> {
                goOn.acquire();
                return {};
            },
            [](const Result<void>&) {});
        QTRY_VERIFY(message() && message()->isVisible());
        message()->setFocus();
        QTest::keyClicks(message(), QStringLiteral("a thought before the chats are there"));
        QTest::keyClick(&m->window(), Qt::Key_L, Qt::ControlModifier);
        QCOMPARE(m->state(), State::Locked);
        QCOMPARE(opened.count(), 0);
        QSignalSpy closed(&m->application->history(), &HistoryBridge::closed);
        goOn.release();
        QTRY_COMPARE(closed.count(), 1);
        QVERIFY(!m->everyByte().contains("a thought before"));
        QCOMPARE(failed.count(), 0);
        m->comeIn(QStringLiteral("Ann"));
        QTRY_VERIFY(message() &&
                    message()->toPlainText() == QStringLiteral("a thought before the chats are there"));
    }

    void answersOfTheFormerPersonAreThrownAway() {
        m->makeProfiles({{"Ann", Role::Administrator}});
        m->start();
        m->comeIn(QStringLiteral("Ann"));
        bool came = false;
        m->accounts().request(
            &m->window(),
            [](AccountsDesk&) -> Result<int> {
                QThread::msleep(100);
                return 1;
            },
            [&came](const Result<int>&) { came = true; });
        m->accounts().lock();
        m->comeIn(QStringLiteral("Ann")); // after it: one thread does both
        QVERIFY(!came);
    }

    void recoveryKeyOpensAndAsksForAPassword() {
        const auto keys = m->makeProfiles({{"Ann", Role::Administrator}});
        QCOMPARE(keys.size(), std::size_t{1});
        m->start();
        QTRY_VERIFY(m->shows("lockOther"));
        m->click("lockOther");
        m->type("lockSecret", QStringLiteral("0000-0000"));
        m->click("lockEnter");
        QTRY_VERIFY(!m->accounts().isSigningIn());
        QCOMPARE(m->state(), State::Locked);
        m->type("lockSecret", QString::fromStdString(keys[0]).toLower());
        m->click("lockEnter");
        QTRY_COMPARE(m->state(), State::Open);
        QTRY_VERIFY(m->shows("newPassword"));
        m->type("newPassword", QStringLiteral("a quite different one"));
        m->type("newPasswordAgain", QStringLiteral("a quite different onf"));
        QVERIFY(!m->find<QAbstractButton>("passwordSave")->isEnabled());
        m->type("newPasswordAgain", QStringLiteral("a quite different one"));
        m->click("passwordSave");
        QTRY_VERIFY(!m->shows("passwordDialog"));
        m->accounts().lock();
        m->signIn(QStringLiteral("Ann"), QStringLiteral("a quite different one"));
        QTRY_COMPARE(m->state(), State::Open);
    }

    void protectingTakesTheReadableChatsOver() {
        const std::string phrase = "the recipe for a very quiet evening";
        {
            auto history = store::History::open(m->accountPaths().historyOf(0));
            QVERIFY(history.has_value());
            const auto chat = (*history)->createConversation("An evening");
            store::Message message;
            message.conversation = *chat;
            message.content = phrase;
            QVERIFY((*history)->appendMessage(message).has_value());
        }
        QVERIFY(m->everyByte().contains(phrase.c_str()));
        m->start();
        QTRY_COMPARE(m->state(), State::SinglePerson);
        m->window().showPage(QStringLiteral("settings"));
        QTRY_VERIFY(m->shows("protect"));
        m->click("protect");
        QTRY_VERIFY(m->shows("protectCreate"));
        QVERIFY(m->window().isCovered());
        QVERIFY(!m->find<QAbstractButton>("protectCreate")->isEnabled());
        m->type("profileName", QStringLiteral("Ann"));
        m->type("newPassword", QStringLiteral("short"));
        QVERIFY(!m->find<QAbstractButton>("protectCreate")->isEnabled());
        m->type("newPassword", QString::fromLatin1(PeopleBench::kPassword));
        m->type("newPasswordAgain", QString::fromLatin1(PeopleBench::kPassword));
        m->click("protectCreate");
        QTRY_VERIFY(m->shows("recoveryKey"));
        QString key = m->find<QLabel>("recoveryKey")->text().replace(u'\n', u'-');
        m->type("recoveryTyped", QStringLiteral("0000-0000"));
        m->click("recoveryCheck");
        QTRY_VERIFY(m->find<QAbstractButton>("recoveryCheck")->isEnabled());
        QVERIFY(m->shows("recoveryKey")); // still there: it was wrong
        m->type("recoveryTyped", key);
        m->click("recoveryCheck");
        QTRY_VERIFY(m->shows("takeOver"));
        m->click("takeOver");
        QTRY_VERIFY_WITH_TIMEOUT(!m->window().isCovered(), 20'000);
        QCOMPARE(m->state(), State::Open);
        QVERIFY(m->accounts().person()->recoveryTested);
        QVERIFY(!std::filesystem::exists(m->accountPaths().historyOf(0)));
        QVERIFY(!m->everyByte().contains(phrase.c_str()));
        QTRY_COMPARE(firstTitle(), std::string("An evening"));
    }

    void theFirstStartOffersProtection() {
        m->start();
        QTRY_VERIFY(m->shows("protectionOffer"));
        auto* offer = m->find<ErrorBox>("protectionOffer");
        Q_EMIT offer->actionRequested();
        QTRY_VERIFY(m->shows("protectNotNow"));
        m->click("protectNotNow");
        QTRY_VERIFY(m->shows("protectionOffer")); // not now is not never
        Q_EMIT m->find<ErrorBox>("protectionOffer")->dismissed();
        QVERIFY(!m->application->settings().settings().offerProtection);
        m->application->window().close();
        m->application.reset();
        m->start();
        QTRY_VERIFY(!m->pages().isEmpty());
        QVERIFY(!m->shows("protectionOffer"));
    }

    void protectingCanBeLeftAtEveryStep() {
        m->start();
        QTRY_COMPARE(m->state(), State::SinglePerson);
        m->window().showPage(QStringLiteral("settings"));
        QTRY_VERIFY(m->shows("protect"));
        m->click("protect");
        QTRY_VERIFY(m->shows("protectNotNow"));
        m->click("protectNotNow");
        QTRY_VERIFY(!m->window().isCovered());
        QCOMPARE(m->state(), State::SinglePerson);
        QTRY_VERIFY(m->shows("protect")); // back on the settings page
    }

    void whoIsDisabledElsewhereIsLockedOut() {
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}});
        m->start();
        m->comeIn(QStringLiteral("Bob"));
        m->with("Ann", [](workbench::Accounts& accounts, security::Session&) {
            return accounts.setDisabled(workbench::Actor::person(1), 2, true);
        });
        m->accounts().refresh();
        QTRY_COMPARE(m->state(), State::Locked);
        QTRY_VERIFY(m->window().findChildren<ChatPage*>().isEmpty());
    }

    void theSwitcherLocksAndChoosesTheOther() {
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}});
        m->start();
        m->comeIn(QStringLiteral("Ann"));
        QTRY_VERIFY(m->shows("profileSwitcher"));
        m->click("profileSwitcher");
        auto* menu = m->find<QMenu>("profileMenu");
        QVERIFY(menu);
        QCOMPARE(menu->actions().size(), 3); // lock, a line, Bob
        menu->actions().last()->trigger();
        QTRY_COMPARE(m->state(), State::Locked);
        QTRY_COMPARE(m->find<QComboBox>("lockPeople")->currentText(), QStringLiteral("Bob"));
    }

    void changedAccountsLetNobodyIn() {
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}});
        std::filesystem::remove(m->accountPaths().seals / "accounts.head");
        m->start();
        QTRY_COMPARE(m->state(), State::Failed);
        QTRY_VERIFY(m->shows("lockName"));
        QVERIFY(m->window().findChildren<ChatPage*>().isEmpty());
        m->type("lockName", QStringLiteral("Bob"));
        m->type("lockSecret", QString::fromLatin1(PeopleBench::kPassword));
        m->click("lockEnter");
        QTRY_VERIFY(!m->accounts().isSigningIn());
        QCOMPARE(m->state(), State::Failed); // Bob is no administrator
        m->type("lockName", QStringLiteral("Ann"));
        m->type("lockSecret", QString::fromLatin1(PeopleBench::kPassword));
        m->click("lockEnter");
        QTRY_COMPARE(m->state(), State::Locked);
        m->comeIn(QStringLiteral("Ann"));
    }

    void idlenessAndTheDesktopLock() {
        LockTriggers triggers;
        QSignalSpy wanted(&triggers, &LockTriggers::lockWanted);
        triggers.setIdleLimit(kIdle);
        const auto touch = [this] {
            QKeyEvent key(QEvent::KeyPress, Qt::Key_A, Qt::NoModifier);
            QCoreApplication::sendEvent(this, &key);
        };
        touch();
        QElapsedTimer all, sinceTouch;
        all.start();
        sinceTouch.start();
        while (all.elapsed() < 2 * kIdle.count()) { // a touch now and then keeps it open
            QTest::qWait(20);
            const qint64 pause = sinceTouch.restart();
            touch();
            if (pause < kIdle.count())
                QCOMPARE(wanted.count(), 0);
            else { // the processor was away for so long: begin again
                wanted.clear();
                all.restart();
            }
        }
        QTRY_VERIFY(wanted.count() > 0);
        triggers.setIdleLimit(std::chrono::milliseconds(0));
        wanted.clear();
        QTest::qWait(2 * static_cast<int>(kIdle.count()));
        QCOMPARE(wanted.count(), 0);
        triggers.preparingForSleep(false);
        QCOMPARE(wanted.count(), 0);
        triggers.preparingForSleep(true);
        triggers.screenSaverChanged(true);
        triggers.sessionLocked();
        QCOMPARE(wanted.count(), 3);
        triggers.setFollowSession(false);
        triggers.sessionLocked();
        QCOMPARE(wanted.count(), 3);
    }

    /// No word is cut in either language. With HEARTH_PICTURES=folder the pages are kept as pictures.
    void nothingIsCutInEitherLanguage_data() {
        QTest::addColumn<bool>("chinese");
        QTest::addColumn<bool>("dark");
        QTest::newRow("light-en") << false << false;
        QTest::newRow("dark-en") << false << true;
        QTest::newRow("light-zh_CN") << true << false;
        QTest::newRow("dark-zh_CN") << true << true;
    }
    void nothingIsCutInEitherLanguage() {
        QFETCH(bool, chinese);
        QFETCH(bool, dark);
        m->makeProfiles({{"Ann", Role::Administrator},
                         {"Robert", Role::User},
                         {"林小雨", Role::DataScientist},
                         {"Audit", Role::Auditor}});
        m->with("Ann", [](workbench::Accounts& accounts, security::Session&) {
            const auto ann = workbench::Actor::person(1);
            static_cast<void>(accounts.setDisabled(ann, 4, true));
            static_cast<void>(accounts.createToken(ann, 1, "Editor", security::TokenScope::Chat, 0));
            return accounts.resetPassword(ann, 2);
        });
        m->start();
        m->application->settings().change([&](auto& settings) {
            settings.language =
                chinese ? workbench::Language::SimplifiedChinese : workbench::Language::English;
            settings.theme = dark ? workbench::Theme::Dark : workbench::Theme::Light;
            settings.recentModels = {"/models/Qwen3-4B-Instruct-Q4_K_M.gguf"};
        });
        m->window().resize(1360, 860);
        QTRY_VERIFY(m->shows("lockSecret"));
        keep("lock");
        m->comeIn(QStringLiteral("Ann"));
        QWidget* page = m->window().showPage(QStringLiteral("administration"));
        QVERIFY(page);
        QTest::qWait(100);
        keep("people");
        auto* part = page->findChild<SegmentedControl*>(QStringLiteral("administrationPart"));
        Q_EMIT part->chosen(1);
        part->setCurrentIndex(1);
        QTest::qWait(200);
        keep("rights");
        m->window().showPage(QStringLiteral("settings"));
        QTest::qWait(200);
        keep("protection");
        m->accounts().lock();
    }

private:
    static constexpr std::chrono::milliseconds kIdle{250};

    void keep(const char* name) {
        QCoreApplication::processEvents();
        for (const auto* button : m->window().findChildren<Button*>())
            if (button->isVisible())
                QVERIFY2(button->width() >= button->sizeHint().width(), qPrintable(button->text()));
        for (const auto* label : m->window().findChildren<TextLabel*>())
            if (label->isVisible() && !label->wordWrap())
                QVERIFY2(label->width() >= label->sizeHint().width(), qPrintable(label->text()));
        const QString folder = qEnvironmentVariable("HEARTH_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(m->window().grab().save(folder + QLatin1Char('/') + QLatin1String(name) +
                                            QLatin1Char('-') + QLatin1String(QTest::currentDataTag()) +
                                            QStringLiteral(".png")));
    }
    /// Of the newest chat; "<none>" also while the history is being opened.
    std::string firstTitle() {
        std::optional<std::string> title;
        m->application->history().request(
            &m->window(),
            [](workbench::ChatHistory& history) { return history.store().conversations(false, "", 0, 10); },
            [&title](const Result<std::vector<store::Conversation>>& chats) {
                title = chats && chats->size() == 1 ? chats->front().title : "<none>";
            });
        [&] { QTRY_VERIFY(title.has_value()); }();
        return title.value_or("<none>");
    }
    [[nodiscard]] ChatEdit* message() const {
        for (auto* edit : m->window().findChildren<ChatEdit*>())
            if (edit->accessibleName() == QLatin1String("Message") && edit->isVisible())
                return edit;
        return nullptr;
    }

    std::unique_ptr<PeopleBench> m;
};

QTEST_MAIN(TestPeople)
#include "test_people.moc"
