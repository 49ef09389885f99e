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
    /// Somebody's way to the hubs, with their tokens.
    struct Access {
        std::unique_ptr<hub::HttpClient> http;
        std::unique_ptr<hub::HubDirectory> directory;
        hub::ProxySetting proxy;
        bool there = false;   ///< its tokens are in memory
        bool leaving = false; ///< they go as soon as nothing of theirs is under way
    };
    hub::HttpOptions options;               ///< of all, without tokens and proxy
    Access nobody;                          ///< for what is fetched while its owner is away
    std::map<std::string, Access> accesses; ///< by the holder's name; "" = the installation. They stay: what
                                            ///< was begun through them refers to them
    std::string holder;                     ///< who is before the window
    std::unique_ptr<hub::DownloadQueue> queue;
    std::unique_ptr<QTimer> tell; ///< a picture of the downloads is due
    hub::Pending search, details, card, header;
    bool opened = false; ///< the queue goes on

    [[nodiscard]] hub::HubDirectory& directory() { return *accesses[holder].directory; }

    /// Makes or brings up to date what is not about tokens.
    void prepare(Access& access, const workbench::HubSettings& settings, const hub::ProxySetting& proxy) {
        const bool sameProxy = std::exchange(access.proxy, proxy) == proxy;
        hub::HttpOptions with;
        hub::applyProxy(with, proxy);
        if (access.http) {
            if (!sameProxy)
                access.http->setProxy(with.proxy);
            access.directory->setEndpoints(settings.endpoints());
            return;
        }
        with = options;
        hub::applyProxy(with, proxy);
        access.http = std::make_unique<hub::HttpClient>(std::move(with));
        access.directory = std::make_unique<hub::HubDirectory>(*access.http, settings.endpoints());
    }

    /// What everybody shares is as `settings` say; who is not before the window keeps their own password of
    /// the proxy, where it is still that one.
    void share(const workbench::HubSettings& settings) {
        const auto own = [&](const Access& access) {
            hub::ProxySetting proxy = settings.proxy;
            const bool same = access.proxy.host == proxy.host && access.proxy.port == proxy.port;
            proxy.password = same ? access.proxy.password : std::string();
            return proxy;
        };
        for (auto& [name, access] : accesses)
            if (name != holder)
                prepare(access, settings, own(access));
        prepare(nobody, settings, own(nobody));
    }

    void enter(const std::string& name, const workbench::HubSettings& settings) {
        if (name != holder) {
            for (hub::Pending* pending : {&search, &details, &card, &header})
                pending->cancel();
            if (!holder.empty())
                accesses[holder].leaving = true;
            holder = name;
        }
        Access& access = accesses[name];
        prepare(access, settings, settings.proxy);
        access.http->setTokens(settings.tokens());
        access.there = true;
        access.leaving = false;
        share(settings);
        letGo();
        queue->ownerCame(name);
    }

    /// Forgets the tokens of those who left and have nothing under way.
    void letGo() {
        for (auto& [name, access] : accesses)
            if (access.leaving && queue->isIdle(name)) {
                access.http->setTokens({});
                access.proxy.password.clear();
                hub::HttpOptions with;
                hub::applyProxy(with, access.proxy);
                access.http->setProxy(with.proxy);
                access.there = access.leaving = false;
            }
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
        work.options = m_services.http;
        work.share(settings);
        hub::QueueOptions queue;
        queue.file = m_services.queueFile;
        queue.transfer = m_services.transfer;
        work.queue = std::make_unique<hub::DownloadQueue>(*work.nobody.directory, queue, m_services.arrived);
        work.queue->accessOf = [own = &work](const std::string& owner) {
            const auto found = own->accesses.find(owner);
            return found != own->accesses.end() && found->second.there ? found->second.directory.get()
                                                                       : nullptr;
        };
        work.queue->setSpeedLimit(settings.bytesPerSecond);
        work.enter({}, settings);
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
            own->letGo();
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
        m_work->accesses.clear();
        m_work->nobody = {};
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
        work.queue->ownerCame(work.holder);
        deliver([this, list = work.queue->list()]() mutable {
            m_downloads = std::move(list);
            Q_EMIT downloadsChanged();
        });
    });
}

void HubBridge::expectHolder() {
    m_expecting = true;
    m_waiting.clear();
}

void HubBridge::whenKnown(std::function<void()> act) {
    if (m_expecting || m_reading)
        m_waiting.push_back(std::move(act));
    else
        act();
}

void HubBridge::setHolder(workbench::SecretHolder holder) {
    m_holder = std::move(holder);
    if (!std::exchange(m_expecting, false) || !m_holder.isPerson())
        m_waiting.clear(); // it was asked for by somebody else
    m_reading = true;
    post([this, holder = m_holder, number = ++m_readNumber](Work& work) {
        const workbench::HubSettingsFile file(m_services.settingsFile, m_services.keyFile, holder);
        auto loaded = file.load();
        work.enter(holder.name, loaded.settings);
        Result<void> saved;
        if (loaded.takenOver)
            saved = file.save(loaded.settings);
        deliver([this, number, loaded = std::move(loaded), saved]() mutable {
            if (number != m_readNumber)
                return; // somebody else has come in meanwhile
            m_reading = false;
            m_settings = std::move(loaded.settings);
            m_problems = std::move(loaded.problems);
            Q_EMIT settingsChanged();
            if (!saved)
                Q_EMIT settingsFailed(saved.error());
            if (m_expecting)
                return;
            for (const auto& act : std::exchange(m_waiting, {}))
                act();
        });
    });
}

void HubBridge::change(std::function<void(workbench::HubSettings&)> edit) {
    whenKnown([this, edit = std::move(edit)] {
        auto settings = m_settings;
        edit(settings);
        if (settings != m_settings)
            apply(std::move(settings));
    });
}

void HubBridge::apply(workbench::HubSettings settings) {
    m_settings = std::move(settings);
    post([this, settings = m_settings, holder = m_holder](Work& work) {
        work.enter(holder.name, settings);
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
                asker->work.directory()
                    .client(asker->endpoint)
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
        const auto client = work.directory().client(endpoint);
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
        const auto client = work.directory().client(details->endpoint);
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
    auto asked = hub::requestsFor(details.endpoint, details.content, files, m_folder, memory);
    whenKnown([this, requests = std::move(asked)]() mutable {
        for (auto& request : requests)
            request.owner = m_holder.name;
        post([this, requests = std::move(requests)](Work& work) {
            for (const auto& request : requests)
                if (const auto added = work.queue->add(request); !added)
                    deliver([this, error = added.error()] { Q_EMIT downloadFailed(error); });
        });
    });
}

void HubBridge::pause(quint64 id) {
    post([id](Work& work) {
        work.queue->pause(id);
        work.letGo();
    });
}
void HubBridge::resume(quint64 id) {
    whenKnown(
        [this, id] { post([id, owner = m_holder.name](Work& work) { work.queue->resume(id, owner); }); });
}
void HubBridge::remove(quint64 id) {
    post([id](Work& work) {
        work.queue->remove(id);
        work.letGo();
    });
}
void HubBridge::clearFinished() {
    post([](Work& work) { work.queue->clearFinished(); });
}

void HubBridge::testEndpoint(const hub::Endpoint& endpoint) {
    post([this, endpoint](Work& work) {
        const QString url = endpoint.url.toString();
        // Short and rare enough to run to its end.
        (void)hub::testEndpoint(work.directory().client(endpoint), hub::systemClock(),
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
