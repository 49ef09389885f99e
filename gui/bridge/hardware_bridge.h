#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include <QObject>
#include <QString>
#include <QThread>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/hardware/measure/measure.h"
#include "engine/hardware/measure/measurement_history.h"
#include "engine/hardware/probe/environment.h"
#include "engine/hardware/probe/probe.h"
#include "engine/hardware/report/report.h"
#include "engine/hardware/report/signed_report.h"
#include "engine/hub/http.h"
#include "engine/workbench/hub/hub_settings.h"

namespace hearth::gui {

/// What the bridge asks of the engine; tests put other machines here. All calls come from the bridge's
/// thread.
struct HardwareServices {
    /// `identifying`: with serial numbers, MAC addresses, host and user names.
    std::function<hardware::HardwareProfile(const std::vector<hardware::ProbedFolder>&, bool identifying)>
        probe;
    std::function<std::vector<hardware::EnvironmentItem>(const hardware::HardwareProfile&, std::stop_token)>
        environment;
    std::function<Result<hardware::Measurement>(const hardware::MeasureOptions&, std::stop_token,
                                                const ProgressSink&)>
        measure;
    /// Bytes per second from an address.
    std::function<Result<double>(const std::string& address, const hub::HttpOptions&, std::stop_token,
                                 const ProgressSink&)>
        download;
    /// The shape of a GGUF file on a hub, by its header.
    std::function<Result<hardware::ModelShape>(const std::string& address, const hub::HttpOptions&,
                                               std::stop_token)>
        hubShape;
    std::filesystem::path measurementsFile, runsFile; ///< of the data folder
    std::filesystem::path catalogueFile;              ///< a newer catalogue, when it exists
    std::filesystem::path keyFile; ///< that reports are signed with; made with the first one
    std::string version;           ///< of the program
};

/// The real ones, keeping what they measure below the data folder.
[[nodiscard]] HardwareServices hardwareServices(const std::filesystem::path& dataFolder, std::string version);

/// What fits this machine: matrix, recommendations and upgrades. Never changes once made.
struct HardwareFit {
    std::shared_ptr<const hardware::Catalogue> catalogue; ///< what the rows point into
    hardware::ReportContent content;
    bool measured = false;     ///< false: memory only, no speeds
    bool ownCatalogue = false; ///< the list of models was updated from a file
};

/// A model file that somebody asked about.
struct FilePrediction {
    QString name;
    hardware::Prediction prediction;
    std::optional<hardware::OffloadEstimate> gpu;
};

/// Another report beside this machine's.
struct ReportComparison {
    enum class Signature { Valid, Changed, None };
    QString file, machine, time; ///< the other's processor; when it was made (UTC)
    Signature signature = Signature::None;
    bool own = false; ///< signed by this installation
    QString key;      ///< fingerprint of the other's key, for people
    std::vector<hardware::ReportDifference> differences;
};

/// This machine as the window sees it: every call returns at once, the work happens in a thread of its own,
/// one thing at a time, results come back as signals and stay readable. Lives in the GUI thread; the
/// destructor stops what runs and joins.
class HardwareBridge : public QObject {
    Q_OBJECT

public:
    explicit HardwareBridge(HardwareServices services, QObject* parent = nullptr);
    ~HardwareBridge() override; ///< as shutdown()

    /// The folders whose disks are looked at and measured, from the next call on.
    void setFolders(std::vector<hardware::ProbedFolder> folders) { m_folders = std::move(folders); }

    /// The hubs that the person chose, the one that is asked first at the front, with their tokens and the
    /// proxy: hubsChanged(). Until then the usual ones.
    void setHubs(workbench::HubSettings hubs);
    [[nodiscard]] std::vector<hub::Endpoint> hubs() const { return m_hubs.endpoints(); }

    /// Looks at the machine again: profileChanged(), then environmentChanged(). Nothing while it runs
    /// already.
    void refresh();
    [[nodiscard]] bool isLooking() const { return m_looking; }
    [[nodiscard]] const std::optional<hardware::HardwareProfile>& profile() const { return m_profile; }
    /// Empty until the check has ended.
    [[nodiscard]] const std::vector<hardware::EnvironmentItem>& environment() const { return m_environment; }

    /// Measures and stores the result: measureProgress()…, then measured() or measureFailed(). Nothing while
    /// it runs already.
    void measure(bool quick);
    void cancelMeasure(); ///< ends with measureFailed(base.cancelled), soon
    [[nodiscard]] bool isMeasuring() const { return m_measuring; }

