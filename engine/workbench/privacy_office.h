#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/security/privacy/compliance.h"
#include "engine/security/privacy/person_export.h"
#include "engine/security/privacy/processing_record.h"
#include "engine/security/privacy/usage_statistics.h"
#include "engine/workbench/accounts.h"
#include "engine/workbench/backups.h"
#include "engine/workbench/data_locations.h"

namespace hearth::workbench {

/// One week of the figures about use, and what it means to release it; in thousandths of ε.
struct UsageWeek {
    std::int64_t monday = 0; ///< days since 1970-01-01, UTC
    std::optional<security::ReleasedWeek> figures;
    std::uint32_t cost = 0;              ///< of releasing it; 0 = it was
    std::uint32_t spent = 0, budget = 0; ///< of the month to which the week belongs
    [[nodiscard]] bool affordable() const { return spent + std::uint64_t{cost} <= budget; }
};

/// The use cases around people's data, beside those of Accounts: each goes through the gate and what changes
/// something is noted. Confined to the thread of its Accounts, which outlives it. Errors of every call:
/// permission.*, store.*, and what is named.
class PrivacyOffice {
public:
    /// `files` are where Hearth keeps things. Makes compliance.db and usage.db where they are missing.
    [[nodiscard]] static Result<std::unique_ptr<PrivacyOffice>> open(Accounts& accounts, DataPaths files,
                                                                     std::function<std::int64_t()> clock = {},
                                                                     security::PrivacyRules rules = {});
    ~PrivacyOffice();

    // Consents of who asks.
    [[nodiscard]] Result<std::array<security::Consent, security::kPurposes>> consents(const Actor& actor);
    /// Withdrawing Statistics forgets the counts too. Errors: privacy.not_optional.
    [[nodiscard]] Result<void> setConsent(const Actor& actor, security::Purpose purpose, bool given);

    /// What is kept about who asks besides chats and log: profile, keys, consents, rules, counts.
    [[nodiscard]] Result<security::PersonSources>
    aboutPerson(const Actor& actor, const std::optional<security::Session>& session);

    // Rules for how long things stay; what they delete is up to Retention and security::applyToChats().
    /// What holds for who asks: their own rules and those of the machine, which are no secret.
    [[nodiscard]] Result<security::RetentionRules> retention(const Actor& actor);
    [[nodiscard]] Result<void> setRetention(const Actor& actor, security::Kept kept, std::optional<int> days);

    // Breaches: seen by those who see the audit log, written by those who change the machine's settings.
    [[nodiscard]] Result<std::vector<security::Breach>> breaches(const Actor& actor);
    [[nodiscard]] Result<std::int64_t> saveBreach(const Actor& actor, const security::Breach& breach);

    [[nodiscard]] Result<security::Controller> controller(const Actor& actor);
    [[nodiscard]] Result<void> setController(const Actor& actor, const security::Controller& controller);
    /// The record of processing activities, with what holds now.
    [[nodiscard]] Result<std::string> record(const Actor& actor, security::RecordFormat format,
                                             security::RecordLanguage language, std::string program);

    /// Every file; of other people's only for those who see all profiles.
    [[nodiscard]] Result<std::vector<DataLocation>> locations(const Actor& actor);

    // Figures about use.
    /// Counts for `person`, when they agreed to it; nothing otherwise. Not noted: it happens with every
    /// answer.
    [[nodiscard]] Result<void> count(const Actor& person, security::Measure measure, std::int64_t amount = 1);
    /// The same for an answer with its tokens and seconds (see UsageStatistics::recordAnswer()).
    [[nodiscard]] Result<void> countAnswer(const Actor& person, std::int64_t tokens, std::int64_t seconds);
    /// The same for a model that was loaded, as a load and under its name.
    [[nodiscard]] Result<void> countModel(const Actor& person, const std::string& model);
    /// The last `count` weeks that are over, the latest first. Releases nothing and costs nothing.
    [[nodiscard]] Result<std::vector<UsageWeek>> weeks(const Actor& actor, int count);
    /// Releases the week that begins at `monday`, or gives it again; noted with what it cost.
    /// `models`: the names to be told apart (see UsageStatistics::release()). Errors: privacy.budget_spent,
    /// privacy.week_not_over, privacy.closed_week.
    [[nodiscard]] Result<UsageWeek> releaseWeek(const Actor& actor, std::int64_t monday,
                                                std::vector<std::string> models = {});

    /// The daily round for who is signed in: an automatic backup when one is due and they did not object.
    /// Returns whether one was made.
    [[nodiscard]] Result<bool> dailyRound(const Actor& actor, std::optional<security::Session>& session,
                                          std::stop_token stop = {});

    // Backups of who asks; `session` has their key.
    [[nodiscard]] Result<std::vector<BackupFile>> backups(const Actor& actor);
    [[nodiscard]] Result<BackupFile> backUp(const Actor& actor, std::optional<security::Session>& session,
                                            std::stop_token stop = {}, const ProgressSink& progress = {});
    [[nodiscard]] Result<RestorePreview> preview(const Actor& actor,
                                                 std::optional<security::Session>& session,
                                                 const std::filesystem::path& backup,
                                                 std::stop_token stop = {});
    /// Nobody may have the history open.
    [[nodiscard]] Result<void> restore(const Actor& actor, std::optional<security::Session>& session,
                                       const std::filesystem::path& backup, std::stop_token stop = {});
    [[nodiscard]] Result<void> removeBackup(const Actor& actor, const std::filesystem::path& backup);
    /// In single-person mode: overwrites and removes the chats, their backups and what was set aside of them,
    /// the consents and the counts. Nobody may have the history open. Errors: permission.denied where there
    /// are profiles (see Accounts::erase()).
    [[nodiscard]] Result<void> eraseSinglePerson(const Actor& actor);
    /// Saves what can be read of a damaged history. Nobody may have it open.
    [[nodiscard]] Result<Repaired> repair(const Actor& actor, std::optional<security::Session>& session,
                                          std::stop_token stop = {}, const ProgressSink& progress = {});
    /// Sets a damaged history aside, so that the next one begins anew. Nobody may have it open.
    [[nodiscard]] Result<void> beginAnew(const Actor& actor);

private:
    PrivacyOffice();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace hearth::workbench
