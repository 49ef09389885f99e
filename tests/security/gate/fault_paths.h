#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "engine/base/error.h"
#include "engine/security/crypto/secure_bytes.h"

namespace hearth::test {

/// One save path: how its folder looks before, the step itself, and what must hold after it.
struct FaultPath {
    const char* name;
    std::function<void(const std::filesystem::path&)> prepare;
    /// Opens what the step needs; the returned step runs with failing calls.
    std::function<std::function<Result<void>()>(const std::filesystem::path&)> begin;
    /// `done`: the step said that it succeeded.
    std::function<void(const std::filesystem::path&, bool done)> check;
};

/// Of what is written beside histories and accounts: settings, sealed files, models.
[[nodiscard]] std::vector<FaultPath> fileFaultPaths();

/// A key of 32 bytes; another one for each `first`.
[[nodiscard]] security::SecureBytes keyOf(std::uint8_t first);

} // namespace hearth::test