    /// The measurements of this machine, oldest first; empty until they are read.
    [[nodiscard]] const std::vector<hardware::Measurement>& measurements() const { return m_measurements; }
    /// The newest against the one before; empty with fewer than two.
    [[nodiscard]] std::optional<hardware::Comparison> comparison() const;

    /// What fits, computed again after each look, measurement and change of the context; null until then.
    [[nodiscard]] std::shared_ptr<const HardwareFit> fit() const { return m_fit; }
    void setContext(std::size_t tokens); ///< positions to predict for; 0 = the usual
    /// How models are opened here, so what to predict for. Threads: 0 = as measured.
    void setLoading(std::size_t threads, kernels::KvType kvType);
    void predictAgain() { predict(); } ///< with the real runs that came since

    /// Measures how fast an address sends and keeps that with the last measurement: measureProgress()…, then
    /// downloadMeasured() or measureFailed(). Nothing while it measures already.
    void measureDownload(const QString& address);
    [[nodiscard]] std::optional<double> download() const { return m_download; } ///< bytes per second, newest

    /// Predicts for a GGUF file here or at an address (hub_model.h): filePredicted() or fileFailed().
    void predictFile(const QString& pathOrAddress);
    void cancelPredictFile(); ///< ends with fileFailed(base.cancelled), soon
    [[nodiscard]] bool isPredictingFile() const { return m_predictingFile; }

    /// Takes a list of models from a file, or the built-in one again (the file is kept as
    /// catalogue.previous.json): fitChanged(), or catalogueFailed() and the list stays.
    void updateCatalogue(const QString& path);
    void useBuiltInCatalogue();

    /// Writes the signed report of what fit() holds: exported() or exportFailed().
    void exportReport(hardware::ReportFormat format, hardware::Language language, const QString& path,
                      bool identifying = false);
    /// Puts a report file (JSON) beside what fit() holds: compared() or compareFailed().
    void compareWith(const QString& path);

    /// Stops what runs and joins. Idempotent.
    void shutdown();

Q_SIGNALS:
    void hubsChanged();
    void profileChanged();
    void environmentChanged();
    void measurementsChanged();
    void measuringChanged();
    void measureProgress(const QString& phase, double fraction); ///< phases of measure.h
    void measured();
    void downloadMeasured(double bytesPerSecond);
    void fitChanged();
    void filePredicted(std::shared_ptr<const hearth::gui::FilePrediction> file);
    void fileFailed(const hearth::Error& error);
    void catalogueUpdated(int models); ///< that the new list describes; fitChanged() follows
    void catalogueFailed(const hearth::Error& error);
    void compared(std::shared_ptr<const hearth::gui::ReportComparison> comparison);
    void compareFailed(const hearth::Error& error);
    void fitFailed(const hearth::Error& error);
    void exported(const QString& path);
    void exportFailed(const hearth::Error& error);
    void measureFailed(const hearth::Error& error);
    /// The file of earlier measurements could not be read or written.
    void historyFailed(const hearth::Error& error);

private:
    void post(std::function<void()> work);
    void deliver(std::function<void()> call);
    void readHistory(const std::string& fingerprint);
    void predict();
    [[nodiscard]] hardware::PredictOptions predictOptions() const;
    [[nodiscard]] hub::HttpOptions hubAccess() const;
    [[nodiscard]] std::function<void(const Progress&)> progressTeller();
    void measuringEnded(const std::optional<Error>& error);

    const std::shared_ptr<const HardwareServices> m_services;
    std::vector<hardware::ProbedFolder> m_folders;
    workbench::HubSettings m_hubs;
    QThread m_thread;
    QObject* m_worker; ///< context of queued calls; lives in m_thread
    std::stop_source m_stop, m_measureStop, m_fileStop;
    bool m_looking = false, m_measuring = false, m_predictingFile = false, m_shutDown = false;
    std::optional<hardware::HardwareProfile> m_profile;
    std::vector<hardware::EnvironmentItem> m_environment;
    std::vector<hardware::Measurement> m_measurements;
    std::optional<hardware::Measurement> m_telling; ///< that predictions are made from, as everywhere
    std::shared_ptr<const HardwareFit> m_fit;
    std::optional<double> m_download;
    std::size_t m_context = 0, m_threads = 0;
    kernels::KvType m_kvType = kernels::KvType::F16;
};

} // namespace hearth::gui
