#include <atomic>
#include <chrono>
#include <thread>

#include <QApplication>
#include <QBarCategoryAxis>
#include <QBarSet>
#include <QCategoryAxis>
#include <QChart>
#include <QComboBox>
#include <QHorizontalBarSeries>
#include <QMouseEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QSet>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QTranslator>
#include <QWheelEvent>

#include "gui/pages/hardware_cards.h"
#include "gui/pages/hardware_measured.h"
#include "gui/pages/hardware_plots.h"
#include "gui/widgets/feedback.h"
#include "tests/gui/hardware_fixture.h"

using namespace hearth::gui;
using namespace hearth::hardware;

namespace {

class MarkingTranslator final : public QTranslator {
public:
    [[nodiscard]] bool isEmpty() const override { return false; }
    QString translate(const char*, const char* text, const char*, int) const override {
        return QLatin1Char('>') + QString::fromUtf8(text);
    }
};

/// As a complete measurement has them.
std::vector<KernelRate> kernelsOfThreeSets() {
    using hearth::DType;
    using hearth::kernels::Isa;
    return {{DType::Q4_K, Isa::Avx512, 2, 33e9, 900e9},  {DType::Q6_K, Isa::Avx512, 2, 31e9, 640e9},
            {DType::Q8_0, Isa::Avx512, 2, 36e9, 1.1e12}, {DType::Q4_0, Isa::Avx512, 2, 35e9, 980e9},
            {DType::F16, Isa::Avx512, 2, 37e9, 310e9},   {DType::Q4_K, Isa::Avx2, 2, 22e9, 400e9},
            {DType::Q4_0, Isa::Avx2, 2, 55e9, 500e9},    {DType::Q4_K, Isa::Generic, 2, 1e9, 4e9},
            {DType::Q4_0, Isa::Generic, 2, 1.5e9, 5e9}};
}

} // namespace

/// What the page shows of the machine, measuring, history and languages.
class TestHardware : public HardwareFixture {
    Q_OBJECT

private Q_SLOTS:
    void whatWasFoundIsShown() {
        open();
        const QString text = allText(*m_page);
        for (const char* expected :
             {"2 core(s) · AVX-512 VNNI", "limited to 1.5 processors", "4.00 GB",
              "limit of this container; the machine has 64.0 GB", "None found",
              "a software rasteriser does not count", "NVMe · 80.0 GB free", "Debian GNU/Linux",
              "container (docker)", "Old", "Optional", "Missing",
              "Version 1.8.3 works, but 2.30 or newer is advised: sudo apt install {git}",
              "unknown: not readable for this account"})
            QVERIFY2(text.contains(QString::fromUtf8(expected)),
                     qPrintable(QString::fromUtf8(expected) + QLatin1Char('\n') + text));
        QVERIFY(!m_page->findChild<StaircasePlot*>()->isVisibleTo(m_page.get()));
    }

    void windowIsNeverWaitingForTheProbe() {
        std::atomic<bool> release{false};
        m_services.probe = [&](const auto&, bool) {
            while (!release)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            return laptop();
        };
        m_bridge = std::make_unique<HardwareBridge>(m_services);
        m_page = std::make_unique<HardwarePage>(m_theme, *m_bridge); // returns at once
        QVERIFY(!m_bridge->profile());
        QVERIFY(allText(*m_page).contains(QStringLiteral("Checking what is installed…")));
        QVERIFY(!button("lookAgain")->isEnabled());
        release = true;
        QTRY_VERIFY(button("lookAgain")->isEnabled());
    }

    void measuringShowsProgressThenPlots() {
        open();
        m_hold = true;
        button("measure")->click();
        QVERIFY(!button("measure")->isEnabled());
        auto* line = m_page->findChild<ProgressLine*>();
        QTRY_COMPARE(line->fraction(), 0.25);
        QVERIFY(line->isVisibleTo(m_page.get()));
        m_hold = false;
        QTRY_VERIFY(button("measure")->isEnabled());
        QVERIFY(!line->isVisibleTo(m_page.get()));
        auto* stairs = m_page->findChild<StaircasePlot*>();
        QVERIFY(stairs->isVisibleTo(m_page.get()));
        QVERIFY(stairs->accessibleDescription().contains(QStringLiteral("90.0 GB/s")));
        QCOMPARE(m_page->findChild<BarPlot*>(QStringLiteral("decode"))->accessibleDescription(),
                 QStringLiteral("Q4_K: 11.0 GB/s"));
        const QString text = allText(*m_page);
        QVERIFY2(text.contains(QStringLiteral("reads 40.0 GB/s")), qPrintable(text));
        QVERIFY(text.contains(QStringLiteral("reads 2.10 GB/s")));
        QVERIFY(text.contains(QStringLiteral("Measured ")));
    }

