#pragma once

#include "engine/base/error.h"
#include "engine/security/crypto/secure_bytes.h"

namespace hearth::security {

/// A recovery key: 160 random bits, written as eight groups of four characters and a ninth that catches slips
/// of the pen ("7K2M-…"). Crockford's base 32: no I, L, O, U; reading takes small letters, O for 0, I and L
/// for 1, and any spaces and hyphens.
inline constexpr std::size_t kRecoveryBytes = 20;

/// The key as text, in secure memory. `key` has kRecoveryBytes. Errors: crypto.out_of_memory, crypto.failed.
[[nodiscard]] Result<SecureBytes> recoveryText(ByteView key);
/// Errors: identity.bad_recovery_key (it was mistyped), crypto.*.
[[nodiscard]] Result<SecureBytes> parseRecoveryKey(ByteView text);

} // namespace hearth::security
