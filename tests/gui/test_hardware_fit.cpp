#include <fstream>
#include <optional>

#include <QComboBox>
#include <QLineEdit>
#include <QNetworkProxy>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include "gui/models/fit_matrix_model.h"
#include "gui/widgets/buttons.h"
#include "tests/gui/hardware_fixture.h"

using namespace hearth::gui;
using namespace hearth::hardware;

namespace {

hearth::workbench::HubSettings hubsAt(const std::vector<hearth::hub::Endpoint>& endpoints) {
    hearth::workbench::HubSettings settings;
    for (const auto& endpoint : endpoints)
        settings.hubs.push_back({endpoint, {}});
    return settings;
}

} // namespace

/// What fits: the matrix, its arithmetic, other files, the catalogue, real answers.
class TestHardwareFit : public HardwareFixture {
    Q_OBJECT

private Q_SLOTS:
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
        // Measured at 11 GB/s, one of the models for long documents answers at reading speed.
        QVERIFY2(allText(*m_page).contains(QStringLiteral(", context 32")), qPrintable(allText(*m_page)));
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

    void fieldsWearTheColourOfTheirVerdict() {
        openMeasured();
        m_page->resize(1200, 900);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        auto* table = m_page->findChild<QTableView*>(QStringLiteral("fitMatrix"));
        const auto colourOf = [&](const QString& model, Fit fit) {
            m_page->findChild<QLineEdit*>(QStringLiteral("fitSearch"))->setText(model);
            for (int column = 1; column < table->model()->columnCount(); ++column) {
                const QModelIndex index = table->model()->index(0, column);
                if (index.data(FitMatrixModel::FitRole).toInt() != static_cast<int>(fit))
                    continue;
                const QRect place = table->visualRect(index);
                return table->viewport()->grab().toImage().pixelColor(place.left() + 8, place.center().y());
            }
            return QColor();
        };
        QCOMPARE(colourOf(QStringLiteral("Qwen3 0.6B"), Fit::Comfortable),
                 m_theme.colour(ColourRole::GoodSoft));
        QCOMPARE(colourOf(QStringLiteral("Qwen3 8B"), Fit::Tight), m_theme.colour(ColourRole::CautionSoft));
        QCOMPARE(colourOf(QStringLiteral("Llama 3.3 70B"), Fit::DoesNotFit),
                 m_theme.colour(ColourRole::BadSoft));
    }