    void instructionSetsAreCompared() {
        open();
        measureOnce(); // one set only
        auto* decode = m_page->findChild<BarPlot*>(QStringLiteral("decodeSets"));
        QVERIFY(!decode->isVisibleTo(m_page.get()));
        useThreeSets();
        cleanup();
        open();
        measureOnce();
        decode = m_page->findChild<BarPlot*>(QStringLiteral("decodeSets"));
        QVERIFY(decode->isVisibleTo(m_page.get()));
        QCOMPARE(decode->accessibleDescription(),
                 QStringLiteral("AVX-512: 33.0 GB/s; AVX2: 22.0 GB/s; none: 1.00 GB/s"));
        QVERIFY(m_page->findChild<BarPlot*>(QStringLiteral("prefillSets"))
                    ->accessibleDescription()
                    .contains(QStringLiteral("AVX2: 400 GOPS")));
        // A screen reader tells the plots apart.
        QSet<QString> names;
        const auto plots = m_page->findChild<MeasuredCards*>()->findChildren<ThemedChart*>();
        QCOMPARE(plots.size(), 6);
        for (const auto* plot : plots)
            names << plot->accessibleName();
        QCOMPARE(names.size(), plots.size());
        QVERIFY(!names.contains(QString()));
        // A quick measurement compares nothing; what the complete one found stays.
        QSignalSpy measured(m_bridge.get(), &HardwareBridge::measured);
        button("measureQuick")->click();
        QVERIFY(measured.wait(hearth::test::kPatience));
        QVERIFY(decode->isVisibleTo(m_page.get()));
    }

    void measurementsAreKeptAndADropIsTold() {
        open();
        measureOnce();
        m_bandwidth = 20e9;
        measureOnce();
        QVERIFY(allText(*m_page).contains(QStringLiteral("Slower than last time")));
        QVERIFY(allText(*m_page).contains(QStringLiteral("Memory bandwidth: 50 % slower")));
        cleanup();
        open();
        QTRY_COMPARE(m_bridge->measurements().size(), std::size_t{2});
        QVERIFY(m_page->findChild<BarPlot*>(QStringLiteral("history"))
                    ->accessibleDescription()
                    .contains(QStringLiteral("20.0 GB/s")));
        m_bandwidth = 20e9;
        measureOnce();
        QVERIFY(!allText(*m_page).contains(QStringLiteral("Slower than last time")));
    }

    void quickMeasurementsAreAskedFor() {
        std::atomic<bool> quick{false};
        m_services.measure = [&](const MeasureOptions& options, std::stop_token,
                                 const hearth::ProgressSink&) -> hearth::Result<Measurement> {
            quick = options.quick;
            return sampleMeasurement(40e9);
        };
        open();
        QSignalSpy measured(m_bridge.get(), &HardwareBridge::measured);
        button("measureQuick")->click();
        QVERIFY(measured.wait(hearth::test::kPatience));
        QVERIFY(quick);
    }

    void historyExplainsEveryDrop() {
        open();
        measureOnce();
        m_bandwidth = 20e9;
        measureOnce();
        m_bandwidth = 40e9;
        measureOnce();
        const QString text = allText(*m_page);
        QVERIFY2(text.contains(QStringLiteral("Memory bandwidth: 50 % slower")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("Memory bandwidth: 100 % faster")), qPrintable(text));
        QVERIFY(text.contains(QStringLiteral("No cause could be seen")));
    }

