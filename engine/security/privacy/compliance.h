#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/security/identity/roles.h"

namespace hearth::security {

/// What data about people is used for. Whether a person may say no, and what happens then, follows from the
/// basis.
enum class Purpose {
    Conversations, ///< keeping chats so that they can be read and continued
    Accounts,      ///< telling people apart and keeping their chats from each other
    AuditLog,      ///< who did what, for security and accountability
    Backups,       ///< automatic copies of the chats
    Statistics     ///< being counted in differentially private figures about use
};
inline constexpr int kPurposes = 5;

/// GDPR article 6(1), PIPL article 13.
enum class LegalBasis {
    Service,    ///< the person asked for the service (GDPR 6(1)(b), PIPL 13(2))
    Legitimate, ///< a legitimate interest in security (GDPR 6(1)(f)); PIPL 13(3): duties under the law
    Consent     ///< GDPR 6(1)(a), PIPL 13(1)
};
struct PurposeFacts {
    LegalBasis basis;
    bool optional;     ///< a person may withdraw or object; the program then stops
    bool givenAtFirst; ///< as long as the person has said nothing
};
[[nodiscard]] PurposeFacts factsOf(Purpose purpose);
[[nodiscard]] std::string_view nameOf(Purpose purpose); ///< "conversations" …
[[nodiscard]] std::optional<Purpose> purposeNamed(std::string_view name);

/// What a person said about a purpose, and since when; sinceMs 0 = nothing yet.
struct Consent {
    Purpose purpose = Purpose::Statistics;
    bool given = false;
    std::int64_t sinceMs = 0;
};

enum class BreachRisk {
    Unlikely, ///< for the rights of people: noted only (GDPR 33(1))
    Likely,   ///< the authority is told within 72 hours
    High      ///< the people are told too (GDPR 34)
};
[[nodiscard]] std::string_view nameOf(BreachRisk risk);

/// A breach of personal data (GDPR 33(5): every one is noted, with facts, effects and what was done).
struct Breach {
    std::int64_t id = 0;
    std::int64_t discoveredMs = 0, notedMs = 0;
    std::string title, facts, effects, measures;
    std::int64_t people = 0; ///< about how many are affected
    BreachRisk risk = BreachRisk::Likely;
    std::optional<std::int64_t> authorityMs, peopleMs, closedMs; ///< told, told, closed

    static constexpr std::int64_t kDeadlineMs = std::int64_t{72} * 3600 * 1000;
    [[nodiscard]] std::int64_t deadlineMs() const { return discoveredMs + kDeadlineMs; }
    [[nodiscard]] bool authorityPending() const {
        return risk != BreachRisk::Unlikely && !authorityMs && !closedMs;
    }
};

/// Kinds of data with a rule for how long they stay. The numbers are those of the database.
enum class Kept {
    Trash,        ///< conversations in the trash
    Idle,         ///< conversations that nobody used
    UsageCounts,  ///< each person's counts behind the figures
    Backups,      ///< copies of the conversations, besides their rotation
    Logs,         ///< files of technical messages
    Measurements, ///< of the hardware, and of the speed of answers
    Jobs          ///< records of jobs that are over
};
/// All of them, in the order of their numbers.
inline constexpr std::array kAllKept = {Kept::Trash, Kept::Idle,         Kept::UsageCounts, Kept::Backups,
                                        Kept::Logs,  Kept::Measurements, Kept::Jobs};
/// One value for each.
template <class T>
struct PerKept : std::array<T, kAllKept.size()> {
    constexpr T& operator[](Kept kept) { return this->at(static_cast<std::size_t>(kept)); }
    constexpr const T& operator[](Kept kept) const { return this->at(static_cast<std::size_t>(kept)); }
};
struct KeptFacts {
    std::string_view name; ///< "trash", for the terminal, the audit log and files
    bool machine;          ///< one rule for everybody, of who may change the settings; else each person's own
    bool chats;            ///< conversations, which lie in a person's history
    Resource resource;     ///< whose things go, and
    Action action;         ///< what the gate is asked before they do
};
[[nodiscard]] const KeptFacts& factsOf(Kept kept);
[[nodiscard]] inline std::string_view nameOf(Kept kept) {
    return factsOf(kept).name;
}
/// Days for each kind; nullopt = without limit.
using RetentionRules = PerKept<std::optional<int>>;
/// Errors: privacy.bad_retention (1 to 36500 days; arg value).
[[nodiscard]] Result<void> checkDays(int days);

/// Who answers for this installation: what a record of processing activities begins with.
struct Controller {
    std::string name, contact, officer;
    bool operator==(const Controller&) const = default;
};

/// Consents, breaches, retention rules and the controller's details, in SQLite; several processes may have it
/// open. It asks no permission: callers go through workbench::Gate first. Confined to the thread that opened
/// it; needs a QCoreApplication. Errors of every call: store.*.
class ComplianceStore {
public:
    /// Errors: those of History::open() for the file.
    [[nodiscard]] static Result<std::unique_ptr<ComplianceStore>>
    open(const std::filesystem::path& file, std::function<std::int64_t()> clock = {});
    ~ComplianceStore();

    /// One entry per purpose. Person 0 = the single person.
    [[nodiscard]] Result<std::array<Consent, kPurposes>> consents(ProfileId person);
    [[nodiscard]] Result<bool> mayUse(ProfileId person, Purpose purpose);
    /// What was said before stays noted. Errors: privacy.not_optional (nothing to consent to).
    [[nodiscard]] Result<void> setConsent(ProfileId person, Purpose purpose, bool given);
    /// Everything that this person ever said, oldest first.
    [[nodiscard]] Result<std::vector<Consent>> consentHistory(ProfileId person);

    /// id 0 = a new one; returns the id. Errors: privacy.bad_breach (no title, a text of more than 64 KiB,
    /// discovered in the future), privacy.no_such_breach.
    [[nodiscard]] Result<std::int64_t> saveBreach(const Breach& breach);
    /// Newest first.
    [[nodiscard]] Result<std::vector<Breach>> breaches();

    /// nullopt = kept without limit. Errors: privacy.bad_retention (1 to 36500 days; arg value).
    [[nodiscard]] Result<void> setRetention(ProfileId person, Kept kept, std::optional<int> days);
    [[nodiscard]] Result<std::optional<int>> retention(ProfileId person, Kept kept);

    [[nodiscard]] Result<void> setController(const Controller& controller);
    [[nodiscard]] Result<Controller> controller();

    /// Takes everything of a person out, overwritten.
    [[nodiscard]] Result<void> forget(ProfileId person);

private:
    ComplianceStore();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace hearth::security
