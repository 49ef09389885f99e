#include "tests/hub/certificates.h"

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "engine/security/crypto/openssl_handles.h"

namespace hearth::test {

namespace {

using security::FreeWith;
using Key = security::KeyHandle;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;

QByteArray textOf(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<qsizetype>(size)};
}

QByteArray pem(X509* certificate) {
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(bio.get(), certificate);
    return textOf(bio.get());
}

QByteArray pem(EVP_PKEY* key) {
    const Bio bio(BIO_new(BIO_s_mem()));
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return textOf(bio.get());
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    if (extension)
        X509_add_ext(certificate, extension.get(), -1);
}

Certificate make(EVP_PKEY* key, const char* name, int serial, long from, long to) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), to);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
    return certificate;
}

} // namespace

TestCertificates makeCertificates(const CertificateOptions& options) {
    constexpr long kDay = 86'400;
    const Key rootKey(EVP_EC_gen("P-256")), key(EVP_EC_gen("P-256"));
    const Certificate root = make(rootKey.get(), "Hearth tests", 1, -kDay, kDay);
    X509_set_issuer_name(root.get(), X509_get_subject_name(root.get()));
    extend(root.get(), root.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(root.get(), root.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    X509_sign(root.get(), rootKey.get(), EVP_sha256());
    const Certificate server = make(key.get(), "server", 2, -2 * kDay, options.expired ? -kDay : kDay);
    X509_set_issuer_name(server.get(), X509_get_subject_name(root.get()));
    extend(server.get(), root.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(server.get(), root.get(), NID_subject_alt_name, "IP:" + options.address.toStdString());
    X509_sign(server.get(), rootKey.get(), EVP_sha256());
    return {pem(root.get()), pem(server.get()), pem(key.get())};
}

} // namespace hearth::test
