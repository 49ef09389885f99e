#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <QtCore/QByteArray>
#include <QtCore/QObject>
#include <QtCore/QPointer>
#include <QtCore/QUrl>
#include <QtNetwork/QHostAddress>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkProxy>
#include <QtNetwork/QSslConfiguration>

#include "engine/base/error.h"

class QNetworkReply;

namespace hearth::hub {

/// How this program speaks to hubs.
struct HttpOptions {
    /// Certificates that count; verification itself cannot be turned off.
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    /// nullopt = what the system and the environment say.
    std::optional<QNetworkProxy> proxy;
    QByteArray userAgent = "hearth";
    std::chrono::milliseconds answerTimeout{30'000}; ///< without a byte, for answers that are read whole
    /// The token for an origin (endpoint.h: originOf), or empty. Asked for every request.
    std::function<QByteArray(const QString& origin)> token;
    /// Addresses of a host, for judging redirects; empty = ask the system.
    std::function<void(const QString& host, std::function<void(QList<QHostAddress>)>)> lookup;
};

/// The head of an answer, after all redirects. Names of fields are in lower case.
struct HttpHead {
    int status = 0;
    QUrl url; ///< of the request that was answered
    std::vector<std::pair<std::string, std::string>> fields;
    bool hadToken = false; ///< the token went along with the last request
    [[nodiscard]] std::string field(std::string_view name) const; ///< "" when absent
};
struct HttpAnswer {
    HttpHead head;
    std::string body;
};

struct HttpRequest {
    QByteArray method = QByteArrayLiteral("GET");
    QUrl url;
    QUrl endpoint; ///< that the person chose: its token may go to its origin, and redirects may stay on it
    std::vector<std::pair<QByteArray, QByteArray>> fields;
    QByteArray body;
    bool onlyRelativeRedirects = false; ///< one to another host is the answer
    qint64 readBuffer = 0; ///< bytes that may wait unread; 0 = any number. With one, the end waits for them
    std::chrono::milliseconds timeout{0}; ///< without a byte; 0 = none
};

/// One request with its redirects. Owned by its HttpClient, which must outlive it; gone after its end or
/// cancel(). Callbacks run in the thread of the client; they may cancel().
///
/// A redirect is refused from https to http, to a private address or name that is not the chosen host, to
/// another scheme, and after ten of them. Tokens and cookies never cross an origin.
/// Errors of onEnd: hub.insecure_redirect, hub.private_redirect, hub.bad_redirect, hub.too_many_redirects
/// (arg host), hub.tls, hub.host_not_found, hub.connection_refused, hub.connection_lost, hub.timeout,
/// hub.proxy, hub.network.
class HttpCall : public QObject {
public:
    std::function<void(const HttpHead&)> onHead;
    std::function<void()> onData;                    ///< bytes can be read
    std::function<void(std::optional<Error>)> onEnd; ///< once; what was not read is still there during it

    [[nodiscard]] qint64 available() const;
    [[nodiscard]] QByteArray read(qint64 most);
    void cancel(); ///< no callback comes afterwards

    ~HttpCall() override;

private:
    friend class HttpClient;
    HttpCall(class HttpClient& client, HttpRequest request);
    void send(const QUrl& url);
    void headArrived();
    void finished();
    void follow(QUrl target);
    void end(std::optional<Error> error);
    void drop();

    class HttpClient& m_client;
    HttpRequest m_request;
    QNetworkReply* m_reply = nullptr;
    HttpHead m_head;
    QUrl m_next;
    int m_redirects = 0;
    bool m_hadHead = false, m_ended = false;
    bool m_allHere = false; ///< nothing more comes, but something is unread
    std::optional<Error> m_lastError;
};

/// Sends requests. Confined to one thread with an event loop.
class HttpClient : public QObject {
public:
    explicit HttpClient(HttpOptions options, QObject* parent = nullptr);
    ~HttpClient() override;

    /// The callbacks are to be set before control returns to the event loop.
    HttpCall* start(HttpRequest request);
    /// Reads the whole answer, whatever its status. Errors: of HttpCall, hub.answer_too_large. The request is
    /// stopped by cancelling the returned call, if it is still there.
    QPointer<HttpCall> fetch(HttpRequest request, qint64 most, std::function<void(Result<HttpAnswer>)> done);

    [[nodiscard]] const HttpOptions& options() const { return m_options; }
    void setProxy(std::optional<QNetworkProxy> proxy);
    void setTokens(std::function<QByteArray(const QString& origin)> token) {
        m_options.token = std::move(token);
    }

private:
    friend class HttpCall;
    void lookup(const QString& host, QObject* context, std::function<void(QList<QHostAddress>)> then);
    HttpOptions m_options;
    QNetworkAccessManager m_manager;
};

/// The error that an answer of status 400 and above stands for, by its X-Error-Code where it has one:
/// hub.repository_not_found, hub.revision_not_found, hub.file_not_found, hub.gated, hub.needs_token (401
/// without one: private, or missing), hub.token_refused, hub.forbidden, hub.busy (429; arg seconds when it
/// says how long), hub.server_error (408, 5xx), hub.unexpected_status (all with args status, host).
[[nodiscard]] Error errorOf(const HttpHead& head, std::chrono::system_clock::time_point now);

/// Whether trying again later may help: connections, time-outs, busy and failing servers.
[[nodiscard]] bool isTransient(const Error& error);

} // namespace hearth::hub
