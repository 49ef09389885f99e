#ifdef HEARTH_HAS_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#endif
#include <QDropEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QLocalSocket>
#include <QMimeData>
#include <QProcess>
#include <QScreen>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include "gui/dialogs/shortcuts_dialog.h"
#include "gui/shell/announcer.h"
#include "gui/shell/main_window.h"
#include "gui/shell/notifier.h"
#include "gui/shell/single_instance.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/nav_item.h"
#include "tests/gui/patience.h"

using namespace hearth::gui;

namespace {

/// Puts ">" before every text, so that a retranslation can be seen without a catalogue.
class MarkingTranslator final : public QTranslator {
public:
    [[nodiscard]] bool isEmpty() const override { return false; }
    QString translate(const char*, const char* text, const char*, int) const override {
        return QLatin1Char('>') + QString::fromUtf8(text);
    }
};

void drop(QWidget& on, const QList<QUrl>& urls) {
    QMimeData data;
    data.setUrls(urls);
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&on, &enter);
    if (!enter.isAccepted())
        return;
    QDropEvent event(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&on, &event);
}

} // namespace

/// Stands for the desktop's service of notifications.
class Notifications : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
public:
    QStringList told;
    uint last = 0;
public Q_SLOTS:
    uint Notify(const QString&, uint, const QString&, const QString& title,
                const QString& text, // NOLINT: its name
                const QStringList&, const QVariantMap&, int) {
        told << title << text;
        return ++last;
    }
};

