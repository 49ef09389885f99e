#include <algorithm>

#include "engine/security/crypto/digest.h"
#include "engine/security/identity/identity.h"
#include "engine/security/identity/identity_impl.h"
#include "engine/security/identity/recovery_key.h"

namespace hearth::security {

namespace {

std::string placeOf(ProfileId id, const char* by) {
    return "hearth master key/" + std::to_string(id) + "/" + by;
}

/// The cost is part of the place: edited parameters open nothing.
std::string passwordPlace(ProfileId id, const PasswordCost& cost) {
    return placeOf(id, "password") + "/" + std::to_string(cost.memoryKiB) + "/" +
           std::to_string(cost.passes) + "/" + std::to_string(cost.lanes);
}

tl::unexpected<Error> wrongPassword() {
    return fail("identity.wrong_password", "name or password is wrong");
}

constexpr int kFreeTries = 3;
constexpr std::chrono::seconds kLongestWait{15 * 60};

} // namespace

std::chrono::seconds waitAfter(int failures) {
    if (failures < kFreeTries)
        return std::chrono::seconds(0);
    const int doublings = std::min(failures - kFreeTries + 1, 20);
    return std::min(kLongestWait, std::chrono::seconds(1LL << doublings));
}

Result<std::string> Identity::Impl::wrapByPassword(ProfileId id, ByteView password, const Salt& salt,
                                                   ByteView master) {
    HEARTH_TRY(SecureBytes hashed, hashPassword(password, salt, options.cost));
    HEARTH_TRY(SealingKey key, SealingKey::from(std::move(hashed)));
    return key.seal(master, passwordPlace(id, options.cost));
}

Result<std::string> Identity::Impl::wrapByRecovery(ProfileId id, ByteView recovery, ByteView master) {
    HEARTH_TRY(SecureBytes derived, deriveKey(recovery, placeOf(id, "recovery")));
    HEARTH_TRY(SealingKey key, SealingKey::from(std::move(derived)));
    return key.seal(master, placeOf(id, "recovery"));
}

Result<SecureBytes> Identity::Impl::unwrapByRecovery(const ProfileRow& row, ByteView recovery) {
    const ProfileId id = row.profile.id;
    HEARTH_TRY(SecureBytes derived, deriveKey(recovery, placeOf(id, "recovery")));
    HEARTH_TRY(const SealingKey key, SealingKey::from(std::move(derived)));
    auto master = key.openSecret(viewOf(row.byRecovery), placeOf(id, "recovery"));
    if (!master && master.error().code == "crypto.tampered")
        return fail("identity.wrong_recovery_key", "this is not the recovery key of this profile");
    return master;
}

Result<Identity::Impl::Wrapped> Identity::Impl::newKeys(ProfileId id, ByteView password) {
    Wrapped out;
    HEARTH_TRY(const SecureBytes master, SecureBytes::random(SealingKey::kBytes));
    HEARTH_TRY(const SecureBytes recovery, SecureBytes::random(kRecoveryBytes));
    HEARTH_TRY(out.salt, newSalt());
    HEARTH_TRY(out.byPassword, wrapByPassword(id, password, out.salt, master.bytes()));
    HEARTH_TRY(out.byRecovery, wrapByRecovery(id, recovery.bytes(), master.bytes()));
    HEARTH_TRY(out.recoveryText, security::recoveryText(recovery.bytes()));
    return out;
}

Result<void> Identity::Impl::countTry(const ProfileRow& row) {
    const std::int64_t time = now();
    const int failures = row.profile.failures;
    // A clock that was set back must not lock somebody out for years: the wait is never longer than it was.
    const std::int64_t most = std::chrono::milliseconds(waitAfter(failures)).count();
    const std::int64_t left = std::min(row.waitUntilMs - time, most);
    if (left > 0) {
        const std::string seconds = std::to_string((left + 999) / 1000);
        return tl::unexpected<Error>(Error{"identity.wait", "after " + std::to_string(failures) +
                                                                " wrong tries, wait " + seconds + " s"}
                                         .with("seconds", seconds));
    }
    const std::int64_t until = time + std::chrono::milliseconds(waitAfter(failures + 1)).count();
    return ledger->change([&] {
        return connection->run("UPDATE profile SET failures = failures + 1, wait_until_ms = ? WHERE id = ?",
                               {until, row.profile.id});
    });
}

Result<void> Identity::Impl::clearTries(ProfileId id) {
    return ledger->change([&] {
        return connection->run("UPDATE profile SET failures = 0, wait_until_ms = 0 WHERE id = ?", {id});
    });
}

Result<SecureBytes> Identity::Impl::tryPassword(const ProfileRow& row, ByteView password) {
    if (row.byPassword.empty())
        return fail("identity.no_password", "the password was reset: sign in with the recovery key");
    if (password.size() > kMostPasswordBytes)
        return wrongPassword();
    HEARTH_TRY(SecureBytes hashed, hashPassword(password, row.salt, row.cost));
    HEARTH_TRY(const SealingKey key, SealingKey::from(std::move(hashed)));
    auto master = key.openSecret(viewOf(row.byPassword), passwordPlace(row.profile.id, row.cost));
    if (!master && master.error().code == "crypto.tampered")
        return wrongPassword();
    return master;
}

Result<Session> Identity::Impl::session(ProfileId id, SecureBytes master) {
    HEARTH_CHECK(clearTries(id));
    HEARTH_TRY(SealingKey key, SealingKey::from(std::move(master)));
    HEARTH_TRY(auto found, row(id));
    return Session{std::move(found.profile), Vault(id, std::move(key))};
}

Result<Session> Identity::signIn(std::string_view name, ByteView password) {
    HEARTH_CHECK(m_impl->ledger->check());
    HEARTH_TRY(const auto row, m_impl->find("name", name));
    if (!row) {
        // As long as for a name that is there.
        const Salt salt{};
        if (password.size() <= kMostPasswordBytes)
            HEARTH_CHECK(hashPassword(password, salt, m_impl->options.cost).map([](const SecureBytes&) {}));
        return wrongPassword();
    }
    if (row->byPassword.empty())
        return fail("identity.no_password", "the password was reset: sign in with the recovery key");
    HEARTH_CHECK(m_impl->countTry(*row));
    HEARTH_TRY(SecureBytes master, m_impl->tryPassword(*row, password));
    // Told only to who knows the password.
    if (row->profile.disabled)
        return fail("identity.disabled", "an administrator has disabled this profile");
    return m_impl->session(row->profile.id, std::move(master));
}

Result<Session> Identity::signInWithRecoveryKey(std::string_view name, ByteView recoveryKey) {
    HEARTH_CHECK(m_impl->ledger->check());
    HEARTH_TRY(const SecureBytes recovery,
               parseRecoveryKey(recoveryKey)); // slips of the pen do not count as tries
    HEARTH_TRY(const auto row, m_impl->find("name", name));
    if (!row)
        return fail("identity.wrong_recovery_key", "this is not the recovery key of this profile");
    HEARTH_CHECK(m_impl->countTry(*row));
    HEARTH_TRY(SecureBytes master, m_impl->unwrapByRecovery(*row, recovery.bytes()));
    if (row->profile.disabled)
        return fail("identity.disabled", "an administrator has disabled this profile");
    return m_impl->session(row->profile.id, std::move(master));
}

Result<void> Identity::Impl::storePassword(ProfileId id, ByteView master, ByteView password) {
    HEARTH_CHECK(checkNewPassword(password));
    HEARTH_TRY(const Salt salt, newSalt());
    HEARTH_TRY(const std::string wrapped, wrapByPassword(id, password, salt, master));
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(row(id).map([](const ProfileRow&) {}));
        return connection->run(
            "UPDATE profile SET memory_kib = ?, passes = ?, lanes = ?, salt = ?, by_password = ? "
            "WHERE id = ?",
            {std::int64_t{options.cost.memoryKiB}, std::int64_t{options.cost.passes},
             std::int64_t{options.cost.lanes}, textOf(salt), wrapped, id});
    };
    HEARTH_CHECK(ledger->change(work));
    // The former wrapping must not stay in free pages: the old password would open it.
    return scour();
}

