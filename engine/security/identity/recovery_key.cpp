#include "engine/security/identity/recovery_key.h"

#include <algorithm>

#include "engine/security/crypto/digest.h"

namespace hearth::security {

namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCharacters = 36, kDataCharacters = 32; // the last four are the check

int valueOf(char c) {
    if (c >= 'a' && c <= 'z')
        c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O')
        c = '0';
    if (c == 'I' || c == 'L')
        c = '1';
    const auto at = kAlphabet.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

/// Twenty bits of the key's SHA-256 in four characters.
Result<std::array<char, 4>> checkOf(ByteView key) {
    HEARTH_TRY(const Digest digest, sha256(key));
    std::array<char, 4> out{};
    for (std::size_t i = 0; i < 4; ++i)
        out[i] = kAlphabet[std::to_integer<std::size_t>(digest[i]) & 31U];
    return out;
}

} // namespace

Result<SecureBytes> recoveryText(ByteView key) {
    if (key.size() != kRecoveryBytes)
        return fail("crypto.bad_key", "a recovery key has 20 bytes");
    HEARTH_TRY(SecureBytes out, SecureBytes::make(kCharacters + kCharacters / 4 - 1));
    HEARTH_TRY(const auto check, checkOf(key));
    std::size_t at = 0;
    for (std::size_t i = 0; i < kCharacters; ++i) {
        char c = 0;
        if (i < kDataCharacters) {
            std::size_t value = 0;
            for (std::size_t bit = 5 * i; bit < 5 * i + 5; ++bit)
                value = value << 1 | (std::to_integer<std::size_t>(key[bit / 8]) >> (7 - bit % 8) & 1U);
            c = kAlphabet[value];
        } else {
            c = check[i - kDataCharacters];
        }
        if (i > 0 && i % 4 == 0)
            out.bytes()[at++] = std::byte{'-'};
        out.bytes()[at++] = static_cast<std::byte>(c);
    }
    return out;
}

Result<SecureBytes> parseRecoveryKey(ByteView text) {
    const auto mistyped = [](const char* why) { return fail("identity.bad_recovery_key", why); };
    HEARTH_TRY(SecureBytes out, SecureBytes::make(kRecoveryBytes));
    std::array<char, 4> check{};
    std::size_t count = 0;
    for (const char c : textOf(text)) {
        if (c == '-' || c == ' ' || c == '\t' || c == '\r' || c == '\n')
            continue;
        const int value = valueOf(c);
        if (value < 0 || count >= kCharacters)
            return mistyped("a recovery key is 36 letters and digits in groups of four");
        if (count < kDataCharacters)
            for (std::size_t bit = 0; bit < 5; ++bit) {
                const std::size_t at = 5 * count + bit;
                if (value >> (4 - bit) & 1)
                    out.bytes()[at / 8] |= static_cast<std::byte>(0x80U >> (at % 8));
            }
        else
            check[count - kDataCharacters] = kAlphabet[static_cast<std::size_t>(value)];
        ++count;
    }
    if (count != kCharacters)
        return mistyped("a recovery key is 36 letters and digits in groups of four");
    HEARTH_TRY(const auto expected, checkOf(out.bytes()));
    if (check != expected)
        return mistyped("a character of the recovery key was mistyped");
    return out;
}

} // namespace hearth::security
