#include "engine/hardware/online/download_speed.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include <QtCore/QEventLoop>
#include <QtCore/QTimer>

#include "engine/hardware/online/with_event_loop.h"
#include "engine/hub/endpoint.h"

namespace hearth::hardware {

namespace {

using Clock = std::chrono::steady_clock;

/// Fewer bytes say more about the first packets than about the line.
constexpr std::uint64_t kFewestBytes = 1'000'000;
constexpr qint64 kReadBuffer = 1 << 20;
constexpr std::chrono::seconds kPatience{15};

double seconds(Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double>(to - from).count();
}

/// What came, and when.
struct Meter {
    std::optional<Clock::time_point> first, warm;
    std::uint64_t bytes = 0, warmBytes = 0;

    void add(std::uint64_t count, double warmUp) {
        const auto now = Clock::now();
        if (!first)
            first = now;
        bytes += count;
        if (!warm && seconds(*first, now) >= warmUp) {
            warm = now;
            warmBytes = bytes;
        }
    }
    /// The warm part where it is long enough to tell, else everything.
    [[nodiscard]] double speed() const {
        const auto now = Clock::now();
        if (warm && bytes - warmBytes >= kFewestBytes && seconds(*warm, now) > 0.2)
            return static_cast<double>(bytes - warmBytes) / seconds(*warm, now);
        return first ? static_cast<double>(bytes) / std::max(1e-6, seconds(*first, now)) : 0;
    }
};

} // namespace

Result<double> measureDownload(const std::string& address, const DownloadOptions& options,
                               std::stop_token stop, const ProgressSink& progress) {
    // Judged like a hub that a person names: https, or plain http within this machine or network.
    HEARTH_TRY(const hub::Endpoint endpoint, hub::parseEndpoint(address));
    const QUrl url(QString::fromStdString(address).trimmed(), QUrl::StrictMode);
    Meter meter;
    std::optional<Error> failure;
    bool done = false;
    std::unique_ptr<hub::HttpClient> client;
    withEventLoop(
        stop,
        [&](QEventLoop& loop) {
            client = std::make_unique<hub::HttpClient>(options.http);
            hub::HttpRequest request;
            request.url = url.scheme().isEmpty() ? endpoint.url : url;
            request.endpoint = endpoint.url;
            request.readBuffer = kReadBuffer;
            request.timeout = kPatience;
            request.fields.emplace_back(
                "Range", "bytes=0-" + QByteArray::number(static_cast<qulonglong>(options.mostBytes - 1)));
            hub::HttpCall* call = client->start(std::move(request));
            const auto end = [&, call] {
                done = true;
                call->cancel();
                loop.quit();
            };
            call->onHead = [&, call](const hub::HttpHead& head) {
                if (head.status < 400)
                    return;
                failure = hub::errorOf(head, std::chrono::system_clock::now());
                call->cancel();
                loop.quit();
            };
            call->onData = [&, call, end] {
                while (const auto count = call->read(kReadBuffer).size())
                    meter.add(static_cast<std::uint64_t>(count), options.warmUpSeconds);
                const double elapsed = meter.first ? seconds(*meter.first, Clock::now()) : 0;
                if (progress) {
                    const double share =
                        std::max(static_cast<double>(meter.bytes) / static_cast<double>(options.mostBytes),
                                 elapsed / options.mostSeconds);
                    progress(
                        {"measure.download", static_cast<std::uint64_t>(100 * std::min(1.0, share)), 100});
                }
                if (meter.bytes >= options.mostBytes || elapsed >= options.mostSeconds)
                    end();
            };
            call->onEnd = [&, call](std::optional<Error> error) {
                while (const auto count = call->read(kReadBuffer).size())
                    meter.add(static_cast<std::uint64_t>(count), options.warmUpSeconds);
                failure = std::move(error);
                done = true;
                loop.quit();
            };
        },
        [&] { client.reset(); });
    if (failure)
        return tl::unexpected<Error>(std::move(*failure));
    if (!done)
        return fail(kCancelled, "the measurement was cancelled");
    if (meter.bytes < kFewestBytes)
        return tl::unexpected<Error>(Error{"download.too_short", "only " + std::to_string(meter.bytes) +
                                                                     " bytes came, too few to tell"}
                                         .with("bytes", std::to_string(meter.bytes))
                                         .with("needed_bytes", std::to_string(kFewestBytes)));
    return meter.speed();
}

} // namespace hearth::hardware
