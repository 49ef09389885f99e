#include "tests/hub/hub_listener.h"

#include <algorithm>

#include <QtCore/QTimer>
#include <QtNetwork/QSslConfiguration>
#include <QtNetwork/QSslKey>
#include <QtNetwork/QSslServer>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>

namespace hearth::test {

namespace {

QByteArray reason(int status) {
    return status == 200 ? "OK" : status == 206 ? "Partial Content" : status < 400 ? "Found" : "Error";
}

} // namespace

/// One connection with its requests, one after the other. Deletes itself.
class HubConnection : public QObject {
public:
    HubConnection(LocalHub& hub, QTcpSocket* socket, int port, QObject* parent)
        : QObject(parent), m_hub(hub), m_socket(socket), m_port(port) {
        socket->setParent(this);
        connect(socket, &QTcpSocket::readyRead, this, [this] { read(); });
        connect(socket, &QTcpSocket::disconnected, this, [this] { deleteLater(); });
        // Not from inside of write(), which a socket with TLS may signal from.
        connect(
            socket, &QTcpSocket::bytesWritten, this, [this] { more(); }, Qt::QueuedConnection);
        read();
    }

private:
    void read() {
        m_buffer += m_socket->readAll();
        if (m_busy)
            return;
        const qsizetype end = m_buffer.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        HubRequest request;
        const QList<QByteArray> lines = m_buffer.left(end).split('\n');
        const QList<QByteArray> words = lines.first().trimmed().split(' ');
        if (words.size() != 3)
            return m_socket->abort();
        request.method = words[0];
        const QUrl url = QUrl::fromEncoded(words[1]);
        request.path = url.path(QUrl::FullyDecoded);
        request.query = url.query(QUrl::FullyEncoded);
        request.port = m_port;
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const qsizetype colon = lines[i].indexOf(':');
            if (colon > 0)
                request.fields[lines[i].left(colon).trimmed().toLower()] = lines[i].mid(colon + 1).trimmed();
        }
        const qsizetype length = request.field("content-length").toLongLong();
        if (m_buffer.size() < end + 4 + length)
            return;
        request.body = m_buffer.mid(end + 4, length);
        m_buffer.remove(0, end + 4 + length);
        m_busy = true;
        const bool head = request.method == "HEAD";
        m_answer = m_hub.answer(request);
        send(head);
    }

    void send(bool head) {
        QByteArray out =
            "HTTP/1.1 " + QByteArray::number(m_answer.status) + " " + reason(m_answer.status) + "\r\n";
        for (const auto& [name, value] : m_answer.fields)
            out += name + ": " + value + "\r\n";
        m_close = !m_answer.sendLength;
        if (m_answer.sendLength)
            out += "Content-Length: " + QByteArray::number(m_answer.length.value_or(m_answer.body.size())) +
                   "\r\n";
        else
            out += "Connection: close\r\n";
        m_socket->write(out + "\r\n");
        m_sent = 0;
        if (head)
            m_answer.body.clear();
        if (m_answer.body.isEmpty())
            return done();
        more();
    }

    /// Writes on while there is little waiting.
    void more() {
        if (!m_busy || m_answer.body.isEmpty() || m_paused)
            return;
        const bool slow = m_answer.then == Fault::Slow;
        const qint64 end = slow || m_answer.stopAt < 0
                               ? m_answer.body.size()
                               : std::min<qint64>(m_answer.stopAt, m_answer.body.size());
        while (m_sent < end && m_socket->bytesToWrite() < (256 << 10)) {
            const qint64 step = std::min<qint64>(slow ? m_answer.stopAt : 64 << 10, end - m_sent);
            m_socket->write(m_answer.body.constData() + m_sent, step);
            m_sent += step;
            m_hub.m_bytesSent += static_cast<std::uint64_t>(step);
            if (slow) {
                m_paused = true;
                QTimer::singleShot(2, this, [this] {
                    m_paused = false;
                    more();
                });
                break;
            }
        }
        if (m_sent < end || m_paused)
            return;
        if (m_answer.then == Fault::Stall)
            return; // for ever
        if (m_answer.then == Fault::Reset) {
            m_socket->flush();
            m_paused = true;
            QTimer::singleShot(0, this, [this] { m_socket->abort(); });
            return;
        }
        done();
    }

    void done() {
        const bool shortened = m_answer.then == Fault::Short || m_close ||
                               (m_answer.length && *m_answer.length > m_answer.body.size());
        m_answer = {};
        m_busy = false;
        if (shortened) {
            m_socket->disconnectFromHost();
            return;
        }
        if (!m_buffer.isEmpty())
            QTimer::singleShot(0, this, [this] { read(); });
    }

    LocalHub& m_hub;
    QTcpSocket* m_socket;
    int m_port;
    QByteArray m_buffer;
    LocalHub::Answer m_answer;
    qint64 m_sent = 0;
    bool m_busy = false, m_close = false, m_paused = false;
};

HubListener::HubListener(LocalHub& hub, const LocalHub::Options& options,
                         const TestCertificates& certificates) {
    if (options.tls) {
        auto* secure = new QSslServer(this);
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setLocalCertificate(QSslCertificate(certificates.server));
        configuration.setPrivateKey(QSslKey(certificates.key, QSsl::Ec));
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone); // of the client, which shows none
        secure->setSslConfiguration(configuration);
        m_server = secure;
    } else {
        m_server = new QTcpServer(this);
    }
    m_server->listen(QHostAddress::LocalHost);
    connect(m_server, &QTcpServer::pendingConnectionAvailable, this, [this, &hub] {
        while (QTcpSocket* socket = m_server->nextPendingConnection())
            new HubConnection(hub, socket, port(), this);
    });
}

int HubListener::port() const {
    return m_server->serverPort();
}

} // namespace hearth::test
