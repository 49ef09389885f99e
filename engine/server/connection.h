#pragma once

// Brings Boost.Asio with it: for connection.cpp and listener.cpp alone.

#include <functional>
#include <memory>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "engine/server/http.h"

namespace hearth::server {

/// One client's connection, from the handshake to the end, with one request after the other. Confined to the
/// network thread; keeps itself alive until it has ended.
class Connection {
public:
    virtual ~Connection() = default;
    virtual void start() = 0;
    /// Ends after the answer in progress, whose work is asked to stop.
    virtual void finish() = 0;
    virtual void close() = 0;
};

struct ConnectionParts {
    const HttpLimits& limits;
    HttpHandler& handler;
    std::size_t& delayed;                   ///< answers of all connections that are being put off
    std::function<void(Connection*)> ended; ///< called once
};

/// `tls` nullptr = plain. What `parts` refers to outlives the connection.
[[nodiscard]] std::shared_ptr<Connection>
makeConnection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, ConnectionParts parts);

} // namespace hearth::server
