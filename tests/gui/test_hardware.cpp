#include <atomic>
#include <chrono>
#include <thread>

#include <QComboBox>
#include <QSignalSpy>
#include <QTest>
#include <QTranslator>

#include "gui/pages/hardware_cards.h"
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
        QVERIFY(measured.wait());
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
        open();
        measureOnce();
        m_page->resize(1200, 900);
        m_page->show();
        auto* stairs = m_page->findChild<StaircasePlot*>();
        QVERIFY(stairs->focusPolicy() & Qt::TabFocus);
        stairs->setFocus();
        const QImage before = stairs->grab().toImage();
        QTest::keyClick(stairs, Qt::Key_Right);
        QVERIFY(stairs->grab().toImage() != before);
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
};

QTEST_MAIN(TestHardware)
#include "test_hardware.moc"
