#include "engine/security/privacy/compliance.h"

#include <algorithm>

#include "engine/base/utc_time.h"
#include "engine/store/connection.h"
#include "engine/store/file_care.h"

namespace hearth::security {

namespace {

// consent: all that was ever said; the last row of a person and purpose counts.
constexpr std::array<std::string_view, 7> kVersion1 = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO meta (key, value) VALUES ('database_id', randomblob(16)), ('last_write', x'')",
    "CREATE TABLE consent (id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL, "
    "purpose INTEGER NOT NULL, given INTEGER NOT NULL, time_ms INTEGER NOT NULL) STRICT",
    "CREATE INDEX consent_person ON consent (person, purpose)",
    "CREATE TABLE breach (id INTEGER PRIMARY KEY AUTOINCREMENT, discovered_ms INTEGER NOT NULL, "
    "noted_ms INTEGER NOT NULL, people INTEGER NOT NULL, risk INTEGER NOT NULL CHECK (risk BETWEEN 0 AND 2), "
    "authority_ms INTEGER, people_ms INTEGER, closed_ms INTEGER, title BLOB NOT NULL, facts BLOB NOT NULL, "
    "effects BLOB NOT NULL, measures BLOB NOT NULL) STRICT",
    "CREATE TABLE retention (person INTEGER NOT NULL, kind INTEGER NOT NULL, days INTEGER NOT NULL, "
    "PRIMARY KEY (person, kind)) STRICT, WITHOUT ROWID",
    "CREATE TABLE detail (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
};
constexpr std::array<store::Migration, 1> kMigrations = {store::Migration{1, kVersion1}};

constexpr std::size_t kMostText = 65'536;

constexpr std::array<std::string_view, kPurposes> kPurposeNames = {"conversations", "accounts", "audit-log",
                                                                   "backups", "statistics"};

store::Value valueOf(const std::optional<std::int64_t>& number) {
    return number ? store::Value(*number) : store::Value(store::kNull);
}

} // namespace

PurposeFacts factsOf(Purpose purpose) {
    switch (purpose) {
    case Purpose::Conversations:
    case Purpose::Accounts:
        return {LegalBasis::Service, false, true};
    case Purpose::AuditLog:
        return {LegalBasis::Legitimate, false, true};
    case Purpose::Backups:
        return {LegalBasis::Legitimate, true, true};
    case Purpose::Statistics:
        return {LegalBasis::Consent, true, false};
    }
    return {LegalBasis::Consent, true, false};
}

std::string_view nameOf(Purpose purpose) {
    return kPurposeNames[static_cast<std::size_t>(purpose)];
}

std::optional<Purpose> purposeNamed(std::string_view name) {
    const auto it = std::find(kPurposeNames.begin(), kPurposeNames.end(), name);
    return it == kPurposeNames.end() ? std::nullopt
                                     : std::optional(static_cast<Purpose>(it - kPurposeNames.begin()));
}

std::string_view nameOf(BreachRisk risk) {
    constexpr std::array<std::string_view, 3> kNames = {"unlikely", "likely", "high"};
    return kNames[static_cast<std::size_t>(risk)];
}

const KeptFacts& factsOf(Kept kept) {
    static constexpr PerKept<KeptFacts> kFacts = {{{
        {"trash", false, true, Resource::Conversation, Action::Remove},
        {"idle", false, true, Resource::Conversation, Action::Remove},
        {"usage-counts", true, false, Resource::Settings, Action::Change},
        {"backups", false, false, Resource::Backup, Action::Remove},
        {"logs", true, false, Resource::Settings, Action::Change},
        {"measurements", true, false, Resource::Settings, Action::Change},
        {"jobs", true, false, Resource::Settings, Action::Change},
    }}};
    return kFacts[kept];
}

