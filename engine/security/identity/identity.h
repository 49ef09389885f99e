#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/security/crypto/password_hash.h"
#include "engine/security/crypto/secure_bytes.h"
#include "engine/security/crypto/signature.h"
#include "engine/security/identity/roles.h"
#include "engine/security/identity/vault.h"

namespace hearth::security {

/// A profile as lists show it. Names can be read without any password.
struct Profile {
    ProfileId id = 0;
    std::string name;
    Role role = Role::User;
    bool disabled = false;
    bool hasPassword = true;     ///< false after a reset: only the recovery key opens it
    bool recoveryTested = false; ///< the recovery key was typed back once
    std::int64_t createdMs = 0;
    int failures = 0; ///< wrong passwords since the last right one
};

/// Who is signed in, with their keys. Destroying it locks.
struct Session {
    Profile profile;
    Vault vault;
};

/// A new profile or a renewed one. The recovery key is shown once; nobody can find it out later.
struct NewKeys {
    ProfileId id = 0;
    SecureBytes recoveryKey; ///< its text
};

enum class TokenScope {
    Read,  ///< lists of models and their state
    Chat,  ///< answers of models, without history
    Manage ///< loading and ejecting models too
};
struct TokenInfo {
    std::int64_t id = 0;
    ProfileId profile = 0;
    std::string name;
    TokenScope scope = TokenScope::Chat;
    std::int64_t createdMs = 0, expiresMs = 0, lastUsedMs = 0; ///< expires 0 = never
    bool revoked = false;
};
/// What a valid token stands for: rights, but no keys: nothing sealed opens with it.
struct TokenGrant {
    TokenInfo token;
    Profile profile;
};

struct ModelAccess {
    std::string model; ///< absolute path
    Action action = Action::Use;
    std::optional<Role> role; ///< one of the two
    std::optional<ProfileId> profile;
};

struct IdentityFiles {
    std::filesystem::path database; ///< accounts.db
    std::filesystem::path head;     ///< its newest state, kept apart
};

struct IdentityOptions {
    std::function<std::int64_t()> clock; ///< Unix milliseconds; empty = the system's
    PasswordCost cost;                   ///< for new passwords (see measurePasswordCost)
    std::chrono::milliseconds busyTimeout{3000};
};

/// Profiles, passwords, keys, tokens and the permission table, in SQLite; several processes may have it open.
/// Without a profile the program is in single-person mode: everything is allowed and nothing is sealed.
///
/// It asks no permission: callers go through workbench::Gate first. Confined to the thread that opened it;
/// needs a QCoreApplication. Passwords and recovery keys are read from the caller's secure memory and never
/// copied elsewhere; no error names one.
///
/// Errors of every call: identity.tampered, identity.rolled_back, identity.head_missing, identity.bad_head
/// (see Ledger), identity.no_such_profile (arg id), store.*, crypto.*.
class Identity {
public:
    /// Errors: those of History::open() for the file, and identity.tampered, identity.rolled_back,
    /// identity.head_missing, identity.bad_head.
    [[nodiscard]] static Result<std::unique_ptr<Identity>>
    open(IdentityFiles files, const SigningKey& installation, IdentityOptions options = {});
    /// For accounts that open() refuses though a person knows why (a copy was put back by hand): takes them
    /// as they are, when `name` is an administrator in them and `password` is theirs. Errors: as signIn(),
    /// identity.not_administrator.
    [[nodiscard]] static Result<std::unique_ptr<Identity>>
    acceptAsIs(IdentityFiles files, const SigningKey& installation, std::string_view name, ByteView password,
               IdentityOptions options = {});
    ~Identity();

    /// What new passwords cost from now on.
    void setCost(const PasswordCost& cost);

