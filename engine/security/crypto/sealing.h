#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/security/crypto/secure_bytes.h"

namespace hearth::security {

/// An envelope: what AES-256-GCM (NIST SP 800-38D) makes of a text, self-describing.
///
///   byte  0       version, 1
///   byte  1       algorithm, 1 = AES-256-GCM under the key, 2 = under a key for this context (see RowSealer)
///   bytes 2–13    nonce, random
///   then          ciphertext, as long as the text
///   last 16       tag
///
/// Authenticated with it, but not stored: the first two bytes and the context (what the text is and where it
/// belongs), so that an envelope opens nowhere but in its own place.
inline constexpr std::size_t kEnvelopeOverhead = 30;
/// GCM's own limit is 64 GiB; no text of this program comes near this one.
inline constexpr std::size_t kMaxSealedBytes = std::size_t{1} << 30;

/// An AES-256-GCM key that seals and opens envelopes. Confined to one thread at a time.
///
/// Nonces are random, so one key must not seal more than 2^32 envelopes (SP 800-38D, 8.3: the chance that two
/// share a nonce stays below 2^-32); it counts what it seals and then refuses. The count lives as long as the
/// object: keys that outlive the program are used through one key per row (see deriveKey) or rarely.
class SealingKey {
public:
    static constexpr std::size_t kBytes = 32;
    static constexpr std::uint64_t kMostSeals = std::uint64_t{1} << 32;

    /// Takes the key over. Errors: crypto.bad_key (not 32 bytes), crypto.failed.
    [[nodiscard]] static Result<SealingKey> from(SecureBytes key, std::uint64_t sealedBefore = 0);
    [[nodiscard]] static Result<SealingKey> generate();
    SealingKey(SealingKey&&) noexcept;
    SealingKey& operator=(SealingKey&&) noexcept;
    ~SealingKey();

    /// Errors: crypto.key_exhausted, crypto.too_large, crypto.random_failed, crypto.failed.
    [[nodiscard]] Result<std::string> seal(ByteView text, std::string_view context);
    /// The text, only after its tag was checked. Errors: crypto.bad_envelope (too short),
    /// crypto.unknown_version (arg version), crypto.tampered (changed, of another place, or another key's).
    [[nodiscard]] Result<std::string> open(ByteView envelope, std::string_view context) const;
    /// The same into secure memory, for keys and passwords.
    [[nodiscard]] Result<SecureBytes> openSecret(ByteView envelope, std::string_view context) const;

    [[nodiscard]] ByteView key() const;

private:
    SealingKey() = default;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Seals the texts of a database: every context (table, row, column) has a key of its own, HMAC-SHA-256 of
/// the key and the context, so that no lifetime of a database comes near the limit of random nonces: it would
/// take 2^32 writes of one cell. Confined to one thread at a time.
class RowSealer {
public:
    /// Takes the key over. Errors: crypto.bad_key, crypto.failed.
    [[nodiscard]] static Result<RowSealer> from(SecureBytes key);
    RowSealer(RowSealer&&) noexcept;
    RowSealer& operator=(RowSealer&&) noexcept;
    ~RowSealer();

    /// Errors: as SealingKey.
    [[nodiscard]] Result<std::string> seal(ByteView text, std::string_view context) const;
    [[nodiscard]] Result<std::string> open(ByteView envelope, std::string_view context) const;
    /// Tells keys apart without giving one away: 32 hex digits of an HMAC. Errors: crypto.failed.
    [[nodiscard]] Result<std::string> keyId() const;

private:
    RowSealer() = default;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// A key for one purpose out of another key (HKDF-SHA-256 with the purpose as info). Errors: crypto.failed,
/// crypto.out_of_memory.
[[nodiscard]] Result<SecureBytes> deriveKey(ByteView key, std::string_view purpose);

} // namespace hearth::security
