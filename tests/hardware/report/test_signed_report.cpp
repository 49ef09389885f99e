#include <gtest/gtest.h>

#include "engine/hardware/report/signed_report.h"
#include "engine/security/crypto/signature.h"
#include "tests/hardware/report/sample_report.h"

namespace hearth::hardware {
namespace {

const security::SigningKey& key() {
    static const security::SigningKey known = security::SigningKey::generate().value();
    return known;
}

TEST(SignedReport, EveryFormatVerifies) {
    for (const auto& [format, text] :
         {std::pair{ReportFormat::Json, test::sampleReport().dump(2)},
          std::pair{ReportFormat::Html, std::string("<p>x</p>\n")},
          std::pair{ReportFormat::Markdown, std::string("# x\n")},
          std::pair{ReportFormat::Pdf, std::string("%PDF-1.4\n\x01\x02\n%%EOF\n")}}) {
        const auto whole = signReport(text, format, key());
        ASSERT_TRUE(whole) << whole.error().message();
        const auto signature = verifyReport(*whole);
        ASSERT_TRUE(signature) << signature.error().message();
        EXPECT_EQ(signature->publicKey, toHex(key().publicKey()));
        EXPECT_EQ(signature->fingerprint.size(), 39U);
    }
}

TEST(SignedReport, AnyChangedByteIsNoticed) {
    for (const auto& [format, text] :
         {std::pair{ReportFormat::Json, std::string("{\n  \"a\": 1.5,\n  \"b\": [2]\n}")},
          std::pair{ReportFormat::Html, std::string("<p>x</p>\n")}}) {
        const std::string whole = signReport(text, format, key()).value();
        for (std::size_t i = 0; i < whole.size(); ++i)
            for (const char flip : {1, 32}) {
                std::string changed = whole;
                changed[i] = static_cast<char>(changed[i] ^ flip);
                EXPECT_FALSE(verifyReport(changed)) << "byte " << i << " of\n" << whole;
            }
        for (std::size_t length = 0; length < whole.size(); ++length)
            EXPECT_FALSE(verifyReport(std::string_view(whole).substr(0, length))) << length;
        EXPECT_FALSE(verifyReport(whole + " "));
        EXPECT_FALSE(verifyReport(" " + whole));
    }
}

TEST(SignedReport, SignedJsonIsStillAReport) {
    const std::string whole = signReport(test::sampleReport().dump(2), ReportFormat::Json, key()).value();
    auto report = parseReport(whole);
    ASSERT_TRUE(report) << report.error().message();
    EXPECT_TRUE(report->at("signature").is_string());
    report->erase("signature");
    EXPECT_EQ(*report, test::sampleReport());
}

TEST(SignedReport, WhatIsNotSignedSaysSo) {
    EXPECT_EQ(verifyReport("").error().code, "report.unsigned");
    EXPECT_EQ(verifyReport(test::sampleReport().dump(2)).error().code, "report.unsigned");
    EXPECT_EQ(verifyReport("hearth-signature: ed25519 12").error().code, "report.malformed");
    for (const char* text : {"", "{}", " { } ", "[1]", "7", "}"})
        EXPECT_EQ(signReport(text, ReportFormat::Json, key()).error().code, "report.malformed") << text;
}

} // namespace
} // namespace hearth::hardware
