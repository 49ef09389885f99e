// What rules for how long things stay delete, and what they never do.

#include <chrono>
#include <fstream>

#include <unistd.h>

#include "engine/base/utc_time.h"
#include "engine/hardware/measure/measurement_history.h"
#include "engine/hardware/predict/feedback.h"
#include "engine/security/privacy/usage_statistics.h"
#include "engine/workbench/backups.h"
#include "engine/workbench/jobs/job_store.h"
#include "engine/workbench/privacy_office.h"
#include "engine/workbench/retention.h"
#include "tests/security/identity/identity_fixture.h"

namespace hearth::workbench {
namespace {

namespace fs = std::filesystem;
using namespace security;

constexpr std::int64_t kDayMs = 86'400'000;

std::int64_t realNowMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

class RetentionTest : public test::IdentityTest {
protected:
    RetentionTest() {
        m_files = {folder() / "data", folder() / "config", folder() / "cache", folder() / "data" / "logs"};
        for (const auto& each : {m_files.data, m_files.config, m_files.cache, m_files.logs, backups()})
            fs::create_directories(each);
        auto accounts =
            Accounts::open(AccountPaths::below(m_files), {[this] { return m_now; }, PasswordCost{64, 1, 1}});
        EXPECT_TRUE(accounts) << accounts.error().message();
        m_accounts = std::move(*accounts);
        m_retention = std::make_unique<Retention>(*m_accounts, m_files, [this] { return m_now; });
    }
    fs::path backups() const { return m_files.data / "backups"; }
    std::string daysAgo(int days, const char* format = kUtcTime) const {
        return utcText((m_now - days * kDayMs) / 1000, format);
    }
    /// A file as if it had been written so many days ago.
    fs::path write(const fs::path& file, int days, const std::string& text = "text") const {
        std::ofstream(file) << text;
        const auto age = std::chrono::milliseconds(realNowMs() - m_now) + std::chrono::hours(24 * days);
        fs::last_write_time(file, fs::file_time_type::clock::now() - age);
        return file;
    }
    fs::path backup(int days, const char* reason = "auto") const {
        return write(backups() / (std::string("history-") + reason + "-" + daysAgo(days, kUtcStamp) + ".db"),
                     days);
    }
    KeptPreview preview(Kept kept, int days) {
        const auto out = m_retention->preview(m_actor, kept, days);
        EXPECT_TRUE(out) << out.error().message();
        return out.value_or(KeptPreview());
    }
    std::vector<std::string> names(Kept kept, int days) {
        std::vector<std::string> out;
        for (const KeptItem& each : preview(kept, days).items)
            out.push_back(each.name);
        return out;
    }
    std::string applied(const KeptPreview& shown) {
        const auto count = m_retention->apply(m_actor, shown);
        return count ? std::to_string(*count) : count.error().code;
    }
    std::vector<std::string> notes() const {
        std::vector<std::string> out;
        const auto entries = m_accounts->audit().list({}, 0, 1000);
        for (const auto& entry : *entries)
            if (entry.event.object.starts_with("by retention rules"))
                out.push_back(entry.event.action + " " + entry.event.object + " " +
                              std::string(nameOf(entry.event.outcome)) + entry.event.reason);
        return out;
    }

