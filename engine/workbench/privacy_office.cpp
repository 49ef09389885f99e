#include "engine/workbench/privacy_office.h"

#include "engine/base/utc_time.h"
#include "engine/security/identity/history_codec.h"
#include "engine/store/shred.h"

namespace hearth::workbench {

using namespace security;

namespace {

constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;

} // namespace

struct PrivacyOffice::Impl {
    Accounts& accounts;
    DataPaths files;
    std::function<std::int64_t()> clock;
    PrivacyRules rules;
    std::unique_ptr<ComplianceStore> compliance;
    std::unique_ptr<UsageStatistics> usage;

    std::int64_t now() const { return clock ? clock() : unixMsNow(); }
    std::int64_t today() const { return now() / kDayMs; }
    Result<UsageWeek> week(std::int64_t monday) {
        UsageWeek out;
        out.monday = monday;
        HEARTH_TRY(out.figures, usage->released(monday));
        out.cost = out.figures ? 0 : rules.epsilonPerWeek();
        HEARTH_TRY(out.spent, usage->spentInMonthOf(monday));
        out.budget = rules.epsilonPerMonth;
        return out;
    }
    Result<RetentionRules> rulesOf(const Actor& actor) {
        RetentionRules out;
        for (const Kept kept : security::kAllKept) {
            HEARTH_TRY(out[kept], compliance->retention(factsOf(kept).machine ? 0 : actor.profile, kept));
        }
        return out;
    }
    /// Records something of today, where the person agreed.
    Result<void> count(const Actor& person, const std::function<Result<void>(std::int64_t today)>& record) {
        HEARTH_TRY(const bool may, compliance->mayUse(person.profile, Purpose::Statistics));
        return may ? record(today()) : Result<void>();
    }
    static Target target(const Actor& actor, Resource resource, bool own) {
        return own ? Target::of(resource, actor.profile) : Target::of(resource);
    }
    Result<void> check(const Actor& actor, Action action, Resource resource, bool own) {
        return accounts.gate().check(actor, action, target(actor, resource, own));
    }
    Result<void> run(const Actor& actor, Action action, Resource resource, bool own, std::string object,
                     const std::function<Result<void>()>& work) {
        Target what = target(actor, resource, own);
        what.object = std::move(object);
        return accounts.gate().run(actor, action, what, work);
    }
    /// A key of who is signed in, who must be the actor.
    Result<SecureBytes> keyOf(const Actor& actor, std::optional<Session>& session, const char* purpose) {
        if (!session || session->profile.id != actor.profile)
            return fail("permission.sign_in", "this needs somebody who is signed in");
        return accounts.identity().dataKey(*session, purpose);
    }
    /// Whose history it is, what seals its backups and its texts.
    struct Own {
        SecureBytes key;
        BackupPlace place;
    };
    Result<Own> own(const Actor& actor, std::optional<Session>& session) {
        Own out;
        out.place.history = accounts.paths().historyOf(actor.profile);
        if (actor.profile == 0)
            return out;
        HEARTH_TRY(out.key, keyOf(actor, session, "backup"));
        out.place.key = out.key.bytes();
        return out;
    }
    Result<std::unique_ptr<store::TextCodec>> codec(const Actor& actor, std::optional<Session>& session) {
        if (actor.profile == 0)
            return store::plainCodec();
        HEARTH_TRY(SecureBytes key, keyOf(actor, session, "history"));
        return sealedCodec(actor.profile, std::move(key));
    }
};

PrivacyOffice::PrivacyOffice() = default;
PrivacyOffice::~PrivacyOffice() = default;

Result<std::unique_ptr<PrivacyOffice>> PrivacyOffice::open(Accounts& accounts, DataPaths files,
                                                           std::function<std::int64_t()> clock,
                                                           PrivacyRules rules) {
    std::unique_ptr<PrivacyOffice> out(new PrivacyOffice);
    out->m_impl.reset(new Impl{accounts, std::move(files), std::move(clock), rules, nullptr, nullptr});
    Impl& impl = *out->m_impl;
    HEARTH_TRY(impl.compliance, ComplianceStore::open(accounts.paths().complianceFile(), impl.clock));
    HEARTH_TRY(impl.usage, UsageStatistics::open(accounts.paths().usageFile(), rules));
    return out;
}

Result<std::array<Consent, kPurposes>> PrivacyOffice::consents(const Actor& actor) {
    HEARTH_CHECK(m_impl->check(actor, Action::View, Resource::PersonalData, true));
    return m_impl->compliance->consents(actor.profile);
}

Result<void> PrivacyOffice::setConsent(const Actor& actor, Purpose purpose, bool given) {
    const std::string object =
        std::string(given ? "consent to " : "no consent to ") + std::string(nameOf(purpose));
    return m_impl->run(actor, Action::Change, Resource::Profile, true, object, [&]() -> Result<void> {
        HEARTH_CHECK(m_impl->compliance->setConsent(actor.profile, purpose, given));
        if (purpose == Purpose::Statistics && !given)
            return m_impl->usage->forget(actor.profile);
        return {};
    });
}

Result<PersonSources> PrivacyOffice::aboutPerson(const Actor& actor, const std::optional<Session>& session) {
    HEARTH_CHECK(m_impl->check(actor, Action::View, Resource::PersonalData, true));
    PersonSources out;
    out.nowMs = m_impl->now();
    if (session) {
        out.profile = session->profile;
        HEARTH_TRY(out.tokens, m_impl->accounts.identity().tokens());
        std::erase_if(out.tokens, [&](const auto& token) { return token.profile != actor.profile; });
    }
    HEARTH_TRY(const auto consents, m_impl->compliance->consents(actor.profile));
    out.consents.assign(consents.begin(), consents.end());
    HEARTH_TRY(out.rules, m_impl->rulesOf(actor));
    HEARTH_TRY(out.counts, m_impl->usage->countsOf(actor.profile));
    return out;
}

Result<RetentionRules> PrivacyOffice::retention(const Actor& actor) {
    HEARTH_CHECK(m_impl->check(actor, Action::View, Resource::PersonalData, true));
    return m_impl->rulesOf(actor);
}

Result<void> PrivacyOffice::setRetention(const Actor& actor, Kept kept, std::optional<int> days) {
    const bool machine = factsOf(kept).machine;
    const std::string object = "keep " + std::string(nameOf(kept)) + " " +
                               (days ? std::to_string(*days) + " days" : std::string("without limit"));
    return m_impl->run(
        actor, Action::Change, machine ? Resource::Settings : Resource::Conversation, !machine, object,
        [&] { return m_impl->compliance->setRetention(machine ? 0 : actor.profile, kept, days); });
}

Result<std::vector<Breach>> PrivacyOffice::breaches(const Actor& actor) {
    HEARTH_CHECK(m_impl->check(actor, Action::View, Resource::AuditLog, false));
    return m_impl->compliance->breaches();
}

Result<std::int64_t> PrivacyOffice::saveBreach(const Actor& actor, const Breach& breach) {
    std::int64_t id = 0;
    const std::string object = breach.id ? "breach " + std::to_string(breach.id) : std::string("new breach");
    HEARTH_CHECK(m_impl->run(actor, Action::Change, Resource::Settings, false, object, [&]() -> Result<void> {
        HEARTH_TRY(id, m_impl->compliance->saveBreach(breach));
        return {};
    }));
    return id;
}

Result<Controller> PrivacyOffice::controller(const Actor& actor) {
    HEARTH_CHECK(m_impl->check(actor, Action::View, Resource::Settings, false));
    return m_impl->compliance->controller();
}

Result<void> PrivacyOffice::setController(const Actor& actor, const Controller& controller) {
    return m_impl->run(actor, Action::Change, Resource::Settings, false, "controller",
                       [&] { return m_impl->compliance->setController(controller); });
}

Result<std::string> PrivacyOffice::record(const Actor& actor, RecordFormat format, RecordLanguage language,
                                          std::string program) {
    HEARTH_CHECK(m_impl->check(actor, Action::View, Resource::AuditLog, false));
    Impl& impl = *m_impl;
    RecordFacts facts;
    HEARTH_TRY(facts.controller, impl.compliance->controller());
    HEARTH_TRY(facts.singlePerson, impl.accounts.identity().singlePerson());
    HEARTH_TRY(const auto profiles, impl.accounts.identity().profiles());
    for (const Profile& profile : profiles)
        ++facts.people[static_cast<std::size_t>(profile.role)];
    facts.program = std::move(program);
    facts.date = utcDay(impl.today());
    HEARTH_TRY(facts.rules, impl.rulesOf(actor));
    const BackupRules backups;
    facts.backupDays = backups.days;
    facts.backupWeeks = backups.weeks;
    facts.epsilonPerMeasure = impl.rules.epsilonPerMeasure;
    facts.epsilonPerMonth = impl.rules.epsilonPerMonth;
    for (const DataLocation& each : dataLocations(impl.files))
        facts.places.push_back({std::string(nameOf(each.kind)), each.path.string(), each.sealed});
    return processingRecord(facts, format, language);
}

Result<std::vector<DataLocation>> PrivacyOffice::locations(const Actor& actor) {
    HEARTH_CHECK(m_impl->check(actor, Action::View, Resource::PersonalData, true));
    HEARTH_TRY(const bool all,
               m_impl->accounts.gate().allows(actor, Action::View, Target::of(Resource::Profile)));
    auto out = dataLocations(m_impl->files);
    if (!all)
        std::erase_if(out, [&](const DataLocation& each) {
            return each.person && *each.person != 0 && *each.person != actor.profile;
        });
    return out;
}

Result<void> PrivacyOffice::count(const Actor& person, Measure measure, std::int64_t amount) {
    return m_impl->count(person, [&](std::int64_t today) {
        return m_impl->usage->record(person.profile, today, measure, amount);
    });
}

Result<void> PrivacyOffice::countAnswer(const Actor& person, std::int64_t tokens, std::int64_t seconds) {
    return m_impl->count(person, [&](std::int64_t today) {
        return m_impl->usage->recordAnswer(person.profile, today, tokens, seconds);
    });
}

Result<void> PrivacyOffice::countModel(const Actor& person, const std::string& model) {
    return m_impl->count(person, [&](std::int64_t today) -> Result<void> {
        HEARTH_CHECK(m_impl->usage->record(person.profile, today, Measure::ModelLoads));
        return m_impl->usage->recordModel(person.profile, today, model);
    });
}

Result<std::vector<UsageWeek>> PrivacyOffice::weeks(const Actor& actor, int count) {
    HEARTH_CHECK(m_impl->check(actor, Action::View, Resource::Statistics, false));
    std::vector<UsageWeek> out;
    const std::int64_t thisWeek = mondayOf(m_impl->today());
    for (int back = 1; back <= count; ++back) {
        HEARTH_TRY(auto week, m_impl->week(thisWeek - std::int64_t{back} * ReleasedWeek::kDays));
        out.push_back(std::move(week));
    }
    return out;
}

Result<UsageWeek> PrivacyOffice::releaseWeek(const Actor& actor, std::int64_t monday,
                                             std::vector<std::string> models) {
    HEARTH_CHECK(m_impl->check(actor, Action::View, Resource::Statistics, false));
    HEARTH_TRY(const auto known, m_impl->week(monday));
    if (known.figures)
        return known;
    const std::string object = "week of " + utcDay(monday) + ", epsilon " + epsilonText(known.cost);
    HEARTH_CHECK(m_impl->run(actor, Action::View, Resource::Statistics, false, object, [&] {
        return m_impl->usage->release(monday, m_impl->today(), std::move(models))
            .map([](const ReleasedWeek&) {});
    }));
    return m_impl->week(monday);
}

Result<bool> PrivacyOffice::dailyRound(const Actor& actor, std::optional<Session>& session,
                                       std::stop_token stop) {
    Impl& impl = *m_impl;
    HEARTH_TRY(const bool backups, impl.compliance->mayUse(actor.profile, Purpose::Backups));
    HEARTH_TRY(const bool mayCreate, impl.accounts.gate().allows(
                                         actor, Action::Create, Target::of(Resource::Backup, actor.profile)));
    if (!backups || !mayCreate)
        return false;
    HEARTH_TRY(const auto own, impl.own(actor, session));
    HEARTH_TRY(const auto made, makeBackupWhenDue(own.place, impl.now(), {}, std::move(stop)));
    return made.has_value();
}

Result<std::vector<BackupFile>> PrivacyOffice::backups(const Actor& actor) {
    HEARTH_CHECK(m_impl->check(actor, Action::View, Resource::Backup, true));
    return listBackups(m_impl->accounts.paths().historyOf(actor.profile));
}

Result<BackupFile> PrivacyOffice::backUp(const Actor& actor, std::optional<Session>& session,
                                         std::stop_token stop, const ProgressSink& progress) {
    BackupFile out;
    HEARTH_CHECK(m_impl->run(actor, Action::Create, Resource::Backup, true, {}, [&]() -> Result<void> {
        HEARTH_TRY(const auto own, m_impl->own(actor, session));
        HEARTH_TRY(out, makeBackup(own.place, BackupReason::Manual, m_impl->now(), {}, stop, progress));
        return {};
    }));
    return out;
}

Result<RestorePreview> PrivacyOffice::preview(const Actor& actor, std::optional<Session>& session,
                                              const std::filesystem::path& backup, std::stop_token stop) {
    HEARTH_CHECK(m_impl->check(actor, Action::View, Resource::Backup, true));
    HEARTH_TRY(const auto own, m_impl->own(actor, session));
    HEARTH_TRY(auto codec, m_impl->codec(actor, session));
    return previewRestore(own.place, backup, std::move(codec), std::move(stop));
}

Result<void> PrivacyOffice::restore(const Actor& actor, std::optional<Session>& session,
                                    const std::filesystem::path& backup, std::stop_token stop) {
    return m_impl->run(actor, Action::Change, Resource::Conversation, true, "put back from a backup",
                       [&]() -> Result<void> {
                           HEARTH_TRY(const auto own, m_impl->own(actor, session));
                           HEARTH_TRY(auto codec, m_impl->codec(actor, session));
                           return restoreBackup(own.place, backup, std::move(codec), m_impl->now(), stop);
                       });
}

Result<void> PrivacyOffice::removeBackup(const Actor& actor, const std::filesystem::path& backup) {
    return m_impl->run(actor, Action::Remove, Resource::Backup, true, {}, [&] {
        return workbench::removeBackup(m_impl->accounts.paths().historyOf(actor.profile), backup);
    });
}

Result<void> PrivacyOffice::eraseSinglePerson(const Actor& actor) {
    Target target = Target::of(Resource::PersonalData, 0);
    target.object = "chats of the single person";
    return m_impl->accounts.gate().run(actor, Action::Remove, target, [&]() -> Result<void> {
        if (actor.profile != 0)
            return fail("permission.denied", "there are profiles; erase the profile");
        const std::filesystem::path history = m_impl->accounts.paths().historyOf(0);
        for (const BackupFile& each : listBackups(history))
            HEARTH_CHECK(store::shred(each.path));
        std::error_code error;
        std::vector<std::filesystem::path> aside;
        for (std::filesystem::directory_iterator it(history.parent_path(), error), end; !error && it != end;
             it.increment(error))
            if (it->path().filename().string().starts_with(history.filename().string() + "."))
                aside.push_back(it->path());
        for (const auto& each : aside)
            HEARTH_CHECK(store::shred(each));
        HEARTH_CHECK(store::shred(history));
        HEARTH_CHECK(m_impl->compliance->forget(0));
        return m_impl->usage->forget(0);
    });
}

Result<Repaired> PrivacyOffice::repair(const Actor& actor, std::optional<Session>& session,
                                       std::stop_token stop, const ProgressSink& progress) {
    Repaired out;
    HEARTH_CHECK(m_impl->run(
        actor, Action::Change, Resource::Conversation, true, "damaged file repaired", [&]() -> Result<void> {
            HEARTH_TRY(const auto codec, m_impl->codec(actor, session));
            HEARTH_TRY(out, repairHistory(m_impl->accounts.paths().historyOf(actor.profile), *codec, stop,
                                          progress));
            return {};
        }));
    return out;
}

Result<void> PrivacyOffice::beginAnew(const Actor& actor) {
    return m_impl->run(actor, Action::Change, Resource::Conversation, true, "damaged file set aside", [&] {
        return store::History::setAside(m_impl->accounts.paths().historyOf(actor.profile))
            .map([](const std::filesystem::path&) {});
    });
}

} // namespace hearth::workbench
