#include "engine/security/identity/identity.h"

#include <algorithm>
#include <filesystem>

#include "engine/base/utc_time.h"
#include "engine/security/crypto/digest.h"
#include "engine/security/identity/accounts_schema.h"
#include "engine/security/identity/identity_impl.h"
#include "engine/security/identity/recovery_key.h"
#include "engine/store/file_care.h"

namespace hearth::security {

namespace {

constexpr std::string_view kLedgerPurpose = "hearth accounts ledger 1";
constexpr std::string_view kProfileColumns = "SELECT id, name, role, disabled, recovery_tested, created_ms, "
                                             "memory_kib, passes, lanes, salt, by_password, "
                                             "by_recovery, failures, wait_until_ms FROM profile ";

ProfileRow readRow(const store::Row& row) {
    ProfileRow out;
    Profile& profile = out.profile;
    profile.id = row.integer(0);
    profile.name = row.bytes(1);
    profile.role = static_cast<Role>(std::clamp<std::int64_t>(row.integer(2), 0, kRoles - 1));
    profile.disabled = row.integer(3) != 0;
    profile.recoveryTested = row.integer(4) != 0;
    profile.createdMs = row.integer(5);
    // What does not fit is out of the bounds that hashPassword() keeps.
    const auto narrow = [&row](int column) {
        return static_cast<std::uint32_t>(std::clamp<std::int64_t>(row.integer(column), 0, UINT32_MAX));
    };
    out.cost = {narrow(6), narrow(7), narrow(8)};
    const std::string salt = row.bytes(9);
    std::copy_n(viewOf(salt).begin(), std::min(salt.size(), out.salt.size()), out.salt.begin());
    out.byPassword = row.bytes(10);
    out.byRecovery = row.bytes(11);
    profile.hasPassword = !out.byPassword.empty();
    profile.failures = static_cast<int>(std::clamp<std::int64_t>(row.integer(12), 0, 1'000'000));
    out.waitUntilMs = row.integer(13);
    return out;
}

} // namespace

tl::unexpected<Error> noSuchProfile(ProfileId id) {
    return tl::unexpected<Error>(
        Error{"identity.no_such_profile", "no profile " + std::to_string(id)}.with("id", std::to_string(id)));
}

Result<void> checkName(std::string_view name) {
    const auto refuse = [](const char* why) { return fail("identity.bad_name", why); };
    if (name.empty() || name.size() > 256)
        return refuse("a name has 1 to 64 characters");
    if (name.front() == ' ' || name.back() == ' ')
        return refuse("a name does not begin or end with a space");
    std::size_t characters = 0, more = 0;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (more > 0) {
            if ((byte & 0xC0U) != 0x80U)
                return refuse("the name is not valid UTF-8");
            --more;
            continue;
        }
        if (byte < 0x20 || byte == 0x7f)
            return refuse("a name has no control characters");
        if (byte >= 0x80 && (byte < 0xC2 || byte > 0xF4))
            return refuse("the name is not valid UTF-8");
        more = byte < 0x80 ? 0 : byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
        ++characters;
    }
    if (more > 0)
        return refuse("the name is not valid UTF-8");
    if (characters > 64)
        return refuse("a name has 1 to 64 characters");
    return {};
}

Identity::Identity() = default;
Identity::~Identity() = default;

Result<std::unique_ptr<Identity::Impl>>
Identity::Impl::open(IdentityFiles files, const SigningKey& installation, IdentityOptions options) {
    auto impl = std::make_unique<Impl>();
    store::HistoryOptions storeOptions;
    storeOptions.busyTimeout = options.busyTimeout;
    HEARTH_TRY(impl->connection, store::openShared(files.database, accountsMigrations(), storeOptions));
    HEARTH_TRY(SecureBytes key, deriveKey(installation.seed(), kLedgerPurpose));
    impl->ledger = std::make_unique<Ledger>(*impl->connection, std::move(key), files.head);
    impl->files = std::move(files);
    impl->options = std::move(options);
    return impl;
}

Result<std::unique_ptr<Identity>> Identity::open(IdentityFiles files, const SigningKey& installation,
                                                 IdentityOptions options) {
    std::unique_ptr<Identity> out(new Identity);
    HEARTH_TRY(out->m_impl, Impl::open(std::move(files), installation, std::move(options)));
    HEARTH_CHECK(out->m_impl->ledger->check());
    return out;
}

