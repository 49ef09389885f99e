#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "engine/base/error.h"
#include "engine/server/http.h"

namespace hearth::server {

struct ListenOptions {
    std::string address = "127.0.0.1";             ///< in digits
    std::uint16_t port = 0;                        ///< 0 = any that is free
    std::filesystem::path certificate, privateKey; ///< both, or neither for plain HTTP
    HttpLimits limits;
};

/// Takes connections and reads HTTP/1.1 from them, in a thread of its own: bounded in number, size and time.
/// The strict parts of the protocol are those of Boost.Beast: what is ambiguous (two lengths, a length with
/// chunks, bare line feeds) ends the connection with 400.
class Listener {
public:
    /// Holds the port; nobody is answered before start(). `handler` outlives it. Errors: server.port_busy,
    /// server.cannot_listen (both args address, port), server.tls_failed.
    [[nodiscard]] static Result<std::unique_ptr<Listener>> open(const ListenOptions& options,
                                                                HttpHandler& handler);
    /// As stop().
    ~Listener();

    void start();
    /// Takes no more, lets answers in progress end (whose work is asked to stop), and joins the thread; after
    /// three seconds what is left is cut off.
    void stop();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::size_t connections() const; ///< open ones; safe

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
    explicit Listener(std::unique_ptr<Impl> impl);
};

} // namespace hearth::server
