#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>

#include "engine/base/ascii.h"
#include "engine/base/error.h"
#include "engine/security/crypto/secure_bytes.h"

namespace hearth::security {

using PublicKey = std::array<std::byte, 32>;
using Signature = std::array<std::byte, 64>;

/// An Ed25519 key pair (RFC 8032) for reports and the head of the audit log. The private half stays in secure
/// memory. Thread-safe once made.
class SigningKey {
public:
    static constexpr std::size_t kSeedBytes = 32;

    /// Errors: crypto.random_failed, crypto.out_of_memory, crypto.failed.
    [[nodiscard]] static Result<SigningKey> generate();
    /// From the 32 bytes that RFC 8032 calls the private key. Errors: crypto.bad_key, crypto.out_of_memory,
    /// crypto.failed.
    [[nodiscard]] static Result<SigningKey> fromSeed(ByteView seed);
    /// The key of this installation: read from `file` or, when there is none, made and written there with
    /// access for its owner only (0600). A file that is not a key is refused and never overwritten: what was
    /// signed with it could no longer be checked. Errors: crypto.bad_key_file (arg path), file.*, those of
    /// generate().
    [[nodiscard]] static Result<SigningKey> loadOrCreate(const std::filesystem::path& file);

    SigningKey(SigningKey&&) noexcept;
    SigningKey& operator=(SigningKey&&) noexcept;
    ~SigningKey();

    [[nodiscard]] const PublicKey& publicKey() const;
    /// For storing the key sealed. The view lives as long as this key.
    [[nodiscard]] ByteView seed() const;
    /// Deterministic: the same message has the same signature. Errors: crypto.failed.
    [[nodiscard]] Result<Signature> sign(ByteView message) const;

private:
    SigningKey() = default;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Thread-safe. Errors: crypto.bad_signature (the message, the signature or the key was changed),
/// crypto.failed.
[[nodiscard]] Result<void> verifySignature(const PublicKey& key, ByteView message,
                                           const Signature& signature);

/// Back from toHex() of base/ascii.h. Errors: crypto.bad_hex.
[[nodiscard]] Result<void> fromHex(std::string_view hex, std::span<std::byte> out);

/// Eight groups of four hex digits of the key's SHA-256, for people to compare by eye.
[[nodiscard]] Result<std::string> fingerprint(const PublicKey& key);

} // namespace hearth::security
