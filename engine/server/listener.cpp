#include "engine/server/listener.h"

#include <atomic>
#include <map>
#include <optional>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/base/log.h"
#include "engine/server/connection.h"

namespace hearth::server {

namespace {

namespace net = boost::asio;
using boost::system::error_code;
using tcp = net::ip::tcp;

constexpr std::chrono::seconds kFarewell{3};
/// Until the next try when the system gave no socket (too many open files).
constexpr std::chrono::milliseconds kAcceptAgain{200};

tl::unexpected<Error> cannotListen(const char* code, const ListenOptions& options, const std::string& why) {
    const std::string port = std::to_string(options.port);
    return tl::unexpected<Error>(Error{code, options.address + " port " + port + ": " + why}
                                     .with("address", options.address)
                                     .with("port", port));
}

} // namespace

struct Listener::Impl {
    explicit Impl(HttpHandler& chosen, HttpLimits bounds) : handler(chosen), limits(bounds) {}

    HttpHandler& handler;
    HttpLimits limits;
    net::io_context io{1};
    std::optional<net::ssl::context> tls;
    tcp::acceptor acceptor{io};
    net::steady_timer again{io}, farewell{io};
    std::optional<net::executor_work_guard<net::io_context::executor_type>> work;
    std::map<Connection*, std::shared_ptr<Connection>> connections;
    std::atomic<std::size_t> open{0};
    std::size_t delayed = 0;
    std::uint16_t port = 0;
    bool accepting = false, stopping = false;
    std::thread thread;

    [[nodiscard]] Result<void> listen(const ListenOptions& options);
    [[nodiscard]] Result<void> useTls(const ListenOptions& options);
    void accept();
    void take(tcp::socket socket);
    void ended(Connection* connection);
    void run();
};

Result<void> Listener::Impl::listen(const ListenOptions& options) {
    error_code error;
    const auto address = net::ip::make_address(options.address, error);
    if (error)
        return cannotListen("server.cannot_listen", options, error.message());
    const tcp::endpoint endpoint(address, options.port);
    acceptor.open(endpoint.protocol(), error);
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        acceptor.bind(endpoint, error);
    if (!error)
        acceptor.listen(net::socket_base::max_listen_connections, error);
    if (error == net::error::address_in_use)
        return cannotListen("server.port_busy", options, "another program listens there");
    if (error)
        return cannotListen("server.cannot_listen", options, error.message());
    port = acceptor.local_endpoint(error).port();
    return {};
}

Result<void> Listener::Impl::useTls(const ListenOptions& options) {
    tls.emplace(net::ssl::context::tls_server);
    error_code error;
    tls->set_options(net::ssl::context::default_workarounds | net::ssl::context::no_sslv2 |
                         net::ssl::context::no_sslv3 | net::ssl::context::no_tlsv1 |
                         net::ssl::context::no_tlsv1_1,
                     error);
    if (!error) // never a question at a terminal that nobody sees
        tls->set_password_callback([](std::size_t, auto) { return std::string(); }, error);
    if (!error)
        tls->use_certificate_chain_file(options.certificate.string(), error);
    if (!error)
        tls->use_private_key_file(options.privateKey.string(), net::ssl::context::pem, error);
    if (error)
        return fail("server.tls_failed", error.message());
    return {};
}

void Listener::Impl::accept() {
    accepting = true;
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
        accepting = false;
        if (stopping)
            return;
        if (!error) {
            take(std::move(socket));
            if (connections.size() < limits.connections && !accepting)
                accept();
            return;
        }
        accepting = true; // again, in a moment
        again.expires_after(kAcceptAgain);
        again.async_wait([this](error_code) {
            accepting = false;
            if (!stopping)
                accept();
        });
    });
}

void Listener::Impl::take(tcp::socket socket) {
    auto connection = makeConnection(std::move(socket), tls ? &*tls : nullptr,
                                     {limits, handler, delayed, [this](Connection* gone) { ended(gone); }});
    connections.emplace(connection.get(), connection);
    open = connections.size();
    connection->start();
}

void Listener::Impl::ended(Connection* connection) {
    connections.erase(connection);
    open = connections.size();
    if (stopping && connections.empty())
        farewell.cancel();
    else if (!stopping && !accepting && connections.size() < limits.connections)
        accept();
}

void Listener::Impl::run() {
    for (;;) {
        try {
            io.run();
            return;
        } catch (const std::exception& error) { // memory ran out, at worst: that request is lost
            log(LogLevel::Error, "server", error.what());
        }
    }
}

Listener::Listener(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Listener::~Listener() {
    stop();
    m_impl->io.restart();
    m_impl->io.poll(); // what others sent to connections that have ended
}

Result<std::unique_ptr<Listener>> Listener::open(const ListenOptions& options, HttpHandler& handler) {
    try {
        auto impl = std::make_unique<Impl>(handler, options.limits);
        if (!options.certificate.empty())
            HEARTH_CHECK(impl->useTls(options));
        HEARTH_CHECK(impl->listen(options));
        return std::unique_ptr<Listener>(new Listener(std::move(impl)));
    } catch (const std::exception& error) { // no descriptor for the event queue, say
        return cannotListen("server.cannot_listen", options, error.what());
    }
}

void Listener::start() {
    m_impl->work.emplace(m_impl->io.get_executor());
    net::post(m_impl->io, [impl = m_impl.get()] { impl->accept(); });
    m_impl->thread = std::thread([impl = m_impl.get()] { impl->run(); });
}

void Listener::stop() {
    if (!m_impl->thread.joinable())
        return;
    net::post(m_impl->io, [impl = m_impl.get()] {
        impl->stopping = true;
        error_code ignored;
        impl->acceptor.close(ignored);
        impl->again.cancel();
        const auto open = impl->connections; // finish() takes them out of the map
        for (const auto& [pointer, connection] : open)
            connection->finish();
        if (impl->connections.empty())
            return;
        impl->farewell.expires_after(kFarewell);
        impl->farewell.async_wait([impl](error_code) {
            const auto left = impl->connections;
            for (const auto& [pointer, connection] : left)
                connection->close();
        });
    });
    m_impl->work.reset();
    m_impl->thread.join();
}

std::uint16_t Listener::port() const {
    return m_impl->port;
}

std::size_t Listener::connections() const {
    return m_impl->open;
}

} // namespace hearth::server