    void adviceComesInTheWordsOfAnotherSystem() {
        open();
        QVERIFY(allText(*m_page).contains(QStringLiteral("sudo apt install {git}")));
        auto* system = m_page->findChild<QComboBox*>(QStringLiteral("adviceSystem"));
        system->setCurrentIndex(5); // Windows Server
        Q_EMIT system->activated(5);
        QVERIFY(allText(*m_page).contains(QStringLiteral("winget install Git.Git")));
    }

    void cancelEndsQuietly() {
        open();
        m_hold = true;
        button("measure")->click();
        QTRY_VERIFY(m_page->findChild<ProgressLine*>()->fraction() > 0);
        button("cancelMeasure")->click();
        QTRY_VERIFY(button("measure")->isEnabled());
        for (const auto* box : m_page->findChildren<ErrorBox*>())
            QVERIFY(!box->isVisibleTo(m_page.get()));
        QVERIFY(m_bridge->measurements().empty());
    }

    void closingWhileMeasuringDoesNotHang() {
        open();
        m_hold = true;
        button("measure")->click();
        QTRY_VERIFY(m_page->findChild<ProgressLine*>()->fraction() > 0);
        cleanup(); // joins; QTest's watchdog ends a hang
    }

    void failureStandsOnThePage() {
        m_services.measure = [](const MeasureOptions&, std::stop_token,
                                const hearth::ProgressSink&) -> hearth::Result<Measurement> {
            return hearth::fail("kernels.out_of_memory", "no room");
        };
        open();
        button("measure")->click();
        QTRY_VERIFY(anErrorIsShown());
    }

    void everyWordIsTranslatedAndFollowsTheLanguage() {
        open();
        measureOnce();
        MarkingTranslator marking;
        QCoreApplication::installTranslator(&marking);
        QCoreApplication::sendPostedEvents();
        const QString text = allText(*m_page);
        QCoreApplication::removeTranslator(&marking);
        for (const char* expected :
             {">Processor", ">None found", ">Optional", ">Environment", ">Earlier measurements"})
            QVERIFY2(text.contains(QString::fromUtf8(expected)) ||
                         QByteArray(expected) == ">Earlier measurements",
                     expected);
        QVERIFY(text.contains(QStringLiteral(">Memory speed by working set")));
    }

    void keyboardReadsTheStaircase() {
        openMeasuredAndShown(1200);
        auto* stairs = m_page->findChild<StaircasePlot*>();
        QVERIFY(stairs->focusPolicy() & Qt::TabFocus);
        stairs->setFocus();
        const QImage before = stairs->grab().toImage();
        QCOMPARE(stairs->current(), -1);
        QTest::keyClick(stairs, Qt::Key_Right);
        QTest::keyClick(stairs, Qt::Key_Right);
        QCOMPARE(stairs->current(), 1);
        QVERIFY(stairs->grab().toImage() != before);
        // A screen reader is told the place first, then everything.
        const QString told = stairs->accessibleDescription();
        QVERIFY2(told.startsWith(QStringLiteral("16 KB: 90.0 GB/s\n8 KB: 90.0 GB/s; ")), qPrintable(told));
        QVERIFY(told.endsWith(QStringLiteral("256 MB: 20.0 GB/s")));
        for (int i = 0; i < 40; ++i)
            QTest::keyClick(stairs, Qt::Key_Right);
        QCOMPARE(stairs->current(), 15);
    }

    void pointerReadsTheStaircaseUntilItLeaves() {
        openMeasuredAndShown(1200);
        auto* stairs = m_page->findChild<StaircasePlot*>();
        const QRectF area = stairs->chart()->plotArea();
        const auto moveTo = [stairs](const QPointF& at) {
            QMouseEvent move(QEvent::MouseMove, at, stairs->viewport()->mapToGlobal(at), Qt::NoButton,
                             Qt::NoButton, Qt::NoModifier);
            QCoreApplication::sendEvent(stairs->viewport(), &move);
        };
        moveTo(area.center());
        QVERIFY(stairs->current() == 7 || stairs->current() == 8);
        moveTo({area.right() - 1, area.center().y()});
        QCOMPARE(stairs->current(), 15);
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(stairs->viewport(), &leave);
        QCOMPARE(stairs->current(), -1);
    }

