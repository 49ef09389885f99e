#include "tests/hub/local_hub.h"

#include <random>

#include <QtCore/QCryptographicHash>

#include "tests/hub/hub_listener.h"

namespace hearth::test {

LocalHub::LocalHub(Options options) : m_options(std::move(options)) {
    if (m_options.tls)
        m_certificates = makeCertificates(m_options.certificate);
    auto* context = new QObject;
    context->moveToThread(&m_thread);
    m_listeners.push_back(context);
    m_thread.start();
    QMetaObject::invokeMethod(
        context,
        [this] {
            auto* hub = new HubListener(*this, m_options, m_certificates);
            auto* blobs = new HubListener(*this, m_options, m_certificates);
            m_port = hub->port();
            m_blobPort = blobs->port();
            m_listeners.push_back(hub);
            m_listeners.push_back(blobs);
        },
        Qt::BlockingQueuedConnection);
}

LocalHub::~LocalHub() {
    QMetaObject::invokeMethod(
        m_listeners.front(),
        [this] {
            for (std::size_t i = 1; i < m_listeners.size(); ++i)
                delete m_listeners[i];
        },
        Qt::BlockingQueuedConnection);
    m_listeners.front()->deleteLater();
    m_thread.quit();
    m_thread.wait();
}

QUrl LocalHub::url() const {
    return QUrl(QStringLiteral("%1://127.0.0.1:%2")
                    .arg(m_options.tls ? QStringLiteral("https") : QStringLiteral("http"))
                    .arg(m_port));
}

QSslCertificate LocalHub::authority() const {
    return QSslCertificate(m_certificates.authority);
}

void LocalHub::add(const std::string& name, Repository repository) {
    const std::lock_guard lock(m_mutex);
    m_hashes.clear();
    m_repositories[name] = std::move(repository);
}
void LocalHub::remove(const std::string& name) {
    const std::lock_guard lock(m_mutex);
    m_hashes.clear();
    m_repositories.erase(name);
}
void LocalHub::setFaults(std::function<Fault(const HubRequest&)> faults) {
    const std::lock_guard lock(m_mutex);
    m_faults = std::move(faults);
}
void LocalHub::setEndlessPages(bool endless) {
    const std::lock_guard lock(m_mutex);
    m_endless = endless;
}
void LocalHub::setPageSize(int models) {
    const std::lock_guard lock(m_mutex);
    m_pageSize = models;
}
void LocalHub::expireBlobs() {
    const std::lock_guard lock(m_mutex);
    ++m_signature;
}
std::vector<HubRequest> LocalHub::requests() const {
    const std::lock_guard lock(m_mutex);
    return m_requests;
}
void LocalHub::forgetRequests() {
    const std::lock_guard lock(m_mutex);
    m_requests.clear();
}

void LocalHub::sendSlowly(qint64 step) {
    setFaults([step](const HubRequest& request) {
        Fault fault;
        if (request.isBytes()) {
            fault.kind = Fault::Slow;
            fault.at = step;
        }
        return fault;
    });
}

std::string LocalHub::hashOf(const QByteArray& bytes) {
    std::string& hash = m_hashes[bytes.constData()];
    if (hash.empty())
        hash = sha256Of(bytes);
    return hash;
}

std::string sha256Of(const QByteArray& bytes) {
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().toStdString();
}

std::string gitSha1Of(const QByteArray& bytes) {
    QByteArray whole = "blob " + QByteArray::number(bytes.size());
    whole.append('\0');
    return QCryptographicHash::hash(QByteArray(whole + bytes), QCryptographicHash::Sha1)
        .toHex()
        .toStdString();
}

QByteArray someBytes(qsizetype count, unsigned seed) {
    QByteArray out(count, Qt::Uninitialized);
    std::mt19937 random(seed);
    for (char& c : out)
        c = static_cast<char>(random());
    return out;
}

} // namespace hearth::test
