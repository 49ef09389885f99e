#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "engine/base/error.h"
#include "engine/server/server_settings.h"
#include "engine/workbench/serving/serving_desk.h"
#include "engine/workbench/serving/serving_engine.h"

namespace hearth::server {

/// The local server: an interface that programs written for OpenAI's know, over the models of this machine.
///
/// Three threads, which send each other messages and share nothing else:
///
///     client ──▶ network thread            Listener: connections, HTTP, limits; Api: host, origin, path,
///                  │        ▲              JSON of the request
///          head,   │        │ answer, pieces (Exchange, safe from any thread)
///          request ▼        │
///                desk thread               ServingDesk: keys, permissions, audit log. The thread that opened
///                  │        ▲              the accounts and called run()
///          request │        │ how it ended
///                  ▼        │
///                engine thread             ServingEngine: loads models, generates (runtime::Scheduler)
///
/// A message runs in the thread it is for, without a lock held. A client that goes away, and the end of the
/// server, reach the engine as a stop token that it looks at in every step.
class Server {
public:
    struct Options {
        ServerSettings settings;
        /// A line for every request, without content; called from any thread, one at a time. May be empty.
        std::function<void(const std::string&)> requestLog;
        bool anyPort = false; ///< whatever port is free instead of the settings' (tests)
    };
    /// Checks the settings and takes the port. `desk` is this thread's; both outlive the server. Errors:
    /// those of checkServer() and Listener::open().
    [[nodiscard]] static Result<std::unique_ptr<Server>> open(Options options, workbench::ServingDesk& desk,
                                                              workbench::ServingEngine& engine);
    ~Server();

    /// Serves until `stop`, then ends in good order: no new connections, what is generated is cut off and
    /// said so, notes are written, the engine ends. In the desk's thread. Errors: audit.*, store.*: the start
    /// or the end could not be noted.
    [[nodiscard]] Result<void> run(const std::stop_token& stop);

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string url() const; ///< "http://127.0.0.1:11811"

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
    explicit Server(std::unique_ptr<Impl> impl);
};

} // namespace hearth::server
