#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>

#include "engine/store/transfer.h"
#include "gui/models/conversation_list_model.h"
#include "gui/pages/chat_export.h"
#include "gui/pages/sealing_dialogs.h"
#include "gui/widgets/feedback.h"
#include "tests/gui/chat_bench.h"

using namespace hearth;
using namespace hearth::gui;

/// What leaves the chat page for the disk, and what leaves the disk: export, and deleting for good.
class TestChatFiles : public test::ChatTest {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs); }
    void init() {
        begin();
        start();
        m_bench->load();
        m_script->answer = {"The **first** answer, with 中文."};
        say("A question of mine?");
    }
    void cleanup() { end(); }

    void exportsInEveryForm_data() {
        QTest::addColumn<int>("filter");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("form");
        QTest::newRow("Markdown") << 0 << QStringLiteral("a.md") << QStringLiteral("a.md")
                                  << QStringLiteral("md");
        QTest::newRow("text") << 1 << QStringLiteral("a.txt") << QStringLiteral("a.txt")
                              << QStringLiteral("txt");
        QTest::newRow("JSON") << 2 << QStringLiteral("a.json") << QStringLiteral("a.json")
                              << QStringLiteral("json");
        QTest::newRow("the kind gives the ending")
            << 2 << QStringLiteral("plain name") << QStringLiteral("plain name.json")
            << QStringLiteral("json");
        QTest::newRow("a known ending decides")
            << 0 << QStringLiteral("B.JSON") << QStringLiteral("B.JSON") << QStringLiteral("json");
        QTest::newRow("else the kind does")
            << 1 << QStringLiteral("notes.v2") << QStringLiteral("notes.v2") << QStringLiteral("txt");
        QTest::newRow("Chinese name")
            << 0 << QStringLiteral("会议 纪要.md") << QStringLiteral("会议 纪要.md") << QStringLiteral("md");
    }
    void exportsInEveryForm() {
        QFETCH(int, filter);
        QFETCH(QString, typed);
        QFETCH(QString, file);
        QFETCH(QString, form);
        auto* dialog = askExport();
        QCOMPARE(dialog->nameFilters().size(), 4);
        dialog->selectNameFilter(dialog->nameFilters().at(filter));
        Q_EMIT dialog->filterSelected(dialog->nameFilters().at(filter)); // what choosing it by mouse does
        accept(dialog, path(typed));
        QTRY_VERIFY(QFile::exists(path(file)));
        QFile out(path(file));
        QVERIFY(out.open(QIODevice::ReadOnly));
        const QByteArray text = out.readAll();
        const QString words = QString::fromUtf8(text);
        QVERIFY(words.contains(QStringLiteral("A question of mine?")));
        if (form == QLatin1String("json")) {
            const auto json = QJsonDocument::fromJson(text).object();
            QCOMPARE(json[QLatin1String("format")].toString(), QStringLiteral("hearth-conversations"));
            const auto messages = json[QLatin1String("conversations")]
                                      .toArray()[0]
                                      .toObject()[QLatin1String("messages")]
                                      .toArray();
            QCOMPARE(messages.size(), 2);
            QCOMPARE(messages[1].toObject()[QLatin1String("content")].toString(),
                     QStringLiteral("The **first** answer, with 中文."));
            importsAgain(text);
        } else {
            QVERIFY(!words.contains(QLatin1String("hearth-conversations")));
            QVERIFY(words.contains(QStringLiteral("中文")));
            QCOMPARE(words.startsWith(QLatin1Char('#')), form == QLatin1String("md")); // a heading
        }
        QCOMPARE(m_bench->visibleErrors(), 0);
    }

    void theOtherVersionsAreOnlyInJson() {
        m_script->answer = {"A second attempt."};
        QTest::mouseClick(m_bench->button("Answer again, keeping this version"), Qt::LeftButton);
        QTRY_COMPARE(m_bench->texts().last(), QStringLiteral("A second attempt."));
        QTRY_VERIFY(!m_bench->controller.isBusy());
        for (const char* name : {"v.md", "v.json"}) {
            accept(askExport(), path(name));
            QTRY_VERIFY(QFile::exists(path(name)));
            QFile out(path(name));
            QVERIFY(out.open(QIODevice::ReadOnly));
            const QByteArray text = out.readAll();
            QVERIFY(text.contains("A second attempt."));
            QCOMPARE(text.contains("first"), QByteArray(name) == "v.json");
        }
    }

    void anUnwritableFolderIsSaidAndNothingIsLeft() {
        // A folder that cannot be: root may write everywhere else.
        const QString file = path("history.db") + QStringLiteral("/chat.md");
        auto* dialog = askExport();
        Q_EMIT dialog->fileSelected(file); // Qt's own dialog would not let it be chosen; other systems' do
        dialog->close();
        QTRY_COMPARE(m_bench->visibleErrors(), 1);
        QVERIFY(!QFile::exists(file));
        QCOMPARE(m_bench->texts().size(), 2);                     // the chat is untouched
        if (QFile::exists(QStringLiteral("/proc/self/status"))) { // a folder where even root may not write
            dialog = askExport();
            Q_EMIT dialog->fileSelected(QStringLiteral("/proc/chat.md"));
            dialog->close();
            QTRY_COMPARE(m_bench->visibleErrors(), 1);
            QVERIFY(!QFile::exists(QStringLiteral("/proc/chat.md")));
        }
    }

    void anEarlierFileIsReplacedWhole() {
        QFile old(path("old.md"));
        QVERIFY(old.open(QIODevice::WriteOnly));
        old.write(QByteArray(100000, 'x'));
        old.close();
        auto* dialog = askExport();
        Q_EMIT dialog->fileSelected(path("old.md"));
        dialog->close();
        QTRY_VERIFY(QFileInfo(path("old.md")).size() < 10000);
        QVERIFY(old.open(QIODevice::ReadOnly));
        QVERIFY(!old.readAll().contains("xxx"));
    }

    void aNewChatHasNothingToExport() {
        m_bench->page.newChat();
        QTRY_VERIFY(!m_bench->button("Export this chat to a file")->isEnabled());
    }

    void aSealedChatOpensOnlyWithItsPassword() {
        auto* dialog = askExport();
        QVERIFY(dialog->nameFilters().last().contains(QStringLiteral("Sealed")));
        accept(dialog, path("chat.sealed"));
        auto* seal = visible<SealDialog>();
        QVERIFY(seal);
        QVERIFY(!QFile::exists(path("chat.sealed"))); // nothing before there is a password
        auto* now = seal->findChild<QAbstractButton*>(QStringLiteral("sealNow"));
        QVERIFY(!now->isEnabled());
        for (const char* field : {"newPassword", "newPasswordAgain"})
            seal->findChild<QLineEdit*>(QLatin1String(field))->setText(QString::fromLatin1(kPassword));
        QVERIFY(now->isEnabled());
        QSignalSpy exported(&m_bench->page, &ChatPage::exported);
        now->click();
        QVERIFY(exported.wait(20'000));
        QCOMPARE(exported.first().first().value<std::string>(), std::string());
        QFile file(path("chat.sealed"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        QVERIFY(bytes.startsWith("HEARTHSEAL"));
        QVERIFY(!bytes.contains("question of mine"));

        // Back again: a wrong password is said where it was typed.
        auto* list = m_bench->page.findChild<QListView*>();
        QCOMPARE(list->model()->rowCount(), 1);
        QSignalSpy imported(&m_bench->page, &ChatPage::imported);
        importFile(path("chat.sealed"));
        QTRY_VERIFY(visible<UnsealDialog>());
        auto* unseal = visible<UnsealDialog>();
        auto* password = unseal->findChild<QLineEdit*>(QStringLiteral("unsealPassword"));
        auto* open = unseal->findChild<QAbstractButton*>(QStringLiteral("unsealNow"));
        QVERIFY(!open->isEnabled());
        QTest::keyClicks(password, QStringLiteral("not the password"));
        open->click();
        QVERIFY(imported.wait(20'000));
        QCOMPARE(imported.last().first().value<std::string>(), std::string("crypto.wrong_password"));
        QVERIFY(unseal->findChild<ErrorBox*>()->isVisible());
        QCOMPARE(list->model()->rowCount(), 1);
        QVERIFY(password->text().isEmpty());
        QTest::keyClicks(password, QString::fromLatin1(kPassword));
        open->click();
        QVERIFY(imported.wait(20'000));
        QCOMPARE(imported.last().first().value<std::string>(), std::string());
        QTRY_COMPARE(list->model()->rowCount(), 2);
        QTRY_VERIFY(!visible<UnsealDialog>());
        QTRY_COMPARE(m_bench->texts().size(), 2); // what came is on screen
        QCOMPARE(m_bench->texts().first(), QStringLiteral("A question of mine?"));
    }

    void sealedIsOfferedFirstWhereChatsAreSealed() {
        int readable = 0, sealed = 0;
        m_bench->page.setExportRights({.sealedFirst = true,
                                       .readable = [&](const std::function<void()>&) { ++readable; },
                                       .sealed = [&](const std::function<void()>&) { ++sealed; }});
        auto* dialog = askExport();
        QVERIFY(dialog->nameFilters().first().contains(QStringLiteral("Sealed")));
        accept(dialog, path("guarded")); // the kind gives the ending
        QCOMPARE(sealed, 1);
        accept(askExport(), path("guarded.md"));
        QCOMPARE(readable, 1);
        QTest::qWait(50);
        QVERIFY(!visible<SealDialog>());
        QVERIFY(!QFile::exists(path("guarded.sealed")) && !QFile::exists(path("guarded.md")));
        m_bench->page.setExportRights({.allowed = false});
        QVERIFY(!m_bench->button("Export this chat to a file"));
        m_bench->page.setImportRights(false, {});
        QVERIFY(!m_bench->button("Import chats from a file…"));
        write("mine.json", R"({"format":"hearth-conversations","version":1,"conversations":[]})");
        QSignalSpy imported(&m_bench->page, &ChatPage::imported);
        m_bench->page.importChats(path("mine.json"));
        QTest::qWait(100);
        QCOMPARE(imported.count(), 0);
    }

    void whatIsNoExportIsRefusedByName_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("empty") << QByteArray() << QByteArray("file.empty");
        QTest::newRow("no JSON") << QByteArray("words") << QByteArray("import.bad_json");
        QTest::newRow("another JSON") << QByteArray("{\"a\":1}") << QByteArray("import.not_ours");
        QTest::newRow("newer") << QByteArray(R"({"format":"hearth-conversations","version":99})")
                               << QByteArray("import.newer_version");
        QTest::newRow("deep") << QByteArray(QByteArray(100, '[') + QByteArray(100, ']'))
                              << QByteArray("import.too_deep");
        QTest::newRow("bad value")
            << QByteArray(R"({"format":"hearth-conversations","version":1,"conversations":[{"title":7}]})")
            << QByteArray("import.bad_value");
    }
    void whatIsNoExportIsRefusedByName() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, code);
        write("other.json", bytes);
        QSignalSpy imported(&m_bench->page, &ChatPage::imported);
        m_bench->page.importChats(path("other.json"));
        QVERIFY(imported.wait(hearth::test::kPatience));
        QCOMPARE(QByteArray::fromStdString(imported.first().first().value<std::string>()), code);
        QCOMPARE(m_bench->visibleErrors(), 1);
        QCOMPARE(m_bench->page.findChild<QListView*>()->model()->rowCount(), 1);
        m_bench->page.importChats(path("absent.json"));
        QVERIFY(imported.wait(hearth::test::kPatience));
        QCOMPARE(imported.last().first().value<std::string>(), std::string("file.not_found"));
    }

    void aCutSealedFileAddsNothing() {
        const QString whole = path("whole.sealed"), cut = path("cut.sealed");
        std::optional<std::string> code;
        auto password = std::make_shared<security::SecureBytes>(
            std::move(*security::SecureBytes::copyOf(security::viewOf(kPassword))));
        exportChat(m_bench->history, this, m_bench->page.conversation(),
                   {whole, store::ExportFormat::Json, true}, password,
                   [&](const Result<void>& done) { code = done ? std::string() : done.error().code; });
        QTRY_VERIFY_WITH_TIMEOUT(code.has_value(), 20'000);
        QCOMPARE(*code, std::string());
        QFile file(whole);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        for (const qsizetype size : {bytes.size() - 1, qsizetype{60}, qsizetype{20}}) {
            write("cut.sealed", bytes.left(size));
            code.reset();
            gui::importChats(m_bench->history, this, cut, password,
                             [&](const Result<std::vector<store::RowId>>& ids) {
                                 code = ids ? std::string() : ids.error().code;
                             });
            QTRY_VERIFY_WITH_TIMEOUT(code.has_value(), 20'000);
            QVERIFY2(code->starts_with("crypto."), code->c_str());
        }
        QTest::qWait(50);
        QCOMPARE(m_bench->page.findChild<QListView*>()->model()->rowCount(), 1);
    }

    void deletingForGoodAsksAndLeavesNothingInTheFile() {
        const QByteArray secret = "Xylophon-4711-geheim";
        m_bench->page.newChat();
        m_script->answer = {"I will keep " + secret.toStdString() + " to myself."};
        say(secret);
        const auto doomed = m_bench->page.conversation();
        QVERIFY(onDisk(secret));
        auto* list = m_bench->page.findChild<QListView*>();
        QTRY_COMPARE(list->model()->rowCount(), 2);
        press(list, doomed); // to the trash
        QTRY_COMPARE(list->model()->rowCount(), 1);
        QVERIFY(onDisk(secret));
        for (auto* button : m_bench->page.findChildren<QAbstractButton*>())
            if (button->text() == QLatin1String("Trash"))
                QTest::mouseClick(button, Qt::LeftButton);
        QTRY_COMPARE(idAt(list, 0), doomed);

        press(list, doomed);
        auto* box = m_bench->page.findChild<QMessageBox*>(QStringLiteral("purgeQuestion"));
        QVERIFY(box);
        QVERIFY(box->text().contains(QString::fromLatin1(secret)));
        QCOMPARE(box->textFormat(), Qt::PlainText);
        QCOMPARE(box->defaultButton(), box->button(QMessageBox::Cancel)); // Enter destroys nothing
        QTest::keyClick(box, Qt::Key_Return);
        QTRY_VERIFY(!m_bench->page.findChild<QMessageBox*>(QStringLiteral("purgeQuestion")));
        QTest::qWait(50);
        QCOMPARE(list->model()->rowCount(), 1);
        QVERIFY(onDisk(secret));

        press(list, doomed);
        box = m_bench->page.findChild<QMessageBox*>(QStringLiteral("purgeQuestion"));
        QVERIFY(box);
        QTest::mouseClick(box->findChild<QAbstractButton*>(QStringLiteral("confirm")), Qt::LeftButton);
        QTRY_COMPARE(list->model()->rowCount(), 0);
        m_bench->page.flush();
        m_bench->controller.shutdown();
        m_bench->history.shutdown();
        QVERIFY(!onDisk(secret));
        QVERIFY(onDisk("A question of mine?")); // the other chat is whole
    }

private:
    static constexpr const char* kPassword = "a password of its own";
    template <class T>
    [[nodiscard]] T* visible() const {
        for (auto* each : m_bench->page.findChildren<T*>())
            if (each->isVisible())
                return each;
        return nullptr;
    }
    void importFile(const QString& file) {
        QTest::mouseClick(m_bench->button("Import chats from a file…"), Qt::LeftButton);
        auto* dialog = m_bench->page.findChild<QFileDialog*>(QStringLiteral("importDialog"));
        QVERIFY(dialog && dialog->isVisible());
        Q_EMIT dialog->fileSelected(file);
        dialog->close();
    }
    void write(const char* name, const QByteArray& bytes) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    [[nodiscard]] QString path(const QString& name) const { return m_folder->filePath(name); }
    [[nodiscard]] QString path(const char* name) const { return path(QString::fromLatin1(name)); }
    void say(const char* text) {
        QSignalSpy ended(&m_bench->controller, &ChatController::turnEnded);
        m_bench->say(text);
        QVERIFY(ended.wait(hearth::test::kPatience));
        QTRY_VERIFY(m_bench->page.conversation() != 0);
    }
    [[nodiscard]] QFileDialog* askExport() {
        QTest::mouseClick(m_bench->button("Export this chat to a file"), Qt::LeftButton);
        QFileDialog* found = nullptr;
        for (auto* dialog : m_bench->page.findChildren<QFileDialog*>(QStringLiteral("exportDialog")))
            if (dialog->isVisible())
                found = dialog;
        return found;
    }
    static void accept(QFileDialog* dialog, const QString& file) {
        dialog->setDirectory(QFileInfo(file).absolutePath());
        auto* name = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
        QVERIFY(name);
        name->setText(file);
        QTest::keyClick(name, Qt::Key_Return);
    }
    void importsAgain(const QByteArray& json) {
        std::optional<std::size_t> added;
        m_bench->history.request(
            this,
            [text = json.toStdString()](workbench::ChatHistory& history) {
                return store::importJson(history.store(), text);
            },
            [&](const Result<std::vector<store::RowId>>& ids) { added = ids ? ids->size() : 0; });
        QTRY_VERIFY(added.has_value());
        QCOMPARE(*added, std::size_t(1));
    }
    [[nodiscard]] static qint64 idAt(QListView* list, int row) {
        return list->model()->index(row, 0).data(ConversationListModel::IdRole).toLongLong();
    }
    /// Shift+Delete on a chat of the list.
    static void press(QListView* list, qint64 id) {
        for (int row = 0; row < list->model()->rowCount(); ++row)
            if (idAt(list, row) == id)
                list->setCurrentIndex(list->model()->index(row, 0));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Delete, Qt::ShiftModifier);
    }
    /// Whether the words stand in the database or one of its companions, as bytes.
    [[nodiscard]] bool onDisk(const QByteArray& words) const {
        for (const auto& file :
             QDir(m_folder->path()).entryInfoList({QStringLiteral("history.db*")}, QDir::Files)) {
            QFile bytes(file.filePath());
            if (bytes.open(QIODevice::ReadOnly) && bytes.readAll().contains(words))
                return true;
        }
        return false;
    }
};

QTEST_MAIN(TestChatFiles)
#include "test_chat_files.moc"
