#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/security/crypto/sealing.h"
#include "engine/security/identity/roles.h"

namespace hearth::security {

/// A profile's unlocked keys. The master key wraps one random key per purpose; it is itself wrapped by a key
/// from the password and by the recovery key, so a new password wraps 32 bytes anew and nothing else.
/// Destroying the object locks: its memory is overwritten. Confined to one thread at a time.
class Vault {
public:
    Vault(ProfileId profile, SealingKey master) : m_profile(profile), m_master(std::move(master)) {}

    [[nodiscard]] ProfileId profile() const { return m_profile; }
    /// Wraps `key` for storing under `purpose`, and back. Errors: crypto.*; crypto.tampered when it is of
    /// another profile or purpose.
    [[nodiscard]] Result<std::string> wrap(ByteView key, std::string_view purpose) {
        return m_master.seal(key, place(purpose));
    }
    [[nodiscard]] Result<SecureBytes> unwrap(ByteView wrapped, std::string_view purpose) const {
        return m_master.openSecret(wrapped, place(purpose));
    }
    [[nodiscard]] ByteView master() const { return m_master.key(); }

private:
    [[nodiscard]] std::string place(std::string_view purpose) const {
        return "hearth data key/" + std::to_string(m_profile) + "/" + std::string(purpose);
    }
    ProfileId m_profile;
    SealingKey m_master;
};

} // namespace hearth::security
