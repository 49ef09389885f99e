#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <QObject>
#include <QString>
#include <QThread>
#include <QTimer>

#include "engine/base/error.h"
#include "engine/hardware/predict/predict.h"
#include "engine/hub/download_queue.h"
#include "engine/hub/endpoint_test.h"
#include "engine/hub/hub_client.h"
#include "engine/workbench/hub/hub_settings.h"

namespace hearth::gui {

/// What the bridge asks of the engine; tests put hubs and machines of their own here.
struct HubServices {
    std::filesystem::path settingsFile, keyFile, queueFile;
    std::filesystem::path folder; ///< downloads go to FOLDER/owner/name/
    hub::HttpOptions http;        ///< certificates and name; tokens and proxy come from the settings
    hub::TransferOptions transfer;
    /// What predictions are made from; called in the hub's thread. Empty = no verdicts.
    std::function<std::pair<hardware::Measurement, hardware::MemoryRoom>()> machine;
    /// A verified file has arrived; called in the hub's thread. May be empty.
    hub::FileArrived arrived;
};

/// What a repository's page shows. Never changes once made.
struct HubDetails {
    hub::Endpoint endpoint;
    hub::RepoContent content;
    QUrl page; ///< for people, where terms are accepted
};

/// What a file needs on this machine; absent fields are unknown.
struct HubFit {
    hardware::Fit fit = hardware::Fit::DoesNotFit;
    std::uint64_t memoryBytes = 0, availableBytes = 0;
    double decodeTps = 0; ///< 0 = not measured
};

/// Model hubs as the window sees them: every call returns at once, the network and the disk are in a thread
/// of its own, results come back as signals. Lives in the GUI thread; the destructor stops what runs, keeps
/// what was received and joins.
class HubBridge : public QObject {
    Q_OBJECT

public:
    explicit HubBridge(HubServices services, QObject* parent = nullptr);
    ~HubBridge() override; ///< as shutdown()

    /// As last read or set. Read in the constructor, before the first window.
    [[nodiscard]] const workbench::HubSettings& settings() const { return m_settings; }
    [[nodiscard]] const std::vector<Error>& problems() const { return m_problems; } ///< of reading them
    /// In force at once; written in the hub's thread, settingsFailed() when that fails. While somebody's
    /// tokens are on their way the change waits for them.
    void change(std::function<void(workbench::HubSettings&)> edit);
    /// Somebody came in, whose key comes with the next setHolder(): what is changed or downloaded meanwhile
    /// waits for it, so that it is theirs and not the installation's.
    void expectHolder();
    /// Whose tokens are used from now on: those of who signed in, or of the installation. Reads the settings
    /// again: settingsChanged(). Every download keeps to the access of who asked for it: it stays in force
    /// after they left until nothing of theirs runs or waits for its turn, and nobody else's takes its place.
    void setHolder(workbench::SecretHolder holder);
    [[nodiscard]] bool hasPersonalTokens() const { return m_holder.isPerson(); }
    void setFolder(std::filesystem::path folder) { m_folder = std::move(folder); } ///< for later downloads

    /// Starts a search on an endpoint; found() for every page. What was asked before is dropped.
    void search(const hub::Endpoint& endpoint, const hub::SearchQuery& query);
    void more(); ///< the next page; nothing while one is on its way or there is none
    [[nodiscard]] bool isSearching() const { return m_searching; }
    [[nodiscard]] bool hasMore() const { return !m_nextPage.empty(); }

    /// Reads a repository: detailsReady(), then cardReady() and fitReady(), or detailsFailed(). What was
    /// asked before is dropped.
    void open(const hub::Endpoint& endpoint, const QString& repository);

    /// Goes on with the downloads of last time, once; before it none runs.
    void startQueue();
    /// Puts files of a repository into the queue: downloadFailed() where that is refused.
    /// `memory`: bytes that loading them takes, where that is known.
    void download(const HubDetails& details, const std::vector<hub::RepoFile>& files,
                  std::uint64_t memory = 0);
    void pause(quint64 id);
    void resume(quint64 id);
    void remove(quint64 id);
    void clearFinished();
    /// The downloads, newest state; downloadsChanged() at most a few times a second.
    [[nodiscard]] const std::vector<hub::DownloadView>& downloads() const { return m_downloads; }

    void testEndpoint(const hub::Endpoint& endpoint); ///< endpointTested()

    /// Stops what runs and joins. Idempotent.
    void shutdown();

Q_SIGNALS:
    void settingsChanged();
    void settingsFailed(const hearth::Error& error);
    void searchStarted();
    void found(const std::vector<hearth::hub::ModelSummary>& models, bool first);
    void searchFailed(const hearth::Error& error);
    void detailsReady(const std::shared_ptr<const hearth::gui::HubDetails>& details);
    void detailsFailed(const hearth::Error& error);
    void cardReady(const QString& markdown);
    /// By path, for files that something can be said about.
    void fitReady(const std::map<std::string, hearth::gui::HubFit>& fits);
    void downloadsChanged();
    void downloadFailed(const hearth::Error& error);
    void downloadFinished(const QString& file, const QString& path);
    void queueProblem(const hearth::Error& error);
    void endpointTested(const QString& url, const hearth::hub::EndpointSpeed& speed);
    void endpointFailed(const QString& url, const hearth::Error& error);

private:
    struct Work; ///< lives in m_thread
    void post(std::function<void(Work&)> work);
    void deliver(std::function<void()> call);
    void apply(workbench::HubSettings settings);
    void whenKnown(std::function<void()> act); ///< as soon as it is known who is before the window
    void askPage(const std::string& page, bool first);
    void pageArrived(quint64 number, bool first, Result<hub::SearchPage> page);
    void readCardAndFit(const std::shared_ptr<const HubDetails>& details);

    const HubServices m_services;
    std::filesystem::path m_folder;
    workbench::HubSettings m_settings;
    workbench::SecretHolder m_holder;
    bool m_expecting = false;                     ///< it is not known yet whose tokens are meant
    quint64 m_readNumber = 0;                     ///< of the last reading that was asked for
    bool m_reading = false;                       ///< it is on its way
    std::vector<std::function<void()>> m_waiting; ///< what the person asked for meanwhile
    std::vector<Error> m_problems;
    QThread m_thread;
    QObject* m_worker; ///< context of queued calls; lives in m_thread
    std::shared_ptr<Work> m_work;
    hub::Endpoint m_searchEndpoint;
    hub::SearchQuery m_query;
    std::string m_nextPage;
    bool m_searching = false, m_shutDown = false;
    quint64 m_searchNumber = 0, m_detailsNumber = 0;
    std::vector<hub::DownloadView> m_downloads;
};

} // namespace hearth::gui

Q_DECLARE_METATYPE(hearth::hub::EndpointSpeed)
