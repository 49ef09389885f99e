#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/security/audit/audit_log.h"
#include "engine/security/identity/identity.h"
#include "engine/store/history.h"
#include "engine/workbench/data_paths.h"
#include "engine/workbench/gate.h"

namespace hearth::workbench {

/// Where accounts keep things below DataPaths.
///
///   data/accounts.db            profiles, wrapped keys, tokens, permissions
///   data/audit.db               the audit log
///   data/history.db             the chats of the single person, readable
///   data/profiles/N/            everything of profile N: history.db (sealed), backups
///   data/compliance.db          consents, breaches, retention rules (security::ComplianceStore)
///   data/usage.db               counts behind the figures about use (security::UsageStatistics)
///   config/seals/signing.key    the installation's Ed25519 key
///   config/seals/*.head         the newest states of accounts and log, kept apart
struct AccountPaths {
    std::filesystem::path data, seals;
    [[nodiscard]] static AccountPaths below(const DataPaths& paths) {
        return {paths.data, paths.config / "seals"};
    }
    [[nodiscard]] std::filesystem::path folderOf(security::ProfileId id) const {
        return id == 0 ? data : data / "profiles" / std::to_string(id);
    }
    [[nodiscard]] std::filesystem::path historyOf(security::ProfileId id) const {
        return folderOf(id) / "history.db";
    }
    [[nodiscard]] std::filesystem::path complianceFile() const { return data / "compliance.db"; }
    [[nodiscard]] std::filesystem::path usageFile() const { return data / "usage.db"; }
};

struct AccountsOptions {
    std::function<std::int64_t()> clock;        ///< Unix milliseconds; empty = the system's
    std::optional<security::PasswordCost> cost; ///< empty = measured when the first password is set
};

/// Opens a history in the thread that calls it.
using HistoryOpener = std::function<Result<std::unique_ptr<store::History>>()>;

/// The use cases around people: each goes through the gate and is noted in the audit log, whoever calls it.
/// Confined to the thread that opened it; needs a QCoreApplication. Errors of every call: permission.*,
/// identity.*, crypto.*, audit.*, store.*, file.*.
class Accounts {
public:
    /// Makes the folders and the signing key where they are missing. Errors: those of Identity::open() and
    /// AuditLog::open(), crypto.bad_key_file, paths.unwritable.
    [[nodiscard]] static Result<std::unique_ptr<Accounts>> open(const AccountPaths& paths,
                                                                AccountsOptions options = {});
    /// See Identity::acceptAsIs(); noted as "accounts.accept".
    [[nodiscard]] static Result<std::unique_ptr<Accounts>> acceptAsIs(const AccountPaths& paths,
                                                                      std::string_view name,
                                                                      security::ByteView password,
                                                                      AccountsOptions options = {});
    ~Accounts();

    [[nodiscard]] security::Identity& identity();
    [[nodiscard]] security::AuditLog& audit();
    [[nodiscard]] Gate& gate();
    [[nodiscard]] const security::SigningKey& installation() const;
    [[nodiscard]] const AccountPaths& paths() const;

    // Signing in and out. Failures are noted with the profile, where the name is known.
    [[nodiscard]] Result<security::Session> signIn(std::string_view name, security::ByteView password);
    [[nodiscard]] Result<security::Session> signInWithRecoveryKey(std::string_view name,
                                                                  security::ByteView key);
    /// Notes it; the caller destroys the session.
    [[nodiscard]] Result<void> signOut(const security::Session& session);

    // Profiles.
    [[nodiscard]] Result<security::NewKeys> create(const Actor& actor, std::string_view name,
                                                   security::Role role, security::ByteView password);
    [[nodiscard]] Result<void> rename(const Actor& actor, security::ProfileId id, std::string_view name);
    [[nodiscard]] Result<void> setRole(const Actor& actor, security::ProfileId id, security::Role role);
    [[nodiscard]] Result<void> setDisabled(const Actor& actor, security::ProfileId id, bool disabled);
    [[nodiscard]] Result<void> resetPassword(const Actor& actor, security::ProfileId id);
    [[nodiscard]] Result<security::NewKeys> startAnew(const Actor& actor, security::ProfileId id,
                                                      security::ByteView password);
    [[nodiscard]] Result<void> changePassword(const security::Session& session,
                                              security::ByteView oldPassword, security::ByteView newPassword);
    [[nodiscard]] Result<void> setPassword(const security::Session& session, security::ByteView newPassword);
    /// The former recovery key opens nothing any more.
    [[nodiscard]] Result<security::SecureBytes> renewRecoveryKey(const security::Session& session);
    /// Erases a person: keys first (from then on nothing of theirs can be read, backups included), then every
    /// file of theirs, their consents and their counts. The audit log keeps their number, not their name.
    [[nodiscard]] Result<void> erase(const Actor& actor, security::ProfileId id);

    // Tokens, permissions.
    [[nodiscard]] Result<security::SecureBytes> createToken(const Actor& actor, security::ProfileId owner,
                                                            std::string_view name, security::TokenScope scope,
                                                            std::int64_t expiresMs);
    [[nodiscard]] Result<void> revokeToken(const Actor& actor, std::int64_t token);
    [[nodiscard]] Result<void> setPermission(const Actor& actor, security::Role role, security::Action action,
                                             security::Resource resource, security::Scope scope);
    [[nodiscard]] Result<void> setModelAccess(const Actor& actor, std::string_view model,
                                              security::Action action,
                                              const std::vector<security::ModelAccess>& allowed);

    // Histories.
    /// The sealed history of who is signed in; made at its first use. It stays readable as long as it lives,
    /// so lock by destroying it together with the session.
    [[nodiscard]] Result<std::unique_ptr<store::History>> openHistory(security::Session& session);
    /// The same for a history that lives in another thread: asks the gate and takes the key here; the result
    /// is called there, once. It holds the key until then.
    [[nodiscard]] Result<HistoryOpener> historyOpener(security::Session& session);
    /// Whether chats from single-person time wait to be taken over.
    [[nodiscard]] bool plainHistoryWaits() const;
    /// Makes them the chats of this profile, whose own history must be absent or never used: a sealed copy of
    /// the file is put into the profile's backups first, the texts are sealed into the profile's history and
    /// compared, then the readable files and their backups are overwritten and removed. Nobody may have the
    /// plain history open. Errors: vault.target_exists, vault.copy_differs, vault.no_plain_history,
    /// base.cancelled.
    [[nodiscard]] Result<void> adoptPlainHistory(security::Session& session, std::stop_token stop = {},
                                                 const ProgressSink& progress = {});

private:
    Accounts();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace hearth::workbench
