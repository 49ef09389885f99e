#pragma once

#include <QtCore/QObject>

#include "tests/hub/local_hub.h"

class QTcpServer;

namespace hearth::test {

/// A port of the local hub, plain or with TLS. Inside of tests/hub.
class HubListener : public QObject {
public:
    HubListener(LocalHub& hub, const LocalHub::Options& options, const TestCertificates& certificates);
    [[nodiscard]] int port() const;

private:
    QTcpServer* m_server;
};

} // namespace hearth::test
