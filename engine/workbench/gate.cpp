#include "engine/workbench/gate.h"

#include <algorithm>
#include <vector>

namespace hearth::workbench {

using security::Action;
using security::Resource;
using security::Scope;
using security::TokenScope;

namespace {

constexpr const char* kDenied = "permission.denied";
constexpr const char* kSignIn = "permission.sign_in";

/// What a token may ever do, whoever gave it: nothing that is sealed, nothing that changes people or rights.
bool withinToken(TokenScope scope, Action action, Resource resource) {
    if (resource != Resource::Model)
        return false;
    switch (scope) {
    case TokenScope::Read:
        return action == Action::View;
    case TokenScope::Chat:
        return action == Action::View || action == Action::Use;
    case TokenScope::Manage:
        return action == Action::View || action == Action::Use || action == Action::Serve;
    }
    return false;
}

std::string objectOf(const Target& target) {
    if (!target.object.empty())
        return target.object;
    if (!target.model.empty())
        return "model " + target.model;
    return target.owner ? "of profile " + std::to_string(*target.owner) : std::string();
}

} // namespace

Result<std::string> Gate::decide(const Actor& actor, Action action, const Target& target) {
    if (actor.profile == 0) {
        HEARTH_TRY(const bool single, m_identity.singlePerson());
        if (!single)
            return std::string(kSignIn);
        // One person has every right, but nobody rewrites what was noted.
        return std::string(security::mostAllowed(action, target.resource) == Scope::None ? kDenied : "");
    }
    const auto found = m_identity.profile(actor.profile);
    if (!found && found.error().code != "identity.no_such_profile")
        return tl::unexpected<Error>(found.error());
    if (!found || found->disabled)
        return std::string(kSignIn);
    if (actor.token && !withinToken(*actor.token, action, target.resource))
        return std::string(kDenied);
    HEARTH_TRY(const auto table, m_identity.permissions());
    const Scope scope = std::min(table.scope(found->role, action, target.resource),
                                 security::mostAllowed(action, target.resource));
    const bool own = target.owner ? *target.owner == actor.profile : action == Action::Create;
    if (scope == Scope::None || (scope == Scope::Own && !own))
        return std::string(kDenied);
    if (target.resource != Resource::Model || target.model.empty())
        return std::string();
    HEARTH_TRY(auto access, m_identity.modelAccess(target.model));
    std::erase_if(access, [action](const security::ModelAccess& entry) { return entry.action != action; });
    const bool listed = std::any_of(access.begin(), access.end(), [&](const security::ModelAccess& entry) {
        return entry.profile ? *entry.profile == actor.profile : entry.role == found->role;
    });
    return std::string(access.empty() || listed ? "" : kDenied);
}

Result<bool> Gate::allows(const Actor& actor, Action action, const Target& target) {
    return decide(actor, action, target).map([](const std::string& refusal) { return refusal.empty(); });
}

Result<void> Gate::note(const Actor& actor, Action action, const Target& target, security::Outcome outcome,
                        const std::string& reason) {
    security::AuditEvent event;
    event.actor = actor.profile;
    event.action = std::string(nameOf(target.resource)) + "." + std::string(nameOf(action));
    event.object = objectOf(target).substr(0, 4096);
    // A path may hold any byte; the log holds plain text.
    for (char& c : event.object)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '?';
    event.outcome = outcome;
    event.reason = reason;
    return m_audit.append(event).map([](std::int64_t) {});
}

Result<void> Gate::check(const Actor& actor, Action action, const Target& target) {
    HEARTH_TRY(const std::string refusal, decide(actor, action, target));
    if (refusal.empty())
        return {};
    HEARTH_CHECK(note(actor, action, target, security::Outcome::Refused, refusal));
    if (refusal == kSignIn)
        return fail(kSignIn, "this needs somebody who is signed in");
    const std::string a(nameOf(action)), r(nameOf(target.resource));
    return tl::unexpected<Error>(
        Error{kDenied, "not allowed: " + a + " " + r}.with("action", a).with("resource", r));
}

Result<void> Gate::run(const Actor& actor, Action action, const Target& target,
                       const std::function<Result<void>()>& work) {
    HEARTH_CHECK(check(actor, action, target));
    auto result = work();
    auto noted = note(actor, action, target, result ? security::Outcome::Done : security::Outcome::Failed,
                      result ? "" : result.error().code);
    return result ? noted : result;
}

} // namespace hearth::workbench
