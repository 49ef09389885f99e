#include <filesystem>
#include <fstream>

#include <QFileDialog>
#include <QListView>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>

#include "engine/security/crypto/sealed_memory.h"
#include "engine/workbench/backups.h"
#include "gui/pages/chat_page.h"
#include "gui/pages/repair_dialog.h"
#include "gui/pages/sealing_dialogs.h"
#include "tests/gui/people_bench.h"
#include "tests/support/test_data.h"

using namespace hearth;
using namespace hearth::gui;
using hearth::security::Action;
using hearth::security::Resource;
using hearth::security::Role;
using hearth::test::PeopleBench;
using State = AccountsBridge::State;
namespace fs = std::filesystem;

/// The files of a person through the whole program: their chats after a start, exports and what is asked
/// before them, sealed models, and a history that does not open.
class TestPersonFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs); }
    void init() { m = std::make_unique<PeopleBench>(); }
    void cleanup() { m.reset(); }

    void chatsAreListedAfterARestart_data() {
        QTest::addColumn<bool>("sealed");
        QTest::newRow("single person") << false;
        QTest::newRow("profile") << true;
    }
    void chatsAreListedAfterARestart() {
        QFETCH(bool, sealed);
        if (sealed)
            m->makeProfiles({{"Ann", Role::Administrator}});
        for (int start = 1; start <= 2; ++start) {
            m->start();
            if (sealed)
                m->comeIn(QStringLiteral("Ann"));
            QTRY_COMPARE(m->state(), sealed ? State::Open : State::SinglePerson);
            QTRY_VERIFY(chats());
            if (start == 1)
                addChat("A chat that stays", "words of it");
            QTRY_COMPARE(titles(), QStringList{QStringLiteral("A chat that stays")});
            m->type("chatSearch", QStringLiteral("words"));
            QTRY_COMPARE(places()->model()->rowCount(), 1);
            m->application->window().close();
            m->application.reset();
        }
    }

    void locksAndComesBackWithAllChats() {
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}});
        m->start();
        m->comeIn(QStringLiteral("Ann"));
        QTRY_VERIFY(chats());
        addChat("Ann's chat", "nobody else's words");
        QTRY_COMPARE(titles(), QStringList{QStringLiteral("Ann's chat")});
        m->accounts().lock();
        QTRY_VERIFY(!chats());
        m->comeIn(QStringLiteral("Bob"));
        QTRY_VERIFY(chats());
        m->type("chatSearch", QStringLiteral("words"));
        QTest::qWait(400);
        QCOMPARE(places()->model()->rowCount(), 0); // nothing of Ann's
        m->accounts().lock();
        m->comeIn(QStringLiteral("Ann"));
        QTRY_VERIFY(chats());
        QTRY_COMPARE(titles(), QStringList{QStringLiteral("Ann's chat")});
        m->type("chatSearch", QStringLiteral("words"));
        QTRY_COMPARE(places()->model()->rowCount(), 1);
    }

    void aReadableExportOfSealedChatsIsAskedForAndNoted() {
        m->makeProfiles({{"Ann", Role::Administrator}});
        m->start();
        m->comeIn(QStringLiteral("Ann"));
        QTRY_VERIFY(chats());
        addChat("Ann's chat", "her words");
        QTRY_COMPARE(titles().size(), 1);
        openFirst();
        const QString file = m->folder.filePath(QStringLiteral("out.md"));
        choose("exportDialog", "Export this chat to a file", file);
        auto* question = m->find<QMessageBox>("readableQuestion");
        QVERIFY(question && question->isVisible());
        QVERIFY(question->button(QMessageBox::Cancel) == question->defaultButton());
        question->button(QMessageBox::Cancel)->click();
        QTest::qWait(100);
        QVERIFY(!QFile::exists(file));
        QCOMPARE(noted("conversation.export"), 0);
        choose("exportDialog", "Export this chat to a file", file);
        question = m->find<QMessageBox>("readableQuestion");
        for (QAbstractButton* button : question->buttons())
            if (question->buttonRole(button) == QMessageBox::AcceptRole)
                button->click();
        QTRY_VERIFY(QFile::exists(file));
        QTRY_COMPARE(noted("conversation.export"), 1);
        // A sealed one is not asked about: what it asks for is its password.
        choose("exportDialog", "Export this chat to a file",
               m->folder.filePath(QStringLiteral("out.sealed")));
        QTRY_VERIFY(m->shows("sealDialog"));
        QVERIFY(!m->shows("readableQuestion"));
        m->accounts().lock(); // and it goes with the window's content
        QTRY_VERIFY(!m->shows("sealDialog"));
    }

    void whoMayNotExportHasNoButtonAndIsRefused() {
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}});
        m->with("Ann", [](workbench::Accounts& accounts, security::Session&) {
            return accounts.setPermission(workbench::Actor::person(1), Role::User, Action::Export,
                                          Resource::Conversation, security::Scope::None);
        });
        m->start();
        m->comeIn(QStringLiteral("Bob"));
        QTRY_VERIFY(chats());
        QVERIFY(!button("Export this chat to a file")->isVisible());
        QCOMPARE(m->ask([](AccountsDesk& d) {
            return d.accounts.gate().check(d.actor, Action::Export,
                                           workbench::Target::of(Resource::Conversation, 2));
        }),
                 std::string("permission.denied"));
        QVERIFY(button("Import chats from a file…")->isVisible());
        m->accounts().lock();
        m->with("Ann", [](workbench::Accounts& accounts, security::Session&) {
            return accounts.setPermission(workbench::Actor::person(1), Role::User, Action::Create,
                                          Resource::Conversation, security::Scope::None);
        });
        m->comeIn(QStringLiteral("Bob"));
        QTRY_VERIFY(chats());
        QVERIFY(!button("Import chats from a file…")->isVisible());
    }

    void importedChatsAreNoted() {
        m->makeProfiles({{"Ann", Role::Administrator}});
        m->start();
        m->comeIn(QStringLiteral("Ann"));
        QTRY_VERIFY(chats());
        const QString file = m->folder.filePath(QStringLiteral("in.json"));
        std::ofstream(file.toStdString())
            << R"({"format":"hearth-conversations","version":1,"conversations":[{"title":"From outside",
                  "messages":[{"role":"user","state":"complete","content":"imported words"}]}]})";
        choose("importDialog", "Import chats from a file…", file);
        QTRY_COMPARE(titles(), QStringList{QStringLiteral("From outside")});
        QTRY_COMPARE(noted("conversation.create"), 1);
        m->type("chatSearch", QStringLiteral("imported"));
        QTRY_COMPARE(places()->model()->rowCount(), 1);
        // Dropped on the window it does the same.
        Q_EMIT m->window().chatsDropped(file);
        QTRY_COMPARE(titles().size(), 2);
    }

    void aModelSealedForAProfileOpensForThemOnly() {
        m->makeProfiles({{"Ann", Role::Administrator}, {"Bob", Role::User}});
        const fs::path sealed = fs::path(m->folder.path().toStdString()) / "llama.gguf.sealed";
        m->with("Ann", [&](workbench::Accounts& accounts, security::Session& session) -> Result<void> {
            HEARTH_TRY(const auto key, accounts.identity().dataKey(session, "models"));
            return security::sealFile(test::golden("llama-F32.gguf"), sealed, security::FileKey{key.bytes()},
                                      security::kModelContext);
        });
        QVERIFY(security::isSealedFile(sealed));
        m->start();
        m->comeIn(QStringLiteral("Ann"));
        EngineBridge& engine = m->application->engine();
        QSignalSpy loaded(&engine, &EngineBridge::loaded), failed(&engine, &EngineBridge::loadFailed);
        m->application->activate(QString::fromStdString(sealed.string()));
        QTRY_COMPARE_WITH_TIMEOUT(loaded.count(), 1, 20'000);
        QVERIFY(engine.model() && engine.model()->path == sealed);
        // Opened with a key, it goes when the window locks.
        m->accounts().lock();
        QTRY_VERIFY(!engine.model());
        m->comeIn(QStringLiteral("Bob"));
        m->application->activate(QString::fromStdString(sealed.string()));
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 20'000);
        QCOMPARE(failed.first().at(1).value<Error>().code, std::string("crypto.tampered"));
        QVERIFY(!engine.model());
    }

    void aModelSealedWithAPasswordAsksForIt() {
        const fs::path sealed = fs::path(m->folder.path().toStdString()) / "llama.gguf.sealed";
        QVERIFY(security::sealFile(
                    test::golden("llama-F32.gguf"), sealed,
                    security::FilePassword{security::viewOf("the model's own password"), {64, 1, 1}},
                    security::kModelContext)
                    .has_value());
        m->start();
        QTRY_COMPARE(m->state(), State::SinglePerson);
        QTRY_VERIFY(chats());
        EngineBridge& engine = m->application->engine();
        QSignalSpy loaded(&engine, &EngineBridge::loaded), failed(&engine, &EngineBridge::loadFailed);
        const auto open = [&](const char* password) {
            m->application->activate(QString::fromStdString(sealed.string()));
            QTRY_VERIFY(m->shows("unsealDialog"));
            if (!password) {
                m->click("unsealCancel");
                return;
            }
            m->type("unsealPassword", QString::fromLatin1(password));
            m->click("unsealNow");
        };
        open(nullptr);
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.last().at(1).value<Error>().code, std::string(kCancelled));
        open("not the password");
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 2, 20'000);
        QCOMPARE(failed.last().at(1).value<Error>().code, std::string("crypto.wrong_password"));
        open("the model's own password");
        QTRY_COMPARE_WITH_TIMEOUT(loaded.count(), 1, 20'000);
        // Sealed for a profile, it opens for nobody here, and says so.
        fs::remove(sealed);
        auto key = security::SecureBytes::make(32);
        QVERIFY(security::sealFile(test::golden("llama-F32.gguf"), sealed, security::FileKey{key->bytes()},
                                   security::kModelContext)
                    .has_value());
        m->application->activate(QString::fromStdString(sealed.string()));
        QTRY_COMPARE(failed.count(), 3);
        QCOMPARE(failed.last().at(1).value<Error>().code, std::string("crypto.needs_key"));
    }

    void aDamagedHistoryIsRepairedFromTheDialog_data() {
        QTest::addColumn<QString>("button");
        QTest::newRow("save what can be read") << QStringLiteral("repairSave");
        QTest::newRow("begin anew") << QStringLiteral("repairAnew");
        QTest::newRow("put a backup back") << QStringLiteral("restore0");
        QTest::newRow("not now") << QStringLiteral("repairLater");
    }
    void aDamagedHistoryIsRepairedFromTheDialog() {
        QFETCH(QString, button);
        const fs::path file = m->accountPaths().historyOf(0);
        fill(file);
        QVERIFY(workbench::makeBackup({file, {}}, workbench::BackupReason::Manual,
                                      QDateTime::currentMSecsSinceEpoch())
                    .has_value());
        damage(file);
        const std::string damaged = test::readText(file);
        m->start();
        QTRY_VERIFY(m->shows("repairDialog"));
        QTRY_VERIFY(m->shows("restore0"));        // the backups have been listed
        QVERIFY(test::readText(file) == damaged); // nothing has been written yet
        m->click(button.toLatin1().constData());
        if (button == QLatin1String("repairAnew"))
            agree("askAnew");
        else if (button == QLatin1String("restore0"))
            agree("askRestore");
        if (button == QLatin1String("repairLater")) {
            QTRY_VERIFY(!m->shows("repairDialog"));
            QVERIFY(test::readText(file) == damaged);
            return;
        }
        QTRY_VERIFY_WITH_TIMEOUT(!m->shows("repairDialog"), 20'000);
        QTRY_VERIFY(chats());
        if (button == QLatin1String("repairAnew"))
            QTRY_VERIFY(titles().isEmpty());
        else if (button == QLatin1String("restore0"))
            QTRY_COMPARE(titles().size(), 3);
        else
            QTRY_VERIFY(!titles().isEmpty());
        // The damaged file is kept beside it, as it was.
        bool kept = false;
        for (const auto& entry : fs::recursive_directory_iterator(m->folder.path().toStdString()))
            kept = kept || (entry.is_regular_file() && entry.path() != file &&
                            test::readText(entry.path()) == damaged);
        QVERIFY(kept);
        const bool notes = noted("conversation.change") == 1;
        QVERIFY(notes);
    }

    void askingToBeginAnewCanBeLeft() {
        const fs::path file = m->accountPaths().historyOf(0);
        fill(file);
        damage(file);
        const std::string damaged = test::readText(file);
        m->start();
        QTRY_VERIFY(m->shows("repairDialog"));
        m->click("repairAnew");
        QTRY_VERIFY(m->shows("askAnew"));
        m->find<QMessageBox>("askAnew")->button(QMessageBox::Cancel)->click();
        QTRY_VERIFY(!m->shows("askAnew"));
        QVERIFY(m->shows("repairDialog"));
        QVERIFY(test::readText(file) == damaged);
    }

private:
    [[nodiscard]] QAbstractButton* button(const char* name) const {
        for (auto* each : m->window().findChildren<QAbstractButton*>())
            if (each->accessibleName() == QString::fromUtf8(name))
                return each;
        return nullptr;
    }
    [[nodiscard]] QListView* view(const char* name) const {
        for (auto* each : m->window().findChildren<QListView*>())
            if (each->accessibleName() == QLatin1String(name))
                return each;
        return nullptr;
    }
    [[nodiscard]] QListView* chats() const { return view("Chats"); }
    [[nodiscard]] QListView* places() const { return m->find<QListView>("chatPlaces"); }
    [[nodiscard]] QStringList titles() const {
        QStringList out;
        if (const auto* list = chats())
            for (int row = 0; row < list->model()->rowCount(); ++row)
                out << list->model()->index(row, 0).data().toString();
        return out;
    }
    void openFirst() {
        auto* page = m->window().findChild<ChatPage*>();
        Q_EMIT chats()->clicked(chats()->model()->index(0, 0));
        QTRY_VERIFY(page->conversation() != 0);
        QTRY_VERIFY(button("Export this chat to a file")->isEnabled());
    }
    /// Presses a button of the chat page and answers its file dialog.
    void choose(const char* dialogName, const char* buttonName, const QString& file) {
        button(buttonName)->click();
        auto* dialog = m->find<QFileDialog>(dialogName);
        QVERIFY(dialog && dialog->isVisible());
        Q_EMIT dialog->fileSelected(file);
        dialog->close();
        QTest::qWait(50);
    }
    void agree(const char* name) {
        QTRY_VERIFY(m->shows(name));
        m->find<QMessageBox>(name)->findChild<QAbstractButton*>(QStringLiteral("confirm"))->click();
    }
    void addChat(const char* title, const char* words) {
        store::RowId id = 0;
        for (int attempt = 0; attempt < 100 && id <= 0; ++attempt) { // the history may still be being opened
            id = 0;
            m->application->history().request(
                &m->window(),
                [title = std::string(title),
                 words = std::string(words)](workbench::ChatHistory& history) -> Result<store::RowId> {
                    HEARTH_TRY(const auto chat, history.store().createConversation(title));
                    store::Message message;
                    message.conversation = chat;
                    message.content = words;
                    HEARTH_CHECK(history.store().appendMessage(message).map([](auto) {}));
                    return chat;
                },
                [&id](const Result<store::RowId>& chat) { id = chat.value_or(-1); });
            QTRY_VERIFY(id != 0);
            QTest::qWait(id < 0 ? 50 : 0);
        }
        QVERIFY(id > 0);
        Q_EMIT m->application->history().conversationChanged(id);
    }
    static void fill(const fs::path& file) {
        auto history = store::History::open(file);
        QVERIFY(history.has_value());
        for (int i = 0; i < 3; ++i) {
            const auto chat = (*history)->createConversation("chat " + std::to_string(i));
            QVERIFY(chat.has_value());
            store::RowId parent = 0;
            for (int k = 0; k < 20; ++k) {
                store::Message message;
                message.conversation = *chat;
                message.parent = parent;
                message.content = std::string(900, static_cast<char>('a' + k));
                parent = (*history)->appendMessage(message).value_or(0);
            }
        }
    }
    /// Its last pages are overwritten.
    static void damage(const fs::path& file) {
        std::string bytes = test::readText(file);
        QVERIFY(bytes.size() > 20'000);
        std::fill_n(bytes.end() - 8192, 8192, '\xff');
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    }
    int noted(const char* action) {
        int count = -1;
        const auto code = m->ask([name = std::string(action), &count](AccountsDesk& desk) -> Result<void> {
            security::AuditFilter filter;
            filter.action = name;
            HEARTH_TRY(const auto found, desk.accounts.audit().count(filter));
            count = static_cast<int>(found);
            return {};
        });
        return code.empty() ? count : -1;
    }

    std::unique_ptr<PeopleBench> m;
};

QTEST_MAIN(TestPersonFiles)
#include "test_person_files.moc"
