#include "engine/security/crypto/sealing.h"

#include <algorithm>
#include <array>

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "engine/base/ascii.h"
#include "engine/security/crypto/digest.h"
#include "engine/security/crypto/openssl_handles.h"

namespace hearth::security {

namespace {

constexpr std::size_t kPrefix = 2, kNonce = 12, kTag = 16;
constexpr std::byte kVersion{1}, kOwnKey{1}, kContextKey{2};
static_assert(kPrefix + kNonce + kTag == kEnvelopeOverhead);

/// `key` null: the one that the cipher has already.
Result<std::string> sealWith(EVP_CIPHER_CTX* c, const unsigned char* key, std::byte algorithm, ByteView text,
                             std::string_view context) {
    if (text.size() > kMaxSealedBytes || context.size() > kMaxSealedBytes)
        return fail("crypto.too_large", std::to_string(text.size()) + " bytes in one envelope");
    std::string out(text.size() + kEnvelopeOverhead, '\0');
    const std::span<std::byte> bytes = std::as_writable_bytes(std::span(out));
    bytes[0] = kVersion;
    bytes[1] = algorithm;
    const std::span<std::byte> nonce = bytes.subspan(kPrefix, kNonce), tag = bytes.last(kTag);
    HEARTH_CHECK(randomBytes(nonce));
    const ByteView place = viewOf(context);
    int length = 0;
    const bool done =
        EVP_EncryptInit_ex(c, nullptr, nullptr, key, octetsOf(nonce)) == 1 &&
        EVP_EncryptUpdate(c, nullptr, &length, octetsOf(bytes), kPrefix) == 1 &&
        (place.empty() ||
         EVP_EncryptUpdate(c, nullptr, &length, octets(place), static_cast<int>(place.size())) == 1) &&
        (text.empty() || EVP_EncryptUpdate(c, octetsOf(bytes.subspan(kPrefix + kNonce)), &length,
                                           octets(text), static_cast<int>(text.size())) == 1) &&
        EVP_EncryptFinal_ex(c, octetsOf(tag), &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, kTag, tag.data()) == 1;
    if (!done)
        return libraryError("AES-256-GCM");
    return out;
}

Result<void> checkEnvelope(ByteView envelope, std::byte algorithm) {
    if (envelope.size() < kEnvelopeOverhead)
        return fail("crypto.bad_envelope",
                    std::to_string(envelope.size()) + " bytes cannot be a sealed text (at least 30)");
    if (envelope.size() > kMaxSealedBytes + kEnvelopeOverhead)
        return fail("crypto.too_large", std::to_string(envelope.size()) + " bytes in one envelope");
    if (envelope[0] != kVersion || envelope[1] != algorithm) {
        const std::string found = std::to_string(std::to_integer<int>(envelope[0])) + "." +
                                  std::to_string(std::to_integer<int>(envelope[1]));
        return tl::unexpected<Error>(
            Error{"crypto.unknown_version", "sealed in a way (" + found + ") that does not belong here"}.with(
                "version", found));
    }
    return {};
}

/// Writes the text to `out`, which is as long as the ciphertext; on any error `out` is wiped.
Result<void> openWith(EVP_CIPHER_CTX* c, const unsigned char* key, ByteView envelope,
                      std::string_view context, std::span<std::byte> out) {
    const ByteView nonce = envelope.subspan(kPrefix, kNonce), place = viewOf(context);
    const ByteView cipher = envelope.subspan(kPrefix + kNonce, out.size());
    std::array<std::byte, kTag> tag{};
    std::copy_n(envelope.last(kTag).begin(), kTag, tag.begin());
    int length = 0;
    unsigned char none = 0;
    const bool whole = EVP_DecryptInit_ex(c, nullptr, nullptr, key, octets(nonce)) == 1 &&
                       EVP_DecryptUpdate(c, nullptr, &length, octets(envelope), kPrefix) == 1 &&
                       (place.empty() || EVP_DecryptUpdate(c, nullptr, &length, octets(place),
                                                           static_cast<int>(place.size())) == 1) &&
                       (out.empty() || EVP_DecryptUpdate(c, octetsOf(out), &length, octets(cipher),
                                                         static_cast<int>(cipher.size())) == 1) &&
                       EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1 &&
                       EVP_DecryptFinal_ex(c, &none, &length) == 1;
    if (whole)
        return {};
    wipe(out);
    forgetLibraryErrors();
    return fail("crypto.tampered",
                "a sealed text was changed, moved to another place, or belongs to another key");
}

/// Both directions of a cipher, keyed with `key` or to be keyed with every text.
struct Ciphers {
    CipherHandle seal{EVP_CIPHER_CTX_new()}, open{EVP_CIPHER_CTX_new()};

