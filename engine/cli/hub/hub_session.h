#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include <QtCore/QCoreApplication>
#include <QtCore/QEventLoop>
#include <QtCore/QTimer>

#include "engine/base/error.h"
#include "engine/hub/directory.h"
#include "engine/workbench/data_paths.h"
#include "engine/workbench/hub/hub_settings.h"

namespace hearth::cli {

/// What the hub's subcommands work with: the person's endpoints, with an event loop. Confined to the main
/// thread.
class HubSession {
public:
    /// `endpoint` empty = the person's list; `holder`: whose tokens. Errors: paths.unwritable,
    /// hub.bad_endpoint, hub.insecure_endpoint.
    [[nodiscard]] static Result<std::unique_ptr<HubSession>> open(const std::string& endpoint,
                                                                  workbench::SecretHolder holder = {});

    [[nodiscard]] hub::HubDirectory& directory() { return *m_directory; }
    [[nodiscard]] const hub::Endpoint& endpoint() const { return m_endpoint; }
    [[nodiscard]] hub::HubClient& client() { return *m_directory->client(m_endpoint); }
    [[nodiscard]] const workbench::DataPaths& paths() const { return m_paths; }
    [[nodiscard]] const workbench::HubSettings& settings() const { return m_settings; }

    /// Runs the event loop until the answer is there. Errors: base.cancelled too.
    template <class T>
    [[nodiscard]] Result<T> wait(std::stop_token stop,
                                 const std::function<hub::Pending(std::function<void(Result<T>)>)>& ask) {
        auto answer = std::make_shared<std::optional<Result<T>>>();
        QEventLoop loop;
        hub::Pending pending = ask([answer, &loop](Result<T> result) {
            answer->emplace(std::move(result));
            loop.quit();
        });
        if (!*answer)
            run(loop, stop);
        if (!*answer) {
            pending.cancel();
            return fail(kCancelled, "stopped");
        }
        return std::move(**answer);
    }
    /// Runs the loop until it quits or a stop is asked for.
    static void run(QEventLoop& loop, const std::stop_token& stop);

private:
    HubSession() = default;
    std::unique_ptr<QCoreApplication> m_application;
    workbench::DataPaths m_paths;
    workbench::HubSettings m_settings;
    hub::Endpoint m_endpoint;
    std::unique_ptr<hub::HttpClient> m_http;
    std::unique_ptr<hub::HubDirectory> m_directory;
};

} // namespace hearth::cli