    void whatGraphicsCardsWouldAddIsCalledEstimated() {
        useRoomyMachine();
        m_services.probe = [roomy = m_services.probe](const auto& folders, bool identifying) {
            HardwareProfile profile = roomy(folders, identifying);
            GpuInfo card;
            card.name = "Picturo 24";
            card.kind = GpuInfo::Kind::Discrete;
            card.memoryBytes = std::uint64_t{24'000'000'000};
            profile.gpus = {card};
            return profile;
        };
        open();
        measureOnce();
        QTRY_VERIFY(m_bridge->fit() && m_bridge->fit()->measured);
        auto* table = m_page->findChild<QTableView*>(QStringLiteral("fitMatrix"));
        table->setCurrentIndex(table->model()->index(0, 4));
        const QString text = allText(*m_page->findChild<QWidget*>(QStringLiteral("fitDetail")));
        QVERIFY2(text.contains(QStringLiteral("With Picturo 24")), qPrintable(text));
        QVERIFY(text.contains(
            QStringLiteral("100 % of the weights on it; estimated from data sheets, not measured")));
        QVERIFY(allText(*m_page).contains(QStringLiteral("Estimated from data sheets, not measured.")));
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

    void unsupportedKindsSaySo() {
        openMeasured();
        auto* table = m_page->findChild<QTableView*>(QStringLiteral("fitMatrix"));
        m_page->findChild<QLineEdit*>(QStringLiteral("fitSearch"))->setText(QStringLiteral("gpt-oss"));
        QVERIFY(table->model()->rowCount() > 0);
        QCOMPARE(table->model()->index(0, 4).data().toString(), QStringLiteral("not supported"));
        table->setCurrentIndex(table->model()->index(0, 4));
        QVERIFY(allText(*m_page).contains(QStringLiteral("Hearth does not run models of the kind")));
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

    void predictionsAreForTheWayModelsAreOpened() {
        openMeasured();
        const auto before = m_bridge->fit()->content.matrix.front().prediction;
        QSignalSpy changed(m_bridge.get(), &HardwareBridge::fitChanged);
        m_bridge->setLoading(1, hearth::kernels::KvType::Q8_0);
        QVERIFY(changed.wait());
        const auto after = m_bridge->fit()->content.matrix.front().prediction;
        QCOMPARE(after.threads, std::size_t{1});
        QVERIFY(after.kvType == hearth::kernels::KvType::Q8_0);
        QVERIFY(after.memoryBytes < before.memoryBytes);
        QVERIFY(after.decodeTps < before.decodeTps);
        m_bridge->setLoading(1, hearth::kernels::KvType::Q8_0);
        QVERIFY2(!changed.wait(100), "nothing changed, so nothing is computed again");
    }

    void aQuickMeasurementDoesNotTakePlaceOfACompleteOneOfItsDay() {
        m_services.measure = [this](const MeasureOptions& options, std::stop_token,
                                    const hearth::ProgressSink&) -> hearth::Result<Measurement> {
            Measurement result = sampleMeasurement(options.quick ? 20e9 : 40e9);
            result.fingerprint = options.fingerprint;
            result.quick = options.quick;
            return result;
        };
        openMeasured();
        QSignalSpy measured(m_bridge.get(), &HardwareBridge::measured);
        button("measureQuick")->click();
        QVERIFY(measured.wait());
        QTRY_COMPARE(m_bridge->measurements().size(), std::size_t{2});
        QSignalSpy changed(m_bridge.get(), &HardwareBridge::fitChanged);
        m_bridge->predictAgain();
        QVERIFY(changed.wait());
        QCOMPARE(m_bridge->fit()->content.measurement->readBandwidth(), 40e9);
        // The plots and the comparison are about the newest all the same.
        QCOMPARE(m_bridge->measurements().back().readBandwidth(), 20e9);
        QVERIFY(m_bridge->comparison()->dropped());
    }

    void aDamagedCatalogueCostsOnlyItself() {
        useRoomyMachine();
        std::ofstream(m_services.catalogueFile) << "broken";
        std::ofstream(m_services.runsFile) << "broken";
        open();
        QTRY_VERIFY(m_bridge->fit());
        QVERIFY(m_bridge->fit()->catalogue->entries().size() > 20);
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

    void theChosenHubsAreOfferedForMeasuringTheDownload() {
        open();
        auto* address = m_page->findChild<QComboBox*>(QStringLiteral("downloadAddress"));
        QCOMPARE(address->count(), 2);
        m_bridge->setHubs(hubsAt(
            {hearth::hub::parseEndpoint("https://mirror.example/base").value(), hearth::hub::modelScope()}));
        QCOMPARE(address->count(), 2);
        QVERIFY2(address->currentText().startsWith(QStringLiteral("https://mirror.example/base/")),
                 qPrintable(address->currentText()));
        QVERIFY(address->itemText(1).startsWith(hearth::hub::modelScope().url.toString()));
        // What somebody wrote there stays.
        address->setEditText(QStringLiteral("https://own.example/file"));
        m_bridge->setHubs(hubsAt({hearth::hub::huggingFace()}));
        QCOMPARE(address->currentText(), QStringLiteral("https://own.example/file"));
        QCOMPARE(address->count(), 1);
    }

    void hubsAreAskedWithTheTokenAndTheProxyOfThePerson() {
        QByteArray token, elsewhere;
        std::optional<QNetworkProxy> proxy;
        m_services.hubShape = [&](const std::string& address, const hearth::hub::HttpOptions& http,
                                  std::stop_token) -> hearth::Result<ModelShape> {
            const QUrl url(QString::fromStdString(address));
            token = http.token(hearth::hub::originOf(url));
            elsewhere = http.token(QStringLiteral("https://other.example:443"));
            proxy = http.proxy;
            return hearth::fail("predict.bad_address", address);
        };
        open();
        hearth::workbench::HubSettings hubs;
        hubs.hubs = {{hearth::hub::parseEndpoint("https://mirror.example").value(), "secret"}};
        hubs.proxy = {hearth::hub::ProxySetting::Mode::Socks5, "proxy.example", 1080, {}, {}};
        m_bridge->setHubs(hubs);
        QSignalSpy failed(m_bridge.get(), &HardwareBridge::fileFailed);
        m_bridge->predictFile(QStringLiteral("https://mirror.example/o/n/blob/main/x.gguf"));
        QVERIFY(failed.wait());
        QCOMPARE(token, QByteArray("secret"));
        QVERIFY(elsewhere.isEmpty());
        QVERIFY(proxy);
        QCOMPARE(proxy->hostName(), QStringLiteral("proxy.example"));
        m_bridge->setHubs(hubsAt({hearth::hub::huggingFace()})); // the person left
        m_bridge->predictFile(QStringLiteral("https://mirror.example/o/n/blob/main/x.gguf"));
        QVERIFY(failed.wait());
        QVERIFY(token.isEmpty());
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
        QVERIFY(anErrorIsShown());
    }

private:
    [[nodiscard]] double memoryTold(const QTableView& table, int row, int column) const {
        const QString name = table.model()->index(row, 0).data().toString();
        const QString quantisation = table.model()->headerData(column, Qt::Horizontal).toString();
        for (const FitRow& one : m_bridge->fit()->content.matrix)
            if (QString::fromStdString(one.entry->name) == name &&
                QString::fromStdString(one.prediction.quantisation) == quantisation)
                return static_cast<double>(one.prediction.memoryBytes);
        return 0;
    }
};

QTEST_MAIN(TestHardwareFit)
#include "test_hardware_fit.moc"