    [[nodiscard]] bool start(const unsigned char* key) const {
        return seal && open &&
               EVP_EncryptInit_ex(seal.get(), EVP_aes_256_gcm(), nullptr, key, nullptr) == 1 &&
               EVP_DecryptInit_ex(open.get(), EVP_aes_256_gcm(), nullptr, key, nullptr) == 1;
    }
};

tl::unexpected<Error> badKey(std::size_t size) {
    return fail("crypto.bad_key", "a sealing key has 32 bytes, not " + std::to_string(size));
}

} // namespace

struct SealingKey::Impl {
    SecureBytes key;
    Ciphers ciphers; // keyed once: the schedule costs more than a short text
    std::uint64_t sealed = 0;
};

SealingKey::SealingKey(SealingKey&&) noexcept = default;
SealingKey& SealingKey::operator=(SealingKey&&) noexcept = default;
SealingKey::~SealingKey() = default;

Result<SealingKey> SealingKey::from(SecureBytes key, std::uint64_t sealedBefore) {
    if (key.size() != kBytes)
        return badKey(key.size());
    SealingKey out;
    out.m_impl = std::make_unique<Impl>();
    out.m_impl->key = std::move(key);
    out.m_impl->sealed = sealedBefore;
    if (!out.m_impl->ciphers.start(octets(ByteView(out.m_impl->key.bytes()))))
        return libraryError("AES-256-GCM");
    return out;
}

Result<SealingKey> SealingKey::generate() {
    HEARTH_TRY(SecureBytes key, SecureBytes::random(kBytes));
    return from(std::move(key));
}

ByteView SealingKey::key() const {
    return m_impl->key.bytes();
}

Result<std::string> SealingKey::seal(ByteView text, std::string_view context) {
    if (m_impl->sealed >= kMostSeals)
        return fail("crypto.key_exhausted", "the key has sealed 2^32 texts");
    ++m_impl->sealed;
    return sealWith(m_impl->ciphers.seal.get(), nullptr, kOwnKey, text, context);
}

Result<std::string> SealingKey::open(ByteView envelope, std::string_view context) const {
    HEARTH_CHECK(checkEnvelope(envelope, kOwnKey));
    std::string out(envelope.size() - kEnvelopeOverhead, '\0');
    HEARTH_CHECK(openWith(m_impl->ciphers.open.get(), nullptr, envelope, context,
                          std::as_writable_bytes(std::span(out))));
    return out;
}

Result<SecureBytes> SealingKey::openSecret(ByteView envelope, std::string_view context) const {
    HEARTH_CHECK(checkEnvelope(envelope, kOwnKey));
    HEARTH_TRY(SecureBytes out, SecureBytes::make(envelope.size() - kEnvelopeOverhead));
    HEARTH_CHECK(openWith(m_impl->ciphers.open.get(), nullptr, envelope, context, out.bytes()));
    return out;
}

struct RowSealer::Impl {
    SecureBytes key;
    SecureBytes rowKey; // of the text at hand
    Ciphers ciphers;
    MacHandle mac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
    MacContext keyed;

    Result<void> derive(std::string_view purpose, std::string_view context) {
        // A copy of the keyed state saves hashing the key for every text.
        const MacContext c(EVP_MAC_CTX_dup(keyed.get()));
        std::size_t length = 0;
        if (!c || EVP_MAC_update(c.get(), octets(viewOf(purpose)), purpose.size()) != 1 ||
            EVP_MAC_update(c.get(), octets(viewOf(context)), context.size()) != 1 ||
            EVP_MAC_final(c.get(), octetsOf(rowKey.bytes()), &length, rowKey.size()) != 1 ||
            length != rowKey.size())
            return libraryError("HMAC");
        return {};
    }
};

RowSealer::RowSealer(RowSealer&&) noexcept = default;
RowSealer& RowSealer::operator=(RowSealer&&) noexcept = default;
RowSealer::~RowSealer() = default;

Result<RowSealer> RowSealer::from(SecureBytes key) {
    if (key.size() != SealingKey::kBytes)
        return badKey(key.size());
    RowSealer out;
    out.m_impl = std::make_unique<Impl>();
    Impl& impl = *out.m_impl;
    impl.key = std::move(key);
    HEARTH_TRY(impl.rowKey, SecureBytes::make(SealingKey::kBytes));
    impl.keyed.reset(impl.mac ? EVP_MAC_CTX_new(impl.mac.get()) : nullptr);
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    const ByteView raw = impl.key.bytes();
    if (!impl.keyed || EVP_MAC_init(impl.keyed.get(), octets(raw), raw.size(), parameters) != 1 ||
        !impl.ciphers.start(nullptr))
        return libraryError("AES-256-GCM");
    return out;
}

Result<std::string> RowSealer::seal(ByteView text, std::string_view context) const {
    HEARTH_CHECK(m_impl->derive("row key\n", context));
    const ByteView rowKey = m_impl->rowKey.bytes();
    return sealWith(m_impl->ciphers.seal.get(), octets(rowKey), kContextKey, text, context);
}

Result<std::string> RowSealer::open(ByteView envelope, std::string_view context) const {
    HEARTH_CHECK(checkEnvelope(envelope, kContextKey));
    HEARTH_CHECK(m_impl->derive("row key\n", context));
    std::string out(envelope.size() - kEnvelopeOverhead, '\0');
    const ByteView rowKey = m_impl->rowKey.bytes();
    HEARTH_CHECK(openWith(m_impl->ciphers.open.get(), octets(rowKey), envelope, context,
                          std::as_writable_bytes(std::span(out))));
    return out;
}

Result<std::string> RowSealer::keyId() const {
    HEARTH_CHECK(m_impl->derive("key id\n", {}));
    return toHex(ByteView(m_impl->rowKey.bytes()).first(16));
}

Result<SecureBytes> deriveKey(ByteView key, std::string_view purpose) {
    return hkdfSha256(key, {}, viewOf(purpose), SealingKey::kBytes);
}

} // namespace hearth::security
