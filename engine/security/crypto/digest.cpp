#include "engine/security/crypto/digest.h"

#include <algorithm>

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "engine/security/crypto/openssl_handles.h"

namespace hearth::security {

Result<Digest> sha256(ByteView bytes) {
    Digest out{};
    unsigned int length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), octetsOf(out), &length, EVP_sha256(), nullptr) != 1 ||
        length != out.size())
        return libraryError("SHA-256");
    return out;
}

Result<Digest> hmacSha256(ByteView key, std::initializer_list<ByteView> parts) {
    const MacHandle mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    const MacContext context(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    static constexpr unsigned char kNothing = 0;
    Digest out{};
    std::size_t length = 0;
    // A null key would mean "keep the former one".
    if (!context ||
        EVP_MAC_init(context.get(), key.empty() ? &kNothing : octets(key), key.size(), parameters) != 1)
        return libraryError("HMAC");
    for (const ByteView part : parts)
        if (EVP_MAC_update(context.get(), octets(part), part.size()) != 1)
            return libraryError("HMAC");
    if (EVP_MAC_final(context.get(), octetsOf(out), &length, out.size()) != 1 || length != out.size())
        return libraryError("HMAC");
    return out;
}

Result<SecureBytes> hkdfSha256(ByteView key, ByteView salt, ByteView info, std::size_t size) {
    constexpr std::size_t kDigest = std::tuple_size_v<Digest>;
    if (size > 255 * kDigest)
        return fail("crypto.failed", "HKDF gives at most 8160 bytes");
    const Digest zeros{};
    HEARTH_TRY(Digest extracted, hmacSha256(salt.empty() ? ByteView(zeros) : salt, {key}));
    auto expanded = [&]() -> Result<SecureBytes> {
        HEARTH_TRY(SecureBytes out, SecureBytes::make(size));
        Digest block{};
        std::size_t done = 0;
        for (unsigned n = 1; done < size; ++n) {
            const std::byte counter[] = {static_cast<std::byte>(n)};
            const ByteView before = n == 1 ? ByteView() : ByteView(block);
            HEARTH_TRY(block, hmacSha256(extracted, {before, info, counter}));
            const std::size_t part = std::min(size - done, kDigest);
            std::copy_n(block.begin(), part, out.bytes().begin() + static_cast<std::ptrdiff_t>(done));
            done += part;
        }
        wipe(block);
        return out;
    }();
    wipe(extracted);
    return expanded;
}

} // namespace hearth::security
