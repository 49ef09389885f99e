#pragma once

#include "engine/security/identity/roles.h"

namespace hearth::gui {

/// What the person before the window may do, as a copy of the permission table: for showing and hiding. What
/// is done still goes through workbench::Gate. A plain value.
class Rights {
public:
    Rights() = default; ///< nobody: nothing

    /// The one person of a program without profiles: everything but what nobody may.
    [[nodiscard]] static Rights singlePerson() {
        Rights out;
        out.m_who = Who::SinglePerson;
        return out;
    }
    [[nodiscard]] static Rights of(security::Role role, const security::PermissionTable& table) {
        Rights out;
        out.m_who = Who::Profile;
        out.m_role = role;
        out.m_table = table;
        return out;
    }

    /// Whether they may do it at least with what is their own.
    [[nodiscard]] bool own(security::Action action, security::Resource resource) const {
        return scope(action, resource) != security::Scope::None;
    }
    /// Whether they may do it with everybody's, or with what belongs to nobody (models, settings, the log).
    [[nodiscard]] bool all(security::Action action, security::Resource resource) const {
        return scope(action, resource) == security::Scope::All;
    }
    /// Whether they come to the same, whatever other roles may do.
    [[nodiscard]] bool operator==(const Rights& other) const {
        if (m_who != other.m_who || m_role != other.m_role)
            return false;
        for (int action = 0; action < security::kActions; ++action)
            for (int resource = 0; resource < security::kResources; ++resource) {
                const auto a = static_cast<security::Action>(action);
                const auto r = static_cast<security::Resource>(resource);
                if (scope(a, r) != other.scope(a, r))
                    return false;
            }
        return true;
    }

private:
    enum class Who { Nobody, SinglePerson, Profile };
    [[nodiscard]] security::Scope scope(security::Action action, security::Resource resource) const {
        if (m_who == Who::Nobody)
            return security::Scope::None;
        // The single person owns whatever there is, so that "own" and "all" are the same for them.
        if (m_who == Who::SinglePerson)
            return mostAllowed(action, resource) == security::Scope::None ? security::Scope::None
                                                                          : security::Scope::All;
        return m_table.scope(m_role, action, resource);
    }

    Who m_who = Who::Nobody;
    security::Role m_role = security::Role::User;
    security::PermissionTable m_table;
};

} // namespace hearth::gui