Result<void> Identity::changePassword(const Session& session, ByteView oldPassword, ByteView newPassword) {
    HEARTH_CHECK(checkNewPassword(newPassword));
    HEARTH_TRY(const auto row, m_impl->row(session.vault.profile()));
    HEARTH_CHECK(m_impl->countTry(row));
    HEARTH_CHECK(m_impl->tryPassword(row, oldPassword).map([](const SecureBytes&) {}));
    HEARTH_CHECK(m_impl->clearTries(row.profile.id));
    return m_impl->storePassword(row.profile.id, session.vault.master(), newPassword);
}

Result<void> Identity::setPassword(const Session& session, ByteView newPassword) {
    return m_impl->storePassword(session.vault.profile(), session.vault.master(), newPassword);
}

Result<void> Identity::resetPassword(ProfileId id) {
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(m_impl->row(id).map([](const ProfileRow&) {}));
        return m_impl->connection->run(
            "UPDATE profile SET by_password = x'', failures = 0, wait_until_ms = 0 WHERE id = ?", {id});
    };
    HEARTH_CHECK(m_impl->ledger->change(work));
    return m_impl->scour();
}

Result<NewKeys> Identity::startAnew(ProfileId id, ByteView password) {
    HEARTH_CHECK(checkNewPassword(password));
    NewKeys out;
    out.id = id;
    Impl& impl = *m_impl;
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(impl.row(id).map([](const ProfileRow&) {}));
        HEARTH_TRY(Impl::Wrapped keys, impl.newKeys(id, password));
        HEARTH_CHECK(impl.connection->run("DELETE FROM data_key WHERE profile = ?", {id}));
        out.recoveryKey = std::move(keys.recoveryText);
        return impl.connection->run(
            "UPDATE profile SET memory_kib = ?, passes = ?, lanes = ?, salt = ?, by_password = ?, "
            "by_recovery = ?, "
            "recovery_tested = 0, failures = 0, wait_until_ms = 0 WHERE id = ?",
            {std::int64_t{impl.options.cost.memoryKiB}, std::int64_t{impl.options.cost.passes},
             std::int64_t{impl.options.cost.lanes}, textOf(keys.salt), keys.byPassword, keys.byRecovery, id});
    };
    HEARTH_CHECK(impl.ledger->change(work));
    HEARTH_CHECK(impl.scour());
    return out;
}

