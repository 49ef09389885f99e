// The list of the models page: what it shows, how it is filtered and sorted, and which columns it has.

#include <filesystem>

#include <QAbstractItemModelTester>
#include <QAction>
#include <QComboBox>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include "gui/bridge/library_bridge.h"
#include "gui/models/library_model.h"
#include "gui/pages/models_page.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "tests/gui/models_bench.h"
#include "tests/gui/visible_text.h"
#include "tests/support/test_data.h"

using namespace hearth::gui;
using hearth::test::allText;
namespace workbench = hearth::workbench;
namespace fs = std::filesystem;

class TestModelsList : public QObject, protected hearth::test::ModelsBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { start(); }
    void cleanup() { end(); }

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

    void ratesAreWrittenAlike() {
        QCOMPARE(humanRate(9.96), QStringLiteral("10.0"));
        QCOMPARE(humanRate(231.4), QStringLiteral("231"));
        QCOMPARE(humanRate(15152.6), QStringLiteral("15\u202F153"));
    }

    /// Two parts of a model's defaults saved before the first is on the disk, and opened at once.
    void whatIsSavedOneAfterTheOtherIsKept() {
        open();
        drop({put("llama-Q4_0.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        const QString file = text("a.gguf");
        const auto id = version(0);
        m_bridge->editDefaults(id, [](workbench::ModelDefaults& d) { d.chatTemplate = "mine"; });
        m_bridge->editDefaults(id, [](workbench::ModelDefaults& d) { d.systemPrompt = "Be brief."; });
        // Nobody waits for a disk.
        QCOMPARE(m_bridge->defaultsFor(file).systemPrompt, std::string("Be brief."));
        QCOMPARE(m_bridge->defaultsFor(file).chatTemplate, std::string("mine"));
        const auto onDisk = [this] {
            auto library = workbench::Library::open(m_services.files.library, m_services.library);
            const auto models = (*library)->models().value();
            return workbench::modelDefaultsFromJson(models.front().defaults).value();
        };
        QTRY_COMPARE(onDisk().systemPrompt, std::string("Be brief."));
        QCOMPARE(onDisk().chatTemplate, std::string("mine"));
        // What is refused is shown as it is.
        QSignalSpy failed(m_bridge.get(), &LibraryBridge::failed);
        m_bridge->setGuard([](hearth::security::Action, const QString&, const LibraryBridge::Answer& answer) {
            answer(tl::unexpected(hearth::Error{"permission.denied", "no"}));
        });
        m_bridge->editDefaults(id, [](workbench::ModelDefaults& d) { d.systemPrompt.clear(); });
        QCOMPARE(failed.count(), 1);
        QTRY_COMPARE(m_bridge->defaultsFor(file).systemPrompt, std::string("Be brief."));
    }

    /// Whoever walks through the list with the keys sees where they are, and Tab leaves it.
    void theRowWithTheKeyboardIsSeen() {
        open();
        drop({put("llama-F16.gguf", "a.gguf"), put("qwen3-F32.gguf", "b.gguf")});
        auto* table = find<QTableView>("library");
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, kLong);
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        const auto ringed = [&](int row) {
            const int y = table->rowViewportPosition(row) + table->rowHeight(row) / 2;
            return table->viewport()->grab().toImage().pixelColor(1, y) == m_theme.colour(ColourRole::Accent);
        };
        QVERIFY(!ringed(0) && !ringed(1));
        table->setFocus();
        QVERIFY(ringed(0) && !ringed(1));
        QTest::keyClick(table, Qt::Key_Down);
        QVERIFY(!ringed(0) && ringed(1));
        QTest::keyClick(table, Qt::Key_Tab);
        QVERIFY(!table->hasFocus());
        QVERIFY(!ringed(0) && !ringed(1));
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Return);
        QVERIFY(!table->isVisible());
        QTest::keyClick(m_window->focusWidget(), Qt::Key_Escape);
        QVERIFY(table->isVisible() && table->hasFocus());
        QVERIFY(ringed(1));
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
};

QTEST_MAIN(TestModelsList)
#include "test_models_list.moc"
