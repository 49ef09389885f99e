#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QtCore/QCoreApplication>

#include "engine/security/privacy/compliance.h"
#include "engine/security/privacy/processing_record.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace hearth::security {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Compliance : public ::testing::Test {
protected:
    Compliance() {
        static int argc = 1;
        static char name[] = "test";
        static char* argv[] = {name, nullptr};
        static QCoreApplication application(argc, argv);
        m_store = open();
    }
    std::unique_ptr<ComplianceStore> open() {
        auto opened = ComplianceStore::open(m_folder.path() / "compliance.db", [this] { return m_now; });
        EXPECT_TRUE(opened) << opened.error().message();
        return opened ? std::move(*opened) : nullptr;
    }
    test::TemporaryFolder m_folder;
    std::int64_t m_now = 1'700'000'000'000;
    std::unique_ptr<ComplianceStore> m_store;
};

TEST_F(Compliance, ConsentsAreRememberedWithTheirHistory) {
    const auto first = m_store->consents(7).value();
    for (const Consent& each : first) {
        EXPECT_EQ(each.given, each.purpose != Purpose::Statistics) << nameOf(each.purpose);
        EXPECT_EQ(each.sinceMs, 0);
    }
    EXPECT_FALSE(m_store->mayUse(7, Purpose::Statistics).value());
    ASSERT_TRUE(m_store->setConsent(7, Purpose::Statistics, true));
    m_now += 1000;
    ASSERT_TRUE(m_store->setConsent(7, Purpose::Backups, false));
    m_now += 1000;
    ASSERT_TRUE(m_store->setConsent(7, Purpose::Statistics, false));
    EXPECT_FALSE(m_store->mayUse(7, Purpose::Statistics).value());
    EXPECT_FALSE(m_store->mayUse(7, Purpose::Backups).value());
    EXPECT_TRUE(m_store->mayUse(8, Purpose::Backups).value());
    m_store = {};
    m_store = open();
    const auto said = m_store->consentHistory(7).value();
    ASSERT_EQ(said.size(), 3U);
    EXPECT_TRUE(said[0].given);
    EXPECT_EQ(said[2].sinceMs, 1'700'000'002'000);
    for (const Purpose purpose : {Purpose::Conversations, Purpose::Accounts, Purpose::AuditLog})
        EXPECT_EQ(m_store->setConsent(7, purpose, false).error().code, "privacy.not_optional");
    ASSERT_TRUE(m_store->forget(7));
    EXPECT_TRUE(m_store->consentHistory(7)->empty());
    EXPECT_TRUE(m_store->mayUse(7, Purpose::Backups).value());
    for (int i = 0; i < kPurposes; ++i)
        EXPECT_EQ(purposeNamed(nameOf(static_cast<Purpose>(i))), static_cast<Purpose>(i));
    EXPECT_FALSE(purposeNamed("selling"));
}

TEST_F(Compliance, BreachesHaveTheirClock) {
    Breach breach;
    EXPECT_EQ(m_store->saveBreach(breach).error().code, "privacy.bad_breach");
    breach.title = "lost laptop";
    EXPECT_EQ(m_store->saveBreach(breach).error().code, "privacy.bad_breach"); // discovered never
    breach.discoveredMs = m_now + 3'600'000;
    EXPECT_EQ(m_store->saveBreach(breach).error().code, "privacy.bad_breach"); // in the future
    breach.discoveredMs = m_now - 3'600'000;
    breach.facts = std::string(70'000, 'f');
    EXPECT_EQ(m_store->saveBreach(breach).error().code, "privacy.bad_breach");
    breach.facts = "left on a train; the disk is encrypted";
    breach.people = 3;
    const auto id = m_store->saveBreach(breach);
    ASSERT_TRUE(id) << id.error().message();
    auto all = m_store->breaches().value();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].id, *id);
    EXPECT_EQ(all[0].notedMs, m_now);
    EXPECT_EQ(all[0].deadlineMs(), breach.discoveredMs + 72 * 3'600'000LL);
    EXPECT_TRUE(all[0].authorityPending());
    EXPECT_EQ(all[0].facts, breach.facts);
    all[0].authorityMs = m_now;
    all[0].risk = BreachRisk::High;
    m_now += 5000;
    ASSERT_TRUE(m_store->saveBreach(all[0]));
    all = m_store->breaches().value();
    EXPECT_FALSE(all[0].authorityPending());
    EXPECT_EQ(all[0].risk, BreachRisk::High);
    EXPECT_EQ(all[0].notedMs, m_now - 5000); // when it was first written down
    all[0].id = 99;
    EXPECT_EQ(m_store->saveBreach(all[0]).error().code, "privacy.no_such_breach");
    EXPECT_EQ(m_store->breaches()->size(), 1U);
    Breach small = all[0];
    small.id = 0;
    small.authorityMs.reset();
    small.risk = BreachRisk::Unlikely;
    EXPECT_FALSE(small.authorityPending());
}

