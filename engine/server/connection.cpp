#include "engine/server/connection.h"

#include "engine/base/ascii.h"

#include <array>
#include <cstdio>
#include <optional>
#include <type_traits>

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

namespace hearth::server {

namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = net::ip::tcp;
using TlsStream = net::ssl::stream<tcp::socket>;
using std::chrono::milliseconds;

constexpr std::size_t kWatchBytes = 4096;
/// A client that is told off while it still sends gets this long, and this much is read of it, so that the
/// answer reaches it before the connection is reset.
constexpr milliseconds kParting{2000};
constexpr std::size_t kPartingBytes = std::size_t{16} << 20;

enum class Phase {
    Head,     ///< reading a head (and the handshake before it)
    Deciding, ///< the handler looks at the head
    Body,
    Handling,  ///< the handler works on the answer
    Answering, ///< some of the answer is written
    Idle,      ///< between two requests
    Parting,   ///< the last answer is out
    Closed
};

std::string addressOf(const tcp::endpoint& endpoint) {
    const auto address = endpoint.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

int statusOf(const error_code& error) {
    if (error == http::error::header_limit)
        return 431;
    if (error == http::error::body_limit)
        return 413;
    return 400;
}

bool isHttpError(const error_code& error) {
    return error.category() == make_error_code(http::error::bad_value).category();
}

std::string hex(std::size_t number) {
    std::array<char, 20> text{};
    const int size = std::snprintf(text.data(), text.size(), "%zx", number);
    return {text.data(), static_cast<std::size_t>(size)};
}

template <class Stream>
class ConnectionOf final : public Connection, public std::enable_shared_from_this<ConnectionOf<Stream>> {
    static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;
    using Self = std::shared_ptr<ConnectionOf>;

public:
    ConnectionOf(Stream stream, ConnectionParts parts)
        : m_stream(std::move(stream)), m_parts(std::move(parts)), m_deadline(m_stream.get_executor()),
          m_writeDeadline(m_stream.get_executor()), m_delay(m_stream.get_executor()) {}

    void start() override {
        error_code ignored;
        m_local = addressOf(m_stream.lowest_layer().local_endpoint(ignored));
        m_remote = addressOf(m_stream.lowest_layer().remote_endpoint(ignored));
        m_stream.lowest_layer().set_option(tcp::no_delay(true), ignored);
        if constexpr (kTls) {
            setDeadline(m_parts.limits.head);
            m_stream.async_handshake(net::ssl::stream_base::server, [self = me()](error_code error) {
                if (error)
                    self->close();
                else
                    self->readHead();
            });
        } else {
            readHead();
        }
    }

    void finish() override {
        m_last = true;
        switch (m_phase) {
        case Phase::Deciding:
        case Phase::Handling:
        case Phase::Answering:
            m_gone.request_stop();
            m_delay.cancel(); // an answer that was put off comes now
            break;
        case Phase::Parting:
        case Phase::Closed:
            break;
        case Phase::Head:
        case Phase::Body:
        case Phase::Idle:
            close();
        }
    }

    void close() override {
        if (std::exchange(m_phase, Phase::Closed) == Phase::Closed)
            return;
        m_gone.request_stop();
        m_deadline.cancel();
        m_writeDeadline.cancel();
        m_delay.cancel();
        error_code ignored;
        m_stream.lowest_layer().close(ignored);
        m_parts.ended(this);
    }

private:
    class ExchangeOf final : public Exchange, public std::enable_shared_from_this<ExchangeOf> {
    public:
        ExchangeOf(Self owner, RequestHead head)
            : Exchange(std::move(head), owner->m_gone.get_token()), m_owner(std::move(owner)),
              m_number(m_owner->m_number) {}
        ~ExchangeOf() override {
            m_owner->inNetworkThread([owner = m_owner, number = m_number] {
                if (owner->waitsFor(number))
                    owner->answer(owner->m_parts.handler.onBroken(500, owner->m_remote));
            });
        }
        void readBody() override {
            m_owner->inNetworkThread([self = this->shared_from_this()] {
                if (self->m_owner->m_number == self->m_number)
                    self->m_owner->readBody(self);
            });
        }
        void respond(Response response, milliseconds delay) override {
            m_owner->inNetworkThread(
                [owner = m_owner, number = m_number, response = std::move(response), delay]() mutable {
                    if (!owner->waitsFor(number))
                        return;
                    if (delay == milliseconds::zero())
                        owner->answer(response);
                    else
                        owner->answerLater(number, std::move(response), delay);
                });
        }
        void beginStream(Response head) override {
            m_owner->inNetworkThread([owner = m_owner, number = m_number, head = std::move(head)] {
                if (owner->waitsFor(number))
                    owner->beginStream(head);
            });
        }
        void send(std::string piece) override {
            m_owner->inNetworkThread([owner = m_owner, number = m_number, piece = std::move(piece)] {
                if (owner->m_number == number)
                    owner->sendPiece(piece);
            });
        }
        void endStream() override {
            m_owner->inNetworkThread([owner = m_owner, number = m_number] {
                if (owner->m_number == number)
                    owner->endStream();
            });
        }

    private:
        Self m_owner;
        std::uint64_t m_number;
    };

    Self me() { return this->shared_from_this(); }
    template <class Work>
    void inNetworkThread(Work work) {
        net::post(m_stream.get_executor(), std::move(work));
    }
    /// Whether the request with that number is the one in progress and has no answer yet.
    [[nodiscard]] bool waitsFor(std::uint64_t number) const {
        return m_number == number && !m_promised &&
               (m_phase == Phase::Deciding || m_phase == Phase::Handling);
    }

    void setDeadline(milliseconds time) {
        m_deadline.expires_after(time);
        m_deadline.async_wait([self = me()](error_code error) {
            if (!error && self->m_phase != Phase::Closed)
                self->timeIsUp();
        });
    }
    void timeIsUp() {
        if (m_phase == Phase::Head || m_phase == Phase::Body) {
            m_late = true;
            error_code ignored;
            m_stream.lowest_layer().cancel(ignored); // the read in progress ends, and onBroken() answers
        } else {
            close();
        }
    }

    void readHead() {
        m_phase = Phase::Head;
        m_late = false;
        m_parser.emplace();
        m_parser->header_limit(HttpLimits::kHeadBytes);
        m_parser->body_limit(m_parts.limits.bodyBytes);
        setDeadline(m_parts.limits.head);
        http::async_read_header(m_stream, m_buffer, *m_parser,
                                [self = me()](error_code error, std::size_t) { self->onHead(error); });
    }
    void onHead(const error_code& error) {
        if (m_phase != Phase::Head)
            return;
        m_deadline.cancel();
        if (error)
            return broken(error);
        m_phase = Phase::Deciding;
        ++m_number;
        m_gone = std::stop_source();
        m_parts.handler.onHead(std::make_shared<ExchangeOf>(me(), takeHead()));
    }
    RequestHead takeHead() {
        const auto& message = m_parser->get();
        RequestHead head;
        head.method = std::string(message.method_string());
        head.target = std::string(message.target());
        for (const auto& field : message) {
            head.fields.emplace_back(lowerAscii(std::string(field.name_string())),
                                     std::string(field.value()));
        }
        head.local = m_local;
        head.remote = m_remote;
        head.http10 = message.version() < 11;
        m_withoutBody = head.method == "HEAD";
        m_http10 = head.http10;
        m_wantsContinue = !m_http10 && head.value("expect") == "100-continue";
        m_streaming = m_complete = m_promised = false;
        return head;
    }

    void readBody(std::shared_ptr<ExchangeOf> exchange) {
        if (m_phase != Phase::Deciding)
            return;
        m_phase = Phase::Body;
        setDeadline(m_parts.limits.body);
        if (m_wantsContinue && !m_parser->is_done())
            write("HTTP/1.1 100 Continue\r\n\r\n");
        http::async_read(m_stream, m_buffer, *m_parser,
                         [self = me(), kept = std::move(exchange)](error_code error, std::size_t) {
                             self->onBody(error, kept);
                         });
    }
    void onBody(const error_code& error, const std::shared_ptr<ExchangeOf>& exchange) {
        if (m_phase != Phase::Body)
            return;
        m_deadline.cancel();
        if (error)
            return broken(error);
        m_phase = Phase::Handling;
        std::string body = std::move(m_parser->get().body());
        if (m_buffer.size() == 0)
            watch();
        m_parts.handler.onBody(exchange, std::move(body));
    }

    /// Answers what is not a request, where there is still somebody to read it.
    void broken(const error_code& error) {
        if (error == http::error::end_of_stream || (!m_late && !isHttpError(error)))
            return close();
        m_phase = Phase::Handling;
        m_withoutBody = false;
        m_last = true;
        answer(m_parts.handler.onBroken(m_late ? 408 : statusOf(error), m_remote));
    }

    /// Reads on while an answer is made and between requests: to notice that the client has gone, and for
    /// the beginning of its next request.
    void watch() {
        m_watching = true;
        m_stream.async_read_some(
            m_buffer.prepare(kWatchBytes),
            [self = me()](error_code error, std::size_t count) { self->onWatched(error, count); });
    }
    void onWatched(const error_code& error, std::size_t count) {
        m_watching = false;
        if (m_phase == Phase::Closed)
            return;
        if (error)
            return close();
        m_buffer.commit(count);
        if (m_phase == Phase::Idle)
            readHead();
        else if (m_phase == Phase::Parting)
            drain();
    }

    [[nodiscard]] std::string headOf(const Response& response, std::optional<std::size_t> length) {
        m_last = m_last || !m_parser->is_done() || !m_parser->keep_alive() || (!length && m_http10);
        std::string out = (m_http10 ? "HTTP/1.0 " : "HTTP/1.1 ") + std::to_string(response.status) + " " +
                          std::string(reasonOf(response.status)) + "\r\n";
        if (response.status != 204) {
            out += "Content-Type: " + response.contentType + "\r\n";
            if (length)
                out += "Content-Length: " + std::to_string(*length) + "\r\n";
            else if (!m_http10)
                out += "Transfer-Encoding: chunked\r\n";
        }
        for (const auto& [name, value] : response.fields)
            out += name + ": " + value + "\r\n";
        out += m_last ? "Connection: close\r\n" : m_http10 ? "Connection: keep-alive\r\n" : "";
        return out + "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\n";
    }
    void answer(const Response& response) {
        m_phase = Phase::Answering;
        std::string out = headOf(response, response.body.size());
        if (!m_withoutBody && response.status != 204)
            out += response.body;
        m_complete = true;
        write(std::move(out));
    }
    void answerLater(std::uint64_t number, Response response, milliseconds delay) {
        // Whoever brings wrong keys must not hold all connections with that.
        if (m_parts.delayed >= m_parts.limits.connections / 2)
            return answer(response);
        ++m_parts.delayed;
        m_promised = true;
        m_delay.expires_after(delay);
        m_delay.async_wait([self = me(), number, response = std::move(response)](error_code) {
            --self->m_parts.delayed;
            self->m_promised = false;
            if (self->waitsFor(number)) // or the connection was closed meanwhile
                self->answer(response);
        });
    }
    void beginStream(const Response& head) {
        m_phase = Phase::Answering;
        m_streaming = true;
        write(headOf(head, std::nullopt));
    }
    void sendPiece(const std::string& piece) {
        if (m_phase != Phase::Answering || !m_streaming || m_complete || piece.empty())
            return;
        write(m_http10 ? piece : hex(piece.size()) + "\r\n" + piece + "\r\n");
    }
    void endStream() {
        if (m_phase != Phase::Answering || !m_streaming || m_complete)
            return;
        m_complete = true;
        write(m_http10 ? "" : "0\r\n\r\n");
    }

    void write(std::string bytes) {
        m_waiting += bytes;
        if (m_waiting.size() > HttpLimits::kMostQueued)
            return close();
        if (!m_writing)
            writeNext();
    }
    void writeNext() {
        m_writing = true;
        m_current.clear();
        m_current.swap(m_waiting);
        m_writeDeadline.expires_after(m_parts.limits.idle);
        m_writeDeadline.async_wait([self = me()](error_code error) {
            if (!error && self->m_writing)
                self->close();
        });
        net::async_write(m_stream, net::buffer(m_current),
                         [self = me()](error_code error, std::size_t) { self->onWritten(error); });
    }
    void onWritten(const error_code& error) {
        m_writing = false;
        m_writeDeadline.cancel();
        if (m_phase == Phase::Closed)
            return;
        if (error)
            return close();
        if (!m_waiting.empty())
            return writeNext();
        if (m_phase == Phase::Answering && m_complete)
            answered();
    }

    void answered() {
        ++m_number; // whatever still comes from the handler is not for the next request
        if (m_last)
            return part();
        m_phase = Phase::Idle;
        setDeadline(m_parts.limits.idle);
        if (m_watching)
            return;
        if (m_buffer.size() > 0)
            readHead();
        else
            watch();
    }
    void part() {
        m_phase = Phase::Parting;
        setDeadline(kParting);
        if constexpr (kTls) {
            m_stream.async_shutdown([self = me()](error_code) { self->close(); });
        } else {
            error_code ignored;
            m_stream.shutdown(tcp::socket::shutdown_send, ignored);
            if (!m_watching)
                drain();
        }
    }
    void drain() {
        m_drained += m_buffer.size();
        m_buffer.consume(m_buffer.size());
        if (m_drained > kPartingBytes)
            return close();
        watch();
    }

    Stream m_stream;
    ConnectionParts m_parts;
    net::steady_timer m_deadline, m_writeDeadline, m_delay;
    beast::flat_buffer m_buffer{HttpLimits::kHeadBytes + 4 * kWatchBytes};
    std::optional<http::request_parser<http::string_body>> m_parser;
    std::string m_local, m_remote;
    Phase m_phase = Phase::Head;
    std::uint64_t m_number = 0; ///< of the request in progress
    std::stop_source m_gone;
    std::string m_waiting, m_current; ///< to be written; being written
    std::size_t m_drained = 0;
    bool m_writing = false, m_watching = false, m_late = false;
    bool m_last = false; ///< the connection ends with this answer
    bool m_http10 = false, m_withoutBody = false, m_wantsContinue = false;
    bool m_streaming = false, m_complete = false;
    bool m_promised = false; ///< an answer follows after a delay
};

} // namespace

std::shared_ptr<Connection> makeConnection(tcp::socket socket, net::ssl::context* tls,
                                           ConnectionParts parts) {
    if (tls)
        return std::make_shared<ConnectionOf<TlsStream>>(TlsStream(std::move(socket), *tls),
                                                         std::move(parts));
    return std::make_shared<ConnectionOf<tcp::socket>>(std::move(socket), std::move(parts));
}

} // namespace hearth::server
