// Connections of a transfer, and what becomes of the bytes that they bring.

#include <algorithm>

#include "engine/hub/endpoint.h"
#include "engine/hub/headers.h"
#include "engine/hub/transfer/transfer.h"

namespace hearth::hub {

namespace {
constexpr qint64 kHelping = 64 << 10;
constexpr qint64 kReadBuffer = 512 << 10;
} // namespace

bool Transfer::wanted(const Chunk& chunk) const {
    return m_comparing ? !chunk.compared : !chunk.whole;
}

/// Bytes after which the ledger is told: all connections together lose less than a chunk when the program is
/// killed.
std::uint64_t Transfer::noteStep() const {
    return std::max<std::uint64_t>(
        1, m_origin.chunkBytes / (2 * static_cast<std::uint64_t>(std::max(1, m_options.connections))));
}

/// Gives the lane the first range that nobody works on. False when there is none.
bool Transfer::startLane(Lane& lane) {
    std::size_t first = m_chunks.size();
    std::uint64_t open = 0;
    for (std::size_t i = 0; i < m_chunks.size(); ++i)
        if (wanted(m_chunks[i]) && !m_chunks[i].owned) {
            first = std::min(first, i);
            open += chunkEnd(i) - chunkBegin(i);
        }
    if (first == m_chunks.size())
        return false;
    std::size_t last = first;
    if (m_ranges) {
        // As much for each connection, in whole chunks.
        const std::uint64_t share = open / static_cast<std::uint64_t>(std::max(1, m_options.connections));
        const std::uint64_t most =
            std::clamp(share, m_origin.chunkBytes, std::max(m_origin.chunkBytes, m_options.rangeBytes));
        std::uint64_t taken = chunkEnd(first) - chunkBegin(first);
        while (last + 1 < m_chunks.size() && wanted(m_chunks[last + 1]) && !m_chunks[last + 1].owned &&
               (m_comparing || m_chunks[last + 1].have == 0) && // what is there is not fetched again
               taken + (chunkEnd(last + 1) - chunkBegin(last + 1)) <= most) {
            ++last;
            taken += chunkEnd(last) - chunkBegin(last);
        }
        lane.first = chunkBegin(first) + (m_comparing ? 0 : m_chunks[first].have);
        lane.end = chunkEnd(last);
        for (std::size_t i = first; i <= last; ++i)
            m_chunks[i].owned = true;
    } else {
        lane.first = 0;
        lane.end = m_origin.size;
        for (auto& chunk : m_chunks)
            chunk.owned = true;
    }
    if (m_comparing)
        for (std::size_t i = first; i <= last; ++i)
            m_chunks[i].other.clear();
    lane.position = lane.first;
    lane.gotBytes = lane.exact = false;
    lane.lastByte = m_options.clock->now();

    HttpRequest request;
    lane.direct = !m_direct.isEmpty();
    request.url = lane.direct ? m_direct : m_url;
    request.endpoint = m_job.sources[m_source].client->endpoint().url;
    request.readBuffer = kReadBuffer;
    if (m_ranges) {
        request.fields.emplace_back("Range",
                                    "bytes=" + QByteArray::number(static_cast<qulonglong>(lane.first)) + "-" +
                                        QByteArray::number(static_cast<qulonglong>(lane.end - 1)));
        if (!m_servedTag.empty() && m_servedBy == hub::originOf(request.url))
            request.fields.emplace_back("If-Range", "\"" + QByteArray::fromStdString(m_servedTag) + "\"");
    }
    HttpCall* call = m_job.sources[m_source].client->http().start(std::move(request));
    lane.call = call;
    call->onHead = [this, &lane](const HttpHead& head) { headArrived(lane, head); };
    call->onData = [this, &lane] { pump(lane); };
    call->onEnd = [this, &lane](std::optional<Error> error) { laneEnded(lane, std::move(error)); };
    return true;
}

void Transfer::headArrived(Lane& lane, const HttpHead& head) {
    lane.lastByte = m_options.clock->now();
    if (auto error = judge(lane, head))
        return laneFailed(lane, std::move(*error));
    const QString origin = hub::originOf(head.url);
    if (head.url != m_url)
        m_direct = head.url;
    const std::string tag = entityTag(head.field("etag"));
    if (tag == m_servedTag && origin == m_servedBy)
        return;
    m_servedTag = tag;
    m_servedBy = origin;
    if (const auto noted = m_ledger->served(tag, origin.toStdString()); !noted)
        laneFailed(lane, noted.error());
}

/// Whether the answer is the range that was asked for. Sets the lane's position and end to what comes.
std::optional<Error> Transfer::judge(Lane& lane, const HttpHead& head) {
    const std::string host = head.url.host().toStdString();
    const auto odd = [&](const char* code, const std::string& detail) {
        return Error{code, host + " " + detail}.with("host", host).with("file", m_job.file);
    };
    if (head.status == 416)
        return odd("hub.size_mismatch", "says that the file has no such range");
    if (head.status >= 400)
        return errorOf(head, m_options.clock->date());
    if (head.status != 200 && head.status != 206)
        return Error{"hub.unexpected_status", host + " answers with status " + std::to_string(head.status)}
            .with("status", std::to_string(head.status))
            .with("host", host);
    const std::string encoding = head.field("content-encoding");
    if (!encoding.empty() && encoding != "identity")
        return odd("hub.encoded",
                   "sends the file packed (" + encoding.substr(0, 20) + ") though it was not asked to");
    const auto length = parseNumber(head.field("content-length"));
    if (head.status == 200) {
        if (head.field("content-type").starts_with("text/html") && !m_job.file.ends_with(".html"))
            return odd("hub.not_a_file", "sends a web page instead of the file");
        if (length && *length != m_origin.size)
            return odd("hub.size_mismatch", "has a file of " + std::to_string(*length) + " bytes, not " +
                                                std::to_string(m_origin.size));
    }
    const std::string tag = entityTag(head.field("etag"));
    if (!tag.empty() && !m_servedTag.empty() && tag != m_servedTag && hub::originOf(head.url) == m_servedBy) {
        m_servedTag.clear(); // the next answer counts, if the hub stands by the content
        return odd("hub.file_changed", "has another version of the file than before");
    }
    if (head.status == 206) {
        const auto range = parseContentRange(head.field("content-range"));
        if (!m_ranges || !range || range->first != lane.first || range->last >= lane.end)
            return odd("hub.bad_content_range", "sends another range than the one asked for");
        if (range->total && *range->total != m_origin.size)
            return odd("hub.size_mismatch", "has a file of " + std::to_string(*range->total) +
                                                " bytes, not " + std::to_string(m_origin.size));
        if (length && *length != range->last - range->first + 1)
            return odd("hub.bad_content_range", "announces a range of another length");
        lane.exact = length && range->last + 1 == lane.end;
        return std::nullopt;
    }
    // The whole file from its beginning: ranges are not known here. One connection brings it all.
    if (m_ranges) {
        m_ranges = false;
        for (auto& other : m_lanes)
            if (other.get() != &lane)
                release(*other);
        for (auto& chunk : m_chunks)
            chunk.owned = true;
    }
    lane.first = lane.position = 0;
    lane.end = m_origin.size;
    lane.exact = length.has_value();
    return std::nullopt;
}

void Transfer::pump(Lane& lane) {
    while (!m_ended && lane.call && lane.call->available() > 0) {
        qint64 helping = std::min({lane.call->available(), kHelping, static_cast<qint64>(noteStep())});
        if (m_options.limit) {
            helping = static_cast<qint64>(m_options.limit->take(static_cast<std::uint64_t>(helping)));
            if (helping == 0) {
                lane.lastByte = m_options.clock->now(); // held back here, not stalled there
                return;
            }
        }
        const QByteArray bytes = lane.call->read(helping);
        if (bytes.isEmpty())
            return;
        lane.lastByte = m_lastByte = m_options.clock->now();
        m_received += static_cast<std::uint64_t>(bytes.size());
        m_meter.add(m_lastByte, m_received);
        const auto room = lane.end - lane.position;
        const auto view = std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
        if (const auto taken = take(lane, view.first(std::min<std::uint64_t>(view.size(), room))); !taken)
            return laneFailed(lane, taken.error());
        if (!lane.gotBytes) {
            lane.gotBytes = m_delivered = true;
            m_failures = 0;
        }
        if (m_differs) { // perhaps that was all
            dropLanes();
            return compareNext();
        }
        if (lane.position == lane.end) { // whatever else comes is not part of the file
            if (!lane.exact)
                laneDone(lane);
            return;
        }
    }
}

Result<void> Transfer::take(Lane& lane, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const std::size_t index = lane.position / m_origin.chunkBytes;
        const auto part = bytes.first(std::min<std::uint64_t>(bytes.size(), chunkEnd(index) - lane.position));
        Chunk& chunk = m_chunks[index];
        const std::uint64_t known = m_comparing ? chunk.other.size() : chunk.have;
        const std::uint64_t offset = lane.position - chunkBegin(index);
        // What is there already is kept as it is; a server without ranges sends it all the same.
        if (wanted(chunk) && offset + part.size() > known) {
            if (offset > known)
                return fail("hub.bad_content_range", "bytes came out of order");
            const auto fresh = part.subspan(known - offset);
            HEARTH_CHECK(m_comparing ? compare(index, fresh) : keep(index, fresh));
        }
        lane.position += part.size();
        bytes = bytes.subspan(part.size());
    }
    return {};
}

