#include "engine/hub/http.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <QtCore/QTimer>
#include <QtNetwork/QHostInfo>
#include <QtNetwork/QNetworkCookie>
#include <QtNetwork/QNetworkCookieJar>
#include <QtNetwork/QNetworkReply>

#include "engine/hub/endpoint.h"
#include "engine/hub/headers.h"

namespace hearth::hub {

namespace {

constexpr int kMaxRedirects = 10;
constexpr qint64 kMaxRedirectBody = 64 << 10;

Error failure(const char* code, const QString& detail, const QUrl& url) {
    return Error{code, detail.toStdString()}.with("host", url.host().toStdString());
}

Error transportError(const QNetworkReply& reply) {
    const char* code = "hub.network";
    switch (reply.error()) {
    case QNetworkReply::SslHandshakeFailedError:
        code = "hub.tls";
        break;
    case QNetworkReply::HostNotFoundError:
        code = "hub.host_not_found";
        break;
    case QNetworkReply::ConnectionRefusedError:
        code = "hub.connection_refused";
        break;
    case QNetworkReply::TimeoutError:
    case QNetworkReply::OperationCanceledError: // by the time limit; our own cancelling is silent
        code = "hub.timeout";
        break;
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::TemporaryNetworkFailureError:
    case QNetworkReply::NetworkSessionFailedError:
    case QNetworkReply::UnknownNetworkError:
        code = "hub.connection_lost";
        break;
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
    case QNetworkReply::UnknownProxyError:
        code = "hub.proxy";
        break;
    default:
        break;
    }
    const QString where = reply.url().adjusted(QUrl::RemoveUserInfo).authority(); // with the port, if named
    return failure(code, where + QLatin1String(": ") + reply.errorString(), reply.url());
}

bool isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Cookies of a hub are nobody's business: none are kept or sent.
class NoCookies final : public QNetworkCookieJar {
public:
    QList<QNetworkCookie> cookiesForUrl(const QUrl&) const override { return {}; }
    bool setCookiesFromUrl(const QList<QNetworkCookie>&, const QUrl&) override { return false; }
};

/// What the system and the environment (http_proxy, no_proxy) say; this machine needs no proxy.
class SystemProxies final : public QNetworkProxyFactory {
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery& query) override {
        if (isThisMachine(query.peerHostName()))
            return {QNetworkProxy(QNetworkProxy::NoProxy)};
        return systemProxyForQuery(query);
    }
};

} // namespace

std::string HttpHead::field(std::string_view name) const {
    for (const auto& [key, value] : fields)
        if (key == name)
            return value;
    return {};
}

HttpCall::HttpCall(HttpClient& client, HttpRequest request)
    : QObject(&client), m_client(client), m_request(std::move(request)) {
    QTimer::singleShot(0, this, [this] { send(m_request.url); });
}

HttpCall::~HttpCall() {
    drop();
}

void HttpCall::drop() {
    QNetworkReply* reply = std::exchange(m_reply, nullptr);
    if (!reply)
        return;
    reply->disconnect(this);
    if (reply->isFinished())
        return reply->deleteLater();
    // One of the reply's own signals may be what leads here, so it is left in peace until that is over.
    QMetaObject::invokeMethod(
        reply,
        [reply] {
            reply->abort();
            reply->deleteLater();
        },
        Qt::QueuedConnection);
}

void HttpCall::cancel() {
    m_ended = true; // the callbacks stay: one of them may be what calls this
    drop();
    deleteLater();
}

qint64 HttpCall::available() const {
    return m_reply && m_hadHead ? m_reply->bytesAvailable() : 0;
}

QByteArray HttpCall::read(qint64 most) {
    if (!m_reply)
        return {};
    QByteArray bytes = m_reply->read(most);
    if (m_allHere && m_reply->bytesAvailable() == 0) {
        m_allHere = false;
        QTimer::singleShot(0, this, [this] { end(std::move(m_lastError)); });
    }
    return bytes;
}

void HttpCall::send(const QUrl& url) {
    if (m_ended)
        return;
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    // One connection for each range, which HTTP/2 would put into one.
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setSslConfiguration(m_client.m_options.tls);
    if (m_request.timeout.count() > 0)
        request.setTransferTimeout(static_cast<int>(m_request.timeout.count()));
    request.setRawHeader("User-Agent", m_client.m_options.userAgent);
    request.setRawHeader("Accept-Encoding", "identity"); // also keeps Qt from unpacking anything
    for (const auto& [name, value] : m_request.fields)
        request.setRawHeader(name, value);
    m_head.hadToken = false;
    const QString origin = originOf(url);
    const bool sealed = url.scheme() == QLatin1String("https") || isThisMachine(url.host());
    if (m_client.m_options.token && sealed && origin == originOf(m_request.endpoint)) {
        if (const QByteArray token = m_client.m_options.token(origin); !token.isEmpty()) {
            request.setRawHeader("Authorization", "Bearer " + token);
            m_head.hadToken = true;
        }
    }
    auto& manager = m_client.m_manager;
    m_reply = m_request.method == "POST"   ? manager.post(request, m_request.body)
              : m_request.method == "HEAD" ? manager.head(request)
                                           : manager.get(request);
    if (m_request.readBuffer > 0)
        m_reply->setReadBufferSize(m_request.readBuffer);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &HttpCall::headArrived);
    connect(m_reply, &QNetworkReply::readyRead, this, [this] {
        if (!m_next.isEmpty())
            m_reply->readAll(); // the body of a redirect
        else if (m_hadHead && onData)
            onData();
    });
    connect(m_reply, &QNetworkReply::finished, this, &HttpCall::finished);
}

