#include "gui/bridge/hardware_bridge.h"

#include <utility>

#include <QMetaType>

#include "engine/format/gguf/gguf_file.h"
#include "engine/hardware/online/download_speed.h"
#include "engine/hardware/online/hub_model.h"
#include "engine/workbench/data_paths.h"
#include "gui/bridge/hardware_reports.h"
#include "gui/bridge/metatypes.h"

namespace hearth::gui {

using namespace hearth::hardware;

HardwareServices hardwareServices(const std::filesystem::path& dataFolder, std::string version) {
    HardwareServices services;
    services.probe = [](const std::vector<ProbedFolder>& folders, bool identifying) {
        ProbeOptions options;
        options.identifying = identifying;
        options.folders = folders;
        return hardware::probe(options);
    };
    services.environment = [](const HardwareProfile& profile, std::stop_token stop) {
        return checkEnvironment(profile, {}, stop);
    };
    services.measure = [](const MeasureOptions& options, std::stop_token stop, const ProgressSink& progress) {
        return hardware::measure(options, stop, progress);
    };
    services.download = [](const std::string& address, const hub::HttpOptions& http, std::stop_token stop,
                           const ProgressSink& progress) {
        return hardware::measureDownload(address, {.http = http}, std::move(stop), progress);
    };
    services.hubShape = [](const std::string& address, const hub::HttpOptions& http, std::stop_token stop) {
        return hardware::hubModelShape(address, http, std::move(stop));
    };
    workbench::DataPaths paths;
    paths.data = dataFolder;
    services.measurementsFile = paths.measurementsFile();
    services.runsFile = paths.runsFile();
    services.catalogueFile = paths.catalogueFile();
    services.keyFile = paths.reportKeyFile();
    services.version = std::move(version);
    return services;
}

HardwareBridge::HardwareBridge(HardwareServices services, QObject* parent)
    : QObject(parent), m_services(std::make_shared<const HardwareServices>(std::move(services))),
      m_worker(new QObject) {
    for (const hub::Endpoint& usual : hub::usualEndpoints())
        m_hubs.hubs.push_back({usual, {}});
    qRegisterMetaType<hearth::Error>();
    m_thread.setObjectName(QStringLiteral("hardware"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

HardwareBridge::~HardwareBridge() {
    blockSignals(true);
    shutdown();
}

void HardwareBridge::shutdown() {
    if (std::exchange(m_shutDown, true))
        return;
    m_stop.request_stop();
    m_measureStop.request_stop();
    m_fileStop.request_stop();
    // quit() only ends the loop after what was queued before it has run.
    QMetaObject::invokeMethod(m_worker, [this] { m_thread.quit(); });
    m_thread.wait();
}

void HardwareBridge::setHubs(workbench::HubSettings hubs) {
    const bool others = hubs.endpoints() != m_hubs.endpoints();
    m_hubs = std::move(hubs);
    if (others)
        Q_EMIT hubsChanged();
}

hub::HttpOptions HardwareBridge::hubAccess() const {
    return m_hubs.http("hearth/" + QByteArray::fromStdString(m_services->version));
}

void HardwareBridge::post(std::function<void()> work) {
    if (!m_shutDown)
        QMetaObject::invokeMethod(m_worker, std::move(work), Qt::QueuedConnection);
}

void HardwareBridge::deliver(std::function<void()> call) {
    // The destructor joins the thread this is called from, so `this` is alive; Qt drops the call with it.
    QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
}

/// Hardware thread.
void HardwareBridge::readHistory(const std::string& fingerprint) {
    auto history = MeasurementHistory::open(m_services->measurementsFile);
    if (!history) {
        deliver([this, error = history.error()] { Q_EMIT historyFailed(error); });
        return;
    }
    std::vector<Measurement> own;
    for (const Measurement& one : history->all())
        if (one.fingerprint == fingerprint)
            own.push_back(one);
    const Measurement* telling = history->last(fingerprint);
    deliver([this, own = std::move(own), telling = telling ? std::optional(*telling) : std::nullopt,
             download = history->lastDownload(fingerprint)]() mutable {
        m_measurements = std::move(own);
        m_telling = std::move(telling);
        m_download = download;
        Q_EMIT measurementsChanged();
        predict();
    });
}

void HardwareBridge::refresh() {
    if (std::exchange(m_looking, true) || m_shutDown)
        return;
    post([this, folders = m_folders, services = m_services, stop = m_stop.get_token()] {
        const HardwareProfile profile = services->probe(folders, false);
        deliver([this, profile] {
            m_profile = profile;
            Q_EMIT profileChanged();
        });
        readHistory(machineFingerprint(profile));
        // Last in the queue, so that what fits is told before.
        deliver([this, profile, services, stop] {
            post([this, profile, services, stop] {
                auto items = services->environment(profile, stop);
                deliver([this, items = std::move(items)]() mutable {
                    m_environment = std::move(items);
                    m_looking = false;
                    Q_EMIT environmentChanged();
                });
            });
        });
    });
}

void HardwareBridge::measure(bool quick) {
    if (m_measuring || m_shutDown)
        return;
    m_measuring = true;
    m_measureStop = std::stop_source();
    Q_EMIT measuringChanged();
    post([this, quick, folders = m_folders, services = m_services, stop = m_measureStop.get_token()] {
        MeasureOptions options;
        options.quick = quick;
        const HardwareProfile profile = services->probe(folders, false);
        options.folders = oneADisk(folders, profile);
        options.fingerprint = machineFingerprint(profile);
        options.version = services->version;
        auto result = services->measure(options, stop, progressTeller());
        if (result) {
            auto history = MeasurementHistory::open(services->measurementsFile);
            const Result<void> stored =
                history ? history->append(std::move(*result)) : tl::unexpected<Error>(history.error());
            if (stored)
                readHistory(options.fingerprint);
            else
                deliver([this, error = stored.error()] { Q_EMIT historyFailed(error); });
        }
        deliver([this, error = result ? std::optional<Error>() : std::optional<Error>(result.error())] {
            measuringEnded(error);
            if (!error)
                Q_EMIT measured();
        });
    });
}

/// GUI thread.
void HardwareBridge::measuringEnded(const std::optional<Error>& error) {
    m_measuring = false;
    Q_EMIT measuringChanged();
    if (error)
        Q_EMIT measureFailed(*error);
}

/// For the hardware thread.
std::function<void(const Progress&)> HardwareBridge::progressTeller() {
    return [this](const Progress& progress) {
        const double fraction =
            progress.total ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0;
        deliver(
            [this,
             phase = QString::fromUtf8(progress.phase.data(), static_cast<qsizetype>(progress.phase.size())),
             fraction] { Q_EMIT measureProgress(phase, fraction); });
    };
}

void HardwareBridge::measureDownload(const QString& address) {
    if (m_measuring || m_shutDown || !m_profile)
        return;
    m_measuring = true;
    m_measureStop = std::stop_source();
    Q_EMIT measuringChanged();
    post([this, address = address.trimmed().toStdString(), services = m_services, http = hubAccess(),
          fingerprint = machineFingerprint(*m_profile), stop = m_measureStop.get_token()] {
        const Result<double> speed = services->download(address, http, stop, progressTeller());
        if (speed) {
            auto history = MeasurementHistory::open(services->measurementsFile);
            const Result<void> stored =
                history ? history->setDownload(fingerprint, *speed) : tl::unexpected<Error>(history.error());
            // Without a measurement to keep it with it is shown, and measured again another time.
            if (stored)
                readHistory(fingerprint);
            else if (stored.error().code != "measurement.none")
                deliver([this, error = stored.error()] { Q_EMIT historyFailed(error); });
        }
        deliver([this, speed] {
            measuringEnded(speed ? std::nullopt : std::optional<Error>(speed.error()));
            if (!speed)
                return;
            m_download = *speed;
            Q_EMIT downloadMeasured(*speed);
            predict();
        });
    });
}

void HardwareBridge::setContext(std::size_t tokens) {
    if (std::exchange(m_context, tokens) != tokens)
        predict();
}

void HardwareBridge::setLoading(std::size_t threads, kernels::KvType kvType) {
    const bool other = threads != m_threads || kvType != m_kvType;
    m_threads = threads;
    m_kvType = kvType;
    if (other)
        predict();
}

PredictOptions HardwareBridge::predictOptions() const {
    PredictOptions options;
    options.context = m_context;
    options.threads = m_threads;
    options.kvType = m_kvType;
    options.downloadBytesPerSecond = m_download;
    return options;
}

void HardwareBridge::predict() {
    if (!m_profile)
        return;
    HardwareProfile profile = *m_profile;
    profile.environment = m_environment;
    post([this, profile = std::move(profile), last = m_telling, changes = comparison(),
          options = predictOptions(), services = m_services] {
        const auto problem = [this](const Error& error) {
            deliver([this, error] { Q_EMIT fitFailed(error); });
        };
        // A damaged file costs what is in it, not the rest of the page.
        auto catalogue = Catalogue::load(services->catalogueFile);
        std::error_code ignored;
        const bool own = catalogue && std::filesystem::exists(services->catalogueFile, ignored);
        if (!catalogue) {
            problem(catalogue.error());
            catalogue = Catalogue::load();
        }
        auto runs = RunHistory::open(services->runsFile);
        if (!runs)
            problem(runs.error());
        if (!catalogue)
            return problem(catalogue.error());
        auto fit = std::make_shared<HardwareFit>();
        fit->catalogue = std::make_shared<const Catalogue>(std::move(*catalogue));
        fit->measured = last.has_value();
        fit->ownCatalogue = own;
        auto content = assemble(profile, last.value_or(Measurement{}), *fit->catalogue,
                                runs ? *runs : RunHistory(), options);
        if (!content)
            return problem(content.error());
        fit->content = std::move(*content);
        fit->content.sinceLast = changes;
        if (!last)
            fit->content.measurement.reset();
        deliver([this, fit] {
            m_fit = fit;
            Q_EMIT fitChanged();
        });
    });
}

void HardwareBridge::predictFile(const QString& pathOrAddress) {
    if (m_predictingFile || m_shutDown || !m_profile)
        return;
    m_predictingFile = true;
    m_fileStop = std::stop_source();
    post([this, asked = pathOrAddress.trimmed(), last = m_telling, profile = *m_profile,
          options = predictOptions(), services = m_services, http = hubAccess(),
          stop = m_fileStop.get_token()] {
        const auto work = [&]() -> Result<std::shared_ptr<const FilePrediction>> {
            ModelShape shape;
            if (isWebAddress(asked.toStdString())) {
                HEARTH_TRY(shape, services->hubShape(asked.toStdString(), http, stop));
            } else {
                HEARTH_TRY(const auto file,
                           format::GgufFile::open(std::filesystem::path(asked.toStdU16String())));
                HEARTH_TRY(shape, shapeOf(file));
            }
            Predictor predictor(last.value_or(Measurement{}), {profile.memory.availableBytes.valueOr(0),
                                                               profile.memory.totalBytes.valueOr(0)});
            if (const auto runs = RunHistory::open(services->runsFile); runs && last)
                predictor.correct(runs->correction(last->fingerprint));
            auto out = std::make_shared<FilePrediction>();
            HEARTH_TRY(out->prediction, predictor.predict(shape, options));
            out->gpu = offloadHere(out->prediction, profile);
            out->name = QString::fromStdString(shape.config.name.empty() ? shape.id : shape.config.name);
            return std::shared_ptr<const FilePrediction>(std::move(out));
        };
        deliver([this, result = work()] {
            m_predictingFile = false;
            if (result)
                Q_EMIT filePredicted(*result);
            else
                Q_EMIT fileFailed(result.error());
        });
    });
}

void HardwareBridge::cancelPredictFile() {
    m_fileStop.request_stop();
}

void HardwareBridge::updateCatalogue(const QString& path) {
    post([this, path, services = m_services] {
        const auto models =
            Catalogue::install(std::filesystem::path(path.toStdU16String()), services->catalogueFile);
        deliver([this, models] {
            if (!models)
                return Q_EMIT catalogueFailed(models.error());
            Q_EMIT catalogueUpdated(static_cast<int>(*models));
            predict();
        });
    });
}

void HardwareBridge::useBuiltInCatalogue() {
    post([this, services = m_services] {
        auto kept = services->catalogueFile;
        kept.replace_filename("catalogue.previous.json");
        std::error_code failed;
        std::filesystem::rename(services->catalogueFile, kept, failed);
        deliver([this, text = failed ? failed.message() : std::string()] {
            if (text.empty())
                predict();
            else
                Q_EMIT catalogueFailed(Error{"file.write_failed", text});
        });
    });
}

void HardwareBridge::exportReport(ReportFormat format, hardware::Language language, const QString& path,
                                  bool identifying) {
    if (!m_fit)
        return;
    ReportContent content = m_fit->content;
    content.profile.environment = m_environment;
    post([this, content = std::move(content), catalogue = m_fit->catalogue, format, language, path,
          identifying, folders = m_folders, services = m_services]() mutable {
        if (identifying) {
            auto environment = std::move(content.profile.environment);
            content.profile = services->probe(folders, true);
            content.profile.environment = std::move(environment);
        }
        const auto result = writeReport(content, format, language, services->keyFile,
                                        std::filesystem::path(path.toStdU16String()));
        deliver([this, path, error = result ? std::optional<Error>() : std::optional<Error>(result.error())] {
            if (error)
                Q_EMIT exportFailed(*error);
            else
                Q_EMIT exported(path);
        });
    });
}

void HardwareBridge::compareWith(const QString& path) {
    if (!m_fit)
        return;
    ReportContent content = m_fit->content;
    content.profile.environment = m_environment;
    post([this, content = std::move(content), catalogue = m_fit->catalogue, path, services = m_services] {
        const auto result = compareReportFile(content, services->keyFile, path);
        deliver([this, result] {
            if (result)
                Q_EMIT compared(*result);
            else
                Q_EMIT compareFailed(result.error());
        });
    });
}

void HardwareBridge::cancelMeasure() {
    m_measureStop.request_stop();
}

std::optional<Comparison> HardwareBridge::comparison() const {
    if (m_measurements.size() < 2)
        return std::nullopt;
    return compare(m_measurements[m_measurements.size() - 2], m_measurements.back());
}

} // namespace hearth::gui