    void axesNameSizesCachesAndSpeeds() {
        openMeasuredAndShown(1200);
        const auto* chart = m_page->findChild<StaircasePlot*>()->chart();
        const auto names = [chart](Qt::Alignment side) {
            for (QAbstractAxis* axis : chart->axes())
                if (axis->alignment() == side)
                    return qobject_cast<QCategoryAxis*>(axis)->categoriesLabels();
            return QStringList();
        };
        QCOMPARE(names(Qt::AlignTop), (QStringList{QStringLiteral("L1"), QStringLiteral("L2"),
                                                   QStringLiteral("L3"), QStringLiteral("Memory")}));
        QCOMPARE(names(Qt::AlignBottom).first(), QStringLiteral("8 KB"));
        QVERIFY(names(Qt::AlignBottom).size() > 3);
        QCOMPARE(names(Qt::AlignLeft).first(), QStringLiteral("0"));
        QVERIFY(names(Qt::AlignLeft).contains(QStringLiteral("40.0 GB/s")));
    }

    void barsAreAsLongAsTheirFiguresAlsoWhereNamesAreEqual() {
        open();
        measureOnce();
        m_bandwidth = 20e9;
        measureOnce(); // at the same minute
        const auto* bars = m_page->findChild<BarPlot*>(QStringLiteral("history"));
        const auto* series = qobject_cast<QHorizontalBarSeries*>(bars->chart()->series().first());
        const QBarSet* set = series->barSets().first();
        QCOMPARE(set->count(), 2);
        QCOMPARE(set->at(0), 20e9); // the axis runs upwards: the newest is the lowest
        QCOMPARE(set->at(1), 40e9);
        for (QAbstractAxis* axis : bars->chart()->axes(Qt::Vertical))
            QCOMPARE(qobject_cast<QBarCategoryAxis*>(axis)->count(), 2);
    }

    void theWheelStaysWithThePage() {
        openMeasuredAndShown(1000);
        for (const QChartView* plot : m_page->findChildren<QChartView*>()) {
            const QPointF at = plot->viewport()->rect().center();
            QWheelEvent wheel(at, plot->viewport()->mapToGlobal(at), {}, {0, 120}, Qt::NoButton,
                              Qt::NoModifier, Qt::NoScrollPhase, false);
            wheel.accept();
            QCoreApplication::sendEvent(plot->viewport(), &wheel);
            QVERIFY(!wheel.isAccepted()); // so the window system's events go on to what is around it
        }
    }

    void plotsFollowTheTheme() {
        openMeasuredAndShown(1200);
        auto* stairs = m_page->findChild<StaircasePlot*>();
        const QImage light = stairs->grab().toImage();
        m_theme.setMode(Theme::Mode::Dark);
        QVERIFY(stairs->grab().toImage() != light);
        for (const QAbstractAxis* axis : stairs->chart()->axes())
            QCOMPARE(axis->labelsColor(), m_theme.colour(ColourRole::Muted));
        m_theme.setMode(Theme::Mode::Light);
    }

