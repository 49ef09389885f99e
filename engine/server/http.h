#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::server {

/// What one connection may take. Times run out with an answer of 408, or without one between requests.
struct HttpLimits {
    static constexpr std::size_t kHeadBytes = 16 * 1024; ///< request line and fields
    /// Bytes of an answer that wait for a client that reads more slowly than it is generated.
    static constexpr std::size_t kMostQueued = std::size_t{8} << 20;

    std::size_t bodyBytes = std::size_t{4} << 20;
    std::size_t connections = 64;
    std::chrono::milliseconds head{10'000}, body{30'000}, idle{60'000};
};

/// The head of a request as it came; nothing in it can be trusted.
struct RequestHead {
    std::string method;                                      ///< "GET"; an unknown one as it was written
    std::string target;                                      ///< path and query, as written
    std::vector<std::pair<std::string, std::string>> fields; ///< names in lower case, in order
    std::string local, remote; ///< addresses in digits; IPv4 inside IPv6 as IPv4
    bool http10 = false;

    [[nodiscard]] std::size_t count(std::string_view name) const;
    /// The value of the first field of that name, or "".
    [[nodiscard]] std::string_view value(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::string body = {};
    std::string contentType = "application/json";
    std::vector<std::pair<std::string, std::string>> fields = {}; ///< further ones
};

/// One request that is being answered. Every call is safe from any thread and returns at once; what comes
/// after the client has gone, or after the answer, is dropped. Dropping the last reference without an answer
/// answers 500.
class Exchange {
public:
    virtual ~Exchange() = default;
    [[nodiscard]] const RequestHead& head() const { return m_head; }
    /// Asked to stop when the client has gone or the server ends.
    [[nodiscard]] std::stop_token gone() const { return m_gone; }

    /// Reads the body; HttpHandler::onBody() follows unless the client fails to send it.
    virtual void readBody() = 0;
    /// With a delay, the answer comes that much later, unless half of all connections wait so already.
    virtual void respond(Response response, std::chrono::milliseconds delay = {}) = 0;
    /// An answer that comes in pieces: the head, any number of pieces, the end.
    virtual void beginStream(Response head) = 0;
    virtual void send(std::string piece) = 0;
    virtual void endStream() = 0;

    /// The handler's own, kept from one of its calls to the next.
    std::shared_ptr<void> context;

protected:
    Exchange(RequestHead head, std::stop_token gone) : m_head(std::move(head)), m_gone(std::move(gone)) {}

private:
    RequestHead m_head;
    std::stop_token m_gone;
};

/// What is done with requests. Called in the network thread, where nothing may wait.
class HttpHandler {
public:
    virtual ~HttpHandler() = default;
    /// A head has come, and its body has not been read.
    virtual void onHead(std::shared_ptr<Exchange> exchange) = 0;
    virtual void onBody(std::shared_ptr<Exchange> exchange, std::string body) = 0;
    /// The answer to what is not HTTP, too large or too slow; the connection ends with it.
    [[nodiscard]] virtual Response onBroken(int status, const std::string& remote) = 0;
};

/// "Not Found" of 404.
[[nodiscard]] std::string_view reasonOf(int status);

} // namespace hearth::server
