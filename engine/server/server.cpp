#include "engine/server/server.h"

#include <thread>

#include "engine/server/api.h"
#include "engine/server/listener.h"

namespace hearth::server {

struct Server::Impl {
    Impl(Options chosen, workbench::ServingDesk& who, workbench::ServingEngine& what)
        : options(std::move(chosen)), desk(who), engine(what) {}

    const Options options;
    workbench::ServingDesk& desk;
    workbench::ServingEngine& engine;
    TaskQueue queue;
    std::unique_ptr<Api> api;
    std::unique_ptr<Listener> listener; ///< after what its connections use

    [[nodiscard]] std::string place() const {
        const std::string& address = options.settings.address;
        const bool six = address.find(':') != std::string::npos;
        return (six ? "[" + address + "]" : address) + ":" + std::to_string(listener->port());
    }
};

Server::Server(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Server::~Server() {
    m_impl->listener.reset();
    m_impl->engine.stop();
}

Result<std::unique_ptr<Server>> Server::open(Options options, workbench::ServingDesk& desk,
                                             workbench::ServingEngine& engine) {
    HEARTH_CHECK(checkServer(options.settings));
    auto impl = std::make_unique<Impl>(std::move(options), desk, engine);
    const ServerSettings& settings = impl->options.settings;
    Api::Parts parts{HostGuard(settings.allowedHosts, settings.allowedOrigins), settings.contextTokens,
                     impl->options.requestLog,
                     [pointer = impl.get()] { return pointer->listener->connections(); }};
    impl->api = std::make_unique<Api>(std::move(parts), impl->queue, desk, engine);
    ListenOptions listen;
    listen.address = settings.address;
    listen.port = impl->options.anyPort ? std::uint16_t{0} : static_cast<std::uint16_t>(settings.port);
    listen.certificate = settings.certificate;
    listen.privateKey = settings.privateKey;
    listen.limits.bodyBytes = settings.maxBodyKiB * 1024;
    listen.limits.connections = settings.maxConnections;
    listen.limits.head = std::chrono::seconds(settings.headerSeconds);
    listen.limits.body = std::chrono::seconds(settings.bodySeconds);
    listen.limits.idle = std::chrono::seconds(settings.idleSeconds);
    HEARTH_TRY(impl->listener, Listener::open(listen, *impl->api));
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Result<void> Server::run(const std::stop_token& stop) {
    Impl& m = *m_impl;
    HEARTH_CHECK(m.desk.noteStarted(m.place()));
    m.listener->start();
    m.queue.run(stop);
    // Requests in progress still need this thread while the network's ends.
    std::stop_source ended;
    std::thread ending([&] {
        m.listener->stop();
        ended.request_stop();
    });
    m.queue.run(ended.get_token());
    ending.join();
    m.engine.stop();
    m.queue.drain();
    return m.desk.noteStopped(m.place());
}

std::uint16_t Server::port() const {
    return m_impl->listener->port();
}

std::string Server::url() const {
    return (usesTls(m_impl->options.settings) ? "https://" : "http://") + m_impl->place();
}

} // namespace hearth::server