void HttpCall::headArrived() {
    if (m_hadHead || m_ended || !m_next.isEmpty())
        return;
    m_head.status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (m_head.status == 0)
        return;
    m_head.url = m_reply->url();
    m_head.fields.clear();
    for (const auto& [name, value] : m_reply->rawHeaderPairs())
        m_head.fields.emplace_back(name.toLower().toStdString(), value.toStdString());
    if (const std::string location = m_head.field("location");
        isRedirect(m_head.status) && !location.empty()) {
        const QUrl target = m_head.url.resolved(QUrl(QString::fromStdString(location)));
        const bool elsewhere = originOf(target) != originOf(m_head.url);
        if (!(m_request.onlyRelativeRedirects && elsewhere)) {
            m_next = target.isValid() ? target : QUrl(QStringLiteral("invalid:"));
            // A short body lets the connection live on; a long one is not worth it.
            const auto length = parseNumber(m_head.field("content-length"));
            if (!length || *length > static_cast<std::uint64_t>(kMaxRedirectBody)) {
                drop();
                QTimer::singleShot(0, this, [this] { follow(m_next); });
            }
            return;
        }
    }
    m_hadHead = true;
    if (onHead)
        onHead(m_head);
}

void HttpCall::finished() {
    if (m_ended || !m_reply)
        return;
    headArrived(); // an answer without a body may finish first
    if (m_ended || !m_reply)
        return;
    if (!m_next.isEmpty()) {
        drop();
        follow(m_next);
        return;
    }
    // Qt calls a status of 400 and above an error; here it is an answer.
    const bool answered = m_hadHead && m_head.status >= 400;
    if (m_reply->error() != QNetworkReply::NoError && !answered)
        m_lastError = transportError(*m_reply);
    else if (!m_hadHead)
        m_lastError = failure("hub.connection_lost", QStringLiteral("no answer"), m_reply->url());
    // Before any answer, what breaks is the way that the person chose.
    const auto& proxy = m_client.m_options.proxy;
    if (m_lastError && !m_hadHead && proxy && proxy->type() != QNetworkProxy::NoProxy &&
        (m_lastError->code == "hub.connection_lost" || m_lastError->code == "hub.connection_refused"))
        m_lastError->code = "hub.proxy";
    if (m_request.readBuffer > 0 && m_hadHead && m_reply->bytesAvailable() > 0) {
        m_allHere = true;
        if (onData)
            onData();
        return;
    }
    end(std::move(m_lastError));
}

void HttpCall::follow(QUrl target) {
    if (m_ended)
        return;
    const QUrl from = m_head.url;
    m_next.clear();
    if (++m_redirects > kMaxRedirects)
        return end(failure(
            "hub.too_many_redirects",
            QStringLiteral("%1 redirects, the last one to %2").arg(m_redirects).arg(target.host()), from));
    if (from.scheme() == QLatin1String("https") && target.scheme() == QLatin1String("http"))
        return end(failure("hub.insecure_redirect",
                           from.host() + QLatin1String(" redirects to ") + target.host() +
                               QLatin1String(" without encryption"),
                           target));
    if ((target.scheme() != QLatin1String("https") && target.scheme() != QLatin1String("http")) ||
        target.host().isEmpty() || !target.userInfo().isEmpty())
        return end(failure("hub.bad_redirect", from.host() + QLatin1String(" redirects to no usable address"),
                           from));
    // A 303 asks for a GET; bodies are only ever sent to the hub itself.
    if (m_request.method == "POST" && originOf(target) != originOf(from))
        return end(failure("hub.bad_redirect", from.host() + QLatin1String(" redirects a question elsewhere"),
                           from));
    if (target.host().compare(m_request.endpoint.host(), Qt::CaseInsensitive) == 0 ||
        target.host().compare(from.host(), Qt::CaseInsensitive) == 0)
        return send(target);
    const auto refuse = [this, target, from] {
        end(failure("hub.private_redirect",
                    from.host() + QLatin1String(" redirects to ") + target.host() +
                        QLatin1String(", a private address"),
                    target));
    };
    if (isPrivateName(target.host()))
        return refuse();
    if (!QHostAddress(target.host()).isNull() ||
        (m_client.m_options.proxy && m_client.m_options.proxy->type() != QNetworkProxy::NoProxy))
        return send(target); // a public address, or one that the proxy looks up
    m_client.lookup(target.host(), this, [this, target, refuse](const QList<QHostAddress>& addresses) {
        if (m_ended)
            return;
        if (std::any_of(addresses.begin(), addresses.end(), isPrivateAddress))
            return refuse();
        send(target);
    });
}

