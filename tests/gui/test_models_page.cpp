#include <filesystem>
#include <fstream>

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QScrollArea>
#include <QSet>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include <nlohmann/json.hpp>

#include "engine/format/gguf/synthetic_model.h"
#include "gui/bridge/library_bridge.h"
#include "gui/models/library_model.h"
#include "gui/pages/models_page.h"
#include "gui/pages/models_plots.h"
#include "gui/pages/models_tabs.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "tests/gui/models_bench.h"
#include "tests/gui/visible_text.h"
#include "tests/optimize/convert/hf_folder.h"
#include "tests/support/test_data.h"

using namespace hearth::gui;
using hearth::test::allText;
namespace security = hearth::security;
namespace workbench = hearth::workbench;
namespace fs = std::filesystem;

class TestModelsPage : public QObject, protected hearth::test::ModelsBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { start(); }
    void cleanup() { end(); }

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
        const QString size = humanBytes(m_bridge->version(version(0))->bytes());
        auto* files = box->findChild<QCheckBox*>(QStringLiteral("removeFiles"));
        QVERIFY2(files->text().contains(size), qPrintable(files->text()));
        files->setChecked(true);
        QTest::mouseClick(box->findChild<QAbstractButton*>(QStringLiteral("removeNow")), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 0U, kLong);
        QVERIFY(!fs::exists(path("a.gguf")));
        QTRY_VERIFY(m_toasts->isShowing());
        QVERIFY(allText(*m_window).contains(QString(size).replace(QChar(0x00A0), u' ')));
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

    void theFasterDiskIsSuggested() {
        m_services.volumes = [this](const std::vector<fs::path>&) {
            workbench::Volume slow, fast;
            slow.root = slow.folder = path("models");
            fast.root = path("fast");
            fast.folder = path("fast/models");
            slow.speed = 1;
            fast.speed = 3;
            slow.totalBytes = fast.totalBytes = slow.freeBytes = fast.freeBytes = 1'000'000'000;
            return std::vector{slow, fast};
        };
        fs::create_directories(path("fast/models"));
        open();
        m_page->setFolders({text("models"), text("fast/models")});
        m_page->findChild<QAction*>(QStringLiteral("importCopy"))->trigger();
        drop({put("llama-Q4_0.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        QTest::mouseClick(find<Button>("storage"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(allText(*m_page).contains(QStringLiteral("to the faster disk at")), kLong);
        QTest::mouseClick(find<Button>("moveToFaster"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().front().versions.front().path(),
                                  path("fast/models/a.gguf"), kLong);
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
        // In a narrow window nothing is beyond its right edge.
        const QSize before = m_page->size();
        m_page->resize(m_theme.px(680), before.height());
        const auto inside = [&](const QWidget* each) {
            const QWidget* area = each;
            while (area && !qobject_cast<const QScrollArea*>(area))
                area = area->parentWidget();
            return area && each->mapTo(area, QPoint(each->width(), 0)).x() <= area->width();
        };
        for (const char* name : {"budget", "findTypes", "planGive"})
            QTRY_VERIFY2(inside(find<QWidget>(name)), name);
        m_page->resize(before);
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
             {"File size", "Decode speed", "Perplexity", "Mean KL divergence", "same top token",
              "KL divergence: median", "99 % below", "largest", "memory "})
            QVERIFY2(shown.contains(QLatin1String(expected)), expected);
        const auto plots = m_page->findChildren<QualityPlot*>();
        QVERIFY(std::any_of(plots.begin(), plots.end(), [](auto* plot) {
            return plot->count() == 1 &&
                   plot->accessibleDescription().contains(QStringLiteral("Q4_K_M mine"));
        }));
        const QString parts = m_page->findChild<PartBars*>()->accessibleDescription();
        for (const char* part : {"attn_q ", "ffn_down ", "output "})
            QVERIFY2(parts.contains(QLatin1String(part)), qPrintable(parts));
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
        // What each tensor lost, and which job it was.
        m_page->showVersion(made.id, 2);
        auto* tensors = find<QTableView>("tensors");
        QTRY_VERIFY_WITH_TIMEOUT(tensors->model()->rowCount() > 5, kLong);
        QVERIFY(!tensors->isColumnHidden(TensorTable::WeightError));
        for (int row = 0; row < tensors->model()->rowCount(); ++row) {
            const auto at = [&](int column) {
                return tensors->model()->index(row, column).data().toString();
            };
            const double error = at(TensorTable::WeightError).toDouble();
            QVERIFY2(at(TensorTable::Type) == QStringLiteral("F32") || (error > 0 && error < 0.1),
                     qPrintable(at(TensorTable::Name)));
        }
        m_page->showVersion(made.id, 5);
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("Quantise to Q4_K_M mine")));
        m_page->showVersion(made.parent, 2);
        QTRY_VERIFY(tensors->isColumnHidden(TensorTable::WeightError));
    }

    void versionsFromElsewhereAreMeasured() {
        open();
        drop({put("llama-F16.gguf", "a.gguf"), put("llama-Q4_K.gguf", "b.gguf")});
        QTRY_VERIFY_WITH_TIMEOUT(
            m_bridge->models().size() == 1 && m_bridge->models().front().versions.size() == 2, kLong);
        m_page->showVersion(version(1), 1);
        const auto offered = m_page->findChildren<Button*>(QStringLiteral("measureVersion"));
        QCOMPARE(offered.size(), 1); // the largest has nothing to be measured against
        QTest::mouseClick(offered.front(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_page->findChild<Button*>(QStringLiteral("compareVersion")), kLong);
        grab("models-measured");
        QTest::mouseClick(find<Button>("compareVersion"), Qt::LeftButton);
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("same top token")));
        // It was not made here: there is nothing to discard or to keep.
        QVERIFY(allText(*m_page).contains(QStringLiteral("Compare · ")));
        QVERIFY(!find<Button>("discard")->isVisible() && !find<Button>("keep")->isVisible());
        QCOMPARE(find<Button>("keepDefault")->text(), QStringLiteral("Set as default"));
        find<QLineEdit>("ownPrompt")->setText(QStringLiteral("the rain was in the town"));
        QTest::mouseClick(find<Button>("askBoth"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(find<QWidget>("answers")->isVisible(), kLong);
        const auto asked = [this] {
            const auto& jobs = m_bridge->jobs();
            return std::find_if(jobs.begin(), jobs.end(),
                                [](const auto& job) { return job.kind == workbench::JobKind::Ask; });
        };
        QVERIFY(asked()->result.find("answers") != std::string::npos);
        m_bridge->forgetAsked(); // as when the window locks
        m_bridge->refresh();
        QTest::qWait(200);
        QCOMPARE(asked()->request + asked()->result, std::string("{}{}"));
        // Who may not load one of the two asks neither.
        m_bridge->setGuard([&](security::Action, const QString& file, const LibraryBridge::Answer& answer) {
            if (file == QString::fromStdString(m_bridge->version(version(0))->path().string()))
                answer(tl::unexpected(hearth::Error{"permission.denied", "no"}));
            else
                answer({});
        });
        std::string refused;
        m_bridge->addJob(
            {.kind = workbench::JobKind::Ask,
             .version = version(1),
             .request = nlohmann::json{{"versions", {version(0), version(1)}}, {"prompt", "x"}}.dump()},
            m_page, [&](const auto& id) { refused = id ? "added" : id.error().code; });
        QCOMPARE(refused, std::string("permission.denied"));
        m_bridge->setGuard({});
        m_page->showVersion(version(1), 5);
        QTRY_VERIFY(m_page->findChild<Button*>(QStringLiteral("showJob")));
    }

    void aBudgetChoosesTheTypes() {
        open();
        fs::create_directories(path("in"));
        QVERIFY(hearth::format::writeSyntheticModel(*hearth::format::findSyntheticShape("tiny"), "F16",
                                                    path("in/s.gguf")));
        drop({text("in/s.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        QTRY_VERIFY_WITH_TIMEOUT(m_bridge->fit(version(0)) != nullptr, kLong);
        m_page->quantise(version(0));
        auto* next = find<Button>("wizardNext");
        QTest::mouseClick(next, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(next->isEnabled(), kLong);
        auto* size = find<QSpinBox>("budgetSize");
        QVERIFY(!size->isEnabled());
        find<QAbstractButton>("budget")->setChecked(true);
        size->setValue(1); // MB of the file
        QTest::mouseClick(find<Button>("findTypes"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(next->isEnabled(), kLong);
        auto* plan = find<QTableView>("planTable");
        QSet<QString> types;
        for (int row = 0; row < plan->model()->rowCount(); ++row)
            types << plan->model()->index(row, 3).data().toString();
        QVERIFY2(types.size() > 2, "types differ by how sensitive a tensor is");
        QVERIFY2(find<QLabel>("planSummary")->text().contains(QStringLiteral("KB")),
                 qPrintable(find<QLabel>("planSummary")->text()));
        // A megabyte of memory is less than everything beside the weights takes.
        find<SegmentedControl>("budgetKind")->setCurrentIndex(1);
        QTest::mouseClick(find<Button>("findTypes"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(allText(*m_page).contains(QStringLiteral("quantize.budget_too_small")),
                                 kLong);
        QVERIFY(!next->isEnabled());
    }
};

QTEST_MAIN(TestModelsPage)
#include "test_models_page.moc"
