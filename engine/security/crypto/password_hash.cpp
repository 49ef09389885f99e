#include "engine/security/crypto/password_hash.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include <argon2.h>

#include "engine/security/crypto/sealing.h"

namespace hearth::security {

namespace {

tl::unexpected<Error> badCost(const char* what, std::uint32_t value) {
    return tl::unexpected<Error>(Error{"crypto.bad_cost", std::string("Argon2id ") + what + " " +
                                                              std::to_string(value) +
                                                              " is outside what this program follows"}
                                     .with("what", what));
}

Result<void> checkCost(const PasswordCost& cost) {
    if (cost.lanes < 1 || cost.lanes > PasswordCost::kMostLanes)
        return badCost("lanes", cost.lanes);
    if (cost.memoryKiB < 8 * cost.lanes || cost.memoryKiB > PasswordCost::kMostMemoryKiB)
        return badCost("memory", cost.memoryKiB);
    if (cost.passes < 1 || cost.passes > PasswordCost::kMostPasses)
        return badCost("passes", cost.passes);
    return {};
}

/// Code points of well-formed UTF-8; -1 for anything else. Overlong forms are harmless here: only counted.
std::ptrdiff_t codePoints(ByteView text) {
    std::ptrdiff_t count = 0;
    std::size_t more = 0;
    for (const std::byte b : text) {
        const unsigned value = std::to_integer<unsigned>(b);
        if (more > 0) {
            if ((value & 0xC0U) != 0x80U)
                return -1;
            --more;
            continue;
        }
        ++count;
        if (value < 0x80)
            continue;
        if (value < 0xC2 || value > 0xF4)
            return -1;
        more = value < 0xE0 ? 1 : value < 0xF0 ? 2 : 3;
    }
    return more == 0 ? count : -1;
}

} // namespace

Result<Salt> newSalt() {
    Salt out{};
    HEARTH_CHECK(randomBytes(out));
    return out;
}

Result<SecureBytes> hashPassword(ByteView password, const Salt& salt, const PasswordCost& cost) {
    HEARTH_CHECK(checkCost(cost));
    if (password.size() > kMostPasswordBytes)
        return fail("crypto.password_too_long", "at most 4096 bytes");
    HEARTH_TRY(SecureBytes out, SecureBytes::make(SealingKey::kBytes));
    const int verdict =
        argon2id_hash_raw(cost.passes, cost.memoryKiB, cost.lanes, password.data(), password.size(),
                          salt.data(), salt.size(), out.bytes().data(), out.size());
    if (verdict == ARGON2_MEMORY_ALLOCATION_ERROR)
        return fail("crypto.out_of_memory",
                    "Argon2id needs " + std::to_string(cost.memoryKiB / 1024) + " MiB for a moment");
    if (verdict != ARGON2_OK)
        return fail("crypto.failed", std::string("Argon2id: ") + argon2_error_message(verdict));
    return out;
}

Result<PasswordCost> measurePasswordCost(double seconds, std::uint32_t mostMemoryKiB) {
    const Salt salt{};
    constexpr std::array<std::byte, 12> kSample{};
    const auto measure = [&](const PasswordCost& cost) -> Result<double> {
        const auto start = std::chrono::steady_clock::now();
        HEARTH_CHECK(hashPassword(kSample, salt, cost));
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    PasswordCost cost{PasswordCost::kLeastMemoryKiB, PasswordCost::kLeastPasses, 1};
    HEARTH_TRY(double took, measure(cost));
    // Time grows in proportion to memory and to passes. Whole steps of 16 MiB keep the number readable.
    constexpr std::uint32_t kStep = 16 * 1024;
    const double wanted = static_cast<double>(cost.memoryKiB) * std::max(1.0, seconds / std::max(took, 1e-4));
    const std::uint32_t most =
        std::clamp(mostMemoryKiB, PasswordCost::kLeastMemoryKiB, PasswordCost::kMostMemoryKiB);
    cost.memoryKiB = std::max(PasswordCost::kLeastMemoryKiB,
                              static_cast<std::uint32_t>(std::min(wanted, double(most))) / kStep * kStep);
    if (cost.memoryKiB > PasswordCost::kLeastMemoryKiB) {
        const auto largest = measure(cost);
        if (!largest && largest.error().code == "crypto.out_of_memory")
            return PasswordCost{PasswordCost::kLeastMemoryKiB, PasswordCost::kLeastPasses, 1};
        HEARTH_TRY(took, largest);
    }
    const double passes = cost.passes * seconds / std::max(took, 1e-4);
    cost.passes = static_cast<std::uint32_t>(std::clamp(
        std::round(passes), double(PasswordCost::kLeastPasses), double(PasswordCost::kMostPasses)));
    return cost;
}

Result<void> checkNewPassword(ByteView password) {
    if (password.size() > kMostPasswordBytes)
        return fail("crypto.password_too_long", "at most 4096 bytes");
    const std::ptrdiff_t characters = codePoints(password);
    if (characters < 0)
        return fail("crypto.password_not_utf8", "the password is not valid UTF-8");
    if (characters < static_cast<std::ptrdiff_t>(kLeastPasswordCharacters))
        return tl::unexpected<Error>(
            Error{"crypto.password_too_short",
                  "at least " + std::to_string(kLeastPasswordCharacters) + " characters are needed"}
                .with("found", std::to_string(characters))
                .with("least", std::to_string(kLeastPasswordCharacters)));
    return {};
}

double passwordStrengthBits(ByteView password) {
    std::array<bool, 256> seen{};
    bool lower = false, upper = false, digit = false, other = false, wide = false;
    double counted = 0;
    int before = -1000, step = 1000;
    for (const std::byte b : password) {
        const int value = std::to_integer<int>(b);
        lower |= value >= 'a' && value <= 'z';
        upper |= value >= 'A' && value <= 'Z';
        digit |= value >= '0' && value <= '9';
        wide |= value >= 0x80;
        other |= value < 0x80 && !(value >= 'a' && value <= 'z') && !(value >= 'A' && value <= 'Z') &&
                 !(value >= '0' && value <= '9');
        const int now = value - before;
        const bool runs = now == step && now >= -1 && now <= 1;
        // Part of a run ("aaaa", "4321") adds next to nothing, a repeated character less than a new one.
        counted += runs ? 0.1 : seen[static_cast<std::size_t>(value)] ? 0.6 : 1.0;
        seen[static_cast<std::size_t>(value)] = true;
        step = now;
        before = value;
    }
    const int alphabet = 26 * lower + 26 * upper + 10 * digit + 33 * other + 64 * wide;
    return counted * std::log2(std::max(2, alphabet)) * 0.6; // people do not choose at random
}

} // namespace hearth::security
