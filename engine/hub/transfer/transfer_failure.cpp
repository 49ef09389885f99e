// What a transfer does when something goes wrong.

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/base/log.h"
#include "engine/hub/transfer/transfer.h"

namespace hearth::hub {

namespace {

/// Answers that contradict themselves or what is known: worth a few more tries, not hours.
bool isOdd(const Error& error) {
    constexpr std::array<std::string_view, 6> kCodes{"hub.bad_content_range", "hub.encoded",
                                                     "hub.not_a_file",        "hub.size_mismatch",
                                                     "hub.file_changed",      "hub.network"};
    return std::find(kCodes.begin(), kCodes.end(), error.code) != kCodes.end();
}

bool isLocal(const Error& error) {
    return error.code.starts_with("file.") || error.code == "hub.file_too_large";
}

} // namespace

void Transfer::laneFailed(Lane& lane, Error error) {
    const bool got = lane.gotBytes;
    release(lane);
    if (isLocal(error))
        return finish(tl::unexpected<Error>(std::move(error)));
    if (got && isTransient(error))
        m_failures = 0; // it works, if not for long
    // An address that a redirect led to may have run out, for all that asked it; the hub gives a new one.
    if (lane.direct && !isTransient(error)) {
        const bool first = !m_direct.isEmpty();
        m_direct.clear();
        if (!isOdd(error)) {
            m_odd += first;
            if (m_odd <= m_options.oddAnswers)
                return retryLater(std::move(error));
        }
    }
    if (isOdd(error)) {
        if (++m_odd >= m_options.oddAnswers)
            return sourceFailed(std::move(error));
        return retryLater(std::move(error));
    }
    if (!isTransient(error))
        return sourceFailed(std::move(error));
    retryLater(std::move(error));
}

/// The current source is no good. The next one that may be is asked; without one it is over.
void Transfer::sourceFailed(Error error) {
    dropLanes();
    m_sourceErrors[m_source] = error;
    if (m_comparing)
        return startComparing();
    if (nextSource(error))
        return;
    finish(tl::unexpected<Error>(m_sourceErrors[0] ? *m_sourceErrors[0] : std::move(error)));
}

bool Transfer::nextSource(const Error& why) {
    for (std::size_t step = 1; step < m_job.sources.size(); ++step) {
        const std::size_t candidate = (m_source + step) % m_job.sources.size();
        // Nothing but the first source can say what the content is, unless that is known already.
        if (m_sourceErrors[candidate] || (!m_haveOrigin && m_job.sha256.empty()))
            continue;
        log(LogLevel::Info, "hub", "changing to another source after " + why.code);
        m_source = candidate;
        m_failures = m_odd = 0;
        m_delivered = false;
        ++m_generation;
        m_waiting = false;
        dropLanes();
        resolveSource();
        return true;
    }
    return false;
}

/// Waits, longer each time, and goes on. Lanes that still run go on meanwhile.
void Transfer::retryLater(Error error) {
    if (m_ended)
        return;
    const auto now = m_options.clock->now();
    if (now - m_lastByte > m_options.giveUpAfter)
        return finish(tl::unexpected<Error>(std::move(error)));
    ++m_failures;
    if (m_failures >= m_options.failuresBeforeOther && isTransient(error)) {
        if (m_comparing && m_job.sources.size() > 1)
            return sourceFailed(std::move(error));
        if (!m_comparing && nextSource(error))
            return;
        // One that only stands in is not waited for when another has already said why it cannot be.
        const bool refused = std::any_of(m_sourceErrors.begin(), m_sourceErrors.end(),
                                         [](const auto& why) { return why.has_value(); });
        if (!m_comparing && refused && !m_delivered)
            return sourceFailed(std::move(error));
    }
    auto wait = m_options.firstWait;
    for (int i = 1; i < m_failures && wait < m_options.longestWait; ++i)
        wait *= 2;
    wait = std::min(wait, m_options.longestWait);
    if (const std::string asked = error.arg("seconds"); !asked.empty()) {
        std::int64_t seconds = 0;
        std::from_chars(asked.data(), asked.data() + asked.size(), seconds);
        wait = std::max<std::chrono::milliseconds>(wait, std::chrono::seconds(seconds));
    }
    m_retryAt = now + wait;
    m_waiting = true;
    m_pleaded = error.code == "hub.busy";
    const bool running =
        std::any_of(m_lanes.begin(), m_lanes.end(), [](const auto& lane) { return lane->call; });
    m_status.problem = std::move(error);
    if (!running)
        report(TransferPhase::Waiting);
    m_options.clock->after(wait, this, [this, generation = ++m_generation] {
        if (m_ended || generation != m_generation)
            return;
        m_waiting = false;
        // Without a place to ask, or after an odd answer, everything is asked anew.
        if (m_url.isEmpty() || !m_partial || m_odd > 0) {
            const bool idle =
                std::none_of(m_lanes.begin(), m_lanes.end(), [](const auto& lane) { return lane->call; });
            if (idle)
                return resolveSource();
        }
        fill();
    });
}

} // namespace hearth::hub
