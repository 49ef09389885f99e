#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/security/crypto/digest.h"
#include "engine/security/crypto/password_hash.h"
#include "engine/security/crypto/sealing.h"
#include "tests/security/crypto/crypto_support.h"

namespace hearth::security {
namespace {

using test::hexOf;
using test::unhex;

SealingKey countingSealingKey(std::uint64_t sealedBefore = 0) {
    auto bytes = SecureBytes::copyOf(test::countingKey());
    auto key = SealingKey::from(std::move(*bytes), sealedBefore);
    return std::move(*key);
}

// Made with Python's cryptography package: nonce 100…111, context "message/42/content".
constexpr const char* kGolden =
    "01016465666768696a6b6c6d6e6f0f691ddaba7633b21e86e77e3df0e6fa98fee093f691d03069f6c7e2ad5eb6";
constexpr const char* kGoldenText = "Grüße, 世界";
constexpr const char* kContext = "message/42/content";

TEST(Sealing, OpensWhatAnotherImplementationSealed) {
    const SealingKey key = countingSealingKey();
    // The golden text is the prefix of what fits: 45 − 30 bytes.
    const auto envelope = unhex(kGolden);
    const auto text = key.open(envelope, kContext);
    ASSERT_TRUE(text) << text.error().message();
    EXPECT_EQ(*text, kGoldenText);
}

TEST(Sealing, RoundTripAndFreshNonces) {
    SealingKey key = countingSealingKey();
    for (const std::string& text :
         {std::string(), std::string("a"), std::string(100'000, 'x'), std::string("\0\1", 2)}) {
        const auto first = key.seal(viewOf(text), "c"), second = key.seal(viewOf(text), "c");
        ASSERT_TRUE(first && second);
        EXPECT_EQ(first->size(), text.size() + kEnvelopeOverhead);
        EXPECT_NE(*first, *second);
        const auto opened = key.open(viewOf(*first), "c");
        ASSERT_TRUE(opened) << opened.error().message();
        EXPECT_EQ(*opened, text);
    }
}

TEST(Sealing, EveryFlippedBitIsFound) {
    const SealingKey key = countingSealingKey();
    const auto envelope = unhex(kGolden);
    for (std::size_t bit = 0; bit < envelope.size() * 8; ++bit) {
        auto bad = envelope;
        bad[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
        const auto text = key.open(bad, kContext);
        ASSERT_FALSE(text) << "bit " << bit;
        EXPECT_EQ(text.error().code, bit < 16 ? "crypto.unknown_version" : "crypto.tampered")
            << "bit " << bit;
    }
}

TEST(Sealing, EveryTruncationAndExtensionIsFound) {
    const SealingKey key = countingSealingKey();
    const auto envelope = unhex(kGolden);
    for (std::size_t size = 0; size < envelope.size(); ++size) {
        const auto text = key.open(ByteView(envelope).first(size), kContext);
        ASSERT_FALSE(text) << size << " bytes";
        EXPECT_EQ(text.error().code, size < kEnvelopeOverhead ? "crypto.bad_envelope" : "crypto.tampered");
    }
    auto longer = envelope;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(key.open(longer, kContext));
}

TEST(Sealing, OpensOnlyInItsOwnPlaceAndWithItsOwnKey) {
    const SealingKey key = countingSealingKey();
    const auto envelope = unhex(kGolden);
    for (const char* context :
         {"", "message/43/content", "message/42/reasoning", "message/42/content/", "draft/42/content"})
        EXPECT_FALSE(key.open(envelope, context)) << context;
    const auto other = SealingKey::generate();
    ASSERT_TRUE(other);
    EXPECT_FALSE(other->open(envelope, kContext));
}

TEST(Sealing, RefusesBeyondTheNonceLimit) {
    SealingKey key = countingSealingKey(SealingKey::kMostSeals - 1);
    EXPECT_TRUE(key.seal(viewOf("last"), "c"));
    const auto more = key.seal(viewOf("one too many"), "c");
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().code, "crypto.key_exhausted");
}

TEST(Sealing, SecretsOpenIntoSecureMemory) {
    SealingKey key = countingSealingKey();
    const auto wrapped = key.seal(test::countingKey(), "wrap/history");
    ASSERT_TRUE(wrapped);
    const auto secret = key.openSecret(viewOf(*wrapped), "wrap/history");
    ASSERT_TRUE(secret) << secret.error().message();
    EXPECT_EQ(hexOf(secret->bytes()), hexOf(test::countingKey()));
    EXPECT_FALSE(key.openSecret(viewOf(*wrapped), "wrap/documents"));
}

TEST(RowSealing, RoundTripTamperingAndPlaces) {
    auto sealer = RowSealer::from(std::move(*SecureBytes::copyOf(test::countingKey())));
    ASSERT_TRUE(sealer) << sealer.error().message();
    for (const std::string& text : {std::string(), std::string("Grüße, 世界"), std::string(70'000, 'x')}) {
        const auto sealed = sealer->seal(viewOf(text), kContext);
        ASSERT_TRUE(sealed);
        EXPECT_EQ(sealer->open(viewOf(*sealed), kContext).value(), text);
        EXPECT_FALSE(sealer->open(viewOf(*sealed), "message/43/content"));
    }
    const std::string sealed = sealer->seal(viewOf("short"), kContext).value();
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        std::string bad = sealed;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
        ASSERT_FALSE(sealer->open(viewOf(bad), kContext)) << "bit " << bit;
    }
    for (std::size_t size = 0; size < sealed.size(); ++size)
        ASSERT_FALSE(sealer->open(viewOf(sealed).first(size), kContext)) << size;
    // A text sealed under the key itself is not taken for a row.
    EXPECT_FALSE(sealer->open(unhex(kGolden), kContext));
    const auto other = RowSealer::from(std::move(*SecureBytes::random(32)));
    EXPECT_FALSE(other->open(viewOf(sealed), kContext));
    EXPECT_NE(other->keyId().value(), sealer->keyId().value());
    EXPECT_EQ(sealer->keyId()->size(), 32U);
    EXPECT_EQ(sealer->open(viewOf(sealed), kContext).value(), "short");
}

TEST(Digests, MatchTheirStandards) {
    // FIPS 180-4 "abc"; RFC 4231 case 2; RFC 5869 cases 1 and 3.
    EXPECT_EQ(hexOf(sha256(viewOf("abc")).value()),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hexOf(hmacSha256(viewOf("Jefe"), {viewOf("what do ya want "), viewOf("for nothing?")}).value()),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    const auto first = hkdfSha256(unhex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
                                  unhex("000102030405060708090a0b0c"), unhex("f0f1f2f3f4f5f6f7f8f9"), 42);
    ASSERT_TRUE(first);
    EXPECT_EQ(hexOf(first->bytes()),
              "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    const auto third = hkdfSha256(unhex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), {}, {}, 42);
    ASSERT_TRUE(third);
    EXPECT_EQ(hexOf(third->bytes()),
              "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    EXPECT_FALSE(hkdfSha256(unhex("00"), {}, {}, 255 * 32 + 1));
    EXPECT_EQ(hexOf(deriveKey(test::countingKey(), "purpose").value().bytes()),
              "c938f7c9c926b1456b39fd3811e7b2d8beccd709fed368d133553b438fb89d0b");
}

TEST(PasswordHash, MatchesTheReferenceProgram) {
    Salt salt{};
    std::copy_n(viewOf("0123456789abcdef").begin(), salt.size(), salt.begin());
    const auto hash = hashPassword(viewOf("correct horse battery"), salt, {64 * 1024, 3, 1});
    ASSERT_TRUE(hash) << hash.error().message();
    EXPECT_EQ(hexOf(hash->bytes()), "00bac562b407875296682e0b8043688e09be94fcea326e99aa62d0edb44404fc");
}

TEST(PasswordHash, EditedCostsAreRefusedBeforeTheyCostAnything) {
    const Salt salt{};
    for (const PasswordCost cost :
         {PasswordCost{0, 3, 1}, PasswordCost{7, 3, 1}, PasswordCost{UINT32_MAX, 3, 1},
          PasswordCost{65536, 0, 1}, PasswordCost{65536, UINT32_MAX, 1}, PasswordCost{65536, 3, 0},
          PasswordCost{65536, 3, 17}}) {
        const auto hash = hashPassword(viewOf("password"), salt, cost);
        ASSERT_FALSE(hash);
        EXPECT_EQ(hash.error().code, "crypto.bad_cost");
    }
}

TEST(PasswordHash, MeasuredCostIsNeverBelowTheLeast) {
    const auto cheap = measurePasswordCost(0.0001);
    ASSERT_TRUE(cheap) << cheap.error().message();
    EXPECT_EQ(*cheap, (PasswordCost{PasswordCost::kLeastMemoryKiB, PasswordCost::kLeastPasses, 1}));
    const auto bounded = measurePasswordCost(0.3, 96 * 1024);
    ASSERT_TRUE(bounded);
    EXPECT_LE(bounded->memoryKiB, 96U * 1024);
    EXPECT_GE(bounded->passes, PasswordCost::kLeastPasses);
}

TEST(NewPassword, RulesAreLengthOnly) {
    const auto codeOf = [](std::string_view password) {
        const auto verdict = checkNewPassword(viewOf(password));
        return verdict ? std::string() : verdict.error().code;
    };
    EXPECT_EQ(codeOf("elevenchars"), "crypto.password_too_short");
    EXPECT_EQ(codeOf("twelve chars"), "");
    EXPECT_EQ(codeOf("一二三四五六七八九十甲乙"), ""); // twelve characters, 36 bytes
    EXPECT_EQ(codeOf("一二三四五六七八九十甲"), "crypto.password_too_short");
    EXPECT_EQ(codeOf("\xff\xfe not utf-8 at all"), "crypto.password_not_utf8");
    EXPECT_EQ(codeOf("cut at the end \xe4\xb8"), "crypto.password_not_utf8");
    EXPECT_EQ(codeOf(std::string(4096, 'a')), "");
    EXPECT_EQ(codeOf(std::string(4097, 'a')), "crypto.password_too_long");
}

TEST(NewPassword, HintTellsRunsFromWords) {
    const double run = passwordStrengthBits(viewOf("aaaaaaaaaaaaaaaa")),
                 count = passwordStrengthBits(viewOf("1234567890123456"));
    const double words = passwordStrengthBits(viewOf("plum ferry kettle oak"));
    EXPECT_LT(run, 15);
    EXPECT_LT(count, 25);
    EXPECT_GT(words, 45);
}

TEST(SecureBytes, AreZeroAtFirstAndMoveWithoutCopies) {
    for (const std::size_t size : {1U, 32U, 4096U, 5000U, 1U << 20}) {
        auto made = SecureBytes::make(size);
        ASSERT_TRUE(made) << made.error().message();
        for (const std::byte b : made->bytes())
            ASSERT_EQ(b, std::byte{0});
        const auto* where = made->bytes().data();
        made->bytes()[0] = std::byte{7};
        SecureBytes moved = std::move(*made);
        EXPECT_EQ(moved.bytes().data(), where);
        EXPECT_EQ(moved.bytes()[0], std::byte{7});
        EXPECT_TRUE(made->empty());
        moved.clear();
        EXPECT_TRUE(moved.empty());
    }
}

TEST(SecureBytes, ManyKeysOverflowIntoPagesOfTheirOwn) {
    std::vector<SecureBytes> keys;
    for (int i = 0; i < 300; ++i) {
        auto key = SecureBytes::random(4096); // 1.2 MB in all; the heap has a quarter of that
        ASSERT_TRUE(key) << i << ": " << key.error().message();
        keys.push_back(std::move(*key));
    }
}

TEST(SecureBytes, ComparisonTellsEveryByte) {
    const auto key = test::countingKey();
    EXPECT_TRUE(equalInConstantTime(key, key));
    EXPECT_FALSE(equalInConstantTime(key, ByteView(key).first(31)));
    for (std::size_t i = 0; i < key.size(); ++i) {
        auto other = key;
        other[i] ^= std::byte{0x80};
        EXPECT_FALSE(equalInConstantTime(key, other)) << i;
    }
}

} // namespace
} // namespace hearth::security
