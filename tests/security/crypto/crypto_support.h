#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/security/crypto/secure_bytes.h"
#include "engine/security/crypto/signature.h"

namespace hearth::test {

inline std::vector<std::byte> unhex(std::string_view hex) {
    std::vector<std::byte> out(hex.size() / 2);
    if (!security::fromHex(hex, out))
        out.clear();
    return out;
}

inline std::string hexOf(security::ByteView bytes) {
    return toHex(bytes);
}

/// 0, 1, 2 … as the keys of the golden data.
inline std::vector<std::byte> countingKey() {
    std::vector<std::byte> out(32);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<std::byte>(i);
    return out;
}

} // namespace hearth::test
