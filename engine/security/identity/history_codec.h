#pragma once

#include <memory>

#include "engine/base/error.h"
#include "engine/security/crypto/secure_bytes.h"
#include "engine/security/identity/roles.h"
#include "engine/store/history.h"

namespace hearth::security {

/// The codec of a profile's history: every text sealed with AES-256-GCM under a key of its own cell and bound
/// to profile, table, row and column. `key` is the profile's data key for "history". The codec holds it in
/// secure memory; destroying it (with its History) locks. Confined to the history's thread. Errors: crypto.*.
[[nodiscard]] Result<std::unique_ptr<store::TextCodec>> sealedCodec(ProfileId profile, SecureBytes key);

} // namespace hearth::security