void HttpCall::end(std::optional<Error> error) {
    if (m_ended)
        return;
    m_ended = true;
    if (onEnd)
        onEnd(std::move(error));
    deleteLater();
}

HttpClient::HttpClient(HttpOptions options, QObject* parent)
    : QObject(parent), m_options(std::move(options)) {
    m_options.tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    m_manager.setCookieJar(new NoCookies);
    m_manager.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    setProxy(m_options.proxy);
}

HttpClient::~HttpClient() {
    // Calls end before the manager that carries them.
    const QObjectList calls = children();
    qDeleteAll(calls);
}

void HttpClient::setProxy(std::optional<QNetworkProxy> proxy) {
    m_options.proxy = std::move(proxy);
    if (m_options.proxy)
        m_manager.setProxy(*m_options.proxy);
    else
        m_manager.setProxyFactory(new SystemProxies);
}

HttpCall* HttpClient::start(HttpRequest request) {
    return new HttpCall(*this, std::move(request));
}

QPointer<HttpCall> HttpClient::fetch(HttpRequest request, qint64 most,
                                     std::function<void(Result<HttpAnswer>)> done) {
    if (request.timeout.count() == 0)
        request.timeout = m_options.answerTimeout;
    const QUrl url = request.url;
    HttpCall* call = start(std::move(request));
    auto answer = std::make_shared<HttpAnswer>();
    const auto gather = [call, answer, most] {
        answer->body += call->read(most + 1 - static_cast<qint64>(answer->body.size())).toStdString();
        return static_cast<qint64>(answer->body.size()) <= most;
    };
    const auto tooLarge = [url, most] {
        return failure("hub.answer_too_large", QStringLiteral("more than %1 bytes").arg(most), url);
    };
    call->onHead = [answer](const HttpHead& head) { answer->head = head; };
    call->onData = [call, gather, tooLarge, done] {
        if (gather())
            return;
        const auto report = done;
        call->cancel();
        report(tl::unexpected<Error>(tooLarge()));
    };
    call->onEnd = [gather, tooLarge, answer, done](std::optional<Error> error) {
        const bool fits = gather();
        if (error)
            done(tl::unexpected<Error>(std::move(*error)));
        else if (!fits)
            done(tl::unexpected<Error>(tooLarge()));
        else
            done(std::move(*answer));
    };
    return call;
}

void HttpClient::lookup(const QString& host, QObject* context,
                        std::function<void(QList<QHostAddress>)> then) {
    if (m_options.lookup) {
        m_options.lookup(host, std::move(then));
        return;
    }
    QHostInfo::lookupHost(host, context,
                          [then = std::move(then)](const QHostInfo& info) { then(info.addresses()); });
}

Error errorOf(const HttpHead& head, std::chrono::system_clock::time_point now) {
    const std::string named = head.field("x-error-code");
    std::string code = "hub.unexpected_status";
    if (named == "RepoNotFound" && (head.hadToken || head.status == 404))
        code = "hub.repository_not_found";
    else if (named == "RevisionNotFound")
        code = "hub.revision_not_found";
    else if (named == "EntryNotFound")
        code = "hub.file_not_found";
    else if (named == "GatedRepo")
        code = "hub.gated";
    else if (head.status == 401)
        code = head.hadToken ? "hub.token_refused" : "hub.needs_token";
    else if (head.status == 403)
        code = "hub.forbidden";
    else if (head.status == 404)
        code = "hub.file_not_found";
    else if (head.status == 429)
        code = "hub.busy";
    else if (head.status == 408 || head.status >= 500)
        code = "hub.server_error";
    const std::string host = head.url.host().toStdString();
    Error error = Error{code, host + " answers with status " + std::to_string(head.status)}
                      .with("status", std::to_string(head.status))
                      .with("host", host);
    if (code != "hub.busy" && code != "hub.server_error")
        return error;
    std::optional<std::chrono::seconds> wait;
    if (const auto limit = parseRateLimit(head.field("ratelimit")); limit && limit->remaining == 0)
        wait = limit->reset + std::chrono::seconds(1);
    else if (const auto after = parseRetryAfter(head.field("retry-after"), now))
        wait = after;
    if (wait)
        error.args.emplace_back("seconds", std::to_string(wait->count()));
    return error;
}

bool isTransient(const Error& error) {
    constexpr std::array<std::string_view, 9> kCodes{"hub.host_not_found",
                                                     "hub.connection_refused",
                                                     "hub.connection_lost",
                                                     "hub.timeout",
                                                     "hub.stalled",
                                                     "hub.cut_short",
                                                     "hub.busy",
                                                     "hub.server_error",
                                                     "hub.proxy"};
    return std::find(kCodes.begin(), kCodes.end(), error.code) != kCodes.end();
}

} // namespace hearth::hub
