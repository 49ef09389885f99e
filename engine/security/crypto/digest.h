#pragma once

#include <array>
#include <initializer_list>

#include "engine/base/error.h"
#include "engine/security/crypto/secure_bytes.h"

namespace hearth::security {

using Digest = std::array<std::byte, 32>;

/// SHA-256 (FIPS 180-4). Thread-safe. Errors: crypto.failed.
[[nodiscard]] Result<Digest> sha256(ByteView bytes);

/// HMAC-SHA-256 (RFC 2104) over the parts one after the other. Thread-safe. Errors: crypto.failed.
[[nodiscard]] Result<Digest> hmacSha256(ByteView key, std::initializer_list<ByteView> parts);

/// HKDF-SHA-256 (RFC 5869): `size` bytes (at most 8160) for the purpose that `info` names, from a key with
/// enough randomness in it; passwords go through Argon2id instead. Thread-safe. Errors: crypto.failed,
/// crypto.out_of_memory.
[[nodiscard]] Result<SecureBytes> hkdfSha256(ByteView key, ByteView salt, ByteView info, std::size_t size);

} // namespace hearth::security
