#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/security/crypto/signature.h"
#include "tests/security/crypto/crypto_support.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

#include <sys/stat.h>

namespace hearth::security {
namespace {

using test::hexOf;
using test::unhex;

struct Vector {
    const char *seed, *publicKey, *message, *signature;
};
// RFC 8032, 7.1, tests 1 and 2.
constexpr Vector kRfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f"
     "0595bb"
     "e24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2ea"
     "eb4302a"
     "eeb00d291612bb0c00"},
};

TEST(Signature, MatchesRfc8032) {
    for (const Vector& vector : kRfc8032) {
        const auto key = SigningKey::fromSeed(unhex(vector.seed));
        ASSERT_TRUE(key) << key.error().message();
        EXPECT_EQ(hexOf(key->publicKey()), vector.publicKey);
        const auto signature = key->sign(unhex(vector.message));
        ASSERT_TRUE(signature) << signature.error().message();
        EXPECT_EQ(hexOf(*signature), vector.signature);
        EXPECT_TRUE(verifySignature(key->publicKey(), unhex(vector.message), *signature));
    }
}

TEST(Signature, EveryFlippedBitIsFound) {
    const auto key = SigningKey::generate();
    ASSERT_TRUE(key);
    std::string message = "report 7: 12.5 tokens per second";
    const auto signature = key->sign(viewOf(message));
    ASSERT_TRUE(signature);
    for (std::size_t i = 0; i < signature->size() * 8; ++i) {
        Signature bad = *signature;
        bad[i / 8] ^= static_cast<std::byte>(1U << (i % 8));
        const auto verdict = verifySignature(key->publicKey(), viewOf(message), bad);
        ASSERT_FALSE(verdict) << "bit " << i;
        EXPECT_EQ(verdict.error().code, "crypto.bad_signature");
    }
    for (std::size_t i = 0; i < message.size(); ++i) {
        std::string bad = message;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        EXPECT_FALSE(verifySignature(key->publicKey(), viewOf(bad), *signature)) << "byte " << i;
    }
    const auto other = SigningKey::generate();
    ASSERT_TRUE(other);
    EXPECT_FALSE(verifySignature(other->publicKey(), viewOf(message), *signature));
}

TEST(Signature, WrongSeedSizesAreRefused) {
    for (const std::size_t size : {0U, 31U, 33U, 64U}) {
        const auto key = SigningKey::fromSeed(std::vector<std::byte>(size));
        ASSERT_FALSE(key);
        EXPECT_EQ(key.error().code, "crypto.bad_key");
    }
}

TEST(Signature, KeyFileIsMadeOnceForItsOwnerOnly) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "signing.key";
    const auto first = SigningKey::loadOrCreate(file);
    ASSERT_TRUE(first) << first.error().message();
    struct stat info {};
    ASSERT_EQ(::stat(file.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U);
    const auto again = SigningKey::loadOrCreate(file);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(again->publicKey(), first->publicKey());
    // Nothing else is left in the folder.
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(Signature, DamagedKeyFileIsRefusedAndKept) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "signing.key";
    ASSERT_TRUE(SigningKey::loadOrCreate(file));
    const std::string whole = test::readText(file);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
        const auto key = SigningKey::loadOrCreate(file);
        ASSERT_FALSE(key) << size << " bytes";
        EXPECT_EQ(key.error().code, "crypto.bad_key_file");
        EXPECT_EQ(std::filesystem::file_size(file), size);
    }
    std::ofstream(file, std::ios::binary | std::ios::trunc) << whole << "x";
    EXPECT_FALSE(SigningKey::loadOrCreate(file));
}

TEST(Signature, HexGoesBothWays) {
    std::array<std::byte, 3> bytes{};
    EXPECT_TRUE(fromHex("00aBff", bytes));
    EXPECT_EQ(toHex(bytes), "00abff");
    for (const char* bad : {"", "00abf", "00abff0", "00abfg", "0 abff", "-1abff"}) {
        const auto result = fromHex(bad, bytes);
        ASSERT_FALSE(result) << bad;
        EXPECT_EQ(result.error().code, "crypto.bad_hex");
    }
}

} // namespace
} // namespace hearth::security