    /// Draws the whole page at two widths in both languages when HEARTH_PICTURES names a folder.
    void pictures() {
        const QString folder = qEnvironmentVariable("HEARTH_PICTURES");
        if (folder.isEmpty())
            return;
        m_theme.install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
        useRoomyMachine();
        useThreeSets();
        QTranslator chinese;
        QVERIFY(chinese.load(QCoreApplication::applicationDirPath() +
                             QStringLiteral("/../gui/app/hearth_zh_CN.qm")));
        for (const char* language : {"en", "zh_CN"}) {
            if (qstrcmp(language, "zh_CN") == 0)
                QCoreApplication::installTranslator(&chinese);
            for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark})
                for (const int window : {1280, 760}) {
                    m_theme.setMode(mode);
                    openMeasuredAndShown(window - 76); // without the rail
                    m_bandwidth = m_bandwidth * 0.8;
                    measureOnce();
                    QTRY_VERIFY(m_bridge->fit() && m_bridge->fit()->measured);
                    QTest::qWait(200);
                    const QString name =
                        QStringLiteral("%1/hardware-%2-%3-%4")
                            .arg(folder, QLatin1String(language),
                                 m_theme.isDark() ? QStringLiteral("dark") : QStringLiteral("light"))
                            .arg(window);
                    QVERIFY(m_page->grab().save(name + QStringLiteral("-top.png")));
                    QVERIFY(m_page->findChild<QScrollArea*>()->widget()->grab().save(name +
                                                                                     QStringLiteral(".png")));
                    cleanup();
                }
        }
        QCoreApplication::removeTranslator(&chinese);
        m_theme.setMode(Theme::Mode::Light);
    }

    void thePageFitsItsNarrowestWindow() {
        m_theme.install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
        openMeasuredAndShown(684); // of a window of 760, the least, without the rail
        QCOMPARE(m_page->width(), 684);
        const auto* area = m_page->findChild<QScrollArea*>();
        QStringList wide;
        for (const QWidget* card : area->widget()->findChildren<QWidget*>(Qt::FindDirectChildrenOnly))
            if (card->isVisible() &&
                card->minimumSizeHint().width() > area->viewport()->width() - 2 * m_theme.space(6))
                wide << QStringLiteral("%1 needs %2")
                            .arg(QString::fromLatin1(card->metaObject()->className()))
                            .arg(card->minimumSizeHint().width());
        QVERIFY2(wide.isEmpty(), qPrintable(wide.join(QStringLiteral(", "))));
        QCOMPARE(area->widget()->width(), area->viewport()->width());
        // The actions stand below the title, all of them inside; in a wide window beside it.
        const auto* again = button("lookAgain");
        const auto* measure = button("measure");
        QVERIFY(again->x() > 0);
        QVERIFY(measure->geometry().right() < m_page->width());
        const int below = measure->y();
        m_page->resize(1300, 900);
        QTRY_VERIFY(measure->y() < below);
        m_page->resize(684, 900);
        QTRY_COMPARE(measure->y(), below);
    }

    /// Every quantisation stands beside the name in the narrowest window; below that the matrix scrolls.
    void theMatrixScrollsWhereItIsTooNarrow() {
        m_theme.install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
        useRoomyMachine();
        openMeasuredAndShown(684);
        auto* table = m_page->findChild<QTableView*>(QStringLiteral("fitMatrix"));
        const QModelIndex last = table->model()->index(0, table->model()->columnCount() - 1);
        QTRY_COMPARE(table->horizontalScrollBar()->maximum(), 0);
        QVERIFY(table->visualRect(last).right() <= table->viewport()->width());
        m_page->resize(560, 900);
        QTRY_VERIFY(table->horizontalScrollBar()->maximum() > 0);
        m_page->resize(1300, 900);
        QTRY_COMPARE(table->horizontalScrollBar()->maximum(), 0);
    }

    void narrowWindowsPutCardsBelowEachOther() {
        open();
        m_page->resize(1200, 800);
        m_page->show();
        auto* overview = m_page->findChild<HardwareOverview*>();
        const auto cards = overview->findChildren<FactCard*>();
        QCOMPARE(cards.size(), 4);
        QTRY_VERIFY(cards[0]->y() == cards[3]->y() && cards[0]->x() < cards[3]->x());
        m_page->resize(640, 800);
        QTRY_VERIFY(cards[0]->y() < cards[3]->y());
        for (const auto* card : cards)
            QVERIFY(card->geometry().right() <= overview->width());
    }

private:
    void useThreeSets() {
        m_services.measure = [this](const MeasureOptions& options, std::stop_token,
                                    const hearth::ProgressSink&) -> hearth::Result<Measurement> {
            Measurement result = sampleMeasurement(m_bandwidth);
            result.fingerprint = options.fingerprint;
            result.isa = hearth::kernels::Isa::Avx512;
            result.quick = options.quick;
            result.kernels = kernelsOfThreeSets();
            if (options.quick)
                result.kernels.resize(1);
            return result;
        };
    }
    void openMeasuredAndShown(int width) {
        open();
        measureOnce();
        QTRY_VERIFY(m_bridge->fit() && m_bridge->fit()->measured);
        m_page->resize(width, 900);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }
};

QTEST_MAIN(TestHardware)
#include "test_hardware.moc"
