// The page of models in the whole program: the chat opens what the library holds, as it is set there.

#include <filesystem>

#include <QAbstractButton>
#include <QApplication>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "engine/workbench/settings.h"
#include "gui/app/application.h"
#include "gui/pages/chat_page.h"
#include "gui/pages/models_page.h"
#include "tests/support/test_data.h"

using namespace hearth::gui;
using hearth::workbench::DataPaths;
namespace fs = std::filesystem;

namespace {
constexpr int kLong = 120'000;
}

class TestModelsWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("HEARTH_DATA_DIR", m_folder->path().toLocal8Bit());
        m_paths = *DataPaths::prepare();
        QElapsedTimer timer;
        timer.start();
        m_application = std::make_unique<Application>(*qApp, m_paths, timer);
        m_application->settings().change([](auto& s) { s.language = hearth::workbench::Language::English; });
        m_application->start({});
        m_page = qobject_cast<ModelsPage*>(m_application->window().showPage(QStringLiteral("models")));
        QVERIFY(m_page);
    }
    void cleanup() {
        m_application.reset();
        qunsetenv("HEARTH_DATA_DIR");
    }

    void theChatOpensWhatIsInstalledAsItIsSet() {
        fs::create_directories(path("in"));
        fs::copy_file(hearth::test::golden("llama-Q8_0.gguf"), path("in/a.gguf"));
        m_page->import({QString::fromStdString(path("in/a.gguf").string())});
        auto* table = find<QTableView>("library");
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, kLong);
        table->setCurrentIndex(table->model()->index(0, 0));
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Return);
        QTRY_VERIFY(find<QAbstractButton>("openInChat")->isVisible());
        find<QSpinBox>("defaultContext")->setValue(64);
        find<QPlainTextEdit>("defaultSystem")->setPlainText(QStringLiteral("Be brief."));
        QTest::mouseClick(find<QAbstractButton>("saveDefaults"), Qt::LeftButton);
        QTest::qWait(300); // it is on disk and read again
        QTest::mouseClick(find<QAbstractButton>("openInChat"), Qt::LeftButton);
        QTRY_COMPARE(m_application->window().currentPage(), QStringLiteral("chat"));
        QTRY_COMPARE_WITH_TIMEOUT(m_application->settings().settings().lastModel, path("in/a.gguf"), kLong);
        auto* chat = m_application->window().findChild<ChatPage*>();
        QVERIFY(chat);
        const auto says = [&](const QString& wanted) {
            for (const auto* edit : chat->findChildren<QPlainTextEdit*>())
                if (edit->toPlainText() == wanted)
                    return true;
            return false;
        };
        QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("Be brief.")), kLong);
    }

    /// Draws docs/screens when HEARTH_PICTURES names a folder to put them in.
    void pictures() {
        const QString folder = qEnvironmentVariable("HEARTH_PICTURES");
        if (folder.isEmpty())
            return;
        auto& window = m_application->window();
        window.resize(1360, 860);
        fs::create_directories(path("in"));
        fs::copy_file(fs::path(HEARTH_SOURCE_DIR) / "resources/guide/guide-Q8_0.gguf",
                      path("in/Guide-Q8_0.gguf"));
        for (const char* name : {"qwen3-F32", "gemma2-F32", "phi3-F32", "llama-Q4_K"})
            fs::copy_file(hearth::test::golden(std::string(name) + ".gguf"),
                          path("in") / (std::string(name) + ".gguf"));
        m_page->import({QString::fromStdString(path("in").string())});
        auto* table = find<QTableView>("library");
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 5, kLong);
        int row = 0;
        while (!table->model()->index(row, 0).data().toString().contains(QStringLiteral("Guide")))
            ++row;
        const auto guide = table->model()->index(row, 0).data(Qt::UserRole + 1).toLongLong();
        int done = 5;
        for (const char* mix : {"Q2_K", "Q3_K_M", "IQ4_XS", "Q5_K_M", "Q6_K", "Q4_K_M"}) {
            m_page->quantise(guide);
            auto* next = find<QAbstractButton>("wizardNext");
            QTest::mouseClick(next, Qt::LeftButton);
            QTest::mouseClick(find<QRadioButton>((std::string("mix-") + mix).c_str()), Qt::LeftButton, {},
                              QPoint(8, 8));
            QTRY_VERIFY_WITH_TIMEOUT(next->isEnabled(), kLong);
            if (QByteArray(mix) == "Q4_K_M")
                grabAll(folder, QStringLiteral("quantise-target"));
            QTest::mouseClick(next, Qt::LeftButton);
            QTest::mouseClick(next, Qt::LeftButton);
            QTest::mouseClick(next, Qt::LeftButton);
            QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), ++done, kLong);
            QTRY_VERIFY_WITH_TIMEOUT(find<QAbstractButton>("keepDefault")->isVisible(), kLong);
        }
        find<QLineEdit>("ownPrompt")->setText(QStringLiteral("How do I import a model?"));
        QTest::mouseClick(find<QAbstractButton>("askBoth"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(find<QWidget>("answers")->isVisible(), kLong);
        grabAll(folder, QStringLiteral("quantise"));
        QTest::mouseClick(find<QAbstractButton>("keepDefault"), Qt::LeftButton);
        m_page->showVersion(guide, 1);
        QTest::qWait(300);
        grabAll(folder, QStringLiteral("models-versions"));
        m_page->showVersion(guide, 0);
        QTest::qWait(300);
        grabAll(folder, QStringLiteral("models-details"));
        m_page->showVersion(guide, 2);
        QTest::qWait(500);
        grabAll(folder, QStringLiteral("models-tensors"));
        QTest::keyClick(m_page, Qt::Key_Escape);
        QTest::mouseClick(find<QAbstractButton>("back"), Qt::LeftButton);
        QTest::qWait(300);
        grabAll(folder, QStringLiteral("models"));
        QTest::mouseClick(find<QAbstractButton>("storage"), Qt::LeftButton);
        QTest::qWait(1500);
        grabAll(folder, QStringLiteral("models-storage"));
    }

private:
    fs::path path(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }
    template <class W>
    W* find(const char* name) const {
        auto* found = m_page->findChild<W*>(QLatin1String(name));
        if (!found)
            qFatal("%s is not there", name);
        return found;
    }
    void grabAll(const QString& folder, const QString& name) {
        namespace settings = hearth::workbench;
        for (const auto& [language, code] : {std::pair(settings::Language::English, "en"),
                                             std::pair(settings::Language::SimplifiedChinese, "zh_CN")})
            for (const auto& [theme, word] :
                 {std::pair(settings::Theme::Light, "light"), std::pair(settings::Theme::Dark, "dark")}) {
                m_application->settings().change([language = language, theme = theme](auto& s) {
                    s.language = language;
                    s.theme = theme;
                });
                QTest::qWait(150);
                m_application->window().grab().save(folder + QLatin1Char('/') + name + QLatin1Char('-') +
                                                    QLatin1String(word) + QLatin1Char('-') +
                                                    QLatin1String(code) + QStringLiteral(".png"));
            }
        m_application->settings().change([](auto& s) {
            s.language = settings::Language::English;
            s.theme = settings::Theme::Light;
        });
        QTest::qWait(150);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    DataPaths m_paths;
    std::unique_ptr<Application> m_application;
    ModelsPage* m_page = nullptr;
};

QTEST_MAIN(TestModelsWindow)
#include "test_models_window.moc"