Result<void> checkDays(int days) {
    if (days >= 1 && days <= 36'500)
        return {};
    return tl::unexpected<Error>(
        Error{"privacy.bad_retention", std::to_string(days) + " days; 1 to 36500 can be kept"}.with(
            "value", std::to_string(days)));
}

struct ComplianceStore::Impl {
    std::unique_ptr<store::Connection> connection;
    std::function<std::int64_t()> clock;

    std::int64_t now() const { return clock ? clock() : unixMsNow(); }
};

ComplianceStore::ComplianceStore() = default;
ComplianceStore::~ComplianceStore() = default;

Result<std::unique_ptr<ComplianceStore>> ComplianceStore::open(const std::filesystem::path& file,
                                                               std::function<std::int64_t()> clock) {
    HEARTH_TRY(auto connection, store::openShared(file, kMigrations));
    std::unique_ptr<ComplianceStore> out(new ComplianceStore);
    out->m_impl.reset(new Impl{std::move(connection), std::move(clock)});
    return out;
}

Result<std::array<Consent, kPurposes>> ComplianceStore::consents(ProfileId person) {
    std::array<Consent, kPurposes> out;
    for (int i = 0; i < kPurposes; ++i) {
        const auto purpose = static_cast<Purpose>(i);
        out[static_cast<std::size_t>(i)] = {purpose, factsOf(purpose).givenAtFirst, 0};
    }
    HEARTH_TRY(const auto said, consentHistory(person));
    for (const Consent& each : said)
        out[static_cast<std::size_t>(each.purpose)] = each;
    return out;
}

Result<bool> ComplianceStore::mayUse(ProfileId person, Purpose purpose) {
    return consents(person).map(
        [purpose](const auto& all) { return all[static_cast<std::size_t>(purpose)].given; });
}

Result<void> ComplianceStore::setConsent(ProfileId person, Purpose purpose, bool given) {
    if (!factsOf(purpose).optional)
        return fail("privacy.not_optional",
                    "\"" + std::string(nameOf(purpose)) + "\" is part of what the program is for");
    return m_impl->connection->transaction([&] {
        return m_impl->connection->run(
            "INSERT INTO consent (person, purpose, given, time_ms) VALUES (?, ?, ?, ?)",
            {person, std::int64_t(purpose), std::int64_t{given}, m_impl->now()});
    });
}

Result<std::vector<Consent>> ComplianceStore::consentHistory(ProfileId person) {
    std::vector<Consent> out;
    HEARTH_CHECK(m_impl->connection->each(
        "SELECT purpose, given, time_ms FROM consent WHERE person = ? ORDER BY id", {person},
        [&](const store::Row& row) -> Result<void> {
            if (row.integer(0) >= 0 && row.integer(0) < kPurposes) // others are of a later version
                out.push_back({static_cast<Purpose>(row.integer(0)), row.integer(1) != 0, row.integer(2)});
            return {};
        }));
    return out;
}

Result<std::int64_t> ComplianceStore::saveBreach(const Breach& breach) {
    if (breach.title.empty())
        return fail("privacy.bad_breach", "a breach needs a title");
    for (const std::string* text : {&breach.title, &breach.facts, &breach.effects, &breach.measures})
        if (text->size() > kMostText)
            return fail("privacy.bad_breach", "a text of more than 64 KiB");
    if (breach.discoveredMs <= 0 || breach.discoveredMs > m_impl->now() + 60'000 || breach.people < 0)
        return fail("privacy.bad_breach", "it cannot have been discovered in the future");
    std::int64_t id = breach.id;
    const auto work = [&]() -> Result<void> {
        auto& connection = *m_impl->connection;
        if (id == 0) {
            HEARTH_CHECK(connection.run("INSERT INTO breach (discovered_ms, noted_ms, people, risk, title, "
                                        "facts, effects, measures) VALUES (0, ?, 0, 0, x'', x'', x'', x'')",
                                        {m_impl->now()}));
            HEARTH_TRY(const auto made, connection.integer("SELECT last_insert_rowid()"));
            id = made.value_or(0);
        }
        HEARTH_CHECK(connection.run(
            "UPDATE breach SET discovered_ms = ?, people = ?, risk = ?, authority_ms = ?, people_ms = ?, "
            "closed_ms = ?, title = ?, facts = ?, effects = ?, measures = ? WHERE id = ?",
            {breach.discoveredMs, breach.people, std::int64_t(breach.risk), valueOf(breach.authorityMs),
             valueOf(breach.peopleMs), valueOf(breach.closedMs), breach.title, breach.facts, breach.effects,
             breach.measures, id}));
        if (connection.changes() != 1)
            return fail("privacy.no_such_breach", "no breach has the number " + std::to_string(id));
        return {};
    };
    HEARTH_CHECK(m_impl->connection->transaction(work));
    return id;
}

Result<std::vector<Breach>> ComplianceStore::breaches() {
    std::vector<Breach> out;
    HEARTH_CHECK(m_impl->connection->each(
        "SELECT id, discovered_ms, noted_ms, people, risk, authority_ms, people_ms, closed_ms, title, facts, "
        "effects, measures FROM breach ORDER BY id DESC",
        {}, [&](const store::Row& row) -> Result<void> {
            Breach breach;
            breach.id = row.integer(0);
            breach.discoveredMs = row.integer(1);
            breach.notedMs = row.integer(2);
            breach.people = row.integer(3);
            breach.risk = static_cast<BreachRisk>(std::clamp<std::int64_t>(row.integer(4), 0, 2));
            breach.authorityMs = row.maybe(5);
            breach.peopleMs = row.maybe(6);
            breach.closedMs = row.maybe(7);
            breach.title = row.bytes(8);
            breach.facts = row.bytes(9);
            breach.effects = row.bytes(10);
            breach.measures = row.bytes(11);
            out.push_back(std::move(breach));
            return {};
        }));
    return out;
}

Result<void> ComplianceStore::setRetention(ProfileId person, Kept kept, std::optional<int> days) {
    if (days)
        HEARTH_CHECK(checkDays(*days));
    return m_impl->connection->transaction([&]() -> Result<void> {
        if (!days)
            return m_impl->connection->run("DELETE FROM retention WHERE person = ? AND kind = ?",
                                           {person, std::int64_t(kept)});
        return m_impl->connection->run("INSERT INTO retention (person, kind, days) VALUES (?, ?, ?) "
                                       "ON CONFLICT DO UPDATE SET days = excluded.days",
                                       {person, std::int64_t(kept), std::int64_t{*days}});
    });
}

Result<std::optional<int>> ComplianceStore::retention(ProfileId person, Kept kept) {
    return m_impl->connection
        ->integer("SELECT days FROM retention WHERE person = ? AND kind = ?", {person, std::int64_t(kept)})
        .map([](const auto& days) { return days ? std::optional(static_cast<int>(*days)) : std::nullopt; });
}

Result<void> ComplianceStore::setController(const Controller& controller) {
    return m_impl->connection->transaction([&]() -> Result<void> {
        for (const auto& [key, value] :
             {std::pair{"name", &controller.name}, std::pair{"contact", &controller.contact},
              std::pair{"officer", &controller.officer}})
            HEARTH_CHECK(m_impl->connection->run(
                "INSERT INTO detail (key, value) VALUES (CAST(? AS TEXT), ?) "
                "ON CONFLICT DO UPDATE SET value = excluded.value",
                {std::string_view(key), std::string_view(*value).substr(0, kMostText)}));
        return {};
    });
}

Result<Controller> ComplianceStore::controller() {
    Controller out;
    HEARTH_CHECK(m_impl->connection->each(
        "SELECT key, value FROM detail", {}, [&](const store::Row& row) -> Result<void> {
            const std::string key = row.bytes(0);
            (key == "name" ? out.name : key == "contact" ? out.contact : out.officer) = row.bytes(1);
            return {};
        }));
    return out;
}

Result<void> ComplianceStore::forget(ProfileId person) {
    HEARTH_CHECK(m_impl->connection->transaction([&]() -> Result<void> {
        HEARTH_CHECK(m_impl->connection->run("DELETE FROM consent WHERE person = ?", {person}));
        return m_impl->connection->run("DELETE FROM retention WHERE person = ?", {person});
    }));
    return m_impl->connection->run("PRAGMA wal_checkpoint(TRUNCATE)");
}

} // namespace hearth::security