    // Profiles.
    [[nodiscard]] Result<bool> singlePerson(); ///< no profile exists
    [[nodiscard]] Result<std::vector<Profile>> profiles();
    [[nodiscard]] Result<Profile> profile(ProfileId id);
    [[nodiscard]] Result<std::optional<Profile>> profileNamed(std::string_view name);
    /// Names: 1 to 64 characters without control characters, unique without regard to ASCII case. The first
    /// profile must be an administrator. Errors: identity.bad_name, identity.name_taken,
    /// identity.first_must_administer, crypto.password_*.
    [[nodiscard]] Result<NewKeys> create(std::string_view name, Role role, ByteView password);
    [[nodiscard]] Result<void> rename(ProfileId id, std::string_view name);
    /// One enabled administrator stays: identity.last_administrator.
    [[nodiscard]] Result<void> setRole(ProfileId id, Role role);
    [[nodiscard]] Result<void> setDisabled(ProfileId id, bool disabled);
    /// Takes the password away: the person comes in with their recovery key and chooses a new one.
    [[nodiscard]] Result<void> resetPassword(ProfileId id);
    /// New keys under a new password for somebody who lost both. What was sealed before stays unreadable
    /// forever.
    [[nodiscard]] Result<NewKeys> startAnew(ProfileId id, ByteView password);
    /// Destroys a profile's keys and rows: what they sealed is unreadable from then on. secure_delete, VACUUM
    /// and an emptied log leave nothing of them in the file; the backups of the database are removed.
    [[nodiscard]] Result<void> erase(ProfileId id);

    // Signing in. Wrong passwords make the next try wait: nothing up to three, then 2, 4, 8 … seconds, at
    // most 15 minutes, counted on disk before the password is looked at.
    /// Errors: identity.wrong_password (also for a name that is not there), identity.wait (arg seconds),
    /// identity.disabled, identity.no_password (it was reset).
    [[nodiscard]] Result<Session> signIn(std::string_view name, ByteView password);
    /// Errors: identity.bad_recovery_key, identity.wrong_recovery_key, identity.wait, identity.disabled.
    [[nodiscard]] Result<Session> signInWithRecoveryKey(std::string_view name, ByteView recoveryKey);
    /// Wraps the master key anew; no data is touched. Errors: identity.wrong_password, identity.wait,
    /// crypto.password_*.
    [[nodiscard]] Result<void> changePassword(const Session& session, ByteView oldPassword,
                                              ByteView newPassword);
    /// After signing in with the recovery key.
    [[nodiscard]] Result<void> setPassword(const Session& session, ByteView newPassword);
    /// A new recovery key; the former one opens nothing any more.
    [[nodiscard]] Result<SecureBytes> renewRecoveryKey(const Session& session);
    /// Whether what the person typed back is the recovery key; remembers that it was tested. Errors:
    /// identity.bad_recovery_key, identity.wrong_recovery_key.
    [[nodiscard]] Result<void> testRecoveryKey(const Session& session, ByteView typed);

    /// The key for one purpose ("history", "backup" …), made at its first use.
    [[nodiscard]] Result<SecureBytes> dataKey(Session& session, std::string_view purpose);
    /// Forgets it for good.
    [[nodiscard]] Result<void> destroyDataKey(ProfileId id, std::string_view purpose);

    // Tokens: 256 random bits; only their SHA-256 is stored.
    /// The token's text, shown once. expiresMs 0 = never. Errors: identity.bad_name.
    [[nodiscard]] Result<SecureBytes> createToken(ProfileId id, std::string_view name, TokenScope scope,
                                                  std::int64_t expiresMs);
    [[nodiscard]] Result<std::vector<TokenInfo>> tokens();
    [[nodiscard]] Result<TokenInfo> token(std::int64_t id); ///< identity.no_such_token
    [[nodiscard]] Result<void> revokeToken(std::int64_t id);
    /// Errors: identity.bad_token, identity.token_expired, identity.token_revoked, identity.disabled.
    [[nodiscard]] Result<TokenGrant> checkToken(ByteView text);

    // Permissions.
    [[nodiscard]] Result<PermissionTable> permissions();
    /// Errors: identity.never_allowed (beyond mostAllowed), identity.would_lock_out (an administrator must
    /// stay able to change permissions and profiles).
    [[nodiscard]] Result<void> setPermission(Role role, Action action, Resource resource, Scope scope);
    /// Who may do what with a model beyond the table: where a model has entries for an action, nobody else
    /// may.
    [[nodiscard]] Result<std::vector<ModelAccess>> modelAccess(std::string_view model);
    [[nodiscard]] Result<void> setModelAccess(std::string_view model, Action action,
                                              const std::vector<ModelAccess>& allowed);

private:
    Identity();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

[[nodiscard]] std::string_view nameOf(TokenScope scope); ///< "read", "chat", "manage"
[[nodiscard]] std::optional<TokenScope> tokenScopeNamed(std::string_view name);

/// How long a try must wait after `failures` wrong ones.
[[nodiscard]] std::chrono::seconds waitAfter(int failures);

} // namespace hearth::security
