#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/base/error.h"
#include "engine/security/audit/audit_log.h"
#include "engine/security/identity/identity.h"

namespace hearth::workbench {

/// Who asks. A plain value; the gate looks up what the person is allowed now, not what they were when they
/// came.
struct Actor {
    security::ProfileId profile = 0; ///< 0 = the single person, while there are no profiles
    /// Set for a program that came with a token: less than its owner, and never anybody's words.
    std::optional<security::TokenScope> token;

    [[nodiscard]] static Actor singlePerson() { return {}; }
    [[nodiscard]] static Actor person(security::ProfileId id) { return {id, std::nullopt}; }
    [[nodiscard]] static Actor program(const security::TokenGrant& grant) {
        return {grant.profile.id, grant.token.scope};
    }
};

/// What they ask for.
struct Target {
    security::Resource resource = security::Resource::Settings;
    /// Whose it is; nullopt = everybody's, or not there yet (Create): then it counts as the actor's own.
    std::optional<security::ProfileId> owner;
    std::string model;  ///< absolute path, where a model is meant
    std::string object; ///< for the audit log: "profile 3"; never content

    [[nodiscard]] static Target of(security::Resource resource,
                                   std::optional<security::ProfileId> owner = {}) {
        return {resource, owner, {}, {}};
    }
    [[nodiscard]] static Target modelAt(std::string path) {
        return {security::Resource::Model, std::nullopt, std::move(path), {}};
    }
};

/// The one place that decides who may do what; the window, the terminal and the server all go through it. A
/// refusal is written to the audit log before it is told. Confined to the thread of its Identity and
/// AuditLog, which outlive it.
class Gate {
public:
    Gate(security::Identity& identity, security::AuditLog& audit) : m_identity(identity), m_audit(audit) {}

    /// For showing and hiding; writes nothing. Errors: identity.*, store.*.
    [[nodiscard]] Result<bool> allows(const Actor& actor, security::Action action, const Target& target);
    /// Errors: permission.denied (args action, resource), permission.sign_in (nobody is signed in though
    /// there are profiles), identity.*, audit.*, store.*.
    [[nodiscard]] Result<void> check(const Actor& actor, security::Action action, const Target& target);
    /// Checks, does the work and notes how it ended, as "resource.action". When the note cannot be written
    /// the result is that error, though the work is done. Errors: those of check() and of `work`.
    [[nodiscard]] Result<void> run(const Actor& actor, security::Action action, const Target& target,
                                   const std::function<Result<void>()>& work);
    /// Notes how something ended that check() allowed and that was done elsewhere (a model loaded in the
    /// engine's thread). `reason` is the code of an error, or "". Errors: audit.*, store.*.
    [[nodiscard]] Result<void> note(const Actor& actor, security::Action action, const Target& target,
                                    security::Outcome outcome, const std::string& reason);

private:
    /// "" = allowed, else the code of the refusal.
    [[nodiscard]] Result<std::string> decide(const Actor& actor, security::Action action,
                                             const Target& target);

    security::Identity& m_identity;
    security::AuditLog& m_audit;
};

} // namespace hearth::workbench