TEST_F(Compliance, RulesOutOfRange) {
    for (const int days : {-1, 0, 36'501}) {
        const auto refused = m_store->setRetention(1, Kept::Trash, days);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, "privacy.bad_retention");
        EXPECT_EQ(refused.error().arg("value"), std::to_string(days));
    }
    EXPECT_FALSE(m_store->retention(1, Kept::Trash).value());
    ASSERT_TRUE(m_store->setRetention(1, Kept::Trash, 30));
    ASSERT_TRUE(m_store->setRetention(2, Kept::Trash, 90));
    EXPECT_EQ(m_store->retention(1, Kept::Trash).value(), 30);
    EXPECT_EQ(m_store->retention(2, Kept::Trash).value(), 90);
    EXPECT_FALSE(m_store->retention(1, Kept::Idle).value());
    ASSERT_TRUE(m_store->setRetention(1, Kept::Trash, std::nullopt));
    EXPECT_FALSE(m_store->retention(1, Kept::Trash).value());
}

TEST_F(Compliance, WhatIsForgottenIsNotInTheFile) {
    ASSERT_TRUE(m_store->setController({"Lantern Books", "somewhere", ""}));
    EXPECT_EQ(m_store->controller()->name, "Lantern Books");
    ASSERT_TRUE(m_store->setController({"Another House", "", "an officer"}));
    EXPECT_EQ(*m_store->controller(), (Controller{"Another House", "", "an officer"}));
    ASSERT_TRUE(m_store->forget(1));
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(m_folder.path()))
        all += test::readText(entry.path());
    EXPECT_EQ(all.find("Lantern Books"), std::string::npos); // overwritten, not only replaced
    EXPECT_NE(all.find("Another House"), std::string::npos);
}

TEST(ProcessingRecord, SaysWhatHoldsInBothLanguagesAndFormats) {
    RecordFacts facts;
    facts.controller = {"A <b>House</b> | of *books*", "", "officer"};
    facts.program = "Hearth 9.9";
    facts.date = "2026-01-31";
    facts.singlePerson = false;
    facts.people = {1, 0, 4, 1};
    facts.rules[Kept::Trash] = 30;
    facts.backupDays = 7;
    facts.backupWeeks = 4;
    facts.epsilonPerMeasure = 100;
    facts.epsilonPerMonth = 3000;
    facts.places = {{"conversations", "/data/profiles/1/history.db", true},
                    {"audit-log", "/data/audit.db", false}};
    const auto english = processingRecord(facts, RecordFormat::Markdown, RecordLanguage::English);
    for (const char* expected :
         {"# Record of processing activities", "Hearth 9.9", "GDPR 6(1)(b)", "30 days",
          "until somebody deletes it", "epsilon 0.100", "3.000 a month",
          "| Chats in the trash | each person | 30 days |",
          "| Log files | the machine | until somebody deletes it |", "no rule removes entries",
          "/data/audit.db", "1798.105", "72 hours", "not stated", "| Users | 4 |"})
        EXPECT_THAT(english, HasSubstr(expected));
    EXPECT_THAT(english, HasSubstr("A \\<b\\>House\\</b\\> \\| of \\*books\\*")); // nothing typed is markup
    const auto html = processingRecord(facts, RecordFormat::Html, RecordLanguage::English);
    EXPECT_THAT(html, HasSubstr("A &lt;b&gt;House&lt;/b&gt;"));
    EXPECT_THAT(html, Not(HasSubstr("<b>House")));
    EXPECT_THAT(html, HasSubstr("<html lang=\"en\">"));
    for (const char* tag : {"table", "tr", "p", "h2"}) {
        const auto count = [&html](const std::string& text) {
            std::size_t n = 0;
            for (std::size_t at = html.find(text); at != std::string::npos; at = html.find(text, at + 1))
                ++n;
            return n;
        };
        EXPECT_EQ(count("<" + std::string(tag) + ">"), count("</" + std::string(tag) + ">")) << tag;
    }
    EXPECT_THAT(html, Not(HasSubstr("http"))); // it fetches nothing
    const auto chinese = processingRecord(facts, RecordFormat::Html, RecordLanguage::Chinese);
    for (const char* expected :
         {"个人信息处理活动记录", "《个人信息保护法》", "72 小时", "30 天", "lang=\"zh-CN\"", "已加密"})
        EXPECT_THAT(chinese, HasSubstr(expected));
    facts.singlePerson = true;
    EXPECT_THAT(processingRecord(facts, RecordFormat::Markdown, RecordLanguage::English),
                HasSubstr("One person without a password"));
    EXPECT_EQ(rightsOfPeople(RecordLanguage::English).size(), rightsOfPeople(RecordLanguage::Chinese).size());
    EXPECT_EQ(breachRules(RecordLanguage::Chinese).size(), 3U);
}

} // namespace
} // namespace hearth::security
