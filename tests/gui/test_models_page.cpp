#include <atomic>
#include <filesystem>
#include <fstream>

#include <QAbstractItemModelTester>
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDropEvent>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include "engine/format/gguf/synthetic_model.h"
#include "gui/bridge/library_bridge.h"
#include "gui/models/library_model.h"
#include "gui/pages/models_page.h"
#include "gui/pages/models_plots.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/human.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"
#include "tests/gui/visible_text.h"
#include "tests/optimize/convert/hf_folder.h"
#include "tests/support/test_data.h"

using namespace hearth::gui;
using hearth::test::allText;
namespace security = hearth::security;
namespace workbench = hearth::workbench;
namespace fs = std::filesystem;

namespace {

constexpr int kLong = 60'000; ///< ms; a loaded machine is slow

} // namespace

class TestModelsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_DATA_HOME", m_folder->filePath(QStringLiteral("xdg")).toUtf8());
        fs::create_directories(path("xdg"));
        m_services = {};
        m_services.files = {path("jobs.db"), path("library.db"), path("jobs")};
        m_services.library.folder = path("models");
        m_services.threads = 2;
        m_services.machine = [] {
            return std::pair(hearth::hardware::Measurement{},
                             hearth::hardware::MemoryRoom{4'000'000'000, 8'000'000'000});
        };
        m_services.foreign = [this] { return m_foreign; };
        m_services.volumes = [this](const std::vector<fs::path>&) {
            workbench::Volume volume;
            volume.root = path("");
            volume.folder = path("models");
            volume.totalBytes = 1'000'000'000;
            volume.freeBytes = 400'000'000;
            volume.speed = 2;
            return std::vector{volume};
        };
        m_foreign.clear();
        m_prepare = {};
        m_window = std::make_unique<QWidget>();
        m_window->resize(1280, 860);
        m_toasts = new ToastHost(m_theme, m_window.get());
    }
    void cleanup() {
        m_page = nullptr;
        m_window.reset();
        m_bridge.reset();
        m_toasts = nullptr;
    }

    void emptyLibraryOffersTheFirstStep() {
        open();
        QTRY_VERIFY(m_bridge->isRead());
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("No models yet")));
        QVERIFY(find<Button>("firstImport")->isVisible());
        m_foreign = {{"lm-studio", path("lm")}};
        put("llama-Q4_0.gguf", "lm/pub/x.gguf");
        std::ofstream(path("lm/bad.gguf")) << "no model";
        QTest::mouseClick(find<Button>("firstScan"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(allText(*m_page).contains(QStringLiteral("LM Studio")), kLong);
        QTRY_VERIFY_WITH_TIMEOUT(allText(*m_page).contains(QStringLiteral("This is not a GGUF model")),
                                 kLong);
        QCOMPARE(find<Button>("addFound")->text(), QStringLiteral("Take in 1 model(s)"));
        QTest::mouseClick(find<Button>("addFound"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        QCOMPARE(m_bridge->models().front().versions.front().origin, std::string("lm-studio"));
    }

    void droppedFilesAreListedFilteredAndSorted() {
        open();
        drop({put("llama-F16.gguf", "a.gguf"), put("llama-Q4_K.gguf", "b.gguf"),
              put("qwen3-F32.gguf", "c.gguf")});
        auto* table = find<QTableView>("library");
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 3, kLong);
        QAbstractItemModelTester tester(table->model());
        QVERIFY(allText(*m_page).contains(QStringLiteral("3 installed")));
        QTRY_VERIFY_WITH_TIMEOUT(m_bridge->fit(version(0)) != nullptr, kLong);
        const auto at = [&](int row, int column) {
            return table->model()->index(row, column).data().toString();
        };
        QCOMPARE(at(0, LibraryModel::Version), QStringLiteral("F16 · default"));
        QTRY_COMPARE(at(0, LibraryModel::Fit), QStringLiteral("comfortable"));
        QCOMPARE(at(0, LibraryModel::Size), humanBytes(m_bridge->models().front().versions.front().bytes()));
        // Smallest first, then largest first, by clicking the heading.
        table->sortByColumn(LibraryModel::Size, Qt::AscendingOrder);
        const auto key = [&](int row) {
            return table->model()->index(row, LibraryModel::Size).data(LibraryModel::SortRole).toULongLong();
        };
        QVERIFY(key(0) < key(1) && key(1) < key(2));
        table->sortByColumn(LibraryModel::Size, Qt::DescendingOrder);
        QVERIFY(key(0) > key(1) && key(1) > key(2));
        QTest::keyClicks(find<QLineEdit>("librarySearch"), QStringLiteral("qwen f32"));
        QCOMPARE(table->model()->rowCount(), 1);
        find<QLineEdit>("librarySearch")->clear();
        auto* family = find<QComboBox>("libraryFamily");
        family->setCurrentIndex(family->findText(QStringLiteral("llama")));
        Q_EMIT family->activated(family->currentIndex());
        QCOMPARE(table->model()->rowCount(), 2);
        auto* licence = find<QComboBox>("libraryLicence");
        QVERIFY2(!licence->isVisible(), "these files say nothing about their licences");
        auto* shape = find<SegmentedControl>("libraryShape");
        Q_EMIT shape->chosen(1);
        QVERIFY(find<QListView>("libraryGrid")->isVisible());
        grab("models-grid");
    }

    /// Every model says what it is; as many columns are shown as there is room for, or those that were
    /// chosen.
    void columnsSayWhatAModelIs() {
        m_prepare = [this](LibraryBridge&) {
            auto library = workbench::Library::open(m_services.files.library, m_services.library);
            QVERIFY(library.has_value());
            workbench::AddRequest request;
            request.path = put("llama-Q4_K.gguf", "a.gguf").toStdString();
            request.licence = "apache-2.0";
            request.origin = "downloaded";
            request.source = "https://hub.example/maker/Tiny-GGUF@" + std::string(40, 'c');
            QVERIFY((*library)->add(request).has_value());
            request = {};
            request.path = put("qwen3-F32.gguf", "b.gguf").toStdString();
            QVERIFY((*library)->add(request).has_value());
        };
        open();
        m_bridge->refresh();
        auto* table = find<QTableView>("library");
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, kLong);
        const int row =
            table->model()->index(0, LibraryModel::Family).data() == QStringLiteral("llama") ? 0 : 1;
        const auto at = [&](int column) { return table->model()->index(row, column).data().toString(); };
        const auto* model = m_bridge->modelOfVersion(
            table->model()->index(row, 0).data(LibraryModel::VersionRole).toLongLong());
        QVERIFY(model);
        QCOMPARE(at(LibraryModel::Family), QStringLiteral("llama"));
        QCOMPARE(at(LibraryModel::Parameters), humanParameters(model->parameters));
        QCOMPARE(at(LibraryModel::Context), humanCount(model->trainedContext));
        QCOMPARE(at(LibraryModel::Quantisation),
                 QString::fromStdString(model->versions.front().quantisation));
        QCOMPARE(at(LibraryModel::Licence), QStringLiteral("apache-2.0"));
        QCOMPARE(at(LibraryModel::Source), QStringLiteral("maker/Tiny-GGUF · hub.example"));
        QCOMPARE(table->model()->index(row, LibraryModel::Source).data(Qt::ToolTipRole).toString(),
                 QStringLiteral("downloaded · https://hub.example/maker/Tiny-GGUF@") +
                     QString(40, QLatin1Char('c')));
        QCOMPARE(table->model()->index(1 - row, LibraryModel::Licence).data().toString(),
                 LibraryModel::unknown());
        const QString spoken = table->model()->index(row, 0).data(Qt::AccessibleTextRole).toString();
        for (const char* words : {"Family: llama", "Licence: apache-2.0", "Context: ", "Last used: never"})
            QVERIFY2(spoken.contains(QLatin1String(words)), qPrintable(spoken));
        // Sorting by any of them.
        for (const int column : {LibraryModel::Parameters, LibraryModel::Context, LibraryModel::Licence}) {
            table->sortByColumn(column, Qt::AscendingOrder);
            const auto first = table->model()->index(0, LibraryModel::Family).data();
            table->sortByColumn(column, Qt::DescendingOrder);
            QVERIFY(table->model()->index(0, column).data() == table->model()->index(1, column).data() ||
                    table->model()->index(0, LibraryModel::Family).data() != first);
        }
        auto* licence = find<QComboBox>("libraryLicence");
        QVERIFY(licence->isVisible());
        licence->setCurrentIndex(licence->findText(QStringLiteral("apache-2.0")));
        Q_EMIT licence->activated(licence->currentIndex());
        QCOMPARE(table->model()->rowCount(), 1);
        licence->setCurrentIndex(0);
        Q_EMIT licence->activated(0);

        const auto hidden = [&](int column) { return table->isColumnHidden(column); };
        const auto resize = [&](int width) {
            m_window->resize(width, 860);
            m_page->resize(m_window->size());
        };
        resize(1400);
        QTRY_VERIFY(!hidden(LibraryModel::Source) && !hidden(LibraryModel::Licence));
        QVERIFY2(hidden(LibraryModel::Quantisation), "it says what the version's name says");
        resize(1030);
        QTRY_VERIFY(hidden(LibraryModel::Source) && hidden(LibraryModel::Licence));
        QVERIFY(!hidden(LibraryModel::Family) && !hidden(LibraryModel::Parameters) &&
                !hidden(LibraryModel::Context) && !hidden(LibraryModel::Fit));
        QVERIFY(!table->horizontalScrollBar()->isVisible());
        grab("models-narrow");
        // Chosen ones are shown whatever the width.
        const auto choose = [&](const char* name) {
            QTest::mouseClick(find<QAbstractButton>("libraryColumns"), Qt::LeftButton);
            auto* menu = find<QMenu>("columnMenu");
            QTRY_VERIFY(menu->isVisible());
            auto* action = menu->findChild<QAction*>(QLatin1String(name));
            QVERIFY(action);
            menu->hide();
            action->trigger();
        };
        QSignalSpy told(m_page, &ModelsPage::columnsChanged);
        choose("column-source");
        choose("column-licence");
        QCOMPARE(told.size(), 2);
        QVERIFY(!hidden(LibraryModel::Source) && !hidden(LibraryModel::Licence));
        QTRY_VERIFY(table->horizontalScrollBar()->isVisible());
        choose("column-speed");
        QVERIFY(hidden(LibraryModel::Speed));
        const QByteArray kept = m_page->columns();
        QVERIFY(kept.contains("source") && !kept.contains("speed"));
        choose("columnsThatFit");
        QVERIFY(m_page->columns().isEmpty());
        QVERIFY(hidden(LibraryModel::Source) && !hidden(LibraryModel::Speed));
        m_page->setColumns(kept + ",nonsense");
        QCOMPARE(m_page->columns(), kept);
        QVERIFY(!hidden(LibraryModel::Source) && hidden(LibraryModel::Speed));
        m_page->setColumns("nonsense");
        QVERIFY2(!hidden(LibraryModel::Speed), "a choice of nothing that exists is no choice");
    }

    void whatCannotBeTakenInIsNamedAndTheRestIs() {
        open();
        std::ofstream(path("bad.gguf")) << "x";
        drop({text("bad.gguf"), put("llama-Q4_0.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("This model file is incomplete")));
        const auto boxes = m_page->findChildren<ErrorBox*>();
        QVERIFY(std::any_of(boxes.begin(), boxes.end(), [&](auto* box) { return box->isVisibleTo(m_page); }));
        grab("models-problem");
    }

    void filesAreCopiedIntoTheLibraryWhereThePersonWantsIt() {
        open();
        const QString file = put("llama-Q4_0.gguf", "a.gguf");
        m_page->findChild<QAction*>(QStringLiteral("importCopy"))->trigger();
        drop({file});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        const auto& taken = m_bridge->models().front().versions.front();
        QCOMPARE(taken.files.front().mode, workbench::FileMode::Copied);
        QCOMPARE(taken.path().parent_path(), path("models"));
        QVERIFY(fs::exists(path("a.gguf")));
    }

    void whoMayOnlyUseModelsChangesNothing() {
        using security::Action;
        open();
        drop({put("llama-F16.gguf", "a.gguf"), put("llama-Q4_0.gguf", "b.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        const qint64 model = m_bridge->models().front().id, first = version(0);
        delete m_page;
        const auto table = security::PermissionTable::defaults();
        m_prepare = [&](LibraryBridge& bridge) {
            bridge.setRights(Rights::of(security::Role::User, table));
            bridge.setGuard([&](Action action, const QString&, LibraryBridge::Answer answer) {
                if (table.scope(security::Role::User, action, security::Resource::Model) !=
                    security::Scope::None)
                    answer({});
                else
                    answer(tl::unexpected(hearth::Error{"permission.denied", "no"}
                                              .with("action", "change")
                                              .with("resource", "model")));
            });
        };
        m_bridge.reset();
        open();
        QTRY_VERIFY(m_bridge->isRead());
        QTRY_VERIFY(find<QTableView>("library")->isVisible());
        QVERIFY(!find<Button>("import")->isVisible());
        QVERIFY(!m_page->acceptDrops());
        m_page->showVersion(first, 0);
        for (const char* hidden : {"rename", "quantise", "saveNote", "saveDefaults"})
            QVERIFY2(!find<Button>(hidden)->isVisible(), hidden);
        QVERIFY(find<Button>("openInChat")->isVisible());
        QVERIFY(find<QPlainTextEdit>("modelNote")->isReadOnly());
        m_page->showVersion(first, 1);
        QVERIFY(!m_page->findChild<Button*>(QStringLiteral("removeVersion")));
        QVERIFY(!m_page->findChild<Button*>(QStringLiteral("setDefault")));
        m_page->showVersion(first, 4);
        QVERIFY(!find<Button>("moveFiles")->isVisible());
        QVERIFY(find<Button>("verifyNow")->isVisible());
        // And by no other way.
        QSignalSpy failed(m_bridge.get(), &LibraryBridge::failed);
        m_bridge->import({text("a.gguf")}, workbench::FileMode::Referenced);
        m_bridge->edit(first, [&](workbench::Library& library) { return library.rename(model, "Mine"); });
        m_bridge->remove(first, true);
        m_bridge->move(first, text("models"));
        QCOMPARE(failed.count(), 4);
        for (const auto& one : failed)
            QCOMPARE(one.front().value<hearth::Error>().code, std::string("permission.denied"));
        std::string refused;
        m_bridge->addJob(
            {.kind = workbench::JobKind::Quantise, .title = "x", .version = first, .request = "{}"}, m_page,
            [&](const hearth::Result<workbench::JobId>& id) { refused = id ? "" : id.error().code; });
        QCOMPARE(refused, std::string("permission.denied"));
        QVERIFY(m_bridge->jobs().empty());
        QVERIFY(fs::exists(path("a.gguf")));
        QCOMPARE(m_bridge->models().front().versions.size(), 2U);
    }

    void whatWasDoneIsTold() {
        QStringList told;
        m_prepare = [&](LibraryBridge& bridge) {
            connect(&bridge, &LibraryBridge::ended, &bridge,
                    [&](hearth::security::Action action, const QString& where, const QString& code) {
                        told << QString::fromUtf8(nameOf(action).data()) + QLatin1Char(' ') +
                                    QString::fromStdString(
                                        fs::path(where.toStdString()).filename().string()) +
                                    QLatin1Char(' ') + code;
                    });
        };
        open();
        drop({put("llama-F16.gguf", "a.gguf"), put("llama-Q4_0.gguf", "b.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(told.size(), 2, kLong);
        QTRY_COMPARE(m_bridge->models().size(), 1U);
        const qint64 second = version(1);
        m_bridge->edit(second, [second](workbench::Library& library) { return library.setDefault(second); });
        QTRY_COMPARE(told.size(), 3);
        QTRY_COMPARE(version(0), second);
        m_bridge->edit(second, [](workbench::Library& library) { return library.setVersionNote(999, "x"); });
        QTRY_COMPARE(told.size(), 4);
        m_bridge->remove(second, false);
        QTRY_COMPARE(told.size(), 5);
        QCOMPARE(told,
                 (QStringList{QStringLiteral("create a.gguf "), QStringLiteral("create b.gguf "),
                              QStringLiteral("change a.gguf "), QStringLiteral("change  library.not_found"),
                              QStringLiteral("remove b.gguf ")}));
    }

    void detailsShowEveryTab() {
        open();
        drop({put("llama-F16.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        auto* table = find<QTableView>("library");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        table->setCurrentIndex(table->model()->index(0, 0));
        QTest::keyClick(table, Qt::Key_Return);
        auto* tabs = find<SegmentedControl>("detailTabs");
        QTRY_VERIFY(tabs->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(m_bridge->fit(version(0)) != nullptr, kLong);
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("Memory together")));
        grab("models-details");
        Q_EMIT tabs->chosen(2);
        auto* tensors = find<QTableView>("tensors");
        QTRY_VERIFY_WITH_TIMEOUT(tensors->model()->rowCount() > 5, kLong);
        QTest::keyClicks(find<QLineEdit>("tensorSearch"), QStringLiteral("ffn_down"));
        QVERIFY(tensors->model()->rowCount() >= 1);
        QVERIFY(tensors->model()->index(0, 0).data().toString().contains(QStringLiteral("ffn_down")));
        QVERIFY(
            find<QPlainTextEdit>("metadata")->toPlainText().contains(QStringLiteral("general.architecture")));
        grab("models-tensors");
        Q_EMIT tabs->chosen(4);
        QTest::mouseClick(find<Button>("verifyNow"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_toasts->isShowing(), kLong);
        grab("models-files");
        QTest::keyClick(m_page, Qt::Key_Escape);
    }

    void aChangedFileIsReported() {
        open();
        drop({put("llama-Q4_0.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        m_page->showVersion(version(0), 4);
        std::fstream file(path("a.gguf"), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(100'000);
        file.put('\x7F');
        file.close();
        QTest::mouseClick(find<Button>("verifyNow"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(
            allText(*m_page).contains(QStringLiteral("This version is not what was recorded")), kLong);
    }

    void whatIsWrittenStaysWhenTheFileHasBeenRead() {
        open();
        drop({put("llama-Q4_0.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        m_page->showVersion(version(0), 3);
        find<QAbstractButton>("ownTemplate")->setChecked(true);
        find<QPlainTextEdit>("templateSource")->setPlainText(QStringLiteral("mine"));
        bool read = false;
        m_bridge->readDetails(version(0), m_page, [&](const auto&) { read = true; });
        QTRY_VERIFY(read); // the page's own question was answered before
        QCOMPARE(find<QPlainTextEdit>("templateSource")->toPlainText(), QStringLiteral("mine"));
        QEvent language(QEvent::LanguageChange);
        QCoreApplication::sendEvent(m_page, &language); // goes on to its children
        QCOMPARE(find<QPlainTextEdit>("templateSource")->toPlainText(), QStringLiteral("mine"));
    }

    void templatesAreTriedAndKept() {
        open();
        drop({put("llama-Q4_0.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        m_page->showVersion(version(0), 3);
        auto* own = find<QAbstractButton>("ownTemplate");
        own->setChecked(true);
        auto* source = find<QPlainTextEdit>("templateSource");
        source->setPlainText(
            QStringLiteral("{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"));
        find<QLineEdit>("templateQuestion")->setText(QStringLiteral("why?"));
        QTest::mouseClick(find<Button>("tryTemplate"), Qt::LeftButton);
        QTRY_COMPARE(find<QPlainTextEdit>("templateResult")->toPlainText(),
                     QStringLiteral("<user>why?<assistant>…<user>why?"));
        QTest::mouseClick(find<Button>("saveTemplate"), Qt::LeftButton);
        QTRY_VERIFY(!m_bridge->defaultsFor(text("a.gguf")).chatTemplate.empty());
        source->setPlainText(QStringLiteral("{% for"));
        QTest::mouseClick(find<Button>("saveTemplate"), Qt::LeftButton);
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("chat template failed")));
        QCOMPARE(m_bridge->defaultsFor(text("a.gguf")).chatTemplate.substr(0, 6), std::string("{% for"));
    }

    void removingAsksAndCanBeUndone() {
        open();
        drop({put("llama-Q4_0.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        m_page->showVersion(version(0), 1);
        QTest::mouseClick(find<Button>("removeVersion"), Qt::LeftButton);
        QMessageBox* box = nullptr;
        QTRY_VERIFY((box = m_page->findChild<QMessageBox*>(QStringLiteral("removeBox"))) && box->isVisible());
        box->findChild<QCheckBox*>(QStringLiteral("removeFiles"))->setChecked(true);
        QTest::mouseClick(box->findChild<QAbstractButton*>(QStringLiteral("removeNow")), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 0U, kLong);
        QVERIFY(!fs::exists(path("a.gguf")));
        QTRY_VERIFY(m_toasts->isShowing());
        for (auto* button : m_window->findChildren<QAbstractButton*>())
            if (button->isVisible() && button->text() == QStringLiteral("Undo"))
                QTest::mouseClick(button, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        QVERIFY(fs::exists(path("a.gguf")));
    }

    void defaultsAndRollback() {
        open();
        drop({put("llama-F16.gguf", "a.gguf"), put("llama-Q4_K.gguf", "b.gguf")});
        QTRY_VERIFY_WITH_TIMEOUT(
            m_bridge->models().size() == 1 && m_bridge->models().front().versions.size() == 2, kLong);
        const qint64 first = version(0);
        m_page->showVersion(first, 1);
        QTest::mouseClick(find<Button>("setDefault"), Qt::LeftButton);
        QTRY_VERIFY(version(0) != first);
        QTRY_VERIFY(find<Button>("rollBack")->isVisible());
        QTest::mouseClick(find<Button>("rollBack"), Qt::LeftButton);
        QTRY_COMPARE(version(0), first);
        m_page->showVersion(first, 0);
        find<QPlainTextEdit>("defaultSystem")->setPlainText(QStringLiteral("Be brief."));
        QTest::mouseClick(find<Button>("saveDefaults"), Qt::LeftButton);
        QTRY_COMPARE(m_bridge->defaultsFor(text("b.gguf")).systemPrompt, std::string("Be brief."));
    }

    void modelsAreRenamedMovedAndFoundAgain() {
        open();
        drop({put("llama-Q4_0.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        m_page->showVersion(version(0), 0);
        QTest::mouseClick(find<Button>("rename"), Qt::LeftButton);
        auto* dialog = m_page->findChild<QInputDialog*>();
        QVERIFY(dialog);
        dialog->setTextValue(QStringLiteral("A better name"));
        dialog->accept();
        QTRY_COMPARE(m_bridge->models().front().name, std::string("A better name"));
        fs::create_directories(path("elsewhere"));
        m_bridge->move(version(0), text("elsewhere"));
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().front().versions.front().path(),
                                  path("elsewhere/a.gguf"), kLong);
        QVERIFY(!fs::exists(path("a.gguf")));
        // Somebody moved it behind the program's back: it is shown as missing and pointed to.
        fs::rename(path("elsewhere/a.gguf"), path("b.gguf"));
        m_bridge->refresh();
        m_page->showVersion(version(0), 4);
        QTRY_VERIFY(m_page->findChild<Button*>(QStringLiteral("locateFile")));
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("missing")));
        QVERIFY(!find<Button>("openInChat")->isEnabled());
        m_bridge->relocate(m_bridge->models().front().versions.front().files.front().id, text("b.gguf"));
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().front().versions.front().path(), path("b.gguf"), kLong);
        QTRY_VERIFY(find<Button>("openInChat")->isEnabled());
    }

    void aFolderOfSafetensorsIsConverted() {
        hearth::test::writeHfFolder(hearth::test::golden("qwen3-F32.gguf"), path("hf"));
        open();
        drop({text("hf")});
        auto* start = find<Button>("convertStart");
        QTRY_VERIFY_WITH_TIMEOUT(start->isVisible(), kLong);
        QCOMPARE(find<QLineEdit>("convertName")->text(), QStringLiteral("hf"));
        find<QLineEdit>("convertName")->clear();
        QVERIFY(!start->isEnabled());
        find<QLineEdit>("convertName")->setText(QStringLiteral("My Qwen"));
        QTest::mouseClick(start, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        QCOMPARE(m_bridge->models().front().name, std::string("My Qwen"));
        QCOMPARE(m_bridge->models().front().versions.front().origin, std::string("converted"));
        QVERIFY(find<QTableView>("library")->isVisible());
        // One that is broken says so where jobs are shown, and can be forgotten.
        std::ofstream(path("hf/config.json")) << "{";
        m_page->convert(text("hf"));
        QTest::mouseClick(start, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_page->findChild<Button*>(QStringLiteral("forgetJob")), kLong);
        QTest::mouseClick(find<Button>("forgetJob"), Qt::LeftButton);
        QTRY_COMPARE(m_bridge->jobs().size(), 1U);
        QCOMPARE(m_bridge->models().size(), 1U);
    }

    void aRunIsCancelledAndGoneOnWith() {
        fs::create_directories(path("in"));
        QVERIFY(hearth::format::writeSyntheticModel(*hearth::format::findSyntheticShape("tiny"), "F16",
                                                    path("in/s.gguf")));
        open();
        drop({text("in/s.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        m_page->quantise(version(0));
        auto* next = find<Button>("wizardNext");
        QTest::mouseClick(next, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(next->isEnabled(), kLong);
        QTest::mouseClick(next, Qt::LeftButton);
        QTest::mouseClick(next, Qt::LeftButton);
        QTest::mouseClick(next, Qt::LeftButton);
        auto* cancel = find<Button>("cancelRun");
        QTRY_VERIFY_WITH_TIMEOUT(cancel->isVisible(), kLong);
        QTest::mouseClick(cancel, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(allText(*m_page).contains(QStringLiteral("Nothing was left behind")), kLong);
        QVERIFY(!fs::exists(path("models")) || fs::is_empty(path("models")));
        QCOMPARE(m_bridge->models().front().versions.size(), 1U);
        QVERIFY(next->isVisible()); // and it may be started anew
        // The program ends in the middle of the next one; it is found as interrupted and goes on.
        QTest::mouseClick(next, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(cancel->isVisible(), kLong);
        delete m_page;
        m_bridge.reset();
        open();
        QTRY_VERIFY_WITH_TIMEOUT(m_page->findChild<Button*>(QStringLiteral("resumeJob")), kLong);
        grab("models-interrupted");
        QTest::mouseClick(find<Button>("resumeJob"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().front().versions.size(), 2U, kLong);
    }

    void storageShowsSharesAndDuplicates() {
        open();
        drop({put("llama-F16.gguf", "a.gguf"), put("qwen3-F32.gguf", "b.gguf"),
              put("qwen3-F32.gguf", "c.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 2U, kLong);
        QTest::mouseClick(find<Button>("storage"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(allText(*m_page).contains(QStringLiteral("Keeping one frees 486 KB")),
                                 kLong);
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("400 MB free of 1.00 GB")));
        grab("models-storage");
    }

    void quantisingFromStartToCompare() {
        open();
        drop({put("llama-F16.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        m_page->showVersion(version(0));
        QTest::mouseClick(find<Button>("quantise"), Qt::LeftButton);
        auto* next = find<Button>("wizardNext");
        QTRY_VERIFY(next->isVisible());
        QTest::mouseClick(next, Qt::LeftButton);
        QTest::mouseClick(find<QRadioButton>("mix-Q4_K_M"), Qt::LeftButton, {}, QPoint(8, 8));
        QTRY_VERIFY_WITH_TIMEOUT(next->isEnabled(), kLong);
        QVERIFY(find<QLabel>("planSummary")->text().contains(QStringLiteral("bits a weight")));
        // One tensor by hand.
        QTest::keyClicks(find<QLineEdit>("planSearch"), QStringLiteral("blk.0.attn_q.weight"));
        auto* plan = find<QTableView>("planTable");
        QCOMPARE(plan->model()->rowCount(), 1);
        plan->selectRow(0);
        auto* type = find<QComboBox>("planType");
        type->setCurrentIndex(type->findText(QStringLiteral("Q8_0")));
        QTest::mouseClick(find<Button>("planGive"), Qt::LeftButton);
        QVERIFY(plan->model()->index(0, 3).data().toString().startsWith(QStringLiteral("Q8_0")));
        grab("quantise-target");
        QTest::mouseClick(next, Qt::LeftButton);
        QVERIFY(find<QRadioButton>("calibrateBuiltin")->isVisible());
        grab("quantise-calibration");
        QTest::mouseClick(next, Qt::LeftButton);
        QCOMPARE(next->text(), QStringLiteral("Start"));
        find<QLineEdit>("versionLabel")->setText(QStringLiteral("Q4_K_M mine"));
        QTest::mouseClick(next, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(find<Button>("keepDefault")->isVisible(), kLong);
        const QString shown = allText(*m_page);
        for (const char* expected :
             {"File size", "Perplexity", "Mean KL divergence", "same top token", "attn_q"})
            QVERIFY2(shown.contains(QLatin1String(expected)) || QByteArray(expected) == "attn_q", expected);
        QVERIFY(m_page->findChild<QualityPlot*>() != nullptr);
        find<QLineEdit>("ownPrompt")->setText(QStringLiteral("the rain was in the town"));
        QTest::mouseClick(find<Button>("askBoth"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(find<QWidget>("answers")->isVisible(), kLong);
        QVERIFY(!find<QLabel>("answerOfVersion")->text().isEmpty());
        grab("quantise-compare");
        QTest::mouseClick(find<Button>("keepDefault"), Qt::LeftButton);
        QTRY_VERIFY(m_bridge->models().front().defaultVersion()->label == "Q4_K_M mine");
        const auto& made = *m_bridge->models().front().defaultVersion();
        QCOMPARE(made.origin, std::string("quantised"));
        QVERIFY(made.parent != 0);
    }

    void failuresOfAJobAreToldWhereItRan() {
        open();
        drop({put("llama-F16.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        m_page->quantise(version(0));
        auto* next = find<Button>("wizardNext");
        QTest::mouseClick(next, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(next->isEnabled(), kLong);
        QTest::mouseClick(next, Qt::LeftButton);
        QTest::mouseClick(next, Qt::LeftButton);
        fs::remove(path("a.gguf")); // behind the program's back
        QTest::mouseClick(next, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(allText(*m_page).contains(QStringLiteral("A model's file is missing")),
                                 kLong);
        QVERIFY(!fs::exists(path("models")) || fs::is_empty(path("models")));
    }

private:
    fs::path path(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }
    QString text(const char* name) const { return QString::fromStdString(path(name).string()); }
    QString put(const char* model, const char* name) const {
        fs::create_directories(path(name).parent_path());
        fs::copy_file(hearth::test::golden(model), path(name));
        return text(name);
    }
    void open() {
        m_bridge = std::make_unique<LibraryBridge>(m_services);
        if (m_prepare)
            m_prepare(*m_bridge);
        m_page = new ModelsPage(m_theme, *m_bridge, *m_toasts, m_window.get());
        m_page->resize(m_window->size());
        m_page->show();
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void drop(const QStringList& files) {
        auto* data = new QMimeData;
        QList<QUrl> urls;
        for (const QString& file : files)
            urls << QUrl::fromLocalFile(file);
        data->setUrls(urls);
        QDragEnterEvent enter(QPoint(50, 200), Qt::CopyAction, data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_page, &enter);
        QDropEvent event(QPointF(50, 200), Qt::CopyAction, data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_page, &event);
        delete data;
    }
    qint64 version(std::size_t index) const { return m_bridge->models().front().versions[index].id; }
    template <class W>
    W* find(const char* name) const {
        auto* found = m_page->findChild<W*>(QLatin1String(name));
        if (!found)
            qFatal("%s is not there", name);
        return found;
    }
    /// Pictures for looking at, where the environment says so.
    void grab(const char* name) const {
        if (const QByteArray folder = qgetenv("HEARTH_PICTURES"); !folder.isEmpty())
            m_window->grab().save(QString::fromUtf8(folder) + QLatin1Char('/') + QLatin1String(name) +
                                  QStringLiteral(".png"));
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    LibraryServices m_services;
    std::vector<workbench::ForeignFolder> m_foreign;
    std::function<void(LibraryBridge&)> m_prepare; ///< before the page is made
    std::unique_ptr<QWidget> m_window;
    ToastHost* m_toasts = nullptr; ///< of m_window
    std::unique_ptr<LibraryBridge> m_bridge;
    ModelsPage* m_page = nullptr;
};

QTEST_MAIN(TestModelsPage)
#include "test_models_page.moc"
