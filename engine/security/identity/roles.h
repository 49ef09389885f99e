#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hearth::security {

using ProfileId = std::int64_t;

enum class Role { Administrator, DataScientist, User, Auditor };
enum class Action { View, Create, Change, Remove, Use, Serve, Export };
enum class Resource {
    Conversation, ///< chats, drafts, system prompts
    Document,     ///< texts that a person gave to chat with
    Model,        ///< Create = import, Use = load, Serve = offer over the network
    TrainingJob,
    CalibrationData,
    Report,
    AuditLog,
    Profile,      ///< View/Change "own" = one's name and password
    Permission,   ///< this table and the access lists of models
    Statistics,   ///< differentially private figures about use
    Settings,     ///< what holds for the whole machine
    Token,        ///< keys for the terminal and the server
    PersonalData, ///< everything about one person at once: export, erasure
    Backup
};
inline constexpr int kRoles = 4, kActions = 7, kResources = 14;

/// Whose things a role may do something with.
enum class Scope { None, Own, All };

/// The names that the database, the audit log and the terminal use: "administrator", "view", "conversation".
[[nodiscard]] std::string_view nameOf(Role role);
[[nodiscard]] std::string_view nameOf(Action action);
[[nodiscard]] std::string_view nameOf(Resource resource);
[[nodiscard]] std::string_view nameOf(Scope scope);
[[nodiscard]] std::optional<Role> roleNamed(std::string_view name);
[[nodiscard]] std::optional<Action> actionNamed(std::string_view name);
[[nodiscard]] std::optional<Resource> resourceNamed(std::string_view name);
[[nodiscard]] std::optional<Scope> scopeNamed(std::string_view name);

/// Role × action × resource. A plain value.
class PermissionTable {
public:
    [[nodiscard]] Scope scope(Role role, Action action, Resource resource) const {
        return m_scopes[index(role, action, resource)];
    }
    void set(Role role, Action action, Resource resource, Scope scope) {
        m_scopes[index(role, action, resource)] = scope;
    }
    [[nodiscard]] bool operator==(const PermissionTable&) const = default;

    /// What a new installation begins with.
    [[nodiscard]] static PermissionTable defaults();

private:
    static std::size_t index(Role role, Action action, Resource resource) {
        return (static_cast<std::size_t>(role) * kActions + static_cast<std::size_t>(action)) * kResources +
               static_cast<std::size_t>(resource);
    }
    std::array<Scope, std::size_t{kRoles} * kActions * kResources> m_scopes{};
};

/// The most that the table may ever say: a person's content is nobody else's (it is sealed with their key),
/// the audit log can be neither changed nor removed by anyone.
[[nodiscard]] Scope mostAllowed(Action action, Resource resource);

} // namespace hearth::security
