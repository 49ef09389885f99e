#include "gui/bridge/hardware_bridge.h"

#include <utility>

#include <QMetaType>

#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/security/crypto/signature.h"
#include "gui/bridge/metatypes.h"

namespace hearth::gui {

using namespace hearth::hardware;

HardwareServices hardwareServices(const std::filesystem::path& dataFolder, std::string version) {
    HardwareServices services;
    services.probe = [](const std::vector<MeasuredFolder>& folders) {
        ProbeOptions options;
        for (const MeasuredFolder& folder : folders)
            options.folders.push_back({folder.role, folder.path});
        return hardware::probe(options);
    };
    services.environment = [](const HardwareProfile& profile, std::stop_token stop) {
        return checkEnvironment(profile, {}, stop);
    };
    services.measure = [](const MeasureOptions& options, std::stop_token stop, const ProgressSink& progress) {
        return hardware::measure(options, stop, progress);
    };
    services.measurementsFile = dataFolder / "measurements.json";
    services.runsFile = dataFolder / "runs.json";
    services.catalogueFile = dataFolder / "catalogue.json";
    services.keyFile = dataFolder / "report.key";
    services.version = std::move(version);
    return services;
}

namespace {

/// One folder a disk: two on the same one would be measured twice.
std::vector<MeasuredFolder> oneADisk(const std::vector<MeasuredFolder>& folders,
                                     const HardwareProfile& profile) {
    std::vector<MeasuredFolder> out;
    for (const DiskInfo& disk : profile.disks)
        for (const MeasuredFolder& folder : folders)
            if (!disk.roles.empty() && folder.role == disk.roles.front())
                out.push_back(folder);
    return out;
}

} // namespace

HardwareBridge::HardwareBridge(HardwareServices services, QObject* parent)
    : QObject(parent), m_services(std::make_shared<const HardwareServices>(std::move(services))),
      m_worker(new QObject) {
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
    // quit() only ends the loop after what was queued before it has run.
    QMetaObject::invokeMethod(m_worker, [this] { m_thread.quit(); });
    m_thread.wait();
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
    deliver([this, own = std::move(own)]() mutable {
        m_measurements = std::move(own);
        Q_EMIT measurementsChanged();
        predict();
    });
}

void HardwareBridge::refresh() {
    if (std::exchange(m_looking, true) || m_shutDown)
        return;
    post([this, folders = m_folders, services = m_services, stop = m_stop.get_token()] {
        const HardwareProfile profile = services->probe(folders);
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
        const HardwareProfile profile = services->probe(folders);
        options.folders = oneADisk(folders, profile);
        options.fingerprint = machineFingerprint(profile);
        options.version = services->version;
        auto result = services->measure(options, stop, [this](const Progress& progress) {
            const double fraction =
                progress.total ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0;
            deliver([this,
                     phase = QString::fromUtf8(progress.phase.data(),
                                               static_cast<qsizetype>(progress.phase.size())),
                     fraction] { Q_EMIT measureProgress(phase, fraction); });
        });
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
            m_measuring = false;
            Q_EMIT measuringChanged();
            if (error)
                Q_EMIT measureFailed(*error);
            else
                Q_EMIT measured();
        });
    });
}

void HardwareBridge::setContext(std::size_t tokens) {
    if (std::exchange(m_context, tokens) != tokens)
        predict();
}

void HardwareBridge::predict() {
    if (!m_profile)
        return;
    HardwareProfile profile = *m_profile;
    profile.environment = m_environment;
    const std::optional<Measurement> last =
        m_measurements.empty() ? std::nullopt : std::optional(m_measurements.back());
    post([this, profile = std::move(profile), last, changes = comparison(), context = m_context,
          services = m_services] {
        const auto catalogue = Catalogue::load(services->catalogueFile);
        auto runs = RunHistory::open(services->runsFile);
        auto fit = std::make_shared<HardwareFit>();
        std::optional<Error> failed;
        if (!catalogue) {
            failed = catalogue.error();
        } else if (!runs) {
            failed = runs.error();
        } else {
            fit->catalogue = std::make_shared<const Catalogue>(*catalogue);
            fit->measured = last.has_value();
            PredictOptions options;
            options.context = context;
            auto content = assemble(profile, last.value_or(Measurement{}), *fit->catalogue, *runs, options);
            if (content)
                fit->content = std::move(*content);
            else
                failed = content.error();
            fit->content.sinceLast = changes;
            if (!last)
                fit->content.measurement.reset();
        }
        deliver([this, fit, failed] {
            if (failed)
                return Q_EMIT fitFailed(*failed);
            m_fit = fit;
            Q_EMIT fitChanged();
        });
    });
}

namespace {

Result<void> writeReport(const ReportContent& content, ReportFormat format, hardware::Language language,
                         const std::filesystem::path& keyFile, const std::filesystem::path& target) {
    const nlohmann::ordered_json json = reportJson(content);
    std::string text;
    switch (format) {
    case ReportFormat::Html:
        text = htmlReport(json, language);
        break;
    case ReportFormat::Markdown:
        text = markdownReport(json, language);
        break;
    case ReportFormat::Pdf: // drawn by the program that asks, not here
    case ReportFormat::Json:
        text = json.dump(2);
        break;
    }
    HEARTH_TRY(const auto key, security::SigningKey::loadOrCreate(keyFile));
    HEARTH_TRY(const std::string signedText, signReport(std::move(text), format, key));
    HEARTH_TRY(auto file, AtomicFile::create(target));
    HEARTH_CHECK(file.write(signedText));
    return file.commit();
}

} // namespace

void HardwareBridge::exportReport(ReportFormat format, hardware::Language language, const QString& path) {
    if (!m_fit)
        return;
    ReportContent content = m_fit->content;
    content.profile.environment = m_environment;
    post([this, content = std::move(content), catalogue = m_fit->catalogue, format, language, path,
          services = m_services] {
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

void HardwareBridge::cancelMeasure() {
    m_measureStop.request_stop();
}

std::optional<Comparison> HardwareBridge::comparison() const {
    if (m_measurements.size() < 2)
        return std::nullopt;
    return compare(m_measurements[m_measurements.size() - 2], m_measurements.back());
}

} // namespace hearth::gui
