#include <limits>

#include <QAbstractButton>
#include <QApplication>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "engine/workbench/settings.h"
#include "gui/app/application.h"
#include "gui/app/command_line.h"
#include "gui/delegates/answer_row.h"
#include "gui/delegates/chat_edit.h"
#include "gui/delegates/rich_text.h"
#include "gui/widgets/nav_item.h"
#include "tests/gui/patience.h"
#include "tests/support/test_data.h"

using namespace hearth::gui;
using hearth::workbench::DataPaths;
using hearth::workbench::SettingsFile;

/// The whole program in one process: wiring, live settings, start and end.
class TestApp : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("HEARTH_DATA_DIR", m_folder->path().toLocal8Bit());
        auto paths = DataPaths::prepare();
        QVERIFY(paths.has_value());
        m_paths = *paths;
    }
    void cleanup() {
        m_application.reset();
        qunsetenv("HEARTH_DATA_DIR");
    }

    void usableWithinASecond() {
        // Other programs may take the processor for a while: too late counts when it is so in every attempt.
        qint64 best = std::numeric_limits<qint64>::max();
        for (int attempt = 0; attempt < 3 && best > kUsableMs; ++attempt) {
            cleanup();
            init();
            QElapsedTimer timer;
            timer.start();
            start();
            QVERIFY(QTest::qWaitForWindowExposed(&m_application->window()));
            QCoreApplication::processEvents();
            best = std::min(best, timer.elapsed());
        }
        qInfo("usable after %lld ms", best);
        QVERIFY2(best <= kUsableMs, qPrintable(QString::number(best)));
    }

    void onlyWorkingPagesAreOnTheRail() {
        start();
        QStringList names;
        for (const auto* item : m_application->window().findChildren<NavItem*>())
            if (item->objectName().startsWith(QLatin1String("nav-"))) // beside them stands who is here
                names << item->objectName();
        names.sort();
        QCOMPARE(names, (QStringList{QStringLiteral("nav-about"), QStringLiteral("nav-audit"),
                                     QStringLiteral("nav-chat"), QStringLiteral("nav-discover"),
                                     QStringLiteral("nav-hardware"), QStringLiteral("nav-models"),
                                     QStringLiteral("nav-privacy"), QStringLiteral("nav-settings")}));
        for (const QString& page :
             {QStringLiteral("settings"), QStringLiteral("about"), QStringLiteral("hardware"),
              QStringLiteral("models"), QStringLiteral("chat")})
            QVERIFY(m_application->window().showPage(page));
    }

    void languageSwitchesLive() {
        start();
        auto* chat = m_application->window().findChild<NavItem*>(QStringLiteral("nav-chat"));
        m_application->window().showPage(QStringLiteral("settings"));
        m_application->settings().change(
            [](auto& s) { s.language = hearth::workbench::Language::SimplifiedChinese; });
        QTRY_COMPARE(chat->text(), QStringLiteral("对话"));
        m_application->settings().change([](auto& s) { s.language = hearth::workbench::Language::English; });
        QTRY_COMPARE(chat->text(), QStringLiteral("Chat"));
    }

    void coloursAndTextSizeChangeLive() {
        start();
        m_application->settings().change([](auto& s) {
            s.theme = hearth::workbench::Theme::Dark;
            s.fontScale = 1.3;
        });
        QVERIFY(m_application->theme().isDark());
        QCOMPARE(m_application->theme().fontScale(), 1.3);
        QCOMPARE(qApp->palette().color(QPalette::Window), darkPalette().background);
    }

    void placeIsKeptWhenTheWindowCloses() {
        start();
        m_application->window().resize(900, 620);
        m_application->window().close();
        QVERIFY(!SettingsFile(m_paths.settingsFile()).load().settings.windowGeometry.empty());
        m_application.reset();
        start();
        QCOMPARE(m_application->window().size(), QSize(900, 620));
    }

    void lastModelIsOpenedAgain() {
        const auto model = hearth::test::golden("llama-F32.gguf");
        QVERIFY(std::filesystem::exists(model));
        start(QString::fromStdString(model.string()));
        QTRY_COMPARE_WITH_TIMEOUT(m_application->settings().settings().lastModel, model, 10'000);
        m_application->window().close();
        m_application.reset();
        QCOMPARE(SettingsFile(m_paths.settingsFile()).load().settings.recentModels.size(), std::size_t{1});
        start();
        QTRY_VERIFY_WITH_TIMEOUT(loadedModel(), 10'000);
    }

    /// The main job: a model is dropped on the window, answers what is typed, and after a restart all is
    /// there.
    void aDroppedModelAnswersAndEverythingIsFoundAgain() {
        const auto real = hearth::test::shared("stories260K/stories260K.gguf");
        const auto model = std::filesystem::exists(real) ? real : hearth::test::golden("llama-F32.gguf");
        qInfo("model: %s", model.c_str());
        start();
        m_application->window().showPage(QStringLiteral("settings"));
        QMimeData files;
        files.setUrls({QUrl::fromLocalFile(QString::fromStdString(model.string()))});
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&m_application->window(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&m_application->window(), &drop);
        QTRY_VERIFY_WITH_TIMEOUT(loadedModel(), 10'000);
        QCOMPARE(m_application->window().currentPage(), QStringLiteral("chat"));
        QTest::keyClicks(composer(), QStringLiteral("Once upon a time"));
        QTest::keyClick(composer(), Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(answer().size() > 20, 30'000);
        QTest::keyClick(composer(), Qt::Key_Escape);
        QTRY_VERIFY_WITH_TIMEOUT(button("Answer again, keeping this version"), 30'000);
        const QString before = answer();

        m_application->window().close();
        m_application.reset();
        start();
        QTRY_COMPARE_WITH_TIMEOUT(answer(), before, 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(loadedModel(), 10'000);
    }

    void commandLine() {
        const auto parse = [](const QStringList& arguments) {
            return CommandLine::parse(QStringList{QStringLiteral("hearth")} + arguments);
        };
        QVERIFY(parse({}).error.isEmpty());
        QCOMPARE(parse({QStringLiteral("/a/b.gguf")}).modelFile, QStringLiteral("/a/b.gguf"));
        QVERIFY(QDir::isAbsolutePath(parse({QStringLiteral("b.gguf")}).modelFile));
        QCOMPARE(parse({QStringLiteral("--data-dir"), QStringLiteral("/d")}).dataDir, QStringLiteral("/d"));
        QCOMPARE(parse({QStringLiteral("--data-dir=/d"), QStringLiteral("m.gguf")}).dataDir,
                 QStringLiteral("/d"));
        QVERIFY(!parse({QStringLiteral("--data-dir")}).error.isEmpty());
        QVERIFY(!parse({QStringLiteral("--data-dir=")}).error.isEmpty());
        QVERIFY(!parse({QStringLiteral("--no-such-option")}).error.isEmpty());
        QVERIFY(!parse({QStringLiteral("a.gguf"), QStringLiteral("b.gguf")}).error.isEmpty());
        QVERIFY(parse({QStringLiteral("--help")}).help);
        QVERIFY(parse({QStringLiteral("-v")}).version);
    }

private:
#ifdef NDEBUG
    static constexpr qint64 kUsableMs = 1000; ///< on two cores
#else
    static constexpr qint64 kUsableMs = 5000; ///< unoptimised, perhaps with a sanitizer
#endif

    void start(const QString& model = {}) {
        QElapsedTimer timer;
        timer.start();
        m_application = std::make_unique<Application>(*qApp, m_paths, timer);
        m_application->settings().change([](auto& s) { s.language = hearth::workbench::Language::English; });
        m_application->start(model);
        QTRY_VERIFY(!m_application->window().isCovered()); // it is known that nobody needs to sign in
    }
    QAbstractButton* button(const char* beginning) {
        for (auto* button : m_application->window().findChildren<QAbstractButton*>())
            if (button->isVisible() && button->accessibleName().startsWith(QLatin1String(beginning)))
                return button;
        return nullptr;
    }
    bool loadedModel() {
        return button("Model: ") != nullptr;
    }
    ChatEdit* composer() {
        for (auto* edit : m_application->window().findChildren<ChatEdit*>())
            if (edit->accessibleName() == QLatin1String("Message"))
                return edit;
        return nullptr;
    }
    /// The text of the only answer on screen; empty while there is none.
    QString answer() {
        const auto* row = m_application->window().findChild<AnswerRow*>();
        const auto* text = row ? row->findChild<RichText*>() : nullptr;
        return text ? text->toPlainText() : QString();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    DataPaths m_paths;
    std::unique_ptr<Application> m_application;
};

QTEST_MAIN(TestApp)
#include "test_app.moc"
