#pragma once

#include "engine/security/identity/identity.h"
#include "engine/security/identity/ledger.h"
#include "engine/store/connection.h"

/// For the .cpp files of Identity only.
namespace hearth::security {

/// What a row of `profile` holds beyond Profile.
struct ProfileRow {
    Profile profile;
    PasswordCost cost;
    Salt salt{};
    std::string byPassword, byRecovery;
    std::int64_t waitUntilMs = 0;
};

struct Identity::Impl {
    IdentityFiles files;
    IdentityOptions options;
    std::unique_ptr<store::Connection> connection;
    std::unique_ptr<Ledger> ledger;

    [[nodiscard]] static Result<std::unique_ptr<Impl>>
    open(IdentityFiles files, const SigningKey& installation, IdentityOptions options);
    [[nodiscard]] std::int64_t now() const;
    [[nodiscard]] Result<std::optional<ProfileRow>> find(std::string_view column, const store::Value& value);
    [[nodiscard]] Result<ProfileRow> row(ProfileId id);
    [[nodiscard]] Result<std::int64_t> enabledAdministratorsBut(ProfileId id);
    [[nodiscard]] Result<void> expectAnotherAdministrator(ProfileId id);

    /// Master key and its two wrappings under a fresh salt.
    struct Wrapped {
        Salt salt{};
        std::string byPassword, byRecovery;
        SecureBytes recoveryText;
    };
    [[nodiscard]] Result<Wrapped> newKeys(ProfileId id, ByteView password);
    [[nodiscard]] Result<std::string> wrapByPassword(ProfileId id, ByteView password, const Salt& salt,
                                                     ByteView master);
    [[nodiscard]] Result<std::string> wrapByRecovery(ProfileId id, ByteView recovery, ByteView master);
    [[nodiscard]] Result<SecureBytes> unwrapByRecovery(const ProfileRow& row, ByteView recovery);

    /// Counts a try before it is made; identity.wait when it is too early.
    [[nodiscard]] Result<void> countTry(const ProfileRow& row);
    [[nodiscard]] Result<void> clearTries(ProfileId id);
    [[nodiscard]] Result<SecureBytes> tryPassword(const ProfileRow& row, ByteView password);
    [[nodiscard]] Result<Session> session(ProfileId id, SecureBytes master);
    [[nodiscard]] Result<void> storePassword(ProfileId id, ByteView master, ByteView password);
    /// Leaves nothing of what was deleted in the file or its log.
    [[nodiscard]] Result<void> scour();
};

[[nodiscard]] tl::unexpected<Error> noSuchProfile(ProfileId id);
/// 1 to 64 characters, valid UTF-8, no control characters, no space at either end. Errors: identity.bad_name.
[[nodiscard]] Result<void> checkName(std::string_view name);

} // namespace hearth::security