class TestShell : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_made.clear();
        m_window = std::make_unique<MainWindow>(m_theme);
        for (const char* id : {"chat", "settings"})
            m_window->addPage(
                {.id = QString::fromLatin1(id),
                 .icon = QString::fromLatin1(id),
                 .word = [id] { return QCoreApplication::translate("TestShell", id); },
                 .make =
                     [this, id] {
                         m_made << QString::fromLatin1(id);
                         return new QLabel(QString::fromLatin1(id));
                     },
                 .shortcut = id[0] == 's' ? QKeySequence(Qt::CTRL | Qt::Key_Comma) : QKeySequence(),
                 .atBottom = id[0] == 's'});
        m_window->showPage(QStringLiteral("chat"));
        m_window->resize(900, 600);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->activateWindow();
    }
    void cleanup() { m_window.reset(); }

    void pagesAreMadeWhenFirstShown() {
        QCOMPARE(m_made, QStringList{QStringLiteral("chat")});
        QWidget* settings = m_window->showPage(QStringLiteral("settings"));
        QCOMPARE(m_made.size(), 2);
        QCOMPARE(m_window->showPage(QStringLiteral("settings")), settings);
        QCOMPARE(m_made.size(), 2);
        QVERIFY(!m_window->showPage(QStringLiteral("nowhere")));
        QCOMPARE(m_window->currentPage(), QStringLiteral("settings"));
    }

    void railSwitchesPages() {
        QSignalSpy changed(m_window.get(), &MainWindow::pageChanged);
        auto* item = m_window->findChild<NavItem*>(QStringLiteral("nav-settings"));
        QVERIFY(item);
        QTest::mouseClick(item, Qt::LeftButton);
        QCOMPARE(m_window->currentPage(), QStringLiteral("settings"));
        QVERIFY(item->isChecked());
        QVERIFY(!m_window->findChild<NavItem*>(QStringLiteral("nav-chat"))->isChecked());
        QCOMPARE(changed.count(), 1);
    }

    void railIsReachableByKeyboardAndNamed() {
        for (auto* item : m_window->findChildren<NavItem*>()) {
            QVERIFY(item->focusPolicy() & Qt::TabFocus);
            QVERIFY(!item->accessibleName().isEmpty());
        }
        auto* item = m_window->findChild<NavItem*>(QStringLiteral("nav-settings"));
        item->setFocus();
        QTest::keyClick(item, Qt::Key_Space);
        QCOMPARE(m_window->currentPage(), QStringLiteral("settings"));
    }

    void globalKeys() {
        QSignalSpy newChat(m_window.get(), &MainWindow::newChatRequested);
        QSignalSpy everywhere(m_window.get(), &MainWindow::findEverywhereRequested);
        QSignalSpy overview(m_window.get(), &MainWindow::shortcutsRequested);
        QTest::keyClick(m_window.get(), Qt::Key_N, Qt::ControlModifier);
        QTest::keyClick(m_window.get(), Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(m_window.get(), Qt::Key_F1);
        QTest::keyClick(m_window.get(), Qt::Key_Comma, Qt::ControlModifier);
        QCOMPARE(newChat.count(), 1);
        QCOMPARE(everywhere.count(), 1);
        QCOMPARE(overview.count(), 1);
        QCOMPARE(m_window->currentPage(), QStringLiteral("settings"));
    }

    void droppedModelIsHandedOn() {
        QSignalSpy model(m_window.get(), &MainWindow::modelDropped);
        QSignalSpy refused(m_window.get(), &MainWindow::fileRefused);
        drop(*m_window, {QUrl::fromLocalFile(QStringLiteral("/tmp/notes.txt")),
                         QUrl::fromLocalFile(QStringLiteral("/tmp/Tiny Model.GGUF"))});
        QCOMPARE(model.count(), 1);
        QCOMPARE(model.first().first().toString(), QStringLiteral("/tmp/Tiny Model.GGUF"));
        drop(*m_window, {QUrl::fromLocalFile(QStringLiteral("/tmp/notes.txt"))});
        QCOMPARE(refused.count(), 1);
        QCOMPARE(refused.first().first().toString(), QStringLiteral("notes.txt"));
        drop(*m_window,
             {QUrl(QStringLiteral("https://example.org/model.gguf"))}); // not a file of this machine
        QCOMPARE(model.count(), 1);
        QCOMPARE(refused.count(), 1);
    }

    void placeIsRemembered() {
        m_window->setGeometry(40, 30, 800, 560);
        const QByteArray place = m_window->place();
        MainWindow other(m_theme);
        other.restorePlace(place);
        QCOMPARE(other.size(), QSize(800, 560));
    }

    void windowComesBackOntoTheScreen() {
        m_window->setGeometry(90000, 70000, 800, 560);
        const QByteArray place = m_window->place();
        MainWindow other(m_theme);
        other.restorePlace(place);
        other.show();
        const QRect room = QGuiApplication::primaryScreen()->availableGeometry();
        QVERIFY2(room.intersects(other.geometry()), "the window is off every screen");
    }

    void damagedPlaceGivesACalmDefault() {
        MainWindow other(m_theme);
        other.restorePlace(QByteArray("not a geometry"));
        const QRect room = QGuiApplication::primaryScreen()->availableGeometry();
        QVERIFY(other.width() >= other.minimumWidth());
        QVERIFY(other.width() <= std::max(room.width(), other.minimumWidth()));
    }

    void wordsFollowTheLanguage() {
        MarkingTranslator translator;
        auto* item = m_window->findChild<NavItem*>(QStringLiteral("nav-chat"));
        QCOMPARE(item->text(), QStringLiteral("chat"));
        QCoreApplication::installTranslator(&translator);
        QTRY_COMPARE(item->text(), QStringLiteral(">chat"));
        QCoreApplication::removeTranslator(&translator);
        QTRY_COMPARE(item->text(), QStringLiteral("chat"));
    }

    void shortcutOverviewFollowsTheLanguage() {
        auto* dialog = new ShortcutsDialog(m_theme, m_window.get());
        dialog->show();
        const int texts = int(dialog->findChildren<QLabel*>().size());
        QVERIFY(texts > 10);
        MarkingTranslator translator;
        QCoreApplication::installTranslator(&translator);
        QTRY_VERIFY(dialog->windowTitle().startsWith(u'>'));
        QCOMPARE(int(dialog->findChildren<QLabel*>().size()), texts);
        QCoreApplication::removeTranslator(&translator);
        dialog->close();
    }

    void secondStartReachesTheFirst() {
        QTemporaryDir folder;
        SingleInstance first(folder.path());
        QVERIFY(!first.handOver(QStringLiteral("/tmp/a.gguf"))); // nobody there yet
        QVERIFY(first.listen());
        QSignalSpy started(&first, &SingleInstance::started);
        QCOMPARE(askFromAnotherThread(folder.path(), QStringLiteral("/tmp/模型 a.gguf")), true);
        QTRY_COMPARE(started.count(), 1);
        QCOMPARE(started.first().first().toString(), QStringLiteral("/tmp/模型 a.gguf"));
        QCOMPARE(askFromAnotherThread(folder.path(), QString()), true);
        QTRY_COMPARE(started.count(), 2);
        QVERIFY(started.last().first().toString().isEmpty());
        QTemporaryDir elsewhere; // another data folder is another program
        QCOMPARE(askFromAnotherThread(elsewhere.path(), QString()), false);
    }

    void crashedCopyLeavesNoLock() {
        QTemporaryDir folder;
        SingleInstance probe(folder.path());
        const QString socket = QDir::temp().filePath(probe.name());
        QFile stale(socket);
        QVERIFY(stale.open(QIODevice::WriteOnly)); // what a crash leaves: a name with nobody behind it
        stale.close();
        QVERIFY(!probe.handOver({}));
        QVERIFY(probe.listen());
    }

    void uselessVisitorsAreIgnored() {
        QTemporaryDir folder;
        SingleInstance first(folder.path());
        QVERIFY(first.listen());
        QSignalSpy started(&first, &SingleInstance::started);
        for (const QByteArray& line : {QByteArray("relative/path.gguf\n"), QByteArray(100'000, 'x')}) {
            QLocalSocket socket;
            socket.connectToServer(first.name());
            QVERIFY(socket.waitForConnected(hearth::test::kPatience));
            socket.write(line);
            QTRY_VERIFY(socket.state() == QLocalSocket::UnconnectedState || !socket.bytesToWrite());
        }
        QTest::qWait(50);
        QCOMPARE(started.count(), 0);
    }

#ifdef HEARTH_HAS_DBUS
    /// Only while the window is not in front; a click on what was told brings it, with the page.
    void theDesktopIsToldOfWhatHasEnded() {
        const QString daemon = QStandardPaths::findExecutable(QStringLiteral("dbus-daemon"));
        if (daemon.isEmpty())
            QSKIP("there is no dbus-daemon to make a bus of one's own with");
        QProcess bus;
        bus.start(daemon, {QStringLiteral("--session"), QStringLiteral("--nofork"),
                           QStringLiteral("--print-address")});
        QVERIFY(bus.waitForReadyRead());
        const QString address = QString::fromUtf8(bus.readLine()).trimmed();
        QDBusConnection desktop = QDBusConnection::connectToBus(address, QStringLiteral("desktop"));
        const QString name = QStringLiteral("org.freedesktop.Notifications"),
                      path = QStringLiteral("/org/freedesktop/Notifications");
        Notifications service;
        QVERIFY(desktop.registerService(name));
        QVERIFY(desktop.registerObject(path, &service, QDBusConnection::ExportAllSlots));
        Announcer announcer(*m_window, QDBusConnection::connectToBus(address, QStringLiteral("program")));
        QTRY_VERIFY(m_window->isActiveWindow());
        announcer.tell({QStringLiteral("Seen"), QStringLiteral("in the window"), QStringLiteral("settings")});
        QVERIFY(m_window->toasts().isShowing());

        QWidget other;
        other.show();
        other.activateWindow();
        QTRY_VERIFY(!m_window->isActiveWindow());
        announcer.tell({QStringLiteral("Download finished"), QStringLiteral("a<b>.gguf is here."),
                        QStringLiteral("settings")});
        QTRY_COMPARE(service.told, (QStringList{QStringLiteral("Download finished"),
                                                QStringLiteral("a&lt;b&gt;.gguf is here.")}));
        QCOMPARE(m_window->currentPage(), QStringLiteral("chat"));
        announcer.setTellsDesktop(false);
        announcer.tell({QStringLiteral("Switched off"), QStringLiteral("in the window"), {}});
        QVERIFY(m_window->toasts().isShowing());
        announcer.setTellsDesktop(true);
        announcer.tellDesktop(
            {QStringLiteral("And on"), QStringLiteral("again."), QStringLiteral("settings")});
        QTRY_COMPARE(service.told.back(), QStringLiteral("again.")); // and nothing between the two
        QCOMPARE(service.told.size(), 4);

        const auto click = [&](uint id, const char* action) {
            QDBusMessage signal = QDBusMessage::createSignal(path, name, QStringLiteral("ActionInvoked"));
            signal << id << QString::fromLatin1(action);
            QVERIFY(desktop.send(signal));
        };
        click(service.last + 1, "default"); // of another program
        click(service.last, "settings");    // not a click on it
        QTest::qWait(50);
        QCOMPARE(m_window->currentPage(), QStringLiteral("chat"));
        click(service.last, "default");
        QTRY_COMPARE(m_window->currentPage(), QStringLiteral("settings"));
        QTRY_VERIFY(m_window->isActiveWindow());

        QDBusConnection::disconnectFromBus(QStringLiteral("desktop"));
        QDBusConnection::disconnectFromBus(QStringLiteral("program"));
        other.activateWindow();
        QTRY_VERIFY(!m_window->isActiveWindow());
        announcer.tellDesktop(
            {QStringLiteral("Nobody"), QStringLiteral("hears this."), {}}); // nothing breaks
        bus.kill();
        bus.waitForFinished();
    }
#endif

private:
    /// Another process would do this; a thread has an event loop's worth of difference, not more.
    bool askFromAnotherThread(const QString& folder, const QString& file) {
        bool taken = false, done = false;
        auto* thread = QThread::create([&] { taken = SingleInstance(folder).handOver(file); });
        connect(thread, &QThread::finished, this, [&] { done = true; });
        thread->start();
        [&] { QTRY_VERIFY(done); }();
        thread->wait();
        delete thread;
        return taken;
    }

    Theme m_theme;
    std::unique_ptr<MainWindow> m_window;
    QStringList m_made;
};

QTEST_MAIN(TestShell)
#include "test_shell.moc"
