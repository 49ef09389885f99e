#include "gui/shell/single_instance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QLocalSocket>
#include <QTimer>

namespace hearth::gui {

namespace {

constexpr int kConnectMs = 200, kSendMs = 300, kReadMs = 2000;

QString meetingPlace(const QString& dataFolder) {
    const QFileInfo folder(dataFolder);
    const QString path = folder.exists() ? folder.canonicalFilePath() : folder.absoluteFilePath();
    const QByteArray identity = (QDir::homePath() + QLatin1Char('\n') + path).toUtf8();
    const QByteArray digest = QCryptographicHash::hash(identity, QCryptographicHash::Sha256).toHex().left(16);
    return QStringLiteral("hearth-") + QString::fromLatin1(digest);
}

} // namespace

SingleInstance::SingleInstance(const QString& dataFolder, QObject* parent)
    : QObject(parent), m_name(meetingPlace(dataFolder)) {
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::accept);
}

bool SingleInstance::handOver(const QString& modelFile) const {
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(kConnectMs))
        return false;
    const QString file = modelFile.isEmpty() ? QString() : QFileInfo(modelFile).absoluteFilePath();
    socket.write(file.toUtf8() + '\n');
    if (!socket.waitForBytesWritten(kSendMs))
        return false;
    // The answer tells a living copy from a socket that a crashed one left with somebody else behind it.
    return socket.waitForReadyRead(kSendMs) && socket.readAll().startsWith("ok");
}

bool SingleInstance::listen() {
    if (m_server.listen(m_name))
        return true;
    // A crashed copy leaves its socket file; nobody answered on it, so it may go.
    QLocalServer::removeServer(m_name);
    return m_server.listen(m_name);
}

void SingleInstance::accept() {
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        socket->setParent(this);
        socket->setReadBufferSize(kMaxRequest);
        QTimer::singleShot(kReadMs, socket, &QObject::deleteLater); // a silent visitor is shown out
        const auto read = [this, socket] {
            if (!socket->canReadLine()) {
                if (socket->bytesAvailable() >= kMaxRequest)
                    socket->deleteLater();
                return;
            }
            const QString file = QString::fromUtf8(socket->readLine(kMaxRequest)).trimmed();
            socket->write("ok\n");
            socket->flush();
            socket->disconnectFromServer();
            if (file.isEmpty() || QFileInfo(file).isAbsolute())
                Q_EMIT started(file);
        };
        connect(socket, &QLocalSocket::readyRead, this, read);
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        if (socket->bytesAvailable() > 0)
            read();
    }
}

} // namespace hearth::gui
