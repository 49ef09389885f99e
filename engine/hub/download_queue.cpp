#include "engine/hub/download_queue.h"

#include <algorithm>
#include <array>

#include <QtCore/QFile>

#include "engine/base/file_facts.h"
#include "engine/hub/model_names.h"
#include "engine/hub/names.h"
#include "engine/hub/transfer/partial_names.h"

namespace hearth::hub {

namespace {

/// What a hub says to somebody who may not have a file, or not without saying who they are.
bool isAboutAccess(const Error& error) {
    constexpr std::array<std::string_view, 4> kCodes{"hub.needs_token", "hub.token_refused", "hub.gated",
                                                     "hub.forbidden"};
    return std::find(kCodes.begin(), kCodes.end(), error.code) != kCodes.end();
}

bool waitsForOwner(const Download& download) {
    return download.state == DownloadState::Paused && download.problem &&
           download.problem->code == "hub.owner_away";
}

bool isAsItWas(const RememberedPart& part) {
    const FileFacts now = factsOf(part.path);
    return now.there && now.bytes == part.bytes && now.modifiedNs == part.modifiedNs;
}

} // namespace

std::vector<DownloadRequest> requestsFor(const Endpoint& endpoint, const RepoContent& content,
                                         const std::vector<RepoFile>& files,
                                         const std::filesystem::path& folder, std::uint64_t memory) {
    std::vector<DownloadRequest> out;
    for (const auto& file : files)
        out.push_back({endpoint, content.model.repository, content.revision, file.path, folder,
                       file.size.value_or(0), file.sha256, content.model.licence, quantisationOf(file.path),
                       memory});
    return out;
}

DownloadQueue::DownloadQueue(HubDirectory& directory, QueueOptions options, FileArrived arrived,
                             QObject* parent)
    : QObject(parent), m_directory(directory), m_options(std::move(options)), m_arrived(std::move(arrived)),
      m_limit(m_options.transfer.limit ? m_options.transfer.limit
                                       : std::make_shared<SpeedLimit>(m_options.transfer.clock)) {
    m_options.transfer.limit = m_limit;
}

DownloadQueue::~DownloadQueue() {
    shutdown();
}

Result<void> DownloadQueue::open() {
    if (m_options.file.empty())
        return {};
    m_lock = std::make_unique<QLockFile>(QFile::decodeName((m_options.file.string() + ".lock").c_str()));
    m_lock->setStaleLockTime(0); // only a holder that is gone counts as stale
    if (!m_lock->tryLock(0)) {
        m_lock.reset();
        return tl::unexpected<Error>(
            Error{"hub.queue_in_use", "another running copy keeps the list of downloads"}.with(
                "path", m_options.file.string()));
    }
    auto read = readQueue(m_options.file);
    m_content = std::move(read.content);
    for (auto& download : m_content.downloads)
        if (download.state == DownloadState::Active)
            download.state = DownloadState::Queued;
    if (read.problem && onProblem)
        onProblem(*read.problem);
    startNext();
    return {};
}

Result<std::uint64_t> DownloadQueue::add(const DownloadRequest& request) {
    HEARTH_TRY(const auto target, placeOf(request.folder, request.repository, request.file));
    for (auto& known : m_content.downloads)
        if (known.target == target) {
            if (known.state == DownloadState::Finished) {
                known.state = DownloadState::Queued; // looks whether it is still there
                known.owner = request.owner;
                known.problem.reset();
                store();
                changed(known.id);
                startNext();
            } else {
                resume(known.id, request.owner);
            }
            return known.id;
        }
    if (m_content.downloads.size() >= kMaxDownloads)
        return fail("hub.too_many_downloads", "there are too many downloads in the list");
    Download download;
    download.id = m_content.nextId++;
    download.endpoint = request.endpoint;
    download.repository = request.repository;
    download.revision = request.revision;
    download.file = request.file;
    download.target = target;
    download.size = request.size;
    download.sha256 = request.sha256;
    download.licence = request.licence;
    download.quantisation = request.quantisation;
    download.memory = request.memory;
    download.owner = request.owner;
    m_content.downloads.push_back(download);
    store();
    changed(download.id);
    startNext();
    return download.id;
}

void DownloadQueue::pause(std::uint64_t id) {
    Download* download = get(id);
    if (!download || (download->state != DownloadState::Active && download->state != DownloadState::Queued))
        return;
    download->state = DownloadState::Paused;
    if (const auto running = m_running.find(id); running != m_running.end()) {
        Transfer* transfer = running->second;
        m_running.erase(running);
        transfer->onEnd = nullptr;
        transfer->stop();
        transfer->deleteLater();
    }
    store();
    changed(id);
    startNext();
}

void DownloadQueue::resume(std::uint64_t id, const std::string& owner) {
    Download* download = get(id);
    if (!download || (download->state != DownloadState::Paused && download->state != DownloadState::Failed))
        return;
    download->state = DownloadState::Queued;
    download->owner = owner;
    download->problem.reset();
    store();
    changed(id);
    startNext();
}

void DownloadQueue::ownerCame(const std::string& owner) {
    std::vector<std::uint64_t> waiting;
    for (const auto& download : m_content.downloads)
        if (download.owner == owner && waitsForOwner(download))
            waiting.push_back(download.id);
    for (const auto id : waiting)
        resume(id, owner);
}

void DownloadQueue::remove(std::uint64_t id) {
    pause(id);
    const auto found = std::find_if(m_content.downloads.begin(), m_content.downloads.end(),
                                    [id](const Download& d) { return d.id == id; });
    if (found == m_content.downloads.end())
        return;
    if (found->state != DownloadState::Finished) {
        // Only what no other program is writing.
        if (auto partial = PartialFile::open(found->target)) {
            std::error_code ignored;
            std::filesystem::remove(partialOf(found->target), ignored);
            std::filesystem::remove(ledgerOf(found->target), ignored);
            // Folders of the repository that are empty now; one with anything in it stays.
            const auto slashes = [](const std::string& name) {
                return std::count(name.begin(), name.end(), '/');
            };
            auto folder = found->target.parent_path();
            for (auto left = slashes(found->repository) + 1 + slashes(found->file);
                 left > 0 && std::filesystem::remove(folder, ignored); --left)
                folder = folder.parent_path();
        }
    }
    remember(*found);
    m_content.downloads.erase(found);
    store();
    if (onRemoved)
        onRemoved(id);
}

void DownloadQueue::clearFinished() {
    std::vector<std::uint64_t> gone;
    for (const auto& download : m_content.downloads)
        if (download.state == DownloadState::Finished)
            gone.push_back(download.id);
    for (const auto id : gone)
        remove(id);
}

void DownloadQueue::setSpeedLimit(std::uint64_t bytesPerSecond) {
    m_limit->set(bytesPerSecond);
}

void DownloadQueue::shutdown() {
    if (std::exchange(m_shutDown, true))
        return;
    for (auto& [id, transfer] : m_running) {
        if (Download* download = get(id))
            download->bytesDone = transfer->status().bytesDone;
        transfer->onEnd = nullptr;
        transfer->onStatus = nullptr;
        transfer->stop();
        delete transfer;
    }
    if (!m_running.empty())
        store();
    m_running.clear();
    m_lock.reset();
}

std::vector<DownloadView> DownloadQueue::list() const {
    std::vector<DownloadView> out;
    for (const auto& download : m_content.downloads)
        out.push_back(*find(download.id));
    return out;
}

std::optional<DownloadView> DownloadQueue::find(std::uint64_t id) const {
    for (const auto& download : m_content.downloads)
        if (download.id == id) {
            DownloadView view{download, std::nullopt};
            if (const auto running = m_running.find(id); running != m_running.end())
                view.transfer = running->second->status();
            return view;
        }
    return std::nullopt;
}

bool DownloadQueue::isIdle() const {
    return std::none_of(m_content.downloads.begin(), m_content.downloads.end(), [](const Download& d) {
        return d.state == DownloadState::Active || d.state == DownloadState::Queued;
    });
}

bool DownloadQueue::isIdle(const std::string& owner) const {
    return std::none_of(m_content.downloads.begin(), m_content.downloads.end(), [&](const Download& d) {
        return d.owner == owner && (d.state == DownloadState::Active || d.state == DownloadState::Queued);
    });
}

Download* DownloadQueue::get(std::uint64_t id) {
    for (auto& download : m_content.downloads)
        if (download.id == id)
            return &download;
    return nullptr;
}

void DownloadQueue::startNext() {
    if (m_shutDown)
        return;
    for (auto& download : m_content.downloads) {
        if (m_running.size() >= static_cast<std::size_t>(std::max(1, m_options.active)))
            return;
        if (download.state == DownloadState::Queued)
            begin(download);
    }
}

void DownloadQueue::begin(Download& download) {
    const std::uint64_t id = download.id;
    HubDirectory* access = accessOf ? accessOf(download.owner) : nullptr;
    TransferJob job{
        (access ? *access : m_directory).sources(download.endpoint, download.repository, download.revision),
        download.file, download.target, download.sha256};
    auto* transfer = new Transfer(std::move(job), m_options.transfer, this);
    m_running[id] = transfer;
    download.state = DownloadState::Active;
    transfer->onStatus = [this, id](const TransferStatus& status) {
        if (Download* active = get(id); active && status.phase != TransferPhase::Verifying &&
                                        status.phase != TransferPhase::Comparing && status.bytesTotal > 0) {
            active->bytesDone = status.bytesDone;
            active->size = status.bytesTotal;
        }
        changed(id);
    };
    transfer->onEnd = [this, id, transfer](Result<TransferResult> result) {
        transfer->deleteLater();
        m_running.erase(id);
        ended(id, std::move(result));
    };
    store();
    changed(id);
    // From the event loop, so that nobody is called back before this returns.
    QMetaObject::invokeMethod(
        transfer, [transfer] { transfer->start(); }, Qt::QueuedConnection);
}

void DownloadQueue::ended(std::uint64_t id, Result<TransferResult> result) {
    Download* download = get(id);
    if (!download)
        return;
    if (result) {
        download->state = DownloadState::Finished;
        download->revision = result->origin.revision;
        download->sha256 = result->origin.sha256;
        download->size = download->bytesDone = result->origin.size;
        if (m_arrived) {
            const auto taken = m_arrived({result->path, result->origin.endpoint, result->origin.repository,
                                          result->origin.revision, result->origin.file, result->origin.sha256,
                                          download->licence, download->quantisation, result->origin.size,
                                          beside(*download)});
            if (!taken)
                download->problem = taken.error();
        }
    } else if (accessOf && !accessOf(download->owner) && isAboutAccess(result.error())) {
        download->state = DownloadState::Paused;
        download->problem = Error{"hub.owner_away", "the hub gives this file only with the access of whoever "
                                                    "asked for it (" +
                                                        result.error().code + ")"};
    } else {
        download->state = DownloadState::Failed;
        download->problem = std::move(result.error());
        if (download->bytesDone > 0)
            download->problem->args.emplace_back("received_bytes", std::to_string(download->bytesDone));
    }
    store();
    const Download copy = *download;
    changed(id);
    if (onFinished)
        onFinished(copy);
    startNext();
}

std::vector<VerifiedFile> DownloadQueue::beside(const Download& download) const {
    std::vector<VerifiedFile> out;
    for (const auto& other : m_content.downloads)
        if (other.id != download.id && other.state == DownloadState::Finished && !other.sha256.empty() &&
            other.target.parent_path() == download.target.parent_path())
            out.push_back({other.target, other.sha256});
    for (const auto& part : m_content.remembered)
        if (part.path.parent_path() == download.target.parent_path() && isAsItWas(part))
            out.push_back({part.path, part.sha256});
    return out;
}

/// Of a set, a part that leaves the list; the library wants its hash when the last part arrives.
void DownloadQueue::remember(const Download& download) {
    const FileFacts now = factsOf(download.target);
    if (download.state != DownloadState::Finished || download.sha256.empty() || now.bytes == 0 ||
        now.bytes != download.size || !partOf(download.target.filename().string()))
        return;
    auto& parts = m_content.remembered;
    std::erase_if(
        parts, [&](const RememberedPart& part) { return part.path == download.target || !isAsItWas(part); });
    if (parts.size() >= kMaxRemembered)
        parts.erase(parts.begin());
    parts.push_back({download.target, download.sha256, now.bytes, now.modifiedNs});
}

void DownloadQueue::store() {
    if (m_options.file.empty() || !m_lock)
        return;
    if (const auto written = writeQueue(m_options.file, m_content); !written && onProblem)
        onProblem(written.error());
}

void DownloadQueue::changed(std::uint64_t id) {
    if (onChanged)
        onChanged(id);
}

} // namespace hearth::hub
