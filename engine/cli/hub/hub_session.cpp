#include "engine/cli/hub/hub_session.h"

#include "engine/cli/accounts/session.h"
#include "engine/cli/error_text.h"
#include "engine/cli/terminal.h"

namespace hearth::cli {

Result<std::unique_ptr<HubSession>> HubSession::open(const std::string& endpoint,
                                                     workbench::SecretHolder holder) {
    std::unique_ptr<HubSession> session(new HubSession);
    session->m_application = makeApplication();
    HEARTH_TRY(session->m_paths, workbench::DataPaths::prepare());
    auto loaded = workbench::HubSettingsFile(session->m_paths.hubSettingsFile(),
                                             session->m_paths.hubKeyFile(), std::move(holder))
                      .load();
    for (const auto& problem : loaded.problems)
        note(errorText(problem));
    session->m_settings = std::move(loaded.settings);
    if (endpoint.empty()) {
        session->m_endpoint = session->m_settings.hubs.front().endpoint;
    } else {
        HEARTH_TRY(session->m_endpoint, hub::parseEndpoint(endpoint));
        for (const auto& known : session->m_settings.hubs)
            if (known.endpoint.url == session->m_endpoint.url)
                session->m_endpoint = known.endpoint;
    }
    session->m_http = std::make_unique<hub::HttpClient>(session->m_settings.http("hearth/" HEARTH_VERSION));
    // One that was named is the only one: the person may have a reason.
    session->m_directory = std::make_unique<hub::HubDirectory>(
        *session->m_http,
        endpoint.empty() ? session->m_settings.endpoints() : std::vector<hub::Endpoint>{session->m_endpoint});
    return session;
}

void HubSession::run(QEventLoop& loop, const std::stop_token& stop) {
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, &loop, [&] {
        if (stop.stop_requested())
            loop.quit();
    });
    watch.start(50);
    loop.exec();
}

} // namespace hearth::cli
