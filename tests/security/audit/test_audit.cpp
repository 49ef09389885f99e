#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <QtCore/QCoreApplication>

#include "engine/security/audit/audit_log.h"
#include "engine/store/connection.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace hearth::security {
namespace {

class Audit : public ::testing::Test {
protected:
    Audit() {
        static int argc = 1;
        static char name[] = "test";
        static char* argv[] = {name, nullptr};
        static QCoreApplication application(argc, argv);
        auto key = SigningKey::generate();
        m_key = std::make_unique<SigningKey>(std::move(*key));
    }
    AuditFiles files() const { return {m_folder.path() / "audit.db", m_folder.path() / "audit.head"}; }
    std::unique_ptr<AuditLog> open() {
        auto log = AuditLog::open(files(), *m_key, [this] { return m_now++; });
        EXPECT_TRUE(log) << log.error().message();
        return log ? std::move(*log) : nullptr;
    }
    void fill(AuditLog& log, int count) {
        for (int i = 0; i < count; ++i) {
            const auto number =
                log.append({i % 3, i % 2 ? "sign-in" : "model.use", "model /m" + std::to_string(i) + ".gguf",
                            i % 5 == 4 ? Outcome::Refused : Outcome::Done, ""});
            ASSERT_TRUE(number) << number.error().message();
        }
    }
    void edit(const std::string& sql) const {
        auto connection = store::Connection::open(files().database, store::Connection::Mode::ReadWrite);
        ASSERT_TRUE(connection);
        const auto done = (*connection)->run(sql);
        ASSERT_TRUE(done) << sql << ": " << done.error().message();
    }
    /// "code number" of every problem.
    std::vector<std::string> problems() {
        std::vector<std::string> out;
        const auto report = open()->verify();
        EXPECT_TRUE(report) << report.error().message();
        for (const AuditProblem& problem : report->problems)
            out.push_back(problem.code + " " + std::to_string(problem.number));
        return out;
    }

    test::TemporaryFolder m_folder;
    std::unique_ptr<SigningKey> m_key;
    std::int64_t m_now = 1'700'000'000'000;
};

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(Audit, EmptyAndFilledLogsAreIntact) {
    EXPECT_THAT(problems(), IsEmpty());
    fill(*open(), 12);
    EXPECT_THAT(problems(), IsEmpty());
    fill(*open(), 3);
    EXPECT_THAT(problems(), IsEmpty());
    EXPECT_EQ(open()->verify()->entries, 15);
}

TEST_F(Audit, ListsNewestFirstAndFilters) {
    const auto log = open();
    fill(*log, 10);
    const auto all = log->list({}, 0, 100);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 10U);
    EXPECT_EQ(all->front().number, 10);
    EXPECT_EQ(all->front().hash.size(), 64U);
    EXPECT_EQ(log->list({}, 8, 100)->size(), 2U);
    AuditFilter filter;
    filter.actor = 1;
    EXPECT_EQ(log->count(filter).value(), 3);
    filter = {};
    filter.outcome = Outcome::Refused;
    EXPECT_EQ(log->count(filter).value(), 2);
    filter = {};
    filter.action = "model.";
    EXPECT_EQ(log->count(filter).value(), 5);
    filter.fromMs = 1'700'000'000'004;
    EXPECT_EQ(log->count(filter).value(), 3);
    filter.untilMs = 1'700'000'000'006;
    EXPECT_EQ(log->count(filter).value(), 1);
}

TEST_F(Audit, EveryEditIsFoundAndLocated) {
    fill(*open(), 9);
    const std::string whole = test::readText(files().database);
    const std::pair<const char*, const char*> cases[] = {
        {"UPDATE entry SET time_ms = time_ms + 1 WHERE number = 4", "audit.entry_changed 4"},
        {"UPDATE entry SET actor = 7 WHERE number = 4", "audit.entry_changed 4"},
        {"UPDATE entry SET outcome = 0 WHERE number = 5", "audit.entry_changed 5"},
        {"UPDATE entry SET action = x'61' WHERE number = 1", "audit.entry_changed 1"},
        {"UPDATE entry SET object = x'' WHERE number = 9", "audit.entry_changed 9"},
        {"UPDATE entry SET reason = x'61' WHERE number = 2", "audit.entry_changed 2"},
        {"UPDATE entry SET hash = zeroblob(32) WHERE number = 3", "audit.entry_changed 3"},
        {"UPDATE entry SET signature = zeroblob(64) WHERE number = 3", "audit.entry_foreign 3"},
        {"DELETE FROM entry WHERE number = 1", "audit.entry_missing 1"},
        {"DELETE FROM entry WHERE number = 6", "audit.entry_missing 6"},
        {"DELETE FROM entry WHERE number = 9", "audit.tail_cut 9"},
        {"DELETE FROM entry WHERE number > 3", "audit.tail_cut 4"},
        {"DELETE FROM entry", "audit.tail_cut 1"},
        {"INSERT INTO entry SELECT 10, time_ms, actor, outcome, action, object, reason, hash, signature FROM "
         "entry "
         "WHERE number = 2",
         "audit.entry_changed 10"},
    };
    for (const auto& [sql, problem] : cases) {
        std::ofstream(files().database, std::ios::binary | std::ios::trunc) << whole;
        edit(sql);
        EXPECT_THAT(problems(), Contains(problem)) << sql;
    }
}

