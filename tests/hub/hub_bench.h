#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include <QtCore/QCoreApplication>
#include <QtCore/QEventLoop>
#include <QtCore/QTimer>
#include <QtNetwork/QNetworkProxy>

#include "engine/hub/directory.h"
#include "engine/hub/http.h"
#include "engine/hub/transfer/partial_names.h"
#include "engine/hub/transfer/transfer.h"
#include "tests/hub/local_hub.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace hearth::test {

/// Qt's event loop for GoogleTest programs.
inline void needQt() {
    static int count = 1;
    static char name[] = "test_hub";
    static char* arguments[] = {name, nullptr};
    static QCoreApplication application(count, arguments);
}

inline hearth::hub::HttpOptions optionsFor(const LocalHub& hub) {
    hearth::hub::HttpOptions options;
    options.proxy = QNetworkProxy(QNetworkProxy::NoProxy);
    if (!hub.authority().isNull())
        options.tls.setCaCertificates({hub.authority()});
    return options;
}

/// Runs the event loop until the answer of an asynchronous call is there; a test fails that waits too long.
template <class T>
Result<T> waitFor(const std::function<void(std::function<void(Result<T>)>)>& ask, int timeoutMs = 30'000) {
    std::optional<Result<T>> answer;
    QEventLoop loop;
    QTimer::singleShot(timeoutMs, &loop, [&loop] { loop.quit(); });
    bool waiting = true;
    ask([&](Result<T> result) {
        if (!waiting)
            return;
        answer.emplace(std::move(result));
        loop.quit();
    });
    if (!answer)
        loop.exec();
    waiting = false;
    if (!answer)
        return fail("test.timeout", "no answer");
    return std::move(*answer);
}

/// Everything that a transfer from a local hub needs.
class HubBench {
public:
    explicit HubBench(LocalHub::Options options = {}) : hub(std::move(options)) {
        http = std::make_unique<hearth::hub::HttpClient>(optionsFor(hub));
        directory = std::make_unique<hearth::hub::HubDirectory>(
            *http, std::vector<hearth::hub::Endpoint>{endpoint()});
        transfer.chunkBytes = 4096;
        transfer.rangeBytes = 16384;
        transfer.connections = 3;
        // Seconds pass as milliseconds.
        transfer.clock = hearth::hub::systemClock(300);
        transfer.watchdog = std::chrono::seconds(60);
        transfer.giveUpAfter = std::chrono::minutes(3);
        transfer.longestWait = std::chrono::seconds(20);
    }

    [[nodiscard]] hearth::hub::Endpoint
    endpoint(hearth::hub::HubKind kind = hearth::hub::HubKind::HuggingFace) const {
        return {kind, QStringLiteral("local"), hub.url()};
    }
    [[nodiscard]] std::shared_ptr<hearth::hub::HubClient>
    client(hearth::hub::HubKind kind = hearth::hub::HubKind::HuggingFace) {
        return directory->client(endpoint(kind));
    }
    /// A repository with one file of random bytes.
    void addFile(const QByteArray& bytes, const std::string& repository = "owner/model",
                 const std::string& file = "model-Q4_0.gguf") {
        LocalHub::Repository content;
        content.files[file] = bytes;
        hub.add(repository, std::move(content));
    }
    [[nodiscard]] hearth::hub::TransferJob job(const std::string& file = "model-Q4_0.gguf") {
        return {{{client(), "owner/model", "main"}}, file, folder.path() / file, {}};
    }
    Result<hearth::hub::TransferResult> run(hearth::hub::TransferJob todo) {
        return waitFor<hearth::hub::TransferResult>([&](auto done) {
            auto* one = new hearth::hub::Transfer(std::move(todo), transfer);
            one->onEnd = [one, done](Result<hearth::hub::TransferResult> result) {
                one->deleteLater();
                done(std::move(result));
            };
            if (onStatus)
                one->onStatus = onStatus;
            one->start();
        });
    }
    Result<hearth::hub::TransferResult> run() { return run(job()); }

    [[nodiscard]] std::filesystem::path target(const std::string& file = "model-Q4_0.gguf") const {
        return folder.path() / file;
    }
    [[nodiscard]] QByteArray read(const std::filesystem::path& path) const {
        return QByteArray::fromStdString(readText(path));
    }
    [[nodiscard]] bool hasPartial() const {
        return std::filesystem::exists(hearth::hub::partialOf(target())) &&
               std::filesystem::exists(hearth::hub::ledgerOf(target()));
    }

    struct QtFirst { // threads with event loops want the application before them
        QtFirst() { needQt(); }
    } qt;
    TemporaryFolder folder;
    LocalHub hub;
    std::unique_ptr<hearth::hub::HttpClient> http;
    std::unique_ptr<hearth::hub::HubDirectory> directory;
    hearth::hub::TransferOptions transfer;
    std::function<void(const hearth::hub::TransferStatus&)> onStatus;
};

} // namespace hearth::test
