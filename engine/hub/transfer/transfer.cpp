// The course of a transfer: resolve, open, fill, verify, repair, put in place.

#include "engine/hub/transfer/transfer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/log.h"
#include "engine/hub/transfer/partial_names.h"

namespace hearth::hub {

namespace {
constexpr std::chrono::milliseconds kTick{200};
constexpr std::chrono::milliseconds kLimitTick{40}; ///< between two helpings under a speed limit
} // namespace

Transfer::Transfer(TransferJob job, TransferOptions options, QObject* parent)
    : QObject(parent), m_job(std::move(job)), m_options(std::move(options)),
      m_sourceErrors(m_job.sources.size()), m_comparedWith(m_job.sources.size()) {}

Transfer::~Transfer() {
    m_pending.cancel();
    dropLanes();
}

void Transfer::start() {
    if (std::exchange(m_started, true))
        return;
    m_lastByte = m_options.clock->now();
    report(TransferPhase::Resolving);
    resolveSource();
    tick();
}

void Transfer::stop() {
    if (!m_ended)
        finish(fail(kCancelled, "the download was stopped"));
}

void Transfer::finish(Result<TransferResult> result) {
    if (std::exchange(m_ended, true))
        return;
    ++m_generation;
    m_pending.cancel();
    dropLanes();
    if (m_ledger) // what came since the last note
        for (std::size_t i = 0; i < m_chunks.size(); ++i)
            if (!m_chunks[i].whole && m_chunks[i].have > m_chunks[i].noted)
                (void)m_ledger->progress(i, m_chunks[i].have).has_value();
    m_worker = {};
    m_ledger.reset();
    m_partial.reset(); // lets others in
    if (onEnd)
        onEnd(std::move(result));
}

TransferOrigin Transfer::originOf(const ResolvedFile& file) const {
    const auto& source = m_job.sources[m_source];
    TransferOrigin origin;
    origin.endpoint = source.client->endpoint().url.toString(QUrl::FullyEncoded).toStdString();
    origin.repository = source.repository;
    origin.revision = file.revision;
    origin.file = m_job.file;
    origin.size = file.file.size.value_or(0);
    origin.sha256 = file.file.sha256;
    origin.gitSha1 = file.file.sha256.empty() ? file.file.gitSha1 : std::string();
    origin.chunkBytes = m_options.chunkBytes;
    while (chunkCount(origin.size, origin.chunkBytes) > Ledger::kMaxChunks)
        origin.chunkBytes *= 2;
    return origin;
}

void Transfer::resolveSource() {
    m_direct.clear();
    m_url.clear();
    m_ranges = true;
    const auto& source = m_job.sources[m_source];
    m_status.endpoint = source.client->endpoint().name;
    std::string revision = source.revision;
    if (m_haveOrigin &&
        m_origin.endpoint == source.client->endpoint().url.toString(QUrl::FullyEncoded).toStdString())
        revision = m_origin.revision;
    else if (!m_haveOrigin)
        if (const auto earlier = Ledger::read(ledgerOf(m_job.target));
            earlier && earlier->origin.repository == source.repository &&
            earlier->origin.file == m_job.file &&
            earlier->origin.endpoint ==
                source.client->endpoint().url.toString(QUrl::FullyEncoded).toStdString() &&
            (source.revision.empty() || source.revision == "main" || source.revision == "master"))
            revision =
                earlier->origin.revision; // what was begun is finished, though the branch may have moved on
    m_pending =
        source.client->resolve(source.repository, revision, m_job.file, [this](Result<ResolvedFile> file) {
            if (m_ended)
                return;
            if (file)
                return resolved(std::move(*file));
            if (isTransient(file.error()))
                return retryLater(std::move(file.error()));
            sourceFailed(std::move(file.error()));
        });
}

void Transfer::resolved(ResolvedFile file) {
    const TransferOrigin origin = originOf(file);
    const bool expected = m_job.sha256.empty() || origin.sha256 == m_job.sha256;
    if (!expected || (m_haveOrigin && !origin.sameContent(m_origin)))
        return sourceFailed(Error{"hub.file_changed", m_job.file + " is not the same content there"}
                                .with("file", m_job.file)
                                .with("host", file.url.host().toStdString()));
    m_url = file.url;
    if (!m_haveOrigin) {
        m_origin = origin;
        m_haveOrigin = true;
        std::error_code error;
        if (std::filesystem::exists(std::filesystem::symlink_status(m_job.target, error)))
            return checkExisting();
    }
    if (!m_partial)
        return openPartial();
    fill();
}

void Transfer::checkExisting() {
    report(TransferPhase::Verifying);
    m_worker = std::jthread([this, target = m_job.target, origin = m_origin](std::stop_token stop) {
        auto same = hasContent(target, origin, stop);
        QMetaObject::invokeMethod(
            this,
            [this, same = std::move(same)] {
                if (m_ended)
                    return;
                if (!same)
                    return finish(tl::unexpected<Error>(same.error()));
                if (!*same)
                    return finish(tl::unexpected<Error>(
                        Error{"hub.target_exists", m_job.target.string() + " exists and is another file"}
                            .with("path", m_job.target.string())));
                finish(TransferResult{m_job.target, m_origin, true, 0, 0});
            },
            Qt::QueuedConnection);
    });
}

void Transfer::openPartial() {
    auto opened = PartialFile::open(m_job.target);
    if (!opened)
        return finish(tl::unexpected<Error>(std::move(opened.error())));
    m_partial = std::move(*opened);
    auto earlier = Ledger::read(ledgerOf(m_job.target));
    if (earlier && (!earlier->origin.sameContent(m_origin) || !m_partial->hadContent()))
        earlier.reset();
    if (!earlier && m_partial->hadContent()) {
        log(LogLevel::Warning, "hub", "an unfinished download of something else is kept aside");
        if (auto moved = m_partial->setAside(); !moved)
            return finish(tl::unexpected<Error>(std::move(moved.error())));
    }
    if (earlier) {
        m_origin.chunkBytes = earlier->origin.chunkBytes;
        m_servedBy = QString::fromStdString(earlier->servedBy);
        m_servedTag = earlier->servedTag;
    }
    m_chunks.resize(chunkCount(m_origin.size, m_origin.chunkBytes));
    auto ledger =
        earlier ? Ledger::append(ledgerOf(m_job.target)) : Ledger::create(ledgerOf(m_job.target), m_origin);
    if (!ledger)
        return finish(tl::unexpected<Error>(std::move(ledger.error())));
    m_ledger = std::move(*ledger);
    if (auto allocated = m_partial->allocate(m_origin.size, m_options.reserve, m_options.freeBytes);
        !allocated)
        return finish(tl::unexpected<Error>(std::move(allocated.error())));
    if (earlier)
        for (std::size_t i = 0; i < m_chunks.size(); ++i) {
            const auto& known = earlier->chunks[i];
            m_chunks[i].whole = known.whole;
            m_chunks[i].have = m_chunks[i].noted = known.bytes;
            m_chunks[i].hash = known.hash;
            m_have += known.bytes;
        }
    fill();
}

/// Puts idle connections to work; when nothing is left to fetch, goes on to the next step.
void Transfer::fill() {
    if (m_ended || m_waiting)
        return;
    const bool left =
        std::any_of(m_chunks.begin(), m_chunks.end(), [this](const Chunk& c) { return wanted(c); });
    if (!left)
        return m_comparing ? compareNext() : startVerifying();
    report(m_comparing ? TransferPhase::Comparing : TransferPhase::Receiving);
    const int most = m_ranges ? std::max(1, m_options.connections) : 1;
    while (m_lanes.size() < static_cast<std::size_t>(most))
        m_lanes.push_back(std::make_unique<Lane>());
    for (std::size_t i = 0; i < m_lanes.size(); ++i)
        if (!m_lanes[i]->call && (static_cast<int>(i) >= most || !startLane(*m_lanes[i])))
            break;
}

void Transfer::tick() {
    if (m_ended)
        return;
    const auto now = m_options.clock->now();
    for (std::size_t i = 0; i < m_lanes.size(); ++i) { // by index: lanes may be added on the way
        Lane* lane = m_lanes[i].get();
        if (!lane->call)
            continue;
        pump(*lane);
        if (m_ended)
            return;
        if (lane->call && now - lane->lastByte > m_options.watchdog)
            laneFailed(*lane,
                       Error{"hub.stalled",
                             "no byte came for " + std::to_string(m_options.watchdog.count() / 1000) + " s"}
                           .with("host", m_url.host().toStdString()));
        if (m_ended)
            return;
    }
    if (m_status.phase == TransferPhase::Receiving || m_status.phase == TransferPhase::Comparing ||
        m_status.phase == TransferPhase::Waiting)
        report(m_status.phase);
    const bool limited = m_options.limit && m_options.limit->bytesPerSecond() > 0;
    m_options.clock->after(limited ? kLimitTick : kTick, this, [this] { tick(); });
}

void Transfer::report(TransferPhase phase) {
    const auto now = m_options.clock->now();
    m_status.phase = phase;
    m_status.connections = static_cast<int>(
        std::count_if(m_lanes.begin(), m_lanes.end(), [](const auto& lane) { return lane->call; }));
    if (phase != TransferPhase::Verifying) {
        m_status.bytesTotal = m_origin.size;
        m_status.bytesDone = phase == TransferPhase::Comparing ? m_compared : m_have;
    }
    m_status.bytesPerSecond = phase == TransferPhase::Receiving || phase == TransferPhase::Comparing
                                  ? m_meter.bytesPerSecond(now)
                                  : 0;
    m_status.remaining.reset();
    if (m_status.bytesPerSecond > 0 && m_status.bytesTotal > m_status.bytesDone)
        m_status.remaining = std::chrono::seconds(std::llround(
            static_cast<double>(m_status.bytesTotal - m_status.bytesDone) / m_status.bytesPerSecond));
    m_status.wait = std::max(std::chrono::milliseconds(0), m_retryAt - now);
    if (phase != TransferPhase::Waiting)
        m_status.problem.reset();
    if (onStatus)
        onStatus(m_status);
}

void Transfer::startVerifying() {
    dropLanes();
    m_status.bytesDone = 0;
    m_status.bytesTotal = m_origin.size;
    report(TransferPhase::Verifying);
    std::vector<ChunkRecord> records(m_chunks.size());
    for (std::size_t i = 0; i < m_chunks.size(); ++i)
        records[i] = {true, chunkEnd(i) - chunkBegin(i), m_chunks[i].hash};
    m_worker = std::jthread([this, records = std::move(records), origin = m_origin](std::stop_token stop) {
        // Few enough steps that they do not fill the event queue.
        std::uint64_t told = 0;
        const auto progress = [&](std::uint64_t done) {
            if (done - told < (std::uint64_t{32} << 20))
                return;
            told = done;
            QMetaObject::invokeMethod(
                this,
                [this, done] {
                    if (m_ended || m_status.phase != TransferPhase::Verifying)
                        return;
                    m_status.bytesDone = done;
                    report(TransferPhase::Verifying);
                },
                Qt::QueuedConnection);
        };
        auto verdict = verify(*m_partial, origin, records, stop, progress);
        QMetaObject::invokeMethod(
            this,
            [this, verdict = std::move(verdict)]() mutable {
                if (!m_ended)
                    verified(std::move(verdict));
            },
            Qt::QueuedConnection);
    });
}

void Transfer::verified(Result<Verdict> verdict) {
    if (!verdict)
        return finish(tl::unexpected<Error>(std::move(verdict.error())));
    if (verdict->right) {
        const auto placed = m_partial->commit();
        if (!placed)
            return finish(tl::unexpected<Error>(placed.error()));
        m_ledger.reset();
        m_chunks.clear();
        return finish(TransferResult{m_job.target, m_origin, false, m_received, m_repaired});
    }
    if (verdict->badChunks.empty()) // as they came, and yet not what was promised
        return m_comparing ? fill() : startComparing();
    for (const std::uint64_t index : verdict->badChunks) {
        Chunk& chunk = m_chunks[index];
        m_have -= chunk.have;
        chunk = {};
        ++m_repaired;
        if (auto noted = m_ledger->wrong(index); !noted)
            return finish(tl::unexpected<Error>(std::move(noted.error())));
    }
    log(LogLevel::Warning, "hub", std::to_string(verdict->badChunks.size()) + " chunks are fetched again");
    m_comparing = false;
    fill();
}

/// Finds out which chunks are wrong by fetching them once more, from another source where there is one.
void Transfer::startComparing() {
    std::size_t other = m_job.sources.size();
    for (std::size_t i = 0; i < m_job.sources.size(); ++i) {
        const std::size_t candidate = (m_source + 1 + i) % m_job.sources.size();
        if (!m_comparedWith[candidate] && !m_sourceErrors[candidate]) {
            other = candidate;
            break;
        }
    }
    if (other == m_job.sources.size())
        return finish(tl::unexpected<Error>(Error{
            "hub.wrong_hash", m_job.file + " has another hash than the hub says, however often it is fetched"}
                                                .with("file", m_job.file)
                                                .with("host", m_url.host().toStdString())));
    log(LogLevel::Warning, "hub", "the hash is wrong; comparing with a second copy");
    m_comparing = true;
    m_differs = false;
    m_compared = 0;
    for (auto& chunk : m_chunks)
        chunk.compared = false;
    m_comparedWith[other] = true;
    m_source = other;
    m_failures = m_odd = 0;
    resolveSource();
}

/// The comparison with one source is through, or a chunk of it differed.
void Transfer::compareNext() {
    if (std::exchange(m_differs, false))
        return startVerifying();
    startComparing();
}

} // namespace hearth::hub
