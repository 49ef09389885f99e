#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <QtCore/QLockFile>
#include <QtCore/QObject>

#include "engine/base/error.h"
#include "engine/hub/directory.h"
#include "engine/hub/queue_file.h"
#include "engine/hub/transfer/transfer.h"

namespace hearth::hub {

struct VerifiedFile {
    std::filesystem::path path;
    std::string sha256;
};

/// A file that came from a hub and was verified; what a library needs to take it in.
struct ArrivedFile {
    std::filesystem::path path;
    std::string endpoint, repository, revision, file; ///< where it is from; `revision` pinned
    std::string sha256;                               ///< empty for small files that hubs name otherwise
    std::string licence, quantisation;
    std::uint64_t bytes = 0;
    std::vector<VerifiedFile> beside; ///< other finished downloads of the list in the same folder
};
/// Called in the hub's thread, once for every file. An error is kept with the download; the file stays.
using FileArrived = std::function<Result<void>(const ArrivedFile&)>;

struct DownloadRequest {
    Endpoint endpoint;
    std::string repository, revision, file;
    std::filesystem::path folder; ///< the file goes to FOLDER/owner/name/file
    std::uint64_t size = 0;
    std::string sha256, licence, quantisation;
    std::uint64_t memory = 0; ///< that loading it will take, for showing; 0 = unknown
    std::string owner = {};   ///< who asks; "" = the installation
};

/// The requests for files of a repository at its commit.
[[nodiscard]] std::vector<DownloadRequest> requestsFor(const Endpoint& endpoint, const RepoContent& content,
                                                       const std::vector<RepoFile>& files,
                                                       const std::filesystem::path& folder,
                                                       std::uint64_t memory = 0);

struct DownloadView {
    Download download;
    std::optional<TransferStatus> transfer; ///< while Active
};

struct QueueOptions {
    std::filesystem::path file; ///< where the queue is kept; empty = nowhere
    int active = 2;             ///< files at a time
    TransferOptions transfer;
};

/// The downloads of this installation, a few at a time, in the order in which they were asked for. What is in
/// it survives the end of the program, however it ends: every change is on the disk before it is told.
/// Confined to the thread of the directory's clients. Deleting it stops everything and keeps what there is.
class DownloadQueue : public QObject {
public:
    std::function<void(std::uint64_t id)> onChanged; ///< also added; many times a second in all
    std::function<void(std::uint64_t id)> onRemoved;
    std::function<void(const Download&)> onFinished; ///< Finished or Failed
    std::function<void(const Error&)> onProblem;     ///< the queue itself could not be kept
    /// Through what an owner's downloads are fetched, with their tokens; nullptr while they are away: then
    /// the queue's own directory is used, and what a hub does not give without them waits (Paused, with
    /// problem hub.owner_away). Empty = everything through the queue's own. What is given out must live as
    /// long as the queue.
    std::function<HubDirectory*(const std::string& owner)> accessOf;

    DownloadQueue(HubDirectory& directory, QueueOptions options, FileArrived arrived,
                  QObject* parent = nullptr);
    ~DownloadQueue() override;

    /// Reads the queue that was kept and goes on with it. A damaged file is moved aside and told through
    /// onProblem. Errors: hub.queue_in_use (another program has it).
    [[nodiscard]] Result<void> open();

    /// The same file twice is one download; a paused or failed one goes on. Errors: hub.unsafe_name,
    /// hub.bad_repository, hub.too_many_downloads.
    [[nodiscard]] Result<std::uint64_t> add(const DownloadRequest& request);
    void pause(std::uint64_t id);
    /// Also tries a failed one again. From then on it is fetched with the access of `owner`.
    void resume(std::uint64_t id, const std::string& owner = {});
    /// An owner's access has come: what waited for it goes on.
    void ownerCame(const std::string& owner);
    void remove(std::uint64_t id); ///< an unfinished one with its partial file; a finished file stays
    void clearFinished();
    void setSpeedLimit(std::uint64_t bytesPerSecond); ///< of all together; 0 = none
    [[nodiscard]] std::uint64_t speedLimit() const { return m_limit->bytesPerSecond(); }
    /// Stops the transfers and leaves the queue as it is, to go on at the next start.
    void shutdown();

    [[nodiscard]] std::vector<DownloadView> list() const;
    [[nodiscard]] std::optional<DownloadView> find(std::uint64_t id) const;
    /// Whether nothing is running or waiting for its turn.
    [[nodiscard]] bool isIdle() const;
    [[nodiscard]] bool isIdle(const std::string& owner) const;

private:
    Download* get(std::uint64_t id);
    void startNext();
    void begin(Download& download);
    void ended(std::uint64_t id, Result<TransferResult> result);
    [[nodiscard]] std::vector<VerifiedFile> beside(const Download& download) const;
    void remember(const Download& download);
    void store();
    void changed(std::uint64_t id);

    HubDirectory& m_directory;
    QueueOptions m_options;
    FileArrived m_arrived;
    QueueContent m_content;
    std::shared_ptr<SpeedLimit> m_limit;
    std::map<std::uint64_t, Transfer*> m_running; ///< children
    std::unique_ptr<QLockFile> m_lock;
    bool m_shutDown = false;
};

} // namespace hearth::hub
