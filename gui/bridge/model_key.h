#pragma once

#include <memory>

#include "engine/security/crypto/secure_bytes.h"

namespace hearth::gui {

/// What opens a sealed model file, into memory only; empty for one that everybody can read.
struct ModelKey {
    std::shared_ptr<security::SecureBytes> secret = {};
    bool isPassword = false; ///< else a key of a profile
};

} // namespace hearth::gui