Result<void> Transfer::keep(std::size_t index, std::span<const std::byte> bytes) {
    Chunk& chunk = m_chunks[index];
    if (!chunk.running) {
        chunk.running = std::make_unique<ContentHash>();
        std::vector<std::byte> before(chunk.have);
        HEARTH_CHECK(m_partial->readAt(chunkBegin(index), before));
        chunk.running->add(before);
    }
    HEARTH_CHECK(m_partial->writeAt(chunkBegin(index) + chunk.have, bytes));
    chunk.running->add(bytes);
    chunk.have += bytes.size();
    m_have += bytes.size();
    if (onBytes)
        onBytes(m_have);
    if (chunk.have == chunkEnd(index) - chunkBegin(index)) {
        chunk.hash = chunk.running->digest();
        chunk.running.reset();
        chunk.whole = true;
        return m_ledger->whole(index, chunk.hash);
    }
    if (chunk.have - chunk.noted < noteStep())
        return {};
    chunk.noted = chunk.have;
    return m_ledger->progress(index, chunk.have);
}

Result<void> Transfer::compare(std::size_t index, std::span<const std::byte> bytes) {
    Chunk& chunk = m_chunks[index];
    chunk.other.insert(chunk.other.end(), bytes.begin(), bytes.end());
    if (chunk.other.size() < chunkEnd(index) - chunkBegin(index))
        return {};
    ContentHash hash;
    hash.add(chunk.other);
    const Sha256Digest digest = hash.digest();
    chunk.compared = true;
    m_compared += chunk.other.size();
    const std::vector<std::byte> other = std::exchange(chunk.other, {});
    if (digest == chunk.hash)
        return {};
    HEARTH_CHECK(m_partial->writeAt(chunkBegin(index), other));
    chunk.hash = digest;
    m_differs = true;
    ++m_repaired;
    return m_ledger->whole(index, digest);
}

