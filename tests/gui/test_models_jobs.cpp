// Jobs of the models page: what is measured, gone on with, noted and drawn.

#include <filesystem>
#include <fstream>
#include <string>
#include <tuple>
#include <vector>

#include <QLabel>
#include <QSignalSpy>
#include <QTest>

#include "engine/workbench/jobs/job_store.h"
#include "engine/workbench/jobs/measure_version.h"
#include "engine/workbench/jobs/quantise_job.h"
#include "gui/bridge/library_bridge.h"
#include "gui/pages/models_page.h"
#include "gui/pages/models_plots.h"
#include "gui/widgets/buttons.h"
#include "tests/gui/models_bench.h"
#include "tests/gui/visible_text.h"
#include "tests/model/edited_model.h"

using namespace hearth::gui;
using hearth::test::allText;
namespace workbench = hearth::workbench;
namespace fs = std::filesystem;

class TestModelsJobs : public QObject, protected hearth::test::ModelsBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { start(); }
    void cleanup() { end(); }

    void anInterruptedMeasurementGoesOn() {
        open();
        drop({put("llama-F16.gguf", "a.gguf"), put("llama-Q4_K.gguf", "b.gguf")});
        QTRY_VERIFY_WITH_TIMEOUT(
            m_bridge->models().size() == 1 && m_bridge->models().front().versions.size() == 2, kLong);
        auto store = workbench::JobStore::open(path("jobs.db"));
        QVERIFY(store.has_value());
        const auto id = store->add({.kind = workbench::JobKind::Measure,
                                    .model = m_bridge->models().front().id,
                                    .version = version(1),
                                    .request = workbench::measureRequest(version(0), version(1))});
        QVERIFY(id && store->take(*id).value() && store->markInterrupted().value() == 1);
        m_bridge->refresh();
        QTRY_VERIFY(m_bridge->measuring(version(1)));
        m_page->showVersion(version(1), 1);
        auto* go = find<Button>("measureVersion");
        QCOMPARE(go->accessibleDescription(), QString::fromStdString(m_bridge->version(version(1))->label));
        QTest::mouseClick(go, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_page->findChild<Button*>(QStringLiteral("compareVersion")), kLong);
        QCOMPARE(m_bridge->jobs().size(), 1U); // the same job, not a second one
        QCOMPARE(m_bridge->jobs().front().state, workbench::JobState::Done);
    }

    void versionsThatReadTextDifferentlyAreNotMeasured() {
        open();
        const QString source = put("llama-F16.gguf", "a.gguf");
        put("llama-Q4_K.gguf", "b.gguf");
        QVERIFY(hearth::test::writeWithPiece(path("b.gguf"), path("c.gguf"), 300, "another").has_value());
        fs::remove(path("b.gguf"));
        drop({source, text("c.gguf")});
        QTRY_VERIFY_WITH_TIMEOUT(
            m_bridge->models().size() == 1 && m_bridge->models().front().versions.size() == 2, kLong);
        m_page->showVersion(version(1), 1);
        QTest::mouseClick(find<Button>("measureVersion"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!m_bridge->jobs().empty() &&
                                     m_bridge->jobs().front().state == workbench::JobState::Failed,
                                 kLong);
        const auto why = [this] {
            const auto* label = m_page->findChild<QLabel*>(QStringLiteral("whyNotMeasured"));
            return label && label->isVisible() ? label->text() : QString();
        };
        QTRY_VERIFY(why().contains(QStringLiteral("Their tokenisers differ (pieces)")));
        QVERIFY(why().startsWith(QStringLiteral("The two versions read text differently")));
        QVERIFY(
            why().contains(QStringLiteral("Compare it with a version that was made from the same files.")));
        QVERIFY(!m_page->findChild<Button*>(QStringLiteral("compareVersion")));
        QVERIFY(find<Button>("measureVersion")->isVisible()); // after another file has come, perhaps
        grab("models-not-measured");
    }

    void whatAJobHoldsIsToldAndFreed() {
        open();
        drop({put("llama-F16.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        auto store = workbench::JobStore::open(path("jobs.db"));
        const auto id = store->add({.kind = workbench::JobKind::Measure, .title = "x"});
        QVERIFY(id && store->take(*id).value() &&
                store->end(*id, workbench::JobState::Failed, "{}",
                           hearth::Error{"measure.different_tokenizer", "", {}, {{"part", "pieces"}}}));
        const fs::path scratch = m_services.files.scratch / ("job-" + std::to_string(*id));
        fs::create_directories(scratch);
        std::ofstream(scratch / "hearth-reference-0") << std::string(2'500'000, 'x');
        m_bridge->refresh();
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("its work so far takes 2.50 MB of the disk")));
        QVERIFY(allText(*m_page).contains(QStringLiteral("Their tokenisers differ (pieces)"))); // and why
        auto* forget = find<Button>("forgetJob");
        QVERIFY(forget->toolTip().contains(QStringLiteral("2.50")));
        QTest::mouseClick(forget, Qt::LeftButton);
        QTRY_VERIFY(m_bridge->jobs().empty());
        QVERIFY(!fs::exists(scratch));
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

    void namesInTheChartDoNotCoverEachOther() {
        // As near to each other as Q4_K_S, Q4_K_M, IQ4_XS and Q4_0 of one model.
        std::vector<QualityPlot::Name> names;
        for (const QPointF& point : {QPointF(200, 100), QPointF(206, 104), QPointF(212, 98),
                                     QPointF(190, 108), QPointF(395, 60), QPointF(70, 180)})
            names.push_back({point, QSizeF(60, 15)});
        const QRectF area(58, 20, 342, 180);
        const auto places = QualityPlot::placeNames(area, names, 7, 4);
        QCOMPARE(places.size(), names.size());
        for (std::size_t i = 0; i < places.size(); ++i) {
            QVERIFY(places[i].left() >= area.left() && places[i].right() <= area.right());
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY2(!places[i].intersects(places[j]), qPrintable(QString::number(i)));
        }
        // For looking at.
        auto* plot = new QualityPlot(m_theme, m_window.get());
        std::vector<QualityPlot::Point> versions;
        for (const auto& [name, gigabytes, divergence] :
             {std::tuple("Q8_0", 7.7, 5e-4), std::tuple("Q6_K", 5.94, 1.2e-3),
              std::tuple("Q5_K_M", 5.13, 4e-3), std::tuple("Q5_K_S", 5.0, 4.6e-3),
              std::tuple("Q4_K_M", 4.37, 1.2e-2), std::tuple("Q4_K_S", 4.14, 1.6e-2),
              std::tuple("IQ4_NL", 4.16, 1.5e-2), std::tuple("IQ4_XS", 3.94, 1.7e-2),
              std::tuple("Q4_0", 4.11, 2.5e-2), std::tuple("Q3_K_M", 3.52, 5e-2),
              std::tuple("Q2_K", 2.72, 0.2)})
            versions.push_back(
                {QLatin1String(name), gigabytes * 1e9, divergence, name == std::string("Q4_K_M")});
        plot->setPoints(versions);
        QCOMPARE(plot->count(), versions.size());
        plot->resize(m_theme.px(560), m_theme.px(320));
        plot->show();
        m_window->show();
        grab("models-chart");
    }

    void somebodyElsesJobsNeedTheRightOverThem() {
        using workbench::Target;
        open();
        drop({put("llama-F16.gguf", "a.gguf")});
        QTRY_COMPARE_WITH_TIMEOUT(m_bridge->models().size(), 1U, kLong);
        auto store = workbench::JobStore::open(path("jobs.db"));
        const auto id = store->add({.kind = workbench::JobKind::Convert, .title = "x", .owner = 3});
        QVERIFY(id && store->take(*id).value() &&
                store->end(*id, workbench::JobState::Failed, "{}", hearth::Error{"file.not_found", ""}));
        m_bridge->refresh();
        QTRY_COMPARE(m_bridge->jobs().size(), 1U);
        std::vector<std::pair<hearth::security::Action, Target>> asked;
        m_bridge->setThingGuard([&asked](hearth::security::Action action, const Target& target,
                                         const LibraryBridge::Answer& answer) {
            asked.emplace_back(action, target);
            answer(tl::unexpected(hearth::Error{"permission.denied", "no"}));
        });
        QSignalSpy failed(m_bridge.get(), &LibraryBridge::failed);
        m_bridge->resumeJob(*id);
        m_bridge->cancelJob(*id);
        m_bridge->forgetJob(*id);
        QCOMPARE(failed.count(), 3);
        QCOMPARE(asked.size(), 3U);
        for (const auto& [action, target] : asked)
            QVERIFY(action == hearth::security::Action::Create &&
                    target.resource == hearth::security::Resource::Model && target.owner == 3);
        QCOMPARE(store->get(*id)->state, workbench::JobState::Failed);
        // A text of one's own is calibration data.
        asked.clear();
        m_bridge->setOwner(4);
        workbench::QuantiseRequest request;
        request.calibration = text("own.txt").toStdString();
        request.source = version(0);
        request.target = path("made.gguf").string();
        std::string refused;
        const auto add = [&] {
            m_bridge->addJob({.kind = workbench::JobKind::Quantise,
                              .version = version(0),
                              .request = workbench::toJson(request)},
                             m_page, [&](const auto& job) { refused = job ? "added" : job.error().code; });
        };
        add();
        QCOMPARE(refused, std::string("permission.denied"));
        QCOMPARE(asked.size(), 1U);
        QVERIFY(asked[0].second.resource == hearth::security::Resource::CalibrationData &&
                asked[0].first == hearth::security::Action::Use);
        request.calibration = "none"; // which nobody needs a right for
        add();
        QTRY_COMPARE(refused, std::string("added"));
        QCOMPARE(store->list().value().front().owner, 4);
    }

    /// The list of jobs is cut off; what comes into sight again when one is forgotten is nothing new.
    void jobsAreNotedOnce() {
        auto store = workbench::JobStore::open(path("jobs.db"));
        QVERIFY(store.has_value());
        constexpr std::size_t kShown = 200;
        for (std::size_t i = 0; i <= kShown; ++i) {
            const auto id = store->add({.kind = workbench::JobKind::Convert, .title = "x"});
            QVERIFY(id && store->take(*id).value() && store->end(*id, workbench::JobState::Done, "{}"));
        }
        open();
        QStringList noted;
        const auto note = [&noted](const char* what) {
            return [&noted, what](const workbench::Job& job) {
                noted << QStringLiteral("%1 %2").arg(job.id).arg(QLatin1String(what));
            };
        };
        connect(m_bridge.get(), &LibraryBridge::jobAdded, this, note("added"));
        connect(m_bridge.get(), &LibraryBridge::jobEnded, this, note("ended"));
        QTRY_COMPARE(m_bridge->jobs().size(), kShown);
        QCOMPARE(m_bridge->jobs().back().id, 2);
        m_bridge->forgetJob(m_bridge->jobs().front().id);
        QTRY_COMPARE(m_bridge->jobs().back().id, 1);
        QCOMPARE(noted, QStringList());
        // One that is over before it was seen has begun, too.
        QVERIFY(store->add({.kind = workbench::JobKind::Convert, .title = "y"}).value() == 202);
        QVERIFY(store->take(202).value() && store->end(202, workbench::JobState::Done, "{}"));
        m_bridge->refresh();
        QTRY_COMPARE(noted, QStringList({QStringLiteral("202 added"), QStringLiteral("202 ended")}));
        noted.clear();
        m_bridge->refresh();
        QTest::qWait(50);
        QCOMPARE(noted, QStringList());
    }
};

QTEST_MAIN(TestModelsJobs)
#include "test_models_jobs.moc"