Result<std::unique_ptr<Identity>> Identity::acceptAsIs(IdentityFiles files, const SigningKey& installation,
                                                       std::string_view name, ByteView password,
                                                       IdentityOptions options) {
    std::unique_ptr<Identity> out(new Identity);
    HEARTH_TRY(out->m_impl, Impl::open(std::move(files), installation, std::move(options)));
    HEARTH_TRY(const auto row, out->m_impl->find("name", name));
    if (!row)
        return fail("identity.wrong_password", "name or password is wrong");
    HEARTH_CHECK(out->m_impl->tryPassword(*row, password).map([](const SecureBytes&) {}));
    if (row->profile.role != Role::Administrator || row->profile.disabled)
        return fail("identity.not_administrator",
                    "only an administrator may take changed accounts for the truth");
    HEARTH_CHECK(out->m_impl->ledger->accept());
    return out;
}

std::int64_t Identity::Impl::now() const {
    return options.clock ? options.clock() : unixMsNow();
}

Result<std::optional<ProfileRow>> Identity::Impl::find(std::string_view column, const store::Value& value) {
    std::optional<ProfileRow> out;
    // Names differ in more than the case of ASCII letters; lower() leaves all others alone.
    const std::string sql =
        std::string(kProfileColumns) +
        (column == "name" ? "WHERE lower(CAST(name AS TEXT)) = lower(CAST(? AS TEXT))" : "WHERE id = ?");
    HEARTH_CHECK(connection->each(sql, {value}, [&](const store::Row& row) -> Result<void> {
        out = readRow(row);
        return {};
    }));
    return out;
}

Result<ProfileRow> Identity::Impl::row(ProfileId id) {
    HEARTH_TRY(auto found, find("id", id));
    if (!found)
        return noSuchProfile(id);
    return std::move(*found);
}

Result<std::int64_t> Identity::Impl::enabledAdministratorsBut(ProfileId id) {
    return connection
        ->integer("SELECT count(*) FROM profile WHERE role = 0 AND disabled = 0 AND id <> ?", {id})
        .map([](const auto& n) { return n.value_or(0); });
}

Result<void> Identity::Impl::expectAnotherAdministrator(ProfileId id) {
    HEARTH_TRY(const auto found, row(id));
    if (found.profile.role != Role::Administrator || found.profile.disabled)
        return {};
    HEARTH_TRY(const auto others, enabledAdministratorsBut(id));
    if (others == 0)
        return fail("identity.last_administrator", "this is the only administrator who can sign in");
    return {};
}

Result<void> Identity::Impl::scour() {
    HEARTH_CHECK(connection->run("VACUUM"));
    return connection->run("PRAGMA wal_checkpoint(TRUNCATE)");
}

void Identity::setCost(const PasswordCost& cost) {
    m_impl->options.cost = cost;
}

Result<bool> Identity::singlePerson() {
    return m_impl->connection->integer("SELECT EXISTS (SELECT 1 FROM profile)").map([](const auto& any) {
        return any.value_or(0) == 0;
    });
}

Result<std::vector<Profile>> Identity::profiles() {
    std::vector<Profile> out;
    HEARTH_CHECK(m_impl->connection->each(std::string(kProfileColumns) + "ORDER BY id", {},
                                          [&](const store::Row& row) -> Result<void> {
                                              out.push_back(readRow(row).profile);
                                              return {};
                                          }));
    return out;
}

Result<Profile> Identity::profile(ProfileId id) {
    return m_impl->row(id).map([](ProfileRow row) { return std::move(row.profile); });
}

Result<std::optional<Profile>> Identity::profileNamed(std::string_view name) {
    HEARTH_TRY(auto found, m_impl->find("name", name));
    return found ? std::optional(std::move(found->profile)) : std::nullopt;
}

