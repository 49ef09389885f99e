#include <fstream>
#include <iterator>

#include <QAction>
#include <QFileDialog>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>

#include "engine/hardware/report/signed_report.h"
#include "tests/gui/hardware_fixture.h"

using namespace hearth::gui;
using namespace hearth::hardware;

/// Reports: writing, signing, what they leave out, comparing.
class TestHardwareReports : public HardwareFixture {
    Q_OBJECT

private Q_SLOTS:
    void reportsAreSignedAndHoldTheFigures() {
        openMeasured();
        const std::pair<ReportFormat, const char*> formats[]{{ReportFormat::Html, "report.html"},
                                                             {ReportFormat::Pdf, "report.pdf"},
                                                             {ReportFormat::Markdown, "report.md"},
                                                             {ReportFormat::Json, "report.json"}};
        for (const auto& [format, name] : formats) {
            const QString path = m_folder->filePath(QString::fromLatin1(name));
            QSignalSpy exported(m_bridge.get(), &HardwareBridge::exported);
            m_bridge->exportReport(format, hearth::hardware::Language::English, path);
            QVERIFY(exported.wait(hearth::test::kPatience));
            std::ifstream file(path.toStdString(), std::ios::binary);
            std::string text{std::istreambuf_iterator<char>(file), {}};
            // The text of a PDF is compressed; another test reads it.
            if (format == ReportFormat::Pdf)
                QVERIFY(text.starts_with("%PDF") && text.size() > 20'000);
            else
                QVERIFY2(text.find("Example 8-Core Processor") != std::string::npos, name);
            QVERIFY2(verifyReport(text).has_value(), name);
            text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1);
            QVERIFY2(!verifyReport(text).has_value(), name);
        }
        QVERIFY(allText(*m_page).contains(QStringLiteral("The report was written")));
        QSignalSpy failed(m_bridge.get(), &HardwareBridge::exportFailed);
        m_bridge->exportReport(ReportFormat::Json, hearth::hardware::Language::English,
                               QStringLiteral("/proc/no/such.json"));
        QVERIFY(failed.wait(hearth::test::kPatience));
    }

    void namesAreInReportsOnlyWhenTicked() {
        openMeasured();
        auto* tick = m_page->findChild<QAction*>(QStringLiteral("identifying"));
        QVERIFY(tick && !tick->isChecked());
        QAction* json = nullptr;
        for (auto* action : qobject_cast<QMenu*>(tick->parent())->actions())
            if (action->text().contains(QStringLiteral("JSON")))
                json = action;
        QVERIFY(json);
        for (const bool identifying : {false, true}) {
            const QString path = m_folder->filePath(QStringLiteral("names.json"));
            QSignalSpy exported(m_bridge.get(), &HardwareBridge::exported);
            tick->setChecked(identifying);
            json->trigger();
            auto* dialog = m_page->findChild<QFileDialog*>();
            QVERIFY(dialog);
            Q_EMIT dialog->fileSelected(path);
            delete dialog;
            QVERIFY(exported.wait(hearth::test::kPatience));
            std::ifstream file(path.toStdString(), std::ios::binary);
            const std::string text{std::istreambuf_iterator<char>(file), {}};
            QCOMPARE(text.find("secret-host") != std::string::npos, identifying);
        }
    }

    void anotherReportIsPutBesideThis() {
        openMeasured();
        const QString path = m_folder->filePath(QStringLiteral("other.json"));
        QSignalSpy exported(m_bridge.get(), &HardwareBridge::exported);
        m_bridge->exportReport(ReportFormat::Json, hearth::hardware::Language::English, path);
        QVERIFY(exported.wait(hearth::test::kPatience));
        QSignalSpy compared(m_bridge.get(), &HardwareBridge::compared);
        auto* card = m_page->findChild<QWidget*>(QStringLiteral("comparison"));
        QVERIFY(!card->isVisibleTo(m_page.get()));
        m_bridge->compareWith(path);
        QVERIFY(compared.wait(hearth::test::kPatience));
        QVERIFY(card->isVisibleTo(m_page.get()));
        const QString text = allText(*card);
        for (const char* expected : {"Signed here, unchanged", "Memory bandwidth", "40.0 GB/s", "× 1.00",
                                     "Example 8-Core Processor"})
            QVERIFY2(text.contains(QString::fromUtf8(expected)), qPrintable(text));
        // One changed figure shows.
        std::string changed;
        {
            std::ifstream file(path.toStdString(), std::ios::binary);
            changed.assign(std::istreambuf_iterator<char>(file), {});
        }
        changed.replace(changed.find("Example 8-Core"), 14, "Another 9-Core");
        std::ofstream(path.toStdString(), std::ios::binary) << changed;
        m_bridge->compareWith(path);
        QVERIFY(compared.wait(hearth::test::kPatience));
        QVERIFY(allText(*card).contains(QStringLiteral("Changed after it was signed")));
        QSignalSpy failed(m_bridge.get(), &HardwareBridge::compareFailed);
        std::ofstream(path.toStdString(), std::ios::binary) << "[]";
        m_bridge->compareWith(path);
        QVERIFY(failed.wait(hearth::test::kPatience));
        m_bridge->compareWith(m_folder->filePath(QStringLiteral("absent.json")));
        QVERIFY(failed.wait(hearth::test::kPatience));
    }
};

QTEST_MAIN(TestHardwareReports)
#include "test_hardware_reports.moc"