TEST_F(Audit, ReorderedEntriesAreFound) {
    fill(*open(), 6);
    edit("UPDATE entry SET number = CASE number WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE number END");
    edit("UPDATE entry SET number = -number WHERE number < 0");
    EXPECT_THAT(problems(),
                ::testing::AllOf(Contains("audit.entry_changed 2"), Contains("audit.entry_changed 3")));
}

TEST_F(Audit, AnEntryWithARightHashButAnotherKeyIsForeign) {
    fill(*open(), 3);
    auto own = SigningKey::fromSeed(m_key->seed());
    auto other = SigningKey::generate();
    *m_key = std::move(*other);
    const std::string head = test::readText(files().head);
    fill(*open(), 1);
    *m_key = std::move(*own);
    // With the forger's head as well as with the former one.
    EXPECT_THAT(problems(),
                ::testing::AllOf(Contains("audit.entry_foreign 4"), Contains("audit.head_changed 0")));
    std::ofstream(files().head, std::ios::trunc) << head;
    EXPECT_THAT(problems(), ElementsAre("audit.entry_foreign 4"));
}

TEST_F(Audit, TheHeadIsWatchedToo) {
    fill(*open(), 3);
    const std::string early = test::readText(files().head);
    fill(*open(), 1);
    std::ofstream(files().head, std::ios::trunc) << early;
    // One behind is what a crash between the two writes leaves.
    const auto report = open()->verify();
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->intact());
    EXPECT_TRUE(report->headWasCatchingUp);
    fill(*open(), 1);
    EXPECT_THAT(problems(), IsEmpty());
    std::ofstream(files().head, std::ios::trunc) << early;
    EXPECT_THAT(problems(), ElementsAre("audit.head_behind 4"));
    for (std::size_t i = 0; i < early.size(); i += 17) {
        std::string bad = early;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        std::ofstream(files().head, std::ios::trunc) << bad;
        EXPECT_THAT(problems(), Contains("audit.head_changed 0")) << "byte " << i;
        std::ofstream(files().head, std::ios::trunc) << early.substr(0, i);
        EXPECT_THAT(problems(), Contains("audit.head_changed 0")) << i << " bytes";
    }
    std::filesystem::remove(files().head);
    EXPECT_THAT(problems(), ElementsAre("audit.head_missing 0"));
}

TEST_F(Audit, ACutTailStaysVisibleWhenTheLogGoesOn) {
    fill(*open(), 5);
    edit("DELETE FROM entry WHERE number > 3");
    fill(*open(), 2);
    EXPECT_THAT(problems(), ElementsAre("audit.entry_missing 4"));
}

TEST_F(Audit, TwoProgramsAppendToOneChain) {
    const auto one = open(), two = open();
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE((i % 2 ? one : two)->append({1, "sign-in", "", Outcome::Done, ""}));
    EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(Audit, EventsAreShortPlainWords) {
    const auto log = open();
    for (const AuditEvent& event :
         {AuditEvent{1, "", "", Outcome::Done, ""}, AuditEvent{1, "a\nb", "", Outcome::Done, ""},
          AuditEvent{1, "a", std::string(4097, 'x'), Outcome::Done, ""},
          AuditEvent{1, "a", "", Outcome::Done, "\x1b[0m"}}) {
        const auto number = log->append(event);
        ASSERT_FALSE(number);
        EXPECT_EQ(number.error().code, "audit.bad_event");
    }
    EXPECT_EQ(log->count({}).value(), 0);
}

TEST_F(Audit, ExportsReadAsTheirFormats) {
    const auto log = open();
    ASSERT_TRUE(log->append({2, "model.remove", "model =cmd|\"x\",y", Outcome::Failed, "file.unwritable"}));
    ASSERT_TRUE(log->append({2, "sign-in", "=1+1", Outcome::Done, ""}));
    std::string csv, json;
    const auto into = [](std::string& out) {
        return [&out](std::string_view text) -> Result<void> {
            out += text;
            return {};
        };
    };
    ASSERT_TRUE(log->exportEntries({}, AuditFormat::Csv, into(csv)));
    EXPECT_THAT(csv, ::testing::StartsWith(
                         "number,time,actor,action,object,outcome,reason,hash\r\n"
                         "1,2023-11-14T22:13:20.000Z,2,model.remove,\"model =cmd|\"\"x\"\",y\",failed,"
                         "file.unwritable,"));
    EXPECT_THAT(csv, ::testing::HasSubstr(",'=1+1,"));
    ASSERT_TRUE(log->exportEntries({}, AuditFormat::Json, into(json)));
    const auto parsed = nlohmann::json::parse(json);
    EXPECT_EQ(parsed["format"], "hearth-audit");
    EXPECT_EQ(parsed["public_key"], toHex(m_key->publicKey()));
    ASSERT_EQ(parsed["entries"].size(), 2U);
    EXPECT_EQ(parsed["entries"][0]["object"], "model =cmd|\"x\",y");
}

} // namespace
} // namespace hearth::security
