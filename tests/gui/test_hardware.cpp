#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include "engine/hardware/report/signed_report.h"
#include "gui/bridge/hardware_bridge.h"
#include "gui/pages/hardware_cards.h"
#include "gui/pages/hardware_page.h"
#include "gui/pages/hardware_plots.h"
#include "gui/pages/hardware_words.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

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

QString allText(const QWidget& page) {
    QString all;
    for (const auto* label : page.findChildren<QLabel*>())
        if (label->isVisibleTo(&page))
            all += label->text() + QLatin1Char('\n');
    for (const auto* label : page.findChildren<ElidedLabel*>())
        if (label->isVisibleTo(&page))
            all += label->text() + QLatin1Char('\n');
    for (const auto* chip : page.findChildren<Chip*>())
        if (chip->isVisibleTo(&page))
            all += chip->text() + QLatin1Char('\n');
    // Numbers and their units are kept together by spaces of their own.
    return all.replace(QChar(0x00A0), QLatin1Char(' ')).replace(QChar(0x202F), QLatin1Char(' '));
}

HardwareProfile laptop() {
    HardwareProfile profile;
    profile.cpu.model = std::string("Example 8-Core Processor");
    profile.cpu.architecture = "x86_64";
    profile.cpu.cores = std::size_t{8};
    profile.cpu.usableCores = 2;
    profile.cpu.quota = 1.5;
    profile.cpu.instructionSets = {"avx2", "avx512f", "avx512vnni"};
    profile.cpu.caches = {{1, CacheInfo::Kind::Data, 48 << 10, 8, 2},
                          {2, CacheInfo::Kind::Unified, 1 << 20, 8, 2},
                          {3, CacheInfo::Kind::Unified, 32 << 20, 1, 16}};
    profile.memory.totalBytes = std::uint64_t{4'000'000'000};
    profile.memory.limitBytes = std::uint64_t{4'000'000'000};
    profile.memory.physicalBytes = std::uint64_t{64'000'000'000};
    profile.memory.availableBytes = Unknown::Unreadable;
    GpuInfo software;
    software.name = "llvmpipe";
    software.kind = GpuInfo::Kind::Software;
    profile.gpus = {software};
    DiskInfo disk;
    disk.roles = {"data", "models"};
    disk.kind = DiskInfo::Kind::Nvme;
    disk.freeBytes = std::uint64_t{80'000'000'000};
    disk.totalBytes = std::uint64_t{500'000'000'000};
    profile.disks = {disk};
    profile.os.name = std::string("Debian GNU/Linux");
    profile.os.container = std::string("docker");
    return profile;
}

std::vector<EnvironmentItem> environment() {
    EnvironmentItem git{
        "git",
        "git",
        std::string("1.8.3"),
        "",
        Verdict::Old,
        false,
        Advice{"update",
               {{"version", "1.8.3"}, {"wanted", "2.30"}, {"command", "sudo apt install {git}"}},
               "git"}};
    EnvironmentItem python{"python", "Python", std::string("3.11.2"), "", Verdict::Fine, false, {}};
    EnvironmentItem cuda{"cuda", "CUDA", Unknown::Absent, "", Verdict::Missing, false, {}};
    EnvironmentItem vulkan{"vulkan", "Vulkan", Unknown::Absent, "", Verdict::Missing, true, {}};
    return {git, python, cuda, vulkan};
}

Measurement measurement(double bandwidth) {
    Measurement out;
    out.time = "2026-11-21T07:05:00Z";
    out.threads = 2;
    out.bandwidth = {{1, bandwidth * 0.6}, {2, bandwidth}};
    for (std::uint64_t bytes = 8 << 10; bytes <= 256 << 20; bytes *= 2)
        out.caches.push_back({bytes, bytes < 1 << 20 ? 90e9 : 20e9});
    out.kernels = {{hearth::DType::Q4_K, hearth::kernels::Isa::Generic, 2, 11e9, 300e9}};
    out.disks = {{"models", 2.1e9, 40e6, true}};
    return out;
}

} // namespace

class TestHardware : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_services = {};
        m_services.measurementsFile =
            std::filesystem::path(m_folder->path().toStdString()) / "measurements.json";
        m_services.runsFile = m_services.measurementsFile.parent_path() / "runs.json";
        m_services.keyFile = m_services.measurementsFile.parent_path() / "report.key";
        m_services.probe = [](const auto&, bool) { return laptop(); };
        m_services.environment = [](const HardwareProfile&, std::stop_token) { return environment(); };
        m_services.measure = [this](const MeasureOptions& options, std::stop_token stop,
                                    const hearth::ProgressSink& progress) -> hearth::Result<Measurement> {
            progress({"measure.memory", 1, 4});
            while (m_hold && !stop.stop_requested())
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            if (stop.stop_requested())
                return hearth::fail(hearth::kCancelled, "stopped");
            Measurement result = measurement(m_bandwidth);
            result.fingerprint = options.fingerprint;
            return result;
        };
        m_services.catalogueFile = m_services.measurementsFile.parent_path() / "catalogue.json";
        m_services.download = [this](const std::string& address, std::stop_token stop,
                                     const hearth::ProgressSink& progress) -> hearth::Result<double> {
            progress({"measure.download", 50, 100});
            while (m_hold && !stop.stop_requested())
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            if (stop.stop_requested())
                return hearth::fail(hearth::kCancelled, "stopped");
            if (address.starts_with("https://"))
                return 12.5e6;
            return hearth::fail("hub.bad_endpoint", address);
        };
        m_services.hubShape = [](const std::string& address, std::stop_token) -> hearth::Result<ModelShape> {
            if (address.find("8b") == std::string::npos)
                return hearth::fail("predict.bad_address", address);
            return quantised(Catalogue::load().value().find("qwen3-8b")->shape, "Q4_K_M");
        };
        m_hold = false;
        m_bandwidth = 40e9;
    }
    void cleanup() {
        m_page.reset();
        m_bridge.reset();
    }

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

    void matrixShowsMemoryFirstAndSpeedsAfterMeasuring() {
        useRoomyMachine();
        open();
        QTRY_VERIFY(m_bridge->fit());
        auto* table = m_page->findChild<QTableView*>(QStringLiteral("fitMatrix"));
        QVERIFY(table->model()->rowCount() > 20);
        QVERIFY(table->model()->index(0, 3).data().toString().endsWith(QStringLiteral("GB")));
        QVERIFY(allText(*m_page).contains(QStringLiteral("Nothing has been measured yet")));
        measureOnce();
        QTRY_VERIFY(m_bridge->fit()->measured);
        bool ok = false;
        QVERIFY(table->model()->index(0, 3).data().toString().toDouble(&ok) > 0 && ok);
        QVERIFY(!allText(*m_page).contains(QStringLiteral("Nothing has been measured yet")));
        QVERIFY(allText(*m_page).contains(QStringLiteral("Best for this machine")));
    }

    void cellsTellTheirArithmetic() {
        openMeasured();
        auto* table = m_page->findChild<QTableView*>(QStringLiteral("fitMatrix"));
        auto* detail = m_page->findChild<QWidget*>(QStringLiteral("fitDetail"));
        QVERIFY(!detail->isVisibleTo(m_page.get()));
        table->setCurrentIndex(table->model()->index(0, 4));
        QVERIFY(detail->isVisibleTo(m_page.get()));
        const QString name = table->model()->index(0, 0).data().toString();
        const QString text = allText(*detail);
        for (const QString& expected : QStringList{
                 name + QStringLiteral(" · Q4_K_M"), QStringLiteral("Weights"), QStringLiteral("Context"),
                 QStringLiteral("Memory together"), QStringLiteral("Comfortable")})
            QVERIFY2(text.contains(expected), qPrintable(expected + QLatin1Char('\n') + text));
        // Another context is predicted anew; the chosen field stays.
        const double before = memoryTold(*table, 0, 4);
        auto* context = m_page->findChild<QComboBox*>(QStringLiteral("fitContext"));
        context->setCurrentIndex(0);
        Q_EMIT context->activated(0);
        QTRY_VERIFY(memoryTold(*table, 0, 4) < before);
        QVERIFY(detail->isVisibleTo(m_page.get()));
    }

    void matrixSortsAndFilters() {
        openMeasured();
        auto* table = m_page->findChild<QTableView*>(QStringLiteral("fitMatrix"));
        const int all = table->model()->rowCount();
        table->sortByColumn(4, Qt::DescendingOrder);
        const auto value = [&](int row) {
            return table->model()->index(row, 4).data(Qt::UserRole).toDouble();
        };
        for (int row = 1; row < all; ++row)
            QVERIFY2(value(row - 1) >= value(row), qPrintable(QString::number(row)));
        m_page->findChild<QLineEdit*>(QStringLiteral("fitSearch"))->setText(QStringLiteral("qwen"));
        QVERIFY(table->model()->rowCount() > 0 && table->model()->rowCount() < all);
        m_page->findChild<QLineEdit*>(QStringLiteral("fitSearch"))->clear();
        m_page->findChild<Toggle*>(QStringLiteral("fitOnly"))->click();
        QVERIFY(table->model()->rowCount() > 0 && table->model()->rowCount() < all);
        auto* purpose = m_page->findChild<QComboBox*>(QStringLiteral("fitPurpose"));
        const int fitting = table->model()->rowCount();
        Q_EMIT purpose->activated(4);
        QVERIFY(table->model()->rowCount() < fitting);
    }

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
            QVERIFY(exported.wait());
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
        QVERIFY(failed.wait());
    }

    void namesAreInReportsOnlyWhenTicked() {
        openMeasured();
        auto* tick = m_page->findChild<QAction*>(QStringLiteral("identifying"));
        QVERIFY(tick && !tick->isChecked());
        for (const bool identifying : {false, true}) {
            const QString path = m_folder->filePath(QStringLiteral("names.json"));
            QSignalSpy exported(m_bridge.get(), &HardwareBridge::exported);
            m_bridge->exportReport(ReportFormat::Json, hearth::hardware::Language::English, path,
                                   identifying);
            QVERIFY(exported.wait());
            std::ifstream file(path.toStdString(), std::ios::binary);
            const std::string text{std::istreambuf_iterator<char>(file), {}};
            QCOMPARE(text.find("secret-host") != std::string::npos, identifying);
        }
    }

    void unsupportedKindsSaySo() {
        openMeasured();
        auto* table = m_page->findChild<QTableView*>(QStringLiteral("fitMatrix"));
        m_page->findChild<QLineEdit*>(QStringLiteral("fitSearch"))->setText(QStringLiteral("gpt-oss"));
        QVERIFY(table->model()->rowCount() > 0);
        QCOMPARE(table->model()->index(0, 4).data().toString(), QStringLiteral("not supported"));
        table->setCurrentIndex(table->model()->index(0, 4));
        QVERIFY(allText(*m_page).contains(QStringLiteral("Hearth does not run models of the kind")));
    }

    void quickMeasurementsAreAskedFor() {
        std::atomic<bool> quick{false};
        m_services.measure = [&](const MeasureOptions& options, std::stop_token,
                                 const hearth::ProgressSink&) -> hearth::Result<Measurement> {
            quick = options.quick;
            return measurement(40e9);
        };
        open();
        QSignalSpy measured(m_bridge.get(), &HardwareBridge::measured);
        button("measureQuick")->click();
        QVERIFY(measured.wait());
        QVERIFY(quick);
    }

    void downloadSpeedIsMeasuredKeptAndUsed() {
        openMeasured();
        auto* address = m_page->findChild<QComboBox*>(QStringLiteral("downloadAddress"));
        QVERIFY(address->currentText().startsWith(QStringLiteral("https://")));
        QSignalSpy done(m_bridge.get(), &HardwareBridge::downloadMeasured);
        button("measureDownload")->click();
        QVERIFY(!button("measureDownload")->isEnabled());
        QVERIFY(done.wait());
        QTRY_VERIFY(allText(*m_page).contains(QStringLiteral("Downloads 12.5 MB/s")));
        auto* table = m_page->findChild<QTableView*>(QStringLiteral("fitMatrix"));
        QTRY_VERIFY(m_bridge->fit()->content.matrix.front().prediction.downloadSeconds.has_value());
        table->setCurrentIndex(table->model()->index(0, 4));
        QVERIFY(allText(*m_page).contains(QStringLiteral("Downloading")));
        // Another measurement does not lose it, and neither does a restart.
        measureOnce();
        cleanup();
        open();
        QTRY_COMPARE(m_bridge->measurements().size(), std::size_t{2});
        QVERIFY(m_bridge->download().has_value());
        // A bad address says what is wrong with it.
        auto* again = m_page->findChild<QComboBox*>(QStringLiteral("downloadAddress"));
        again->setEditText(QStringLiteral("ftp://nowhere"));
        QSignalSpy failed(m_bridge.get(), &HardwareBridge::measureFailed);
        button("measureDownload")->click();
        QVERIFY(failed.wait());
        QVERIFY(std::ranges::any_of(m_page->findChildren<ErrorBox*>(),
                                    [this](auto* box) { return box->isVisibleTo(m_page.get()); }));
    }

    void anotherFileIsPredicted() {
        openMeasured();
        auto* what = m_page->findChild<QLineEdit*>(QStringLiteral("fileAddress"));
        QVERIFY(!button("predictFile")->isEnabled());
        QSignalSpy predicted(m_bridge.get(), &HardwareBridge::filePredicted);
        what->setText(QStringLiteral("https://hub.example/a/8b/blob/main/x.gguf"));
        button("predictFile")->click();
        QVERIFY(predicted.wait());
        auto* detail = m_page->findChild<QWidget*>(QStringLiteral("fileDetail"));
        QVERIFY(detail->isVisibleTo(m_page.get()));
        QVERIFY(allText(*detail).contains(QStringLiteral("Q4_K_M")));
        QVERIFY(allText(*detail).contains(QStringLiteral("Memory together")));
        QSignalSpy failed(m_bridge.get(), &HardwareBridge::fileFailed);
        what->setText(m_folder->filePath(QStringLiteral("absent.gguf")));
        button("predictFile")->click();
        QVERIFY(failed.wait());
        what->setText(QStringLiteral("https://hub.example/nothing"));
        button("predictFile")->click();
        QVERIFY(failed.wait());
        QVERIFY(button("predictFile")->isEnabled());
    }

    void catalogueIsUpdatedFromAFileAndBack() {
        openMeasured();
        const auto count = m_bridge->fit()->catalogue->entries().size();
        QVERIFY(allText(*m_page).contains(QStringLiteral("List of %1 models").arg(count)));
        QVERIFY(!button("builtInCatalogue")->isVisibleTo(m_page.get()));
        const QString path = m_folder->filePath(QStringLiteral("more.json"));
        std::ofstream(path.toStdString())
            << R"({"schema": "hearth.catalogue", "version": 1, "date": "2026-11-27",
            "models": [{"id": "house-1b", "name": "House 1B", "publisher": "us", "licence": "MIT",
            "hub": "us/house-1b", "released": "2026-10", "family": "llama", "layers": 16, "dim": 2048,
            "heads": 32, "kv_heads": 8, "head_dim": 64, "feed_forward": 8192, "vocabulary": 32000,
            "context": 8192, "parameters": 1104000000, "purposes": ["chat"], "languages": ["en"]}]})";
        QSignalSpy changed(m_bridge.get(), &HardwareBridge::fitChanged);
        m_bridge->updateCatalogue(path);
        QVERIFY(changed.wait());
        QCOMPARE(m_bridge->fit()->catalogue->entries().size(), count + 1);
        QVERIFY(button("builtInCatalogue")->isVisibleTo(m_page.get()));
        QVERIFY(allText(*m_page).contains(QStringLiteral("The list of models was updated")));
        // A file that is no list changes nothing.
        std::ofstream(path.toStdString()) << "{}";
        QSignalSpy failed(m_bridge.get(), &HardwareBridge::catalogueFailed);
        m_bridge->updateCatalogue(path);
        QVERIFY(failed.wait());
        QCOMPARE(m_bridge->fit()->catalogue->entries().size(), count + 1);
        button("builtInCatalogue")->click();
        QTRY_COMPARE(m_bridge->fit()->catalogue->entries().size(), count);
    }

    void aDamagedCatalogueCostsOnlyItself() {
        useRoomyMachine();
        std::ofstream(m_services.catalogueFile) << "broken";
        std::ofstream(m_services.runsFile) << "broken";
        open();
        QTRY_VERIFY(m_bridge->fit());
        QVERIFY(m_bridge->fit()->catalogue->entries().size() > 20);
    }

    void anotherReportIsPutBesideThis() {
        openMeasured();
        const QString path = m_folder->filePath(QStringLiteral("other.json"));
        QSignalSpy exported(m_bridge.get(), &HardwareBridge::exported);
        m_bridge->exportReport(ReportFormat::Json, hearth::hardware::Language::English, path);
        QVERIFY(exported.wait());
        QSignalSpy compared(m_bridge.get(), &HardwareBridge::compared);
        auto* card = m_page->findChild<QWidget*>(QStringLiteral("comparison"));
        QVERIFY(!card->isVisibleTo(m_page.get()));
        m_bridge->compareWith(path);
        QVERIFY(compared.wait());
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
        QVERIFY(compared.wait());
        QVERIFY(allText(*card).contains(QStringLiteral("Changed after it was signed")));
        QSignalSpy failed(m_bridge.get(), &HardwareBridge::compareFailed);
        std::ofstream(path.toStdString(), std::ios::binary) << "[]";
        m_bridge->compareWith(path);
        QVERIFY(failed.wait());
        m_bridge->compareWith(m_folder->filePath(QStringLiteral("absent.json")));
        QVERIFY(failed.wait());
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

    void realAnswersStandBesideTheirPrediction() {
        useRoomyMachine();
        auto runs = RunHistory::open(m_services.runsFile).value();
        RunRecord run;
        run.time = "2026-11-21T07:05:00Z";
        run.model = "Real 7B";
        run.quantisation = "Q4_0";
        run.fingerprint = machineFingerprint(m_services.probe({}, false));
        run.generatedTokens = 100;
        run.weightBytes = 4'000'000'000;
        run.predictedDecodeTps = 10;
        run.actualDecodeTps = 8;
        for (int i = 0; i < 3; ++i)
            QVERIFY(runs.append(run));
        open();
        measureOnce();
        QTRY_VERIFY(m_bridge->fit() && m_bridge->fit()->content.correction.runs == 3);
        const QString text = allText(*m_page);
        for (const char* expected : {"Predicted and real", "Real 7B · Q4_0", "multiplied with 0.800"})
            QVERIFY2(text.contains(QString::fromUtf8(expected)), qPrintable(text));
        auto* table = m_page->findChild<QTableView*>(QStringLiteral("fitMatrix"));
        table->setCurrentIndex(table->model()->index(0, 4));
        QVERIFY(allText(*m_page).contains(QStringLiteral("Corrected by real answers")));
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
        QTRY_VERIFY(std::ranges::any_of(m_page->findChildren<ErrorBox*>(),
                                        [this](auto* box) { return box->isVisibleTo(m_page.get()); }));
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

private:
    void open() {
        m_bridge = std::make_unique<HardwareBridge>(m_services);
        m_page = std::make_unique<HardwarePage>(m_theme, *m_bridge);
        QSignalSpy checked(m_bridge.get(), &HardwareBridge::environmentChanged);
        QVERIFY(checked.wait());
    }
    void useRoomyMachine() {
        m_services.probe = [](const auto&, bool identifying) {
            HardwareProfile profile = laptop();
            profile.memory.availableBytes = std::uint64_t{20'000'000'000};
            profile.memory.totalBytes = std::uint64_t{24'000'000'000};
            if (identifying)
                profile.os.hostName = std::string("secret-host");
            return profile;
        };
    }
    void openMeasured() {
        useRoomyMachine();
        open();
        measureOnce();
        QTRY_VERIFY(m_bridge->fit() && m_bridge->fit()->measured);
    }
    double memoryTold(const QTableView& table, int row, int column) {
        const QString name = table.model()->index(row, 0).data().toString();
        const QString quantisation = table.model()->headerData(column, Qt::Horizontal).toString();
        for (const FitRow& one : m_bridge->fit()->content.matrix)
            if (QString::fromStdString(one.entry->name) == name &&
                QString::fromStdString(one.prediction.quantisation) == quantisation)
                return static_cast<double>(one.prediction.memoryBytes);
        return 0;
    }
    void measureOnce() {
        QSignalSpy measured(m_bridge.get(), &HardwareBridge::measured);
        button("measure")->click();
        QVERIFY(measured.wait());
    }
    QAbstractButton* button(const char* name) {
        return m_page->findChild<QAbstractButton*>(QString::fromLatin1(name));
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    HardwareServices m_services;
    std::atomic<bool> m_hold{false};
    std::atomic<double> m_bandwidth{40e9};
    std::unique_ptr<HardwareBridge> m_bridge;
    std::unique_ptr<HardwarePage> m_page;
};

QTEST_MAIN(TestHardware)
#include "test_hardware.moc"