void Transfer::laneEnded(Lane& lane, std::optional<Error> error) {
    if (m_ended)
        return;
    if (lane.position == lane.end)
        return laneDone(lane);
    if (!error)
        error = Error{"hub.cut_short", "the connection ended after " +
                                           std::to_string(lane.position - lane.first) + " of " +
                                           std::to_string(lane.end - lane.first) + " bytes"}
                    .with("host", m_url.host().toStdString());
    laneFailed(lane, std::move(*error));
}

/// The lane has all of its range.
void Transfer::laneDone(Lane& lane) {
    release(lane);
    m_odd = 0;
    // A range that came whole shows that another connection's trouble is over, unless the hub asked to wait.
    if (m_waiting && !m_pleaded) {
        m_waiting = false;
        ++m_generation;
    }
    fill();
}

/// Ends the lane's request and gives its chunks free.
void Transfer::release(Lane& lane) {
    if (!lane.call)
        return;
    lane.call->cancel();
    lane.call = nullptr;
    if (m_origin.chunkBytes == 0 || m_chunks.empty())
        return;
    const std::size_t first = lane.first / m_origin.chunkBytes;
    for (std::size_t i = first; i < m_chunks.size() && chunkBegin(i) < lane.end; ++i)
        m_chunks[i].owned = false;
}

void Transfer::dropLanes() {
    for (auto& lane : m_lanes)
        release(*lane);
}

} // namespace hearth::hub
