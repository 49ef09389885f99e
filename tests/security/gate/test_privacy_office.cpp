#include <fstream>
#include <map>

#include "engine/workbench/privacy_office.h"
#include "tests/security/identity/identity_fixture.h"

namespace hearth::workbench {
namespace {

namespace fs = std::filesystem;
using namespace security;

/// Ann administers, Dan is the data scientist, Uma a user, Otto the auditor.
class Office : public test::IdentityTest {
protected:
    Office() {
        m_files = {folder() / "data", folder() / "config", folder() / "cache", folder() / "data" / "logs"};
        for (const auto& each : {m_files.data, m_files.config, m_files.cache, m_files.logs})
            fs::create_directories(each);
        auto accounts =
            Accounts::open(AccountPaths::below(m_files), {[this] { return m_now; }, PasswordCost{64, 1, 1}});
        EXPECT_TRUE(accounts) << accounts.error().message();
        m_accounts = std::move(*accounts);
        auto office = PrivacyOffice::open(*m_accounts, m_files, [this] { return m_now; });
        EXPECT_TRUE(office) << office.error().message();
        m_office = std::move(*office);
    }
    void makePeople() {
        Actor actor = Actor::singlePerson();
        for (const auto& [name, role] : {std::pair{"Ann", Role::Administrator},
                                         {"Dan", Role::DataScientist},
                                         {"Uma", Role::User},
                                         {"Otto", Role::Auditor}}) {
            ASSERT_TRUE(m_accounts->create(actor, name, role, password()));
            actor = Actor::person(1);
        }
    }
    static void say(store::History& history, const std::string& text) {
        store::Message message;
        message.conversation = history.createConversation("about " + text).value();
        message.content = text;
        ASSERT_TRUE(history.appendMessage(message));
    }
    std::string everyByte() const {
        std::string all;
        for (const auto& entry : fs::recursive_directory_iterator(folder()))
            if (entry.is_regular_file())
                all += test::readText(entry.path());
        return all;
    }
    std::optional<Session> enter(const char* name) {
        auto session = m_accounts->signIn(name, password());
        EXPECT_TRUE(session) << session.error().message();
        return session ? std::optional(std::move(*session)) : std::nullopt;
    }
    std::int64_t lastMonday() const { return mondayOf(m_now / 86'400'000) - 7; }
    DataPaths m_files;
    std::unique_ptr<Accounts> m_accounts;
    std::unique_ptr<PrivacyOffice> m_office;
};

/// Who may what, written by hand: one column a role (A D U O), + allowed, - refused.
TEST_F(Office, MatrixOfRoleAndUseCase) {
    makePeople();
    std::optional<Session> session;
    Actor actor;
    Breach breach;
    breach.title = "t";
    breach.discoveredMs = m_now;
    struct Line {
        const char* name;
        const char* allowed;
        std::function<std::string()> ask;
    };
    const Line lines[] = {
        {"see one's consents", "++++", [&] { return codeOf(m_office->consents(actor)); }},
        {"withdraw", "++++", [&] { return codeOf(m_office->setConsent(actor, Purpose::Backups, false)); }},
        {"consent again", "++++",
         [&] { return codeOf(m_office->setConsent(actor, Purpose::Backups, true)); }},
        {"see the rules", "++++", [&] { return codeOf(m_office->retention(actor)); }},
        {"set one's rules", "+++-", [&] { return codeOf(m_office->setRetention(actor, Kept::Trash, 30)); }},
        {"set the machine's rule", "+---",
         [&] { return codeOf(m_office->setRetention(actor, Kept::UsageCounts, 30)); }},
        {"see breaches", "+--+", [&] { return codeOf(m_office->breaches(actor)); }},
        {"note a breach", "+---", [&] { return codeOf(m_office->saveBreach(actor, breach)); }},
        {"see the controller", "++++", [&] { return codeOf(m_office->controller(actor)); }},
        {"set the controller", "+---",
         [&] {
             return codeOf(m_office->setController(actor, {"a", "b", "c"}));
         }},
        {"the record", "+--+",
         [&] {
             return codeOf(
                 m_office->record(actor, RecordFormat::Markdown, RecordLanguage::English, "Hearth"));
         }},
        {"places", "++++", [&] { return codeOf(m_office->locations(actor)); }},
        {"weeks", "+--+", [&] { return codeOf(m_office->weeks(actor, 1)); }},
        {"releaseWeek", "+--+", [&] { return codeOf(m_office->releaseWeek(actor, lastMonday())); }},
        {"list backups", "+++-", [&] { return codeOf(m_office->backups(actor)); }},
        {"back up", "+++-", [&] { return codeOf(m_office->backUp(actor, session)); }},
        {"look into a backup", "+++-",
         [&] {
             const auto all = listBackups(m_accounts->paths().historyOf(actor.profile));
             return codeOf(m_office->preview(actor, session, all.empty() ? fs::path("x") : all[0].path));
         }},
        {"put back", "+++-",
         [&] {
             const auto all = listBackups(m_accounts->paths().historyOf(actor.profile));
             return codeOf(m_office->restore(actor, session, all.empty() ? fs::path("x") : all[0].path));
         }},
        {"remove a backup", "+++-",
         [&] {
             const auto all = listBackups(m_accounts->paths().historyOf(actor.profile));
             return codeOf(m_office->removeBackup(actor, all.empty() ? fs::path("x") : all[0].path));
         }},
        {"erase the single person", "----", [&] { return codeOf(m_office->eraseSinglePerson(actor)); }},
    };
    const char* names[] = {"Ann", "Dan", "Uma", "Otto"};
    for (int role = 0; role < kRoles; ++role) {
        session = enter(names[role]);
        actor = Actor::person(role + 1);
        if (role != 3) {
            auto history = m_accounts->openHistory(*session);
            ASSERT_TRUE(history) << history.error().message();
            say(**history, "words");
        }
        for (const Line& line : lines) {
            const std::string code = line.ask();
            EXPECT_EQ(code == "permission.denied", line.allowed[role] == '-')
                << names[role] << ", " << line.name << ": " << code;
            if (line.allowed[role] == '+') {
                EXPECT_EQ(code, "") << names[role] << ", " << line.name;
            }
        }
    }
    // Nobody signed in, and somebody with the wrong session.
    EXPECT_EQ(codeOf(m_office->consents(Actor::singlePerson())), "permission.sign_in");
    session = enter("Uma");
    EXPECT_EQ(codeOf(m_office->backUp(Actor::person(1), session)), "permission.sign_in");
    EXPECT_TRUE(m_accounts->audit().verify()->intact());
}

TEST_F(Office, WithdrawingForgetsTheCounts) {
    makePeople();
    const Actor uma = Actor::person(3);
    ASSERT_TRUE(m_office->count(uma, Measure::Messages, 40)); // not agreed: not counted
    ASSERT_TRUE(m_office->countModel(uma, "alpha"));
    ASSERT_TRUE(m_office->countAnswer(uma, 90, 4));
    EXPECT_EQ(everyByte().find("no such"), std::string::npos);
    const auto rows = [&] {
        auto connection =
            store::Connection::open(m_accounts->paths().usageFile(), store::Connection::Mode::ReadOnly);
        return (*connection)
            ->integer("SELECT (SELECT count(*) FROM usage) + (SELECT count(*) FROM model_use)")
            .value()
            .value_or(-1);
    };
    EXPECT_EQ(rows(), 0);
    ASSERT_TRUE(m_office->setConsent(uma, Purpose::Statistics, true));
    ASSERT_TRUE(m_office->count(uma, Measure::Messages, 40));
    EXPECT_EQ(rows(), 1);
    // What is kept about somebody is told to them, and only that.
    auto session = enter("Uma");
    const auto known = m_office->aboutPerson(uma, session);
    ASSERT_TRUE(known) << known.error().message();
    ASSERT_EQ(known->counts.size(), 1U);
    EXPECT_EQ(known->counts.front().amount, 40);
    EXPECT_TRUE(std::any_of(known->consents.begin(), known->consents.end(), [](const Consent& each) {
        return each.purpose == Purpose::Statistics && each.given;
    }));
    EXPECT_TRUE(m_office->aboutPerson(Actor::person(2), std::nullopt)->counts.empty());
    ASSERT_TRUE(m_office->countModel(uma, "alpha")); // as a load of the day and under its name
    ASSERT_TRUE(m_office->countAnswer(uma, 90, 4));  // and its tokens and seconds
    EXPECT_EQ(rows(), 6);
    ASSERT_TRUE(m_office->setConsent(uma, Purpose::Statistics, false));
    EXPECT_EQ(rows(), 0);
}

TEST_F(Office, AWeekOfFiguresSaysWhatItCostsBeforeAndFitsItsMonth) {
    makePeople();
    const Actor uma = Actor::person(3), ann = Actor::person(1);
    ASSERT_TRUE(m_office->setConsent(uma, Purpose::Statistics, true));
    ASSERT_TRUE(m_office->count(uma, Measure::Messages, 40));
    m_now += 40 * 86'400'000LL;
    const PrivacyRules rules;
    const auto before = m_office->weeks(ann, 7);
    ASSERT_TRUE(before) << before.error().message();
    ASSERT_EQ(before->size(), 7U);
    EXPECT_EQ(before->front().monday, lastMonday());
    for (const UsageWeek& week : *before) {
        EXPECT_FALSE(week.figures);
        EXPECT_EQ(week.cost, rules.epsilonPerWeek());
        EXPECT_EQ(week.spent, 0U); // asking costs nothing
        EXPECT_TRUE(week.affordable());
    }
    // Every week of a month can be released within its budget, with all measures.
    std::map<std::int64_t, std::uint32_t> spent;
    for (const UsageWeek& week : *before) {
        const auto released = m_office->releaseWeek(ann, week.monday);
        ASSERT_TRUE(released) << released.error().message();
        ASSERT_TRUE(released->figures);
        EXPECT_EQ(released->cost, 0U);
        EXPECT_EQ(released->spent, spent[monthOf(week.monday + 3)] += rules.epsilonPerWeek());
        EXPECT_LE(released->spent, released->budget);
    }
    EXPECT_GE(spent.size(), 2U);
    // Again: the same, for nothing, and not noted as something new.
    const auto again = m_office->releaseWeek(ann, lastMonday());
    EXPECT_EQ(again->figures->sums, m_office->weeks(ann, 1)->front().figures->sums);
    AuditFilter filter;
    filter.action = "statistics.view";
    EXPECT_EQ(m_accounts->audit().count(filter).value(), 7);
    EXPECT_EQ(codeOf(m_office->releaseWeek(ann, lastMonday() + 7)), "privacy.week_not_over");
}

TEST_F(Office, AWeekThatItsMonthCannotPayIsRefusedWithTheNumbers) {
    PrivacyRules rules;
    rules.epsilonPerMonth = rules.epsilonPerWeek() + 100;
    const auto office = std::move(*PrivacyOffice::open(
        *m_accounts, m_files, [this] { return m_now; }, rules));
    makePeople();
    const Actor ann = Actor::person(1);
    m_now += 70 * 86'400'000LL;
    const auto weeks = office->weeks(ann, 9).value();
    const auto second = std::adjacent_find(weeks.begin(), weeks.end(), [](const auto& a, const auto& b) {
        return monthOf(a.monday + 3) == monthOf(b.monday + 3);
    });
    ASSERT_NE(second, weeks.end());
    ASSERT_TRUE(office->releaseWeek(ann, second->monday));
    const std::int64_t same = (second + 1)->monday;
    EXPECT_FALSE(
        office->weeks(ann, 9)->at(static_cast<std::size_t>(second - weeks.begin()) + 1).affordable());
    const auto refused = office->releaseWeek(ann, same);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "privacy.budget_spent");
    EXPECT_EQ(refused.error().arg("needed"), "0.600");
    EXPECT_EQ(refused.error().arg("spent"), "0.600");
    EXPECT_EQ(refused.error().arg("budget"), "0.700");
}

TEST_F(Office, EveryFileIsKnown) {
    {
        auto plain = store::History::open(m_accounts->paths().historyOf(0));
        say(**plain, "words");
    }
    std::optional<Session> nobody;
    ASSERT_TRUE(m_office->backUp(Actor::singlePerson(), nobody));
    makePeople();
    auto uma = enter("Uma");
    {
        auto history = m_accounts->openHistory(*uma);
        say(**history, "words");
    }
    ASSERT_TRUE(m_office->backUp(Actor::person(3), uma));
    std::ofstream(m_files.config / "settings.json") << "{}";
    std::ofstream(m_files.logs / "hearth.log") << "x";
    std::ofstream(m_files.cache / "anything") << "x";
    std::ofstream(m_files.data / "measurements.json") << "{}";
    const auto all = m_office->locations(Actor::person(1));
    ASSERT_TRUE(all);
    for (const DataLocation& each : *all)
        EXPECT_NE(each.kind, DataKind::Unknown) << each.path;
    const auto find = [&](const fs::path& path) {
        const auto it = std::find_if(all->begin(), all->end(), [&](const auto& e) { return e.path == path; });
        return it == all->end() ? DataLocation{} : *it;
    };
    const DataLocation sealed = find(m_accounts->paths().historyOf(3));
    EXPECT_EQ(sealed.kind, DataKind::Conversations);
    EXPECT_EQ(sealed.person, 3);
    EXPECT_TRUE(sealed.sealed);
    EXPECT_GT(sealed.bytes, 4096U);
    EXPECT_FALSE(find(m_accounts->paths().historyOf(0)).sealed);
    EXPECT_EQ(find(m_files.config / "seals" / "signing.key").kind, DataKind::Seals);
    // Others see their own and what is everybody's.
    const auto dan = m_office->locations(Actor::person(2)).value();
    EXPECT_TRUE(std::none_of(dan.begin(), dan.end(), [](const auto& e) { return e.person == 3; }));
    EXPECT_EQ(classify("profiles/12/history.db-wal").kind, DataKind::Conversations);
    EXPECT_EQ(classify("history.db.damaged-20260131T000000Z").kind, DataKind::SetAside);
    EXPECT_EQ(classify("history.db.lock").kind, DataKind::Temporary);
    EXPECT_EQ(classify("shopping-list.txt").kind, DataKind::Unknown);
    EXPECT_EQ(classify("history.db.taken-over").kind, DataKind::Temporary);
    for (const char* each :
         {"library.db", "jobs.db-wal", "downloads.json", "models/a.gguf", "models/split/part.json",
          "models/a.gguf.sealed", "models/a.gguf.sealed.x1y2z3", "library-v1-x.db"})
        EXPECT_EQ(classify(each).kind,
                  std::string_view(each).starts_with("library-") ? DataKind::Backups : DataKind::Models)
            << each;
    for (const char* each : {"jobs/job-7/importance-sums", "jobs/job-7/hearth-reference-512-ab-3"})
        EXPECT_EQ(nameOf(classify(each).kind), "unfinished-jobs") << each;
    EXPECT_TRUE(classify("models/a.gguf.sealed").sealed);
    for (const char* each : {"models/a.gguf.part", ".hearth-measure-x1y2z3", "jobs/7/out.gguf.part"})
        EXPECT_EQ(classify(each).kind, DataKind::Temporary) << each;
    for (const char* each : {"runs.json", "catalogue.json", "measurements.json"})
        EXPECT_EQ(classify(each).kind, DataKind::Measurements) << each;
    EXPECT_EQ(classify("cache/0123.prefix").kind, DataKind::Cache);
    EXPECT_EQ(classify("0123.prefix").kind, DataKind::Cache);
    EXPECT_EQ(classify("report.key").kind, DataKind::Seals);
    EXPECT_EQ(classify("backups/library-v1-20260131T000000Z.db").kind, DataKind::Backups);
    EXPECT_EQ(classify("hub.json").kind, DataKind::Settings);
    EXPECT_EQ(classify("hub.key").kind, DataKind::Seals);
    std::ofstream(m_files.data / "shopping-list.txt") << "x";
    const auto stranger = m_office->locations(Actor::person(1)).value();
    EXPECT_EQ(std::count_if(stranger.begin(), stranger.end(),
                            [](const auto& e) { return e.kind == DataKind::Unknown; }),
              1);
}

TEST_F(Office, TheDailyRoundKeepsBackupsAndRules) {
    std::optional<Session> nobody;
    const Actor single = Actor::singlePerson();
    EXPECT_FALSE(m_office->dailyRound(single, nobody).value()); // no chats yet
    {
        auto plain = store::History::open(m_accounts->paths().historyOf(0));
        say(**plain, "words");
    }
    m_now = std::int64_t{::time(nullptr)} * 1000;
    EXPECT_TRUE(m_office->dailyRound(single, nobody).value());
    EXPECT_FALSE(m_office->dailyRound(single, nobody).value());
    ASSERT_TRUE(m_office->setConsent(single, Purpose::Backups, false));
    m_now += 2 * 86'400'000LL;
    fs::last_write_time(m_accounts->paths().historyOf(0),
                        fs::file_time_type::clock::now() + std::chrono::hours(50));
    EXPECT_FALSE(m_office->dailyRound(single, nobody).value()); // objected
    ASSERT_TRUE(m_office->setConsent(single, Purpose::Backups, true));
    EXPECT_TRUE(m_office->dailyRound(single, nobody).value());
}

TEST_F(Office, ErasingLeavesNoTraceInTheFiles) {
    {
        auto plain = store::History::open(m_accounts->paths().historyOf(0));
        say(**plain, "gooseberry-fool");
    }
    std::optional<Session> nobody;
    ASSERT_TRUE(m_office->backUp(Actor::singlePerson(), nobody));
    std::ofstream(m_accounts->paths().historyOf(0).string() + ".damaged-20260131T000000Z")
        << "gooseberry-fool";
    ASSERT_NE(everyByte().find("gooseberry-fool"), std::string::npos);
    const auto erased = m_office->eraseSinglePerson(Actor::singlePerson());
    ASSERT_TRUE(erased) << erased.error().message();
    EXPECT_EQ(everyByte().find("gooseberry-fool"), std::string::npos);
    // A profile: its consents and counts too.
    makePeople();
    const Actor uma = Actor::person(3);
    ASSERT_TRUE(m_office->setConsent(uma, Purpose::Statistics, true));
    ASSERT_TRUE(m_office->count(uma, Measure::Messages, 4));
    {
        auto session = enter("Uma");
        auto history = m_accounts->openHistory(*session);
        say(**history, "gooseberry-fool");
        history = tl::unexpected<Error>(Error{});
        ASSERT_TRUE(m_office->backUp(uma, session));
    }
    m_office = {};
    ASSERT_TRUE(m_accounts->erase(Actor::person(1), 3));
    EXPECT_FALSE(fs::exists(m_accounts->paths().folderOf(3)));
    auto compliance = ComplianceStore::open(m_accounts->paths().complianceFile());
    EXPECT_TRUE((*compliance)->consentHistory(3)->empty());
    auto connection =
        store::Connection::open(m_accounts->paths().usageFile(), store::Connection::Mode::ReadOnly);
    EXPECT_EQ((*connection)->integer("SELECT count(*) FROM usage WHERE person = 3").value().value_or(-1), 0);
    EXPECT_EQ(everyByte().find("Uma"), std::string::npos);
}

} // namespace
} // namespace hearth::workbench