Result<SecureBytes> Identity::renewRecoveryKey(const Session& session) {
    const ProfileId id = session.vault.profile();
    HEARTH_TRY(const SecureBytes recovery, SecureBytes::random(kRecoveryBytes));
    HEARTH_TRY(const std::string wrapped,
               m_impl->wrapByRecovery(id, recovery.bytes(), session.vault.master()));
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(m_impl->row(id).map([](const ProfileRow&) {}));
        return m_impl->connection->run("UPDATE profile SET by_recovery = ?, recovery_tested = 0 WHERE id = ?",
                                       {wrapped, id});
    };
    HEARTH_CHECK(m_impl->ledger->change(work));
    HEARTH_CHECK(m_impl->scour());
    return recoveryText(recovery.bytes());
}

Result<void> Identity::testRecoveryKey(const Session& session, ByteView typed) {
    HEARTH_TRY(const SecureBytes recovery, parseRecoveryKey(typed));
    HEARTH_TRY(const auto row, m_impl->row(session.vault.profile()));
    HEARTH_TRY(const SecureBytes master, m_impl->unwrapByRecovery(row, recovery.bytes()));
    if (!equalInConstantTime(master.bytes(), session.vault.master()))
        return fail("identity.wrong_recovery_key", "this is not the recovery key of this profile");
    return m_impl->ledger->change([&] {
        return m_impl->connection->run("UPDATE profile SET recovery_tested = 1 WHERE id = ?",
                                       {row.profile.id});
    });
}

Result<SecureBytes> Identity::dataKey(Session& session, std::string_view purpose) {
    const ProfileId id = session.vault.profile();
    constexpr std::string_view kFind =
        "SELECT wrapped FROM data_key WHERE profile = ? AND purpose = CAST(? AS TEXT)";
    HEARTH_TRY(auto wrapped, m_impl->connection->bytes(kFind, {id, purpose}));
    if (!wrapped) {
        HEARTH_TRY(const SecureBytes key, SecureBytes::random(SealingKey::kBytes));
        HEARTH_TRY(const std::string fresh, session.vault.wrap(key.bytes(), purpose));
        const auto work = [&]() -> Result<void> {
            HEARTH_CHECK(m_impl->row(id).map([](const ProfileRow&) {}));
            // Another process of the same person may have been quicker: then its key is the one.
            return m_impl->connection->run(
                "INSERT INTO data_key (profile, purpose, wrapped) VALUES (?, CAST(? AS TEXT), ?) "
                "ON CONFLICT DO NOTHING",
                {id, purpose, fresh});
        };
        HEARTH_CHECK(m_impl->ledger->change(work));
        HEARTH_TRY(wrapped, m_impl->connection->bytes(kFind, {id, purpose}));
    }
    return session.vault.unwrap(viewOf(wrapped.value_or("")), purpose);
}

Result<void> Identity::destroyDataKey(ProfileId id, std::string_view purpose) {
    HEARTH_CHECK(m_impl->ledger->change([&] {
        return m_impl->connection->run("DELETE FROM data_key WHERE profile = ? AND purpose = CAST(? AS TEXT)",
                                       {id, purpose});
    }));
    return m_impl->scour();
}

} // namespace hearth::security