Result<NewKeys> Identity::create(std::string_view name, Role role, ByteView password) {
    HEARTH_CHECK(checkName(name));
    HEARTH_CHECK(checkNewPassword(password));
    Impl& impl = *m_impl;
    NewKeys out;
    const auto work = [&]() -> Result<void> {
        HEARTH_TRY(const auto taken, impl.find("name", name));
        if (taken)
            return fail("identity.name_taken", "there is a profile of this name");
        HEARTH_TRY(const auto last,
                   impl.connection->integer("SELECT seq FROM sqlite_sequence WHERE name = 'profile'"));
        HEARTH_TRY(const bool first, singlePerson());
        if (first && role != Role::Administrator)
            return fail("identity.first_must_administer", "the first profile must be an administrator");
        out.id = last.value_or(0) + 1; // part of what the keys are wrapped under
        HEARTH_TRY(Impl::Wrapped keys, impl.newKeys(out.id, password));
        const PasswordCost& cost = impl.options.cost;
        HEARTH_CHECK(
            impl.connection->run("INSERT INTO profile (id, name, role, disabled, recovery_tested, "
                                 "created_ms, memory_kib, passes, lanes, "
                                 "salt, by_password, by_recovery, failures, wait_until_ms) VALUES (?, ?, ?, "
                                 "0, 0, ?, ?, ?, ?, ?, ?, ?, 0, "
                                 "0)",
                                 {out.id, name, std::int64_t(role), impl.now(), std::int64_t{cost.memoryKiB},
                                  std::int64_t{cost.passes}, std::int64_t{cost.lanes}, textOf(keys.salt),
                                  keys.byPassword, keys.byRecovery}));
        out.recoveryKey = std::move(keys.recoveryText);
        // The table is written with the first profile; before, nobody asks it.
        if (!first)
            return {};
        const PermissionTable table = PermissionTable::defaults();
        for (int r = 0; r < kRoles; ++r)
            for (int a = 0; a < kActions; ++a)
                for (int s = 0; s < kResources; ++s)
                    if (const Scope scope = table.scope(static_cast<Role>(r), static_cast<Action>(a),
                                                        static_cast<Resource>(s));
                        scope != Scope::None)
                        HEARTH_CHECK(impl.connection->run(
                            "INSERT INTO permission (role, action, resource, scope) VALUES (?, ?, ?, ?)",
                            {std::int64_t{r}, std::int64_t{a}, std::int64_t{s}, std::int64_t(scope)}));
        return {};
    };
    HEARTH_CHECK(impl.ledger->change(work));
    return out;
}

Result<void> Identity::rename(ProfileId id, std::string_view name) {
    HEARTH_CHECK(checkName(name));
    return m_impl->ledger->change([&]() -> Result<void> {
        HEARTH_CHECK(m_impl->row(id).map([](const ProfileRow&) {}));
        HEARTH_TRY(const auto taken, m_impl->find("name", name));
        if (taken && taken->profile.id != id)
            return fail("identity.name_taken", "there is a profile of this name");
        return m_impl->connection->run("UPDATE profile SET name = ? WHERE id = ?", {name, id});
    });
}

Result<void> Identity::setRole(ProfileId id, Role role) {
    return m_impl->ledger->change([&]() -> Result<void> {
        if (role != Role::Administrator)
            HEARTH_CHECK(m_impl->expectAnotherAdministrator(id));
        else
            HEARTH_CHECK(m_impl->row(id).map([](const ProfileRow&) {}));
        return m_impl->connection->run("UPDATE profile SET role = ? WHERE id = ?", {std::int64_t(role), id});
    });
}

Result<void> Identity::setDisabled(ProfileId id, bool disabled) {
    return m_impl->ledger->change([&]() -> Result<void> {
        if (disabled)
            HEARTH_CHECK(m_impl->expectAnotherAdministrator(id));
        else
            HEARTH_CHECK(m_impl->row(id).map([](const ProfileRow&) {}));
        return m_impl->connection->run("UPDATE profile SET disabled = ? WHERE id = ?",
                                       {std::int64_t{disabled}, id});
    });
}

Result<void> Identity::erase(ProfileId id) {
    Impl& impl = *m_impl;
    const auto work = [&]() -> Result<void> {
        HEARTH_TRY(const auto row, impl.row(id));
        HEARTH_TRY(const auto others,
                   impl.connection->integer("SELECT count(*) FROM profile WHERE id <> ?", {id}));
        // The very last profile may go: then this is a single-person program again.
        if (others.value_or(0) > 0)
            HEARTH_CHECK(impl.expectAnotherAdministrator(id));
        for (const char* sql :
             {"DELETE FROM token WHERE profile = ?", "DELETE FROM data_key WHERE profile = ?",
              "DELETE FROM model_access WHERE subject_kind = 1 AND subject = ?",
              "DELETE FROM profile WHERE id = ?"})
            HEARTH_CHECK(impl.connection->run(sql, {id}));
        if (others.value_or(0) == 0)
            HEARTH_CHECK(impl.connection->run("DELETE FROM permission"));
        return {};
    };
    HEARTH_CHECK(impl.ledger->change(work));
    HEARTH_CHECK(impl.scour());
    // Copies made before schema changes hold the wrapped keys.
    for (const auto& backup : store::History::backups(impl.files.database)) {
        std::error_code error;
        if (!std::filesystem::remove(backup, error) && error)
            return tl::unexpected<Error>(
                Error{"file.unwritable", backup.string() + ": " + error.message()}.with("path",
                                                                                        backup.string()));
    }
    return {};
}

} // namespace hearth::security
