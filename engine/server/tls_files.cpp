#include "engine/server/tls_files.h"

#include <cstdio>
#include <ctime>
#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "engine/base/utc_time.h"
#include "engine/security/crypto/openssl_handles.h"

namespace hearth::server {

namespace {

using security::FreeWith;
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using Key = security::KeyHandle;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;

tl::unexpected<Error> problem(const char* code, const std::filesystem::path& path, const std::string& why) {
    security::forgetLibraryErrors();
    return tl::unexpected<Error>(
        Error{code, (path.empty() ? std::string() : path.string() + " ") + why}.with("path", path.string()));
}

Bio open(const std::filesystem::path& path) {
    std::error_code ignored;
    if (path.empty() || std::filesystem::is_directory(path, ignored))
        return nullptr;
    return Bio(BIO_new_file(path.c_str(), "rb"));
}

/// No password is ever asked for: the program would stand still at a terminal that nobody sees.
int noPassword(char*, int, int, void*) {
    return -1;
}

std::string textOf(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    return utcText(::timegm(&parts));
}

} // namespace

Result<void> checkTlsFiles(const std::filesystem::path& certificatePath, const std::filesystem::path& keyPath,
                           std::optional<std::int64_t> now) {
    const Bio certificateFile = open(certificatePath);
    if (!certificateFile)
        return problem("server.certificate_missing", certificatePath,
                       certificatePath.empty() ? "no certificate belongs to the private key"
                                               : "cannot be opened");
    const Bio keyFile = open(keyPath);
    if (!keyFile)
        return problem("server.private_key_missing", keyPath,
                       keyPath.empty() ? "no private key belongs to the certificate" : "cannot be opened");
    const Certificate certificate(PEM_read_bio_X509(certificateFile.get(), nullptr, noPassword, nullptr));
    if (!certificate)
        return problem("server.certificate_unreadable", certificatePath, "holds no certificate in PEM form");
    const Key key(PEM_read_bio_PrivateKey(keyFile.get(), nullptr, noPassword, nullptr));
    if (!key)
        return problem("server.private_key_unreadable", keyPath,
                       "holds no private key in PEM form that opens without a password");
    if (X509_check_private_key(certificate.get(), key.get()) != 1)
        return problem("server.certificate_mismatch", keyPath,
                       "is not the private key of " + certificatePath.string());
    std::time_t today = static_cast<std::time_t>(now ? *now : std::time(nullptr));
    const ASN1_TIME* end = X509_get0_notAfter(certificate.get());
    if (X509_cmp_time(end, &today) < 0) {
        auto expired =
            problem("server.certificate_expired", certificatePath, "has expired on " + textOf(end));
        expired.value().args.emplace_back("since", textOf(end));
        return expired;
    }
    const ASN1_TIME* begin = X509_get0_notBefore(certificate.get());
    if (X509_cmp_time(begin, &today) > 0) {
        auto early = problem("server.certificate_early", certificatePath, "is good from " + textOf(begin));
        early.value().args.emplace_back("from", textOf(begin));
        return early;
    }
    return {};
}

} // namespace hearth::server