    DataPaths m_files;
    std::unique_ptr<Accounts> m_accounts;
    std::unique_ptr<Retention> m_retention;
    Actor m_actor;
};

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(RetentionTest, BackupsGoByAgeAndTheNewestStays) {
    const auto oldest = backup(90), manual = backup(60, "manual"), newest = backup(40);
    const auto outside = write(folder() / "outside.db", 200);
    const auto link = backups() / ("history-auto-" + daysAgo(100, kUtcStamp) + ".db");
    fs::create_symlink(outside, link);
    const auto stranger = write(backups() / "shopping-list.txt", 300);
    const auto shown = preview(Kept::Backups, 30);
    ASSERT_EQ(shown.items.size(), 2U);
    EXPECT_EQ(shown.items[0].id, oldest.string()); // oldest first
    EXPECT_EQ(shown.items[1].id, manual.string());
    EXPECT_EQ(shown.bytes(), 8U);
    EXPECT_TRUE(fs::exists(oldest)); // looking deletes nothing
    EXPECT_EQ(applied(shown), "2");
    EXPECT_FALSE(fs::exists(oldest) || fs::exists(manual));
    for (const auto& each : {newest, outside, stranger})
        EXPECT_TRUE(fs::exists(each)) << each;
    EXPECT_TRUE(fs::is_symlink(fs::symlink_status(link)));
    EXPECT_THAT(names(Kept::Backups, 30), IsEmpty());
    EXPECT_THAT(notes(), ElementsAre("backup.remove by retention rules backups done"));
}

TEST_F(RetentionTest, OnlyWhatWasShownGoes) {
    const auto first = backup(90);
    backup(10);
    const auto shown = preview(Kept::Backups, 60);
    const auto second = backup(80); // appears before the answer to the question
    EXPECT_EQ(applied(shown), "1");
    EXPECT_FALSE(fs::exists(first));
    EXPECT_TRUE(fs::exists(second));
    EXPECT_EQ(applied(shown), "0");
}

TEST_F(RetentionTest, WhatCannotBeRemovedIsNamedAndWhole) {
    const auto stuck = backup(90), next = backup(80);
    backup(1);
    fs::create_directories(stuck.string() + ".removing/in-the-way");
    const auto shown = preview(Kept::Backups, 30);
    const auto failed = m_retention->apply(m_actor, shown);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, "store.io");
    EXPECT_EQ(failed.error().arg("path"), stuck.string());
    EXPECT_EQ(test::readText(stuck), "text");
    EXPECT_EQ(test::readText(next), "text");
    EXPECT_THAT(notes(), ElementsAre("backup.remove by retention rules backups failedstore.io"));
    if (::geteuid() == 0)
        return; // every folder is writable
    fs::remove_all(stuck.string() + ".removing");
    fs::permissions(backups(), fs::perms::owner_read | fs::perms::owner_exec);
    EXPECT_EQ(applied(shown), "store.read_only");
    fs::permissions(backups(), fs::perms::owner_all);
    EXPECT_EQ(test::readText(stuck), "text");
}

TEST_F(RetentionTest, WhatAKillLeftIsFoundAndIsNoBackup) {
    const auto half =
        write(backups() / ("history-auto-" + daysAgo(50, kUtcStamp) + ".db.removing"), 1, "cut off");
    const auto newest = backup(2);
    EXPECT_THAT(names(Kept::Backups, 30), ElementsAre(half.filename().string()));
    EXPECT_EQ(applied(preview(Kept::Backups, 30)), "1");
    EXPECT_FALSE(fs::exists(half));
    EXPECT_TRUE(fs::exists(newest));
}

TEST_F(RetentionTest, TheLogThatIsWrittenToStays) {
    const auto current = write(m_files.logs / "hearth.log", 90),
               rotated = write(m_files.logs / "hearth.1.log", 90),
               young = write(m_files.logs / "hearth.2.log", 10),
               stranger = write(m_files.logs / "other.log", 90);
    EXPECT_THAT(names(Kept::Logs, 30), ElementsAre("hearth.1.log"));
    EXPECT_EQ(applied(preview(Kept::Logs, 30)), "1");
    EXPECT_FALSE(fs::exists(rotated));
    for (const auto& each : {current, young, stranger})
        EXPECT_TRUE(fs::exists(each)) << each;
    fs::remove_all(m_files.logs);
    EXPECT_THAT(names(Kept::Logs, 30), IsEmpty()); // no folder, nothing old
}

TEST_F(RetentionTest, TheNewestMeasurementAndRunOfEachMachineStay) {
    {
        auto measured = hardware::MeasurementHistory::open(m_files.measurementsFile());
        auto runs = hardware::RunHistory::open(m_files.runsFile());
        for (const auto& [machine, days] : {std::pair{"a", 90}, {"b", 80}, {"a", 70}, {"a", 5}}) {
            hardware::Measurement one;
            one.fingerprint = machine;
            one.time = daysAgo(days);
            ASSERT_TRUE(measured->append(one));
            hardware::RunRecord run;
            run.fingerprint = machine;
            run.time = days == 90 ? "not a time" : daysAgo(days);
            ASSERT_TRUE(runs->append(run));
        }
    }
    const auto shown = preview(Kept::Measurements, 30);
    ASSERT_EQ(shown.items.size(), 3U); // a at 90 and 70 days, and the run at 70: b has no other
    EXPECT_EQ(applied(shown), "3");
    const auto measured = hardware::MeasurementHistory::open(m_files.measurementsFile());
    ASSERT_EQ(measured->all().size(), 2U);
    EXPECT_EQ(measured->all()[0].fingerprint, "b");
    EXPECT_EQ(measured->all()[1].time, daysAgo(5));
    const auto runs = hardware::RunHistory::open(m_files.runsFile());
    ASSERT_EQ(runs->all().size(), 3U); // a time that cannot be read is no age
    EXPECT_EQ(runs->all()[0].time, "not a time");
    // A damaged file is named and stays as it is.
    std::ofstream(m_files.measurementsFile()) << "{half";
    EXPECT_EQ(codeOf(m_retention->preview(m_actor, Kept::Measurements, 30)), "measurement.malformed");
    EXPECT_EQ(applied(shown), "measurement.malformed");
    EXPECT_EQ(test::readText(m_files.measurementsFile()), "{half");
}

TEST_F(RetentionTest, RecordsOfJobsThatAreOverGo) {
    EXPECT_THAT(names(Kept::Jobs, 30), IsEmpty());
    EXPECT_FALSE(fs::exists(m_files.jobsFile())); // looking makes nothing
    auto store = std::move(*JobStore::open(m_files.jobsFile()));
    const auto add = [&store](const char* title) {
        Job job;
        job.kind = JobKind::Measure;
        job.title = title;
        return store.add(job).value();
    };
    const JobId done = add("done"), failed = add("failed"), again = add("again"), queued = add("queued");
    ASSERT_TRUE(store.take(done).value() && store.take(failed).value() && store.take(again).value());
    ASSERT_TRUE(store.end(done, JobState::Done, "{}"));
    for (const JobId each : {failed, again})
        ASSERT_TRUE(store.end(each, JobState::Failed, "{}", Error{"jobs.test", "it failed"}));
    const fs::path scratch = m_files.jobsFolder() / ("job-" + std::to_string(failed));
    fs::create_directories(scratch);
    std::ofstream(scratch / "unfinished") << std::string(1000, 'x');
    m_now = realNowMs() + 40 * kDayMs;
    EXPECT_THAT(names(Kept::Jobs, 60), IsEmpty());
    const auto shown = preview(Kept::Jobs, 30);
    EXPECT_EQ(shown.items.size(), 3U);
    EXPECT_EQ(shown.bytes(), 1000U);
    ASSERT_TRUE(store.requeue(again)); // while the question is open
    EXPECT_EQ(applied(shown), "2");
    EXPECT_EQ(codeOf(store.get(done)), "jobs.not_found");
    EXPECT_EQ(codeOf(store.get(failed)), "jobs.not_found");
    EXPECT_FALSE(fs::exists(scratch));
    EXPECT_TRUE(store.get(again) && store.get(queued));
}

TEST_F(RetentionTest, CountsGoByDay) {
    const std::int64_t today = m_now / kDayMs;
    {
        const auto usage = std::move(*UsageStatistics::open(m_accounts->paths().usageFile()));
        ASSERT_TRUE(usage->record(0, today - 40, Measure::Messages, 3));
        ASSERT_TRUE(usage->record(0, today - 5, Measure::Messages, 4));
    }
    // Every day since the first one: on which of them somebody was counted is not shown.
    const auto shown = preview(Kept::UsageCounts, 30);
    EXPECT_EQ(shown.items.size(), 10U);
    EXPECT_EQ(shown.items.front().name, utcDay(today - 40));
    EXPECT_EQ(applied(shown), "10");
    const auto usage = std::move(*UsageStatistics::open(m_accounts->paths().usageFile()));
    EXPECT_EQ(usage->oldestDay().value(), today - 5);
    EXPECT_EQ(usage->countsOf(0)->size(), 1U);
    EXPECT_EQ(codeOf(usage->release(today - 35, today)), "privacy.closed_week");
}

TEST_F(RetentionTest, AClockThatWasSetBackDeletesNothing) {
    const auto file = backup(90), newest = backup(1);
    const auto shown = preview(Kept::Backups, 30);
    m_now -= 100 * kDayMs;
    const auto young = m_retention->preview(m_actor, Kept::Backups, 30);
    ASSERT_TRUE(young);
    EXPECT_TRUE(young->items.empty());
    EXPECT_EQ(young->ahead, 1U); // the newest one stays anyway
    EXPECT_EQ(applied(shown), "0");
    EXPECT_TRUE(fs::exists(file) && fs::exists(newest));
}

TEST_F(RetentionTest, DaysAreChecked) {
    for (const int days : {-1, 0, 36'501})
        for (const Kept kept : security::kAllKept)
            if (!factsOf(kept).chats) {
                EXPECT_EQ(codeOf(m_retention->preview(m_actor, kept, days)), "privacy.bad_retention");
            }
}

/// One column a role (administrator, data scientist, user, auditor): + allowed, - refused.
TEST_F(RetentionTest, MatrixOfRoleAndKind) {
    Actor maker = Actor::singlePerson();
    for (const auto& [name, role] : {std::pair{"Ann", Role::Administrator},
                                     {"Dan", Role::DataScientist},
                                     {"Uma", Role::User},
                                     {"Otto", Role::Auditor}}) {
        ASSERT_TRUE(m_accounts->create(maker, name, role, password()));
        maker = Actor::person(1);
    }
    const std::pair<Kept, const char*> lines[] = {{Kept::Backups, "+++-"},
                                                  {Kept::UsageCounts, "+---"},
                                                  {Kept::Logs, "+---"},
                                                  {Kept::Measurements, "+---"},
                                                  {Kept::Jobs, "+---"}};
    for (const auto& [kept, allowed] : lines)
        for (int role = 0; role < kRoles; ++role) {
            const std::string expected = allowed[role] == '+' ? "" : "permission.denied";
            m_actor = Actor::person(role + 1);
            EXPECT_EQ(codeOf(m_retention->preview(m_actor, kept, 30)), expected) << nameOf(kept) << role;
            EXPECT_EQ(codeOf(m_retention->apply(m_actor, {kept, 30, {}})), expected) << nameOf(kept) << role;
        }
    // Nobody's backups but one's own.
    const auto annsFolder = BackupPlace{m_accounts->paths().historyOf(1)}.folder();
    fs::create_directories(annsFolder);
    write(annsFolder / ("history-auto-" + daysAgo(90, kUtcStamp) + ".sealed"), 90);
    write(annsFolder / ("history-auto-" + daysAgo(80, kUtcStamp) + ".sealed"), 80);
    m_actor = Actor::person(3);
    EXPECT_THAT(names(Kept::Backups, 30), IsEmpty());
    m_actor = Actor::person(1);
    EXPECT_EQ(names(Kept::Backups, 30).size(), 1U);
}

TEST_F(RetentionTest, TheDailyRoundKeepsRulesWhoeverIsSignedIn) {
    ASSERT_TRUE(m_accounts->create(Actor::singlePerson(), "Ann", Role::Administrator, password()));
    ASSERT_TRUE(m_accounts->create(Actor::person(1), "Otto", Role::Auditor, password()));
    const auto office = std::move(*PrivacyOffice::open(*m_accounts, m_files, [this] { return m_now; }));
    ASSERT_TRUE(office->setRetention(Actor::person(1), Kept::Logs, 30));
    ASSERT_TRUE(office->setRetention(Actor::person(1), Kept::Measurements, 30));
    EXPECT_EQ(codeOf(office->setRetention(Actor::person(2), Kept::Jobs, 30)), "permission.denied");
    const auto old = write(m_files.logs / "hearth.1.log", 90);
    const auto rules = office->retention(Actor::person(2));
    ASSERT_TRUE(rules);
    EXPECT_EQ((*rules)[Kept::Logs], 30);
    EXPECT_FALSE((*rules)[Kept::Jobs]);
    // What fails keeps the others not waiting, and is told.
    std::ofstream(m_files.measurementsFile()) << "{half";
    EXPECT_EQ(codeOf(m_retention->dailyRound(Actor::person(2), *rules)), "measurement.malformed");
    EXPECT_FALSE(fs::exists(old));
    EXPECT_THAT(notes(), ElementsAre("settings.change by retention rules logs done"));
    fs::remove(m_files.measurementsFile());
    const auto quiet = m_retention->dailyRound(Actor::person(2), *rules);
    ASSERT_TRUE(quiet) << quiet.error().message();
    EXPECT_EQ(notes().size(), 1U); // nothing to delete is nothing to note
    write(m_files.logs / "hearth.2.log", 31);
    EXPECT_EQ(m_retention->dailyRound(Actor::person(1), *rules).value()[Kept::Logs], 1U);
}

} // namespace
} // namespace hearth::workbench
