#include "gui/bridge/hub_bridge.h"

#include <algorithm>
#include <utility>

#include "engine/hub/model_names.h"
#include "engine/hub/proxy.h"
#include "engine/hub/remote_header.h"
#include "gui/bridge/metatypes.h"

namespace hearth::gui {

namespace {

constexpr int kTellMs = 250; ///< between two pictures of the downloads
/// Pages that are skipped when the filters leave nothing of them, so that a list does not look empty.
constexpr int kEmptyPages = 8;

} // namespace

/// Everything that speaks to hubs. Made and destroyed in the hub's thread.
struct HubBridge::Work {
    std::unique_ptr<hub::HttpClient> http;
    std::unique_ptr<hub::HubDirectory> directory;
    std::unique_ptr<hub::DownloadQueue> queue;
    std::unique_ptr<QTimer> tell; ///< a picture of the downloads is due
    hub::Pending search, details, card, header;
    bool opened = false; ///< the queue goes on
    /// Tokens that take the place of those in force once no download needs them any more.
    std::optional<std::function<QByteArray(const QString&)>> nextTokens;

    void takeTokens() {
        if (nextTokens && queue->isIdle())
            http->setTokens(*std::exchange(nextTokens, std::nullopt));
    }
};

namespace {

/// What each GGUF file needs, by the header of one of them: other quantisations follow from its shape.
std::map<std::string, HubFit> fitsOf(const hub::RepoContent& content, const std::string& headerOf,
                                     const hub::RemoteHeader& header,
                                     const hardware::Measurement& measurement,
                                     const hardware::MemoryRoom& room) {
    std::map<std::string, HubFit> out;
    const auto shape = hardware::shapeOf(header.gguf());
    if (!shape)
        return out;
    hardware::Predictor predictor(measurement, room);
    for (const auto& file : content.files) {
        if (!hub::opensModel(file.path))
            continue;
        Result<hardware::ModelShape> own = *shape;
        if (file.path != headerOf)
            own = hardware::quantised(*shape, hub::quantisationOf(file.path));
        if (!own)
            continue;
        if (const auto prediction = predictor.predict(*own))
            out[file.path] = {prediction->fit, prediction->memoryBytes, room.availableBytes,
                              prediction->decodeTps};
    }
    return out;
}

/// The file whose header tells about all: one that is whole and not large.
const hub::RepoFile* fileForHeader(const hub::RepoContent& content) {
    const hub::RepoFile* best = nullptr;
    for (const auto& file : content.files)
        if (hub::opensModel(file.path) && !hub::partOf(file.path) && file.size &&
            (!best || *file.size < *best->size))
            best = &file;
    return best;
}

} // namespace

HubBridge::HubBridge(HubServices services, QObject* parent)
    : QObject(parent), m_services(std::move(services)), m_folder(m_services.folder), m_worker(new QObject),
      m_work(std::make_shared<Work>()) {
    qRegisterMetaType<hearth::Error>();
    auto loaded = workbench::HubSettingsFile(m_services.settingsFile, m_services.keyFile).load();
    m_settings = std::move(loaded.settings);
    m_problems = std::move(loaded.problems);
    m_searchEndpoint = m_settings.hubs.front().endpoint;
    m_thread.setObjectName(QStringLiteral("hub"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
    post([this, settings = m_settings](Work& work) {
        hub::HttpOptions options = m_services.http;
        options.token = settings.tokens();
        hub::applyProxy(options, settings.proxy);
        work.http = std::make_unique<hub::HttpClient>(std::move(options));
        work.directory = std::make_unique<hub::HubDirectory>(*work.http, settings.endpoints());
        hub::QueueOptions queue;
        queue.file = m_services.queueFile;
        queue.transfer = m_services.transfer;
        work.queue = std::make_unique<hub::DownloadQueue>(*work.directory, queue, m_services.arrived);
        work.queue->setSpeedLimit(settings.bytesPerSecond);
        work.tell = std::make_unique<QTimer>();
        work.tell->setSingleShot(true);
        work.tell->setInterval(kTellMs);
        Work* own = &work;
        const auto picture = [this, own] {
            deliver([this, list = own->queue->list()]() mutable {
                m_downloads = std::move(list);
                Q_EMIT downloadsChanged();
            });
        };
        QObject::connect(own->tell.get(), &QTimer::timeout, own->tell.get(), picture);
        const auto soon = [own](quint64) {
            if (!own->tell->isActive())
                own->tell->start();
        };
        work.queue->onChanged = soon;
        work.queue->onRemoved = [picture](quint64) { picture(); };
        work.queue->onFinished = [this, own, picture](const hub::Download& download) {
            picture();
            own->takeTokens();
            if (download.state == hub::DownloadState::Finished)
                deliver([this, file = QString::fromStdString(download.target.filename().string()),
                         path = QString::fromStdString(download.target.string())] {
                    Q_EMIT downloadFinished(file, path);
                });
        };
        work.queue->onProblem = [this](const Error& error) {
            deliver([this, error] { Q_EMIT queueProblem(error); });
        };
    });
}

HubBridge::~HubBridge() {
    blockSignals(true);
    shutdown();
}

void HubBridge::shutdown() {
    if (std::exchange(m_shutDown, true))
        return;
    QMetaObject::invokeMethod(m_worker, [this] {
        for (hub::Pending* pending : {&m_work->search, &m_work->details, &m_work->card, &m_work->header})
            pending->cancel();
        m_work->queue.reset();
        m_work->tell.reset();
        m_work->directory.reset();
        m_work->http.reset();
        m_thread.quit();
    });
    m_thread.wait();
}

void HubBridge::post(std::function<void(Work&)> work) {
    if (!m_shutDown)
        QMetaObject::invokeMethod(
            m_worker, [own = m_work, work = std::move(work)] { work(*own); }, Qt::QueuedConnection);
}

void HubBridge::deliver(std::function<void()> call) {
    // The destructor joins the thread this is called from, so `this` is alive; Qt drops the call with it.
    QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
}

void HubBridge::startQueue() {
    post([this](Work& work) {
        if (std::exchange(work.opened, true))
            return;
        if (const auto opened = work.queue->open(); !opened)
            deliver([this, error = opened.error()] { Q_EMIT queueProblem(error); });
        deliver([this, list = work.queue->list()]() mutable {
            m_downloads = std::move(list);
            Q_EMIT downloadsChanged();
        });
    });
}

void HubBridge::setHolder(workbench::SecretHolder holder) {
    m_holder = std::move(holder);
    m_reading = true;
    post([this, holder = m_holder](Work& work) {
        const workbench::HubSettingsFile file(m_services.settingsFile, m_services.keyFile, holder);
        auto loaded = file.load();
        work.nextTokens = loaded.settings.tokens();
        if (holder.isPerson())
            work.http->setTokens(*std::exchange(work.nextTokens, std::nullopt));
        else
            work.takeTokens();
        Result<void> saved;
        if (loaded.takenOver)
            saved = file.save(loaded.settings);
        deliver([this, name = holder.name, loaded = std::move(loaded), saved]() mutable {
            if (name != m_holder.name)
                return; // somebody else has come in meanwhile
            m_reading = false;
            m_settings = std::move(loaded.settings);
            m_problems = std::move(loaded.problems);
            Q_EMIT settingsChanged();
            if (!saved)
                Q_EMIT settingsFailed(saved.error());
        });
    });
}

void HubBridge::setSettings(workbench::HubSettings settings) {
    if (m_reading || settings == m_settings)
        return;
    m_settings = std::move(settings);
    post([this, settings = m_settings, holder = m_holder](Work& work) {
        hub::HttpOptions options;
        hub::applyProxy(options, settings.proxy);
        work.http->setProxy(options.proxy);
        work.http->setTokens(settings.tokens());
        work.directory->setEndpoints(settings.endpoints());
        work.queue->setSpeedLimit(settings.bytesPerSecond);
        const auto saved =
            workbench::HubSettingsFile(m_services.settingsFile, m_services.keyFile, holder).save(settings);
        if (!saved)
            deliver([this, error = saved.error()] { Q_EMIT settingsFailed(error); });
    });
    Q_EMIT settingsChanged();
}

void HubBridge::search(const hub::Endpoint& endpoint, const hub::SearchQuery& query) {
    m_searchEndpoint = endpoint;
    m_query = query;
    m_nextPage.clear();
    ++m_searchNumber;
    askPage({}, true);
}

void HubBridge::more() {
    if (!m_searching && hasMore())
        askPage(m_nextPage, false);
}

void HubBridge::askPage(const std::string& page, bool first) {
    m_searching = true;
    Q_EMIT searchStarted();
    // One page after another while the filters leave nothing of them.
    struct Asker {
        HubBridge& bridge;
        Work& work;
        hub::Endpoint endpoint;
        hub::SearchQuery query;
        quint64 number;
        bool first;
        int left = kEmptyPages;
        static void ask(const std::shared_ptr<Asker>& asker, const std::string& from) {
            asker->work.search =
                asker->work.directory->client(asker->endpoint)
                    ->search(asker->query, from, [asker](Result<hub::SearchPage> result) {
                        if (result && result->models.empty() && !result->next.empty() && --asker->left > 0)
                            return ask(asker, result->next);
                        asker->bridge.deliver([asker, result = std::move(result)]() mutable {
                            asker->bridge.pageArrived(asker->number, asker->first, std::move(result));
                        });
                    });
        }
    };
    post([this, page, first, endpoint = m_searchEndpoint, query = m_query,
          number = m_searchNumber](Work& work) {
        work.search.cancel();
        Asker::ask(std::shared_ptr<Asker>(new Asker{*this, work, endpoint, query, number, first}), page);
    });
}

void HubBridge::pageArrived(quint64 number, bool first, Result<hub::SearchPage> page) {
    if (number != m_searchNumber)
        return;
    m_searching = false;
    if (!page) {
        Q_EMIT searchFailed(page.error());
        return;
    }
    m_nextPage = std::move(page->next);
    Q_EMIT found(page->models, first);
}

void HubBridge::open(const hub::Endpoint& endpoint, const QString& repository) {
    const quint64 number = ++m_detailsNumber;
    post([this, endpoint, repository, number](Work& work) {
        for (hub::Pending* pending : {&work.details, &work.card, &work.header})
            pending->cancel();
        const auto client = work.directory->client(endpoint);
        work.details =
            client->content(repository.toStdString(), {},
                            [this, client, endpoint, repository, number](Result<hub::RepoContent> content) {
                                if (!content)
                                    return deliver([this, number, error = content.error()] {
                                        if (number == m_detailsNumber)
                                            Q_EMIT detailsFailed(error);
                                    });
                                auto details = std::make_shared<HubDetails>();
                                details->endpoint = endpoint;
                                details->content = std::move(*content);
                                details->content.model.repository = repository.toStdString();
                                details->page = client->page(details->content.model.repository);
                                deliver([this, number, details] {
                                    if (number != m_detailsNumber)
                                        return;
                                    Q_EMIT detailsReady(details);
                                    readCardAndFit(details);
                                });
                            });
    });
}

void HubBridge::readCardAndFit(const std::shared_ptr<const HubDetails>& details) {
    const quint64 number = m_detailsNumber;
    post([this, details, number](Work& work) {
        const auto client = work.directory->client(details->endpoint);
        const auto& content = details->content;
        work.card = client->card(content.model.repository, content.revision,
                                 [this, number](Result<std::string> card) {
                                     if (card) // without one, the files are all there is to show
                                         deliver([this, number, text = QString::fromStdString(*card)] {
                                             if (number == m_detailsNumber)
                                                 Q_EMIT cardReady(text);
                                         });
                                 });
        const hub::RepoFile* file = fileForHeader(content);
        if (!file || !m_services.machine)
            return;
        work.header = hub::fetchRemoteHeader(
            *client, content.model.repository, content.revision, file->path,
            [this, number, details,
             path = file->path](Result<std::shared_ptr<const hub::RemoteHeader>> header) {
                if (!header)
                    return; // nothing can be said, and nothing is
                const auto [measurement, room] = m_services.machine();
                deliver([this, number, fits = fitsOf(details->content, path, **header, measurement, room)] {
                    if (number == m_detailsNumber)
                        Q_EMIT fitReady(fits);
                });
            });
    });
}

void HubBridge::download(const HubDetails& details, const std::vector<hub::RepoFile>& files,
                         std::uint64_t memory) {
    auto requests = hub::requestsFor(details.endpoint, details.content, files, m_folder, memory);
    post([this, requests = std::move(requests)](Work& work) {
        for (const auto& request : requests)
            if (const auto added = work.queue->add(request); !added)
                deliver([this, error = added.error()] { Q_EMIT downloadFailed(error); });
    });
}

void HubBridge::pause(quint64 id) {
    post([id](Work& work) { work.queue->pause(id); });
}
void HubBridge::resume(quint64 id) {
    post([id](Work& work) { work.queue->resume(id); });
}
void HubBridge::remove(quint64 id) {
    post([id](Work& work) { work.queue->remove(id); });
}
void HubBridge::clearFinished() {
    post([](Work& work) { work.queue->clearFinished(); });
}

void HubBridge::testEndpoint(const hub::Endpoint& endpoint) {
    post([this, endpoint](Work& work) {
        const QString url = endpoint.url.toString();
        // Short and rare enough to run to its end.
        (void)hub::testEndpoint(work.directory->client(endpoint), hub::systemClock(),
                                [this, url](Result<hub::EndpointSpeed> speed) {
                                    deliver([this, url, speed] {
                                        if (speed)
                                            Q_EMIT endpointTested(url, *speed);
                                        else
                                            Q_EMIT endpointFailed(url, speed.error());
                                    });
                                });
    });
}

} // namespace hearth::gui
