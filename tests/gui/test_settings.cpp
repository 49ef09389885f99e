#include <fstream>

#include <QComboBox>
#include <QCoreApplication>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include "engine/workbench/settings.h"
#include "gui/bridge/settings_bridge.h"
#include "gui/pages/about_page.h"
#include "gui/pages/settings_page.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "tests/gui/patience.h"

using namespace hearth::gui;
using hearth::workbench::SettingsFile;

namespace {

class MarkingTranslator final : public QTranslator {
public:
    [[nodiscard]] bool isEmpty() const override { return false; }
    QString translate(const char*, const char* text, const char*, int) const override {
        return QLatin1Char('>') + QString::fromUtf8(text);
    }
};

QString allText(const QWidget& page) {
    QString all;
    for (const auto* label : page.findChildren<QLabel*>())
        if (!label->isHidden())
            all += label->text() + QLatin1Char('\n');
    return all;
}

} // namespace

class TestSettings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = std::filesystem::path(m_folder->path().toStdString()) / "settings.json";
    }
    void cleanup() { close(); }

    /// The list of the About page and the README's table of dependencies name the same libraries.
    void aboutNamesEveryLibrary() {
        Theme theme;
        const AboutPage about(theme, {});
        const auto plain = [](QString name) {
            static const QRegularExpression noise(QStringLiteral("[^a-z]|^lib"));
            name = name.toLower().section(QLatin1Char('('), 0, 0).section(QLatin1Char(','), 0, 0);
            return name.remove(noise);
        };
        QStringList named;
        for (const auto* label : about.findChildren<QLabel*>())
            named << plain(label->text());
        QFile readme(QStringLiteral(HEARTH_SOURCE_DIR "/README.md"));
        QVERIFY(readme.open(QIODevice::ReadOnly));
        const QString table = QString::fromUtf8(readme.readAll())
                                  .section(QStringLiteral("## Dependencies"), 1)
                                  .section(QStringLiteral("## "), 0, 0);
        int rows = 0;
        for (const QString& line : table.split(QLatin1Char('\n'))) {
            const QString name = line.section(QLatin1Char('|'), 1, 1).trimmed();
            if (name.isEmpty() || name == QLatin1String("Library") || name.startsWith(QLatin1String("--")) ||
                name.startsWith(QLatin1String("GoogleTest"))) // the row of what only tests use
                continue;
            QVERIFY2(named.contains(plain(name)), qPrintable(name));
            ++rows;
        }
        QVERIFY(rows > 12);
    }

    void choicesAreKept() {
        open();
        auto* theme = m_page->findChild<SegmentedControl*>(QStringLiteral("theme"));
        QTest::keyClick(theme, Qt::Key_Right);
        QTest::keyClick(theme, Qt::Key_Right);
        activate(QStringLiteral("language"), 2);
        activate(QStringLiteral("threads"), 3);
        activate(QStringLiteral("context"), 2);
        QTest::keyClick(m_page->findChild<SegmentedControl*>(QStringLiteral("kvType")), Qt::Key_Right);
        QTest::keyClick(m_page->findChild<SegmentedControl*>(QStringLiteral("policy")), Qt::Key_Right);
        m_page->findChild<Toggle*>(QStringLiteral("loadLast"))->click();
        m_page->findChild<Toggle*>(QStringLiteral("notifications"))->click();
        auto* scale = m_page->findChild<LabelledSlider*>(QStringLiteral("fontScale"));
        scale->findChild<QDoubleSpinBox*>()->setValue(125);
        close(); // writes what is outstanding

        const auto kept = SettingsFile(m_file).load();
        QVERIFY(kept.problems.empty());
        QCOMPARE(kept.settings.theme, hearth::workbench::Theme::Dark);
        QCOMPARE(kept.settings.language, hearth::workbench::Language::SimplifiedChinese);
        QCOMPARE(kept.settings.threads, std::size_t{3});
        QCOMPARE(kept.settings.defaultContext, std::size_t{4096});
        QCOMPARE(kept.settings.kvType, hearth::kernels::KvType::Q8_0);
        QCOMPARE(kept.settings.contextPolicy, hearth::runtime::ContextPolicy::DropOldest);
        QCOMPARE(kept.settings.loadLastModelAtStart, false);
        QCOMPARE(kept.settings.notifications, false);
        QCOMPARE(kept.settings.fontScale, 1.25);

        open(); // and everything is shown again
        QCOMPARE(m_page->findChild<SegmentedControl*>(QStringLiteral("theme"))->currentIndex(), 2);
        QCOMPARE(m_page->findChild<QComboBox*>(QStringLiteral("context"))->currentIndex(), 2);
        QVERIFY(!m_page->findChild<Toggle*>(QStringLiteral("loadLast"))->isChecked());
        QVERIFY(!m_page->findChild<Toggle*>(QStringLiteral("notifications"))->isChecked());
    }

    void changesAreWrittenWithoutClosing() {
        open();
        QSignalSpy saved(m_settings.get(), &SettingsBridge::saved);
        activate(QStringLiteral("threads"), 1);
        QVERIFY(saved.wait(hearth::test::kPatience));
        QCOMPARE(SettingsFile(m_file).load().settings.threads, std::size_t{1});
    }

    void sliderStepsAreGatheredIntoOneWrite() {
        open();
        QSignalSpy saved(m_settings.get(), &SettingsBridge::saved);
        auto* slider = m_page->findChild<LabelledSlider*>(QStringLiteral("fontScale"))->findChild<QSlider*>();
        for (int i = 0; i < 5; ++i)
            QTest::keyClick(slider, Qt::Key_Right);
        QVERIFY(saved.wait(hearth::test::kPatience));
        QTest::qWait(2 * SettingsBridge::kSaveDelayMs);
        QCOMPARE(saved.count(), 1);
    }

    void unusualContextIsShownAsItIs() {
        SettingsFile file(m_file);
        auto settings = file.load().settings;
        settings.defaultContext = 5000;
        QVERIFY(file.save(settings));
        open();
        auto* box = m_page->findChild<QComboBox*>(QStringLiteral("context"));
        QCOMPARE(box->currentData().toULongLong(), 5000ULL);
    }

    void folderIsTakenOffAndBack() {
        SettingsFile file(m_file);
        auto settings = file.load().settings;
        settings.modelFolders = {m_folder->path().toStdString(), "/nowhere/at/all"};
        QVERIFY(file.save(settings));
        open();
        QVERIFY(allText(*m_page).size() > 0);
        auto* remove = namedButton(QStringLiteral("/nowhere/at/all"));
        QVERIFY(remove);
        remove->click();
        QCOMPARE(m_settings->settings().modelFolders.size(), std::size_t{1});
        QVERIFY(m_toasts->isShowing());
        for (auto* button : m_window->findChildren<QPushButton*>())
            if (button->text() == QLatin1String("Undo"))
                button->click();
        QCOMPARE(m_settings->settings().modelFolders.size(), std::size_t{2});
    }

    void badFileSaysWhatWasWrong() {
        std::ofstream(m_file) << R"({"version": 1, "fontScale": "huge"})";
        open();
        auto* box = m_page->findChild<ErrorBox*>();
        QVERIFY(!m_settings->problems().empty());
        QVERIFY(!box->isHidden());
        for (const char* part : {"settings.json", "fontScale"})
            QVERIFY2(allText(*box).contains(QString::fromLatin1(part)), qPrintable(allText(*box)));
    }

    void goodFileShowsNoMessage() {
        open();
        QVERIFY(m_page->findChild<ErrorBox*>()->isHidden());
    }

    void everyWordFollowsTheLanguage() {
        open();
        MarkingTranslator translator;
        QCoreApplication::installTranslator(&translator);
        QTRY_VERIFY(allText(*m_page).startsWith(u'>'));
        for (const auto* label : m_page->findChildren<QLabel*>())
            if (!label->isHidden() && !label->text().isEmpty())
                QVERIFY2(label->text().contains(u'>'), qPrintable(label->text()));
        QCoreApplication::removeTranslator(&translator);
        QTRY_VERIFY(!allText(*m_page).contains(u'>'));
        // The choices are still what they were.
        QCOMPARE(m_page->findChild<QComboBox*>(QStringLiteral("language"))->currentIndex(), 0);
    }

    void everyControlIsNamed() {
        open();
        for (const char* name :
             {"language", "theme", "threads", "context", "kvType", "policy", "loadLast", "notifications"}) {
            auto* control = m_page->findChild<QWidget*>(QString::fromLatin1(name));
            QVERIFY2(control && !control->accessibleName().isEmpty(), name);
            QVERIFY2(control->focusPolicy() & Qt::TabFocus, name);
        }
    }

    void aboutTellsTheFacts() {
        AboutPage page(m_theme, {.version = QStringLiteral("9.8.7"),
                                 .instructionSet = QStringLiteral("AVX2 + FMA"),
                                 .threads = 3,
                                 .dataFolder = QStringLiteral("/data/here"),
                                 .logFolder = QStringLiteral("/logs/there")});
        const QString text = allText(page);
        for (const char* fact : {"9.8.7", "AVX2 + FMA", "3", "/data/here", "/logs/there", "GPL-3.0-or-later",
                                 "SQLite", "Qt " QT_VERSION_STR, "nothing"})
            QVERIFY2(text.contains(QString::fromLatin1(fact)), fact);
        MarkingTranslator translator;
        QCoreApplication::installTranslator(&translator);
        QCoreApplication::sendPostedEvents();
        QEvent change(QEvent::LanguageChange);
        QCoreApplication::sendEvent(&page, &change);
        QVERIFY(allText(page).contains(u'>'));
        QCoreApplication::removeTranslator(&translator);
    }

private:
    void open() {
        m_settings = std::make_unique<SettingsBridge>(m_file);
        m_window = std::make_unique<QWidget>();
        m_window->resize(900, 700);
        m_toasts = new ToastHost(m_theme, m_window.get());
        m_page =
            new SettingsPage(m_theme, *m_settings, *m_toasts,
                             {.usableCores = 4, .dataFolder = QStringLiteral("/data/here")}, m_window.get());
        m_window->show();
    }
    void close() {
        m_window.reset();
        m_settings.reset();
    }
    void activate(const QString& box, int index) {
        auto* combo = m_page->findChild<QComboBox*>(box);
        combo->setCurrentIndex(index);
        Q_EMIT combo->activated(index);
    }
    QAbstractButton* namedButton(const QString& part) {
        for (auto* button : m_page->findChildren<QAbstractButton*>())
            if (button->accessibleName().contains(part))
                return button;
        return nullptr;
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_file;
    std::unique_ptr<SettingsBridge> m_settings;
    std::unique_ptr<QWidget> m_window;
    ToastHost* m_toasts = nullptr;
    SettingsPage* m_page = nullptr;
};

QTEST_MAIN(TestSettings)
#include "test_settings.moc"
