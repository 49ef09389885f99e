#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "engine/base/error.h"
#include "engine/security/crypto/secure_bytes.h"

namespace hearth::security {

/// What a password costs to try, stored beside what it protects. Argon2id, version 1.3 (RFC 9106).
struct PasswordCost {
    std::uint32_t memoryKiB = 64 * 1024, passes = 3, lanes = 1;
    [[nodiscard]] bool operator==(const PasswordCost&) const = default;

    /// The least that this program uses for a new password …
    static constexpr std::uint32_t kLeastMemoryKiB = 64 * 1024, kLeastPasses = 3;
    /// … and the most that it follows from a file, so that an edited one cannot take the machine's memory or
    /// hours.
    static constexpr std::uint32_t kMostMemoryKiB = 4 * 1024 * 1024, kMostPasses = 64, kMostLanes = 16;
};

using Salt = std::array<std::byte, 16>;
[[nodiscard]] Result<Salt> newSalt();

/// 32 bytes from a password. Thread-safe; takes the memory and about the time of its cost. Errors:
/// crypto.bad_cost (arg what; outside the bounds), crypto.out_of_memory, crypto.failed.
[[nodiscard]] Result<SecureBytes> hashPassword(ByteView password, const Salt& salt, const PasswordCost& cost);

/// The cost at which a password takes about `seconds` here: one lane; memory first (up to `mostMemoryKiB`,
/// which should leave room for a model, then passes). Never below the least. Takes a few times `seconds`.
/// Errors: crypto.out_of_memory, crypto.failed.
[[nodiscard]] Result<PasswordCost> measurePasswordCost(double seconds = 0.5,
                                                       std::uint32_t mostMemoryKiB = 512 * 1024);

/// Twelve characters (code points) at least; nothing else is demanded. At most 4096 bytes. Errors:
/// crypto.password_too_short (args found, least), crypto.password_too_long, crypto.password_not_utf8.
[[nodiscard]] Result<void> checkNewPassword(ByteView password);
inline constexpr std::size_t kLeastPasswordCharacters = 12, kMostPasswordBytes = 4096;

/// A rough guess for a hint beside the field: bits that a guesser faces who knows how people choose. Repeated
/// and consecutive characters count little.
[[nodiscard]] double passwordStrengthBits(ByteView password);

} // namespace hearth::security
