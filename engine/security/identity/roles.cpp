#include "engine/security/identity/roles.h"

#include <algorithm>
#include <initializer_list>
#include <span>

namespace hearth::security {

namespace {

constexpr std::array<std::string_view, kRoles> kRoleNames = {"administrator", "data-scientist", "user",
                                                             "auditor"};
constexpr std::array<std::string_view, kActions> kActionNames = {"view", "create", "change", "remove",
                                                                 "use",  "serve",  "export"};
constexpr std::array<std::string_view, kResources> kResourceNames = {
    "conversation", "document",  "model",         "training-job", "calibration-data",
    "report",       "audit-log", "profile",       "permission",   "statistics",
    "settings",     "token",     "personal-data", "backup"};
constexpr std::array<std::string_view, 3> kScopeNames = {"none", "own", "all"};

template <class T, std::size_t N>
std::optional<T> find(const std::array<std::string_view, N>& names, std::string_view name) {
    const auto it = std::find(names.begin(), names.end(), name);
    return it == names.end() ? std::nullopt : std::optional(static_cast<T>(it - names.begin()));
}

struct Grant {
    std::initializer_list<Action> actions;
    Resource resource;
    Scope scope;
};

} // namespace

std::string_view nameOf(Role role) {
    return kRoleNames[static_cast<std::size_t>(role)];
}
std::string_view nameOf(Action action) {
    return kActionNames[static_cast<std::size_t>(action)];
}
std::string_view nameOf(Resource resource) {
    return kResourceNames[static_cast<std::size_t>(resource)];
}
std::string_view nameOf(Scope scope) {
    return kScopeNames[static_cast<std::size_t>(scope)];
}
std::optional<Role> roleNamed(std::string_view name) {
    return find<Role>(kRoleNames, name);
}
std::optional<Action> actionNamed(std::string_view name) {
    return find<Action>(kActionNames, name);
}
std::optional<Resource> resourceNamed(std::string_view name) {
    return find<Resource>(kResourceNames, name);
}
std::optional<Scope> scopeNamed(std::string_view name) {
    return find<Scope>(kScopeNames, name);
}

PermissionTable PermissionTable::defaults() {
    using enum Action;
    using enum Resource;
    PermissionTable table;
    const auto grant = [&table](Role role, std::initializer_list<Grant> grants) {
        for (const Grant& each : grants)
            for (const Action action : each.actions)
                table.set(role, action, each.resource, each.scope);
    };
    // Everyone: their own name, password and keys, and the rights over what is stored about them.
    for (const Role role : {Role::Administrator, Role::DataScientist, Role::User, Role::Auditor})
        grant(role, {{{View, Change}, Resource::Profile, Scope::Own},
                     {{View, Export, Remove}, PersonalData, Scope::Own},
                     {{View, Create, Remove}, Resource::Token, Scope::Own},
                     {{View}, Resource::Settings, Scope::All}});
    for (const Role role : {Role::Administrator, Role::DataScientist, Role::User})
        grant(role, {{{View, Create, Change, Remove, Export}, Conversation, Scope::Own},
                     {{View, Create, Change, Remove, Use, Export}, Document, Scope::Own},
                     {{View, Create, Remove, Export}, Backup, Scope::Own},
                     {{View, Use}, Model, Scope::All}});
    // Runs the machine; reads nobody else's words.
    grant(Role::Administrator, {{{View, Create, Change, Remove}, Resource::Profile, Scope::All},
                                {{View, Change}, Permission, Scope::All},
                                {{View, Create, Change, Remove, Use, Serve, Export}, Model, Scope::All},
                                {{View, Change}, Resource::Settings, Scope::All},
                                {{View, Create, Remove}, Resource::Token, Scope::All},
                                {{View}, Statistics, Scope::All},
                                {{View}, AuditLog, Scope::All},
                                {{Remove}, PersonalData, Scope::All},
                                {{View, Create, Remove}, Backup, Scope::All},
                                {{View, Create, Export}, Report, Scope::All}});
    grant(Role::DataScientist, {{{View, Create, Change, Remove, Use, Serve, Export}, Model, Scope::All},
                                {{View}, TrainingJob, Scope::All},
                                {{Create, Change, Remove, Use, Export}, TrainingJob, Scope::Own},
                                {{View, Use}, CalibrationData, Scope::All},
                                {{Create, Change, Remove, Export}, CalibrationData, Scope::Own},
                                {{View, Create, Export}, Report, Scope::All},
                                {{Change, Remove}, Report, Scope::Own}});
    grant(Role::Auditor, {{{View, Export}, AuditLog, Scope::All},
                          {{View, Export}, Report, Scope::All},
                          {{View}, Statistics, Scope::All},
                          {{View}, Permission, Scope::All}});
    return table;
}

Scope mostAllowed(Action action, Resource resource) {
    switch (resource) {
    case Resource::Conversation:
    case Resource::Document:
        return Scope::Own;
    case Resource::PersonalData: // erasing at a person's request needs no reading
        return action == Action::Remove ? Scope::All : Scope::Own;
    case Resource::AuditLog:
        return action == Action::View || action == Action::Export ? Scope::All : Scope::None;
    default:
        return Scope::All;
    }
}

} // namespace hearth::security
