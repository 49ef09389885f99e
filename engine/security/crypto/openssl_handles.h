#pragma once

#include <memory>
#include <span>
#include <string>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include "engine/base/error.h"

/// Ownership of OpenSSL's objects. For .cpp files that call OpenSSL themselves.
namespace hearth::security {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using DigestHandle = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using CipherHandle = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<EVP_CIPHER_CTX_free>>;
using MacHandle = std::unique_ptr<EVP_MAC, FreeWith<EVP_MAC_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeWith<EVP_MAC_CTX_free>>;

inline unsigned char* octetsOf(std::span<std::byte> bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}
inline const unsigned char* octets(std::span<const std::byte> bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// OpenSSL queues errors per thread; a refused tag or signature is no error of the library.
inline void forgetLibraryErrors() {
    ERR_clear_error();
}

/// crypto.failed with OpenSSL's own words, which hold no data.
[[nodiscard]] inline tl::unexpected<Error> libraryError(const char* what) {
    const unsigned long code = ERR_get_error();
    char text[160] = "no reason given";
    if (code != 0)
        ERR_error_string_n(code, text, sizeof text);
    forgetLibraryErrors();
    return fail("crypto.failed", std::string(what) + ": " + text);
}

} // namespace hearth::security
