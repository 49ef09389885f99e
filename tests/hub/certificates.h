#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QString>

namespace hearth::test {

/// Certificates made for one run of the tests: an authority of their own, and a server's.
struct TestCertificates {
    QByteArray authority;   ///< PEM
    QByteArray server, key; ///< PEM
};

struct CertificateOptions {
    QString address = QStringLiteral("127.0.0.1"); ///< that the server's certificate is good for
    bool expired = false;
};

[[nodiscard]] TestCertificates makeCertificates(const CertificateOptions& options = {});

} // namespace hearth::test
