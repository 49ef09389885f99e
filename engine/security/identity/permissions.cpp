#include "engine/security/identity/identity.h"
#include "engine/security/identity/identity_impl.h"

namespace hearth::security {

Result<PermissionTable> Identity::permissions() {
    HEARTH_CHECK(m_impl->ledger->check());
    PermissionTable table;
    HEARTH_CHECK(m_impl->connection->each(
        "SELECT role, action, resource, scope FROM permission", {},
        [&](const store::Row& row) -> Result<void> {
            const std::int64_t role = row.integer(0), action = row.integer(1), resource = row.integer(2);
            if (role < 0 || role >= kRoles || action < 0 || action >= kActions || resource < 0 ||
                resource >= kResources)
                return {}; // of a later version; what is not known is not allowed
            const auto a = static_cast<Action>(action);
            const auto r = static_cast<Resource>(resource);
            const auto scope = static_cast<Scope>(row.integer(3));
            table.set(static_cast<Role>(role), a, r, std::min(scope, mostAllowed(a, r)));
            return {};
        }));
    return table;
}

Result<void> Identity::setPermission(Role role, Action action, Resource resource, Scope scope) {
    if (scope > mostAllowed(action, resource))
        return fail("identity.never_allowed", std::string(nameOf(action)) + " " +
                                                  std::string(nameOf(resource)) + " is never allowed as \"" +
                                                  std::string(nameOf(scope)) + "\"");
    const bool keepsTheKeys =
        role == Role::Administrator &&
        ((resource == Resource::Permission && (action == Action::View || action == Action::Change)) ||
         (resource == Resource::Profile && action != Action::Use && action != Action::Serve &&
          action != Action::Export));
    if (keepsTheKeys && scope != Scope::All)
        return fail("identity.would_lock_out", "nobody could manage profiles and permissions any more");
    return m_impl->ledger->change([&]() -> Result<void> {
        return m_impl->connection->run(
            "INSERT INTO permission (role, action, resource, scope) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET scope = excluded.scope",
            {std::int64_t(role), std::int64_t(action), std::int64_t(resource), std::int64_t(scope)});
    });
}

Result<std::vector<ModelAccess>> Identity::modelAccess(std::string_view model) {
    HEARTH_CHECK(m_impl->ledger->check());
    std::vector<ModelAccess> out;
    HEARTH_CHECK(
        m_impl->connection->each("SELECT action, subject_kind, subject FROM model_access WHERE model = ?",
                                 {model}, [&](const store::Row& row) -> Result<void> {
                                     ModelAccess entry;
                                     entry.model = model;
                                     entry.action = static_cast<Action>(row.integer(0));
                                     if (row.integer(1) == 0)
                                         entry.role = static_cast<Role>(row.integer(2));
                                     else
                                         entry.profile = row.integer(2);
                                     out.push_back(std::move(entry));
                                     return {};
                                 }));
    return out;
}

Result<void> Identity::setModelAccess(std::string_view model, Action action,
                                      const std::vector<ModelAccess>& allowed) {
    return m_impl->ledger->change([&]() -> Result<void> {
        HEARTH_CHECK(m_impl->connection->run("DELETE FROM model_access WHERE model = ? AND action = ?",
                                             {model, std::int64_t(action)}));
        for (const ModelAccess& entry : allowed) {
            if (entry.profile)
                HEARTH_CHECK(m_impl->row(*entry.profile).map([](const ProfileRow&) {}));
            const std::int64_t subject =
                entry.profile ? *entry.profile : std::int64_t(entry.role.value_or(Role::User));
            HEARTH_CHECK(m_impl->connection->run(
                "INSERT INTO model_access (model, action, subject_kind, subject) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                {model, std::int64_t(action), std::int64_t{entry.profile ? 1 : 0}, subject}));
        }
        return {};
    });
}

} // namespace hearth::security
