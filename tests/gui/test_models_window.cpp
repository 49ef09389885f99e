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

#include "engine/workbench/library/library.h"
#include "engine/workbench/settings.h"
#include "gui/app/application.h"
#include "gui/models/library_model.h"
#include "gui/pages/chat_page.h"
#include "gui/pages/models_page.h"
#include "gui/widgets/feedback.h"
#include "tests/gui/patience.h"
#include "tests/gui/visible_text.h"
#include "tests/support/test_data.h"

using namespace hearth::gui;
using hearth::workbench::DataPaths;
namespace fs = std::filesystem;

namespace {
constexpr int kLong = 40'000;
}

class TestModelsWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("HEARTH_DATA_DIR", m_folder->path().toLocal8Bit());
        qputenv("XDG_DATA_HOME", m_folder->filePath(QStringLiteral("trash-home")).toLocal8Bit());
        fs::create_directories(path("trash-home"));
        m_paths = *DataPaths::prepare();
        start();
    }
    void cleanup() {
        m_application.reset();
        qunsetenv("HEARTH_DATA_DIR");
        qunsetenv("XDG_DATA_HOME");
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

    /// From a file to a smaller version, compared, made the default, taken back and removed; each with what
    /// is there after the program was started again.
    void aSmallerVersionIsMadeKeptAndRemoved() {
        fs::create_directories(path("in"));
        fs::copy_file(hearth::test::golden("llama-F16.gguf"), path("in/a.gguf"));
        m_page->import({QString::fromStdString(path("in/a.gguf").string())});
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kLong);
        m_page->quantise(versionAt(0));
        auto* next = find<QAbstractButton>("wizardNext");
        QTest::mouseClick(next, Qt::LeftButton);
        QTest::mouseClick(find<QRadioButton>("mix-Q4_K_M"), Qt::LeftButton, {}, QPoint(8, 8));
        QTRY_VERIFY_WITH_TIMEOUT(next->isEnabled(), kLong);
        QTest::mouseClick(next, Qt::LeftButton);
        QTest::mouseClick(next, Qt::LeftButton);
        QTest::mouseClick(next, Qt::LeftButton);
        // Whoever does something else meanwhile is told.
        MainWindow& window = m_application->window();
        window.showPage(QStringLiteral("about"));
        QTRY_VERIFY_WITH_TIMEOUT(
            hearth::test::allText(window).contains(QStringLiteral(": Quantise to Q4_K_M")), kLong);
        window.showPage(QStringLiteral("models"));
        QTRY_VERIFY_WITH_TIMEOUT(find<QAbstractButton>("keepDefault")->isVisible(), kLong);
        QTest::mouseClick(find<QAbstractButton>("keepDefault"), Qt::LeftButton);
        QTRY_COMPARE(cell(0, LibraryModel::Version), QStringLiteral("Q4_K_M · default"));
        QCOMPARE(rows(), 2);

        restart();
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 2, kLong);
        QCOMPARE(cell(0, LibraryModel::Version), QStringLiteral("Q4_K_M · default"));
        QCOMPARE(cell(1, LibraryModel::Version), QStringLiteral("F16"));
        QVERIFY(cell(0, LibraryModel::Source).startsWith(QStringLiteral("F16 → Q4_K_M")));
        const qint64 made = versionAt(0);
        m_page->showVersion(made, 1);
        QTRY_VERIFY(find<QAbstractButton>("rollBack")->isVisible());
        QTest::mouseClick(find<QAbstractButton>("rollBack"), Qt::LeftButton);
        QTRY_COMPARE(cell(0, LibraryModel::Version), QStringLiteral("F16 · default"));

        m_page->compare(made); // what was measured is still known
        QVERIFY(find<QAbstractButton>("discard")->isVisible());
        QTest::mouseClick(find<QAbstractButton>("discard"), Qt::LeftButton);
        QTRY_VERIFY(m_page->findChild<QAbstractButton*>(QStringLiteral("removeNow")));
        QTest::mouseClick(find<QAbstractButton>("removeNow"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kLong);
        QVERIFY(fs::is_empty(m_paths.modelsFolder()));
        QVERIFY(fs::exists(path("in/a.gguf")));

        restart();
        QTRY_COMPARE_WITH_TIMEOUT(rows(), 1, kLong);
        QCOMPARE(cell(0, LibraryModel::Version), QStringLiteral("F16"));
        const QStringList wanted{QStringLiteral("model.create done"), QStringLiteral("model.change done"),
                                 QStringLiteral("model.remove done"), QStringLiteral("job 1 quantise added"),
                                 QStringLiteral("job 1 quantise ended")};
        const QStringList noted = audited();
        for (const QString& entry : wanted)
            QVERIFY2(noted.contains(entry), qPrintable(entry));
    }

    void columnsAreKept() {
        m_page->setColumns("family,source");
        Q_EMIT m_page->columnsChanged();
        QTRY_COMPARE(m_application->settings().settings().modelColumns, std::string("family,source"));
        restart();
        QCOMPARE(m_page->columns(), QByteArray("family,source"));
        m_page->setColumns({});
        Q_EMIT m_page->columnsChanged();
    }

    /// Draws docs/screens when HEARTH_PICTURES names a folder to put them in.
    void pictures() {
        const QString folder = qEnvironmentVariable("HEARTH_PICTURES");
        if (folder.isEmpty())
            return;
        auto& window = m_application->window();
        window.resize(1360, 860);
        std::error_code absent; // measured beforehand, so that speeds are shown
        fs::copy_file(fs::path(folder.toStdString()) / "measurements.json",
                      m_paths.data / "measurements.json", absent);
        fs::create_directories(path("in"));
        fs::copy_file(fs::path(HEARTH_SOURCE_DIR) / "resources/guide/guide-Q8_0.gguf",
                      path("in/Guide-Q8_0.gguf"));
        // Models that look like those of a person, where the folder has some.
        const fs::path others = fs::path(folder.toStdString()) / "models";
        int done = 1;
        if (fs::is_directory(others)) {
            const auto library =
                hearth::workbench::Library::open(m_paths.libraryFile(), {m_paths.modelsFolder(), {}});
            QVERIFY(library.has_value());
            for (const auto& file : fs::directory_iterator(others)) {
                hearth::workbench::AddRequest request;
                request.path = fs::canonical(file.path());
                request.origin = "downloaded";
                request.licence = done % 2 ? "apache-2.0" : "mit";
                request.source = "https://huggingface.co/maker/" + file.path().stem().string() + "-GGUF";
                request.hash = false;
                QVERIFY((*library)->add(request).has_value());
                ++done;
            }
        } else {
            for (const char* name : {"qwen3-F32", "gemma2-F32", "phi3-F32", "llama-Q4_K"}) {
                fs::copy_file(hearth::test::golden(std::string(name) + ".gguf"),
                              path("in") / (std::string(name) + ".gguf"));
                ++done;
            }
        }
        m_page->import({QString::fromStdString(path("in").string())});
        auto* table = find<QTableView>("library");
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), done, kLong);
        int row = 0;
        while (!table->model()->index(row, 0).data().toString().contains(QStringLiteral("Guide")))
            ++row;
        const auto guide = table->model()->index(row, 0).data(LibraryModel::VersionRole).toLongLong();
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
            ++done;
            QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), done, kLong);
            QTRY_VERIFY_WITH_TIMEOUT(find<QAbstractButton>("keepDefault")->isVisible(), kLong);
        }
        find<QLineEdit>("ownPrompt")->setText(QStringLiteral("How do I add a model?"));
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
    void start() {
        QElapsedTimer timer;
        timer.start();
        m_application = std::make_unique<Application>(*qApp, m_paths, timer);
        m_application->settings().change([](auto& s) {
            s.language = hearth::workbench::Language::English;
            s.loadLastModelAtStart = false;
        });
        m_application->start({});
        QTRY_VERIFY(!m_application->window().isCovered()); // it is known that nobody needs to sign in
        m_page = qobject_cast<ModelsPage*>(m_application->window().showPage(QStringLiteral("models")));
        QVERIFY(m_page);
    }
    void restart() {
        m_application->window().close();
        m_application.reset();
        start();
    }
    int rows() const { return find<QTableView>("library")->model()->rowCount(); }
    QString cell(int row, int column) const {
        return find<QTableView>("library")->model()->index(row, column).data().toString();
    }
    qint64 versionAt(int row) const {
        return find<QTableView>("library")
            ->model()
            ->index(row, 0)
            .data(LibraryModel::VersionRole)
            .toLongLong();
    }
    /// "model.create done" …, "job 1 quantise added" … of the audit log.
    QStringList audited() {
        QStringList notes;
        bool answered = false;
        m_application->accounts().request(
            &m_application->window(),
            [&notes](AccountsDesk& d) -> hearth::Result<void> {
                HEARTH_TRY(const auto entries, d.accounts.audit().list({}, 0, 100));
                for (const auto& entry : entries) {
                    notes << QString::fromStdString(entry.event.action + " " +
                                                    std::string(nameOf(entry.event.outcome)));
                    const QString object = QString::fromStdString(entry.event.object);
                    notes << object.section(QLatin1Char(','), 0, 0); // of a job: which, and what became of it
                }
                return {};
            },
            [&answered](const hearth::Result<void>& result) { answered = result.has_value(); });
        [&] { QTRY_VERIFY(answered); }();
        return notes;
    }
    fs::path path(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }
    template <class W>
    W* find(const char* name) const {
        auto* found = m_page->findChild<W*>(QLatin1String(name));
        if (!found)
            qFatal("%s is not there", name);
        return found;
    }
    void grabAll(const QString& folder, const QString& name) {
        m_application->window().toasts().hide(); // it would be in the language of before
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
