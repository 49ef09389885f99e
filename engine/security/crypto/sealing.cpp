#include "engine/security/crypto/sealing.h"

#include <algorithm>
#include <array>

#include "engine/security/crypto/digest.h"
#include "engine/security/crypto/openssl_handles.h"

namespace hearth::security {

namespace {

constexpr std::size_t kPrefix = 2, kNonce = 12, kTag = 16;
constexpr std::byte kVersion{1}, kAes256Gcm{1};
static_assert(kPrefix + kNonce + kTag == kEnvelopeOverhead);

} // namespace

struct SealingKey::Impl {
    SecureBytes key;
    CipherHandle seal, open; // keyed once: the schedule costs more than a short text
    std::uint64_t sealed = 0;

    /// Writes the text to `out` (as long as the ciphertext); on any error `out` is wiped.
    Result<void> openInto(ByteView envelope, std::string_view context, std::span<std::byte> out) const {
        EVP_CIPHER_CTX* const c = open.get();
        const ByteView nonce = envelope.subspan(kPrefix, kNonce), tag = envelope.last(kTag);
        const ByteView cipher = envelope.subspan(kPrefix + kNonce, out.size());
        int length = 0;
        std::array<std::byte, kTag> tagCopy{};
        std::copy(tag.begin(), tag.end(), tagCopy.begin());
        const bool fed = EVP_DecryptInit_ex(c, nullptr, nullptr, nullptr, octets(nonce)) == 1 &&
                         EVP_DecryptUpdate(c, nullptr, &length, octets(envelope), kPrefix) == 1 &&
                         EVP_DecryptUpdate(c, nullptr, &length, octets(viewOf(context)),
                                           static_cast<int>(context.size())) == 1 &&
                         (out.empty() || EVP_DecryptUpdate(c, octetsOf(out), &length, octets(cipher),
                                                           static_cast<int>(cipher.size())) == 1) &&
                         EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, kTag, tagCopy.data()) == 1;
        unsigned char none = 0;
        if (fed && EVP_DecryptFinal_ex(c, &none, &length) == 1)
            return {};
        wipe(out);
        forgetLibraryErrors();
        return fail("crypto.tampered", "a sealed text was changed, moved to another place, or belongs to "
                                       "another key");
    }
};

SealingKey::SealingKey(SealingKey&&) noexcept = default;
SealingKey& SealingKey::operator=(SealingKey&&) noexcept = default;
SealingKey::~SealingKey() = default;

Result<SealingKey> SealingKey::from(SecureBytes key, std::uint64_t sealedBefore) {
    if (key.size() != kBytes)
        return fail("crypto.bad_key", "a sealing key has 32 bytes, not " + std::to_string(key.size()));
    SealingKey out;
    out.m_impl = std::make_unique<Impl>();
    Impl& impl = *out.m_impl;
    impl.key = std::move(key);
    impl.sealed = sealedBefore;
    impl.seal.reset(EVP_CIPHER_CTX_new());
    impl.open.reset(EVP_CIPHER_CTX_new());
    const unsigned char* const raw = octets(impl.key.bytes());
    if (!impl.seal || !impl.open ||
        EVP_EncryptInit_ex(impl.seal.get(), EVP_aes_256_gcm(), nullptr, raw, nullptr) != 1 ||
        EVP_DecryptInit_ex(impl.open.get(), EVP_aes_256_gcm(), nullptr, raw, nullptr) != 1)
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
    Impl& impl = *m_impl;
    if (text.size() > kMaxSealedBytes || context.size() > kMaxSealedBytes)
        return fail("crypto.too_large", std::to_string(text.size()) + " bytes in one envelope");
    if (impl.sealed >= kMostSeals)
        return fail("crypto.key_exhausted", "the key has sealed 2^32 texts");
    ++impl.sealed;
    std::string out(text.size() + kEnvelopeOverhead, '\0');
    const std::span<std::byte> bytes = std::as_writable_bytes(std::span(out));
    bytes[0] = kVersion;
    bytes[1] = kAes256Gcm;
    HEARTH_CHECK(randomBytes(bytes.subspan(kPrefix, kNonce)));
    EVP_CIPHER_CTX* const c = impl.seal.get();
    int length = 0;
    const bool done =
        EVP_EncryptInit_ex(c, nullptr, nullptr, nullptr, octets(bytes.subspan(kPrefix, kNonce))) == 1 &&
        EVP_EncryptUpdate(c, nullptr, &length, octets(bytes), kPrefix) == 1 &&
        EVP_EncryptUpdate(c, nullptr, &length, octets(viewOf(context)), static_cast<int>(context.size())) ==
            1 &&
        (text.empty() || EVP_EncryptUpdate(c, octetsOf(bytes.subspan(kPrefix + kNonce)), &length,
                                           octets(text), static_cast<int>(text.size())) == 1) &&
        EVP_EncryptFinal_ex(c, octetsOf(bytes.last(kTag)), &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, kTag, bytes.last(kTag).data()) == 1;
    if (!done)
        return libraryError("AES-256-GCM");
    return out;
}

namespace {

Result<void> checkEnvelope(ByteView envelope) {
    if (envelope.size() < kEnvelopeOverhead)
        return fail("crypto.bad_envelope",
                    std::to_string(envelope.size()) + " bytes cannot be a sealed text (at least 30)");
    if (envelope.size() > kMaxSealedBytes + kEnvelopeOverhead)
        return fail("crypto.too_large", std::to_string(envelope.size()) + " bytes in one envelope");
    if (envelope[0] != kVersion || envelope[1] != kAes256Gcm) {
        const std::string found = std::to_string(std::to_integer<int>(envelope[0])) + "." +
                                  std::to_string(std::to_integer<int>(envelope[1]));
        return tl::unexpected<Error>(
            Error{"crypto.unknown_version", "sealed in a way (" + found + ") that this program does not know"}
                .with("version", found));
    }
    return {};
}

} // namespace

Result<std::string> SealingKey::open(ByteView envelope, std::string_view context) const {
    HEARTH_CHECK(checkEnvelope(envelope));
    std::string out(envelope.size() - kEnvelopeOverhead, '\0');
    HEARTH_CHECK(m_impl->openInto(envelope, context, std::as_writable_bytes(std::span(out))));
    return out;
}

Result<SecureBytes> SealingKey::openSecret(ByteView envelope, std::string_view context) const {
    HEARTH_CHECK(checkEnvelope(envelope));
    HEARTH_TRY(SecureBytes out, SecureBytes::make(envelope.size() - kEnvelopeOverhead));
    HEARTH_CHECK(m_impl->openInto(envelope, context, out.bytes()));
    return out;
}

Result<SecureBytes> deriveKey(ByteView key, std::string_view purpose) {
    return hkdfSha256(key, {}, viewOf(purpose), SealingKey::kBytes);
}

} // namespace hearth::security
