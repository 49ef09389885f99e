#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <QtCore/QObject>
#include <QtCore/QPointer>

#include "engine/base/error.h"
#include "engine/hub/clock.h"
#include "engine/hub/hub_client.h"
#include "engine/hub/transfer/disk.h"
#include "engine/hub/transfer/ledger.h"
#include "engine/hub/transfer/speed.h"
#include "engine/hub/transfer/verify.h"

namespace hearth::hub {

/// A place that may have the file. The first one is the one that the person chose; the others are asked when
/// it fails, and only count when they have the same content.
struct TransferSource {
    std::shared_ptr<HubClient> client;
    std::string repository;
    std::string revision; ///< empty = the usual branch
};

struct TransferJob {
    std::vector<TransferSource> sources; ///< at least one
    std::string file;
    std::filesystem::path target;
    std::string sha256; ///< expected by whoever asks; empty = what the first source says
};

struct TransferOptions {
    std::uint64_t chunkBytes = std::uint64_t{4} << 20;  ///< unit of repair
    std::uint64_t rangeBytes = std::uint64_t{64} << 20; ///< of one request, at most
    int connections = 4;
    std::chrono::milliseconds watchdog{30'000}; ///< a connection without a byte for this long is given up
    std::chrono::milliseconds firstWait{1'000}; ///< after a failure; doubles with each one in a row
    std::chrono::milliseconds longestWait{300'000};
    std::chrono::milliseconds giveUpAfter = std::chrono::hours(6); ///< without a byte
    int failuresBeforeOther = 3; ///< in a row without a byte, before another source is tried
    int oddAnswers = 4;          ///< that contradict themselves, before a source is given up
    double reserve = 0.05;       ///< share of the size that must stay free on the disk
    std::shared_ptr<Clock> clock = systemClock();
    std::shared_ptr<SpeedLimit> limit; ///< null = none
    std::function<std::optional<std::uint64_t>(const std::filesystem::path&)> freeBytes = freeBytesAt;
};

enum class TransferPhase { Resolving, Receiving, Waiting, Verifying, Comparing };

struct TransferStatus {
    TransferPhase phase = TransferPhase::Resolving;
    std::uint64_t bytesDone = 0, bytesTotal = 0;   ///< of the phase
    double bytesPerSecond = 0;                     ///< 0 while nothing comes
    std::optional<std::chrono::seconds> remaining; ///< unknown on a stall
    int connections = 0;
    QString endpoint;                  ///< that sends now
    std::optional<Error> problem;      ///< why it waits
    std::chrono::milliseconds wait{0}; ///< until it tries again
};

struct TransferResult {
    std::filesystem::path path;
    TransferOrigin origin;
    bool wasThere = false;      ///< the target existed with this content
    std::uint64_t received = 0; ///< bytes that came over the network
    std::uint64_t repairedChunks = 0;
};

/// One file from a hub to the disk, whatever happens on the way: resumes what an earlier one began, fetches
/// ranges over several connections, waits and retries, changes to another source of the same content, fills
/// and repairs by chunk, and gives the file its name only after its hash was checked.
///
/// Confined to the thread of the clients' HttpClient. onEnd comes once unless the transfer is deleted first;
/// after it, the object is to be deleted with deleteLater(). Deleting it at any time keeps the partial file.
///
/// Errors: of HttpCall and HubClient when all sources failed for good (that of the first source), or
/// giveUpAfter has passed; hub.file_changed (the hub has other content under the pinned commit),
/// hub.size_mismatch, hub.bad_content_range, hub.encoded, hub.not_a_file (a web page instead of the file),
/// hub.stalled, hub.cut_short, hub.wrong_hash (the bytes are what the hub sends, but not what it promised),
/// hub.target_exists, hub.in_use, hub.no_space, hub.file_too_large, file.*, base.cancelled (stop()).
class Transfer : public QObject {
public:
    std::function<void(const TransferStatus&)> onStatus;
    std::function<void(Result<TransferResult>)> onEnd;
    std::function<void(std::uint64_t)> onBytes; ///< of the file that are written, after each piece

    Transfer(TransferJob job, TransferOptions options, QObject* parent = nullptr);
    ~Transfer() override;
    void start();
    void stop(); ///< ends with base.cancelled; what was received is kept

    [[nodiscard]] const TransferStatus& status() const { return m_status; }

private:
    /// A chunk as it is being filled. `running` hashes its first `have` bytes while they come.
    struct Chunk {
        std::uint64_t have = 0;
        bool whole = false;
        bool owned = false;    ///< a connection works on it
        bool compared = false; ///< when comparing
        Sha256Digest hash{};
        std::unique_ptr<ContentHash> running;
        std::uint64_t noted = 0;      ///< bytes that the ledger knows of
        std::vector<std::byte> other; ///< when comparing: the bytes of the second source
    };
    /// One connection with the range that it fetches.
    struct Lane {
        QPointer<HttpCall> call;
        std::uint64_t first = 0, end = 0; ///< what is wanted
        std::uint64_t position = 0;       ///< of the next byte that comes
        std::chrono::milliseconds lastByte{0};
        bool gotBytes = false;
        bool direct = false; ///< asks where an earlier redirect led, not the hub
        bool exact = false;  ///< the answer ends where the range does: its connection can be used again
    };

    // transfer.cpp: the course of things
    void resolveSource();
    void resolved(ResolvedFile file);
    void openPartial();
    void checkExisting();
    void fill();
    void tick();
    void report(TransferPhase phase);
    void finish(Result<TransferResult> result);
    void startVerifying();
    void verified(Result<Verdict> verdict);
    void startComparing();
    void compareNext();
    [[nodiscard]] TransferOrigin originOf(const ResolvedFile& file) const;

    // transfer_failure.cpp: what to do when something goes wrong
    void laneFailed(Lane& lane, Error error);
    void sourceFailed(Error error);
    void retryLater(Error error);
    bool nextSource(const Error& why);

    // transfer_lanes.cpp: connections and bytes
    bool startLane(Lane& lane);
    void headArrived(Lane& lane, const HttpHead& head);
    [[nodiscard]] std::optional<Error> judge(Lane& lane, const HttpHead& head);
    void pump(Lane& lane);
    [[nodiscard]] Result<void> take(Lane& lane, std::span<const std::byte> bytes);
    [[nodiscard]] Result<void> keep(std::size_t index, std::span<const std::byte> bytes);
    [[nodiscard]] Result<void> compare(std::size_t index, std::span<const std::byte> bytes);
    void laneEnded(Lane& lane, std::optional<Error> error);
    void laneDone(Lane& lane);
    void release(Lane& lane);
    void dropLanes();
    [[nodiscard]] bool wanted(const Chunk& chunk) const;
    [[nodiscard]] std::uint64_t noteStep() const;
    [[nodiscard]] std::uint64_t chunkBegin(std::size_t index) const { return index * m_origin.chunkBytes; }
    [[nodiscard]] std::uint64_t chunkEnd(std::size_t index) const {
        return std::min(chunkBegin(index) + m_origin.chunkBytes, m_origin.size);
    }

    TransferJob m_job;
    TransferOptions m_options;
    TransferStatus m_status;
    TransferOrigin m_origin; ///< fixed once the first source was resolved
    bool m_haveOrigin = false, m_ended = false, m_started = false;

    std::size_t m_source = 0;
    std::vector<std::optional<Error>> m_sourceErrors; ///< why one was given up
    QUrl m_url, m_direct;                             ///< to ask, and where it redirected to
    QString m_servedBy;
    std::string m_servedTag;
    Pending m_pending;

    std::optional<PartialFile> m_partial;
    std::optional<Ledger> m_ledger;
    std::vector<Chunk> m_chunks;
    std::vector<std::unique_ptr<Lane>> m_lanes;
    bool m_ranges = true;
    bool m_comparing = false, m_differs = false;
    bool m_delivered = false;         ///< the source has sent bytes
    std::vector<bool> m_comparedWith; ///< sources

    int m_failures = 0, m_odd = 0;
    bool m_waiting = false, m_pleaded = false; ///< the hub itself asked to wait
    std::chrono::milliseconds m_retryAt{0}, m_lastByte{0};
    SpeedMeter m_meter;
    std::uint64_t m_received = 0, m_repaired = 0, m_have = 0, m_compared = 0;
    std::jthread m_worker;          ///< reads the disk
    std::uint64_t m_generation = 0; ///< of timers that must not outlive a change of plan
};

} // namespace hearth::hub
