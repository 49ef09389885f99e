#include "engine/workbench/accounts.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <sys/stat.h>

#include "engine/base/available_memory.h"
#include "engine/base/utc_time.h"
#include "engine/security/crypto/file_sealing.h"
#include "engine/security/identity/history_codec.h"
#include "engine/security/privacy/compliance.h"
#include "engine/security/privacy/usage_statistics.h"
#include "engine/store/file_care.h"
#include "engine/store/reseal.h"
#include "engine/store/shred.h"
#include "engine/workbench/backups.h"

namespace hearth::workbench {

namespace fs = std::filesystem;
using namespace security;

namespace {

Result<void> makeFolder(const fs::path& folder) {
    fs::path part;
    for (const fs::path& name : folder) {
        part /= name;
        struct stat info {};
        if (::mkdir(part.c_str(), 0700) != 0 && !(::stat(part.c_str(), &info) == 0 && S_ISDIR(info.st_mode)))
            return tl::unexpected<Error>(
                Error{"paths.unwritable", part.string() + ": " + std::strerror(errno)}.with("path",
                                                                                            folder.string()));
    }
    return {};
}

/// What a readable history is called once its chats are sealed and only its bytes are left to be overwritten:
/// cut off in between, it is known for what it is.
fs::path takenOver(const fs::path& plain) {
    return plain.string() + ".taken-over";
}

std::string objectOf(ProfileId id) {
    return "profile " + std::to_string(id);
}

Target profileTarget(ProfileId id) {
    Target target = Target::of(Resource::Profile, id);
    target.object = objectOf(id);
    return target;
}

/// Half a second of a password's cost must leave room for the model in memory.
std::uint32_t mostMemoryKiB() {
    constexpr std::uint64_t kMost = 512 * 1024;
    const auto free = availableMemory();
    return static_cast<std::uint32_t>(
        std::clamp<std::uint64_t>(free.value_or(0) / 1024 / 8, PasswordCost::kLeastMemoryKiB, kMost));
}

} // namespace

struct Accounts::Impl {
    AccountPaths paths;
    AccountsOptions options;
    SigningKey key;
    std::unique_ptr<Identity> identity;
    std::unique_ptr<AuditLog> audit;
    std::unique_ptr<Gate> gate;
    bool costKnown = false;

    Result<void> note(ProfileId actor, const char* action, const std::string& object, Outcome outcome,
                      const std::string& reason = {}) {
        return audit->append({actor, action, object, outcome, reason}).map([](std::int64_t) {});
    }
    /// Before keys are wrapped by a new password.
    Result<void> prepareFor(ByteView password) {
        HEARTH_CHECK(checkNewPassword(password));
        if (costKnown)
            return {};
        HEARTH_TRY(const PasswordCost cost, measurePasswordCost(0.5, mostMemoryKiB()));
        identity->setCost(cost);
        costKnown = true;
        return {};
    }
    Result<std::unique_ptr<store::TextCodec>> historyCodec(Session& session) {
        HEARTH_TRY(SecureBytes historyKey, identity->dataKey(session, "history"));
        return sealedCodec(session.profile.id, std::move(historyKey));
    }
    /// Whether a sealed history was opened but never used, so that another may take its place.
    Result<bool> isUnused(const fs::path& file, Session& session) {
        HEARTH_TRY(auto codec, historyCodec(session));
        HEARTH_TRY(const auto history, store::History::open(file, std::move(codec)));
        HEARTH_TRY(const std::size_t kept, history->conversationCount(false, ""));
        HEARTH_TRY(const std::size_t trashed, history->conversationCount(true, ""));
        HEARTH_TRY(const std::string draft, history->draft(0));
        return kept + trashed == 0 && draft.empty();
    }
    /// Seals the readable chats into the profile's history, unless a run that was cut off had done so
    /// already.
    Result<void> takeOver(const fs::path& plain, Session& session, const store::TextCodec& codec,
                          std::stop_token stop, const ProgressSink& progress) {
        const ProfileId id = session.profile.id;
        const fs::path sealed = paths.historyOf(id);
        const auto readable = store::plainCodec();
        auto existing = store::Existing::Refused;
        std::error_code ignored;
        if (fs::exists(sealed, ignored)) {
            HEARTH_TRY(const bool whole, store::isResealedFrom(sealed, codec, plain, *readable, stop));
            if (whole)
                return {};
            HEARTH_TRY(const bool unused, isUnused(sealed, session));
            if (unused)
                existing = store::Existing::Replaced;
        }
        // Opening folds the log into the file, so that its copy is whole.
        HEARTH_CHECK(store::History::open(plain).map([](const auto&) {}));
        const fs::path backups = paths.folderOf(id) / "backups";
        HEARTH_CHECK(makeFolder(backups));
        HEARTH_TRY(const SecureBytes backupKey, identity->dataKey(session, "backup"));
        HEARTH_CHECK(sealFile(plain, backups / ("history-before-sealing-" + utcNow(kUtcStamp) + ".sealed"),
                              FileKey{backupKey.bytes()}, "hearth history backup 1", stop, progress));
        return store::resealHistory(plain, *readable, sealed, codec, stop, progress, existing)
            .map([](const store::Resealed&) {});
    }
    Result<Session> noted(Result<Session> session, std::string_view name, const char* action) {
        if (session) {
            HEARTH_CHECK(note(session->profile.id, action, objectOf(session->profile.id), Outcome::Done));
            return session;
        }
        // The name itself may be a mistyped password: only known profiles are named, by number.
        HEARTH_TRY(const auto known, identity->profileNamed(name));
        HEARTH_CHECK(
            note(0, action, known ? objectOf(known->id) : "", Outcome::Refused, session.error().code));
        return session;
    }
};

namespace {

IdentityFiles identityFiles(const AccountPaths& paths) {
    return {paths.data / "accounts.db", paths.seals / "accounts.head"};
}

IdentityOptions identityOptions(const AccountsOptions& options) {
    IdentityOptions out;
    out.clock = options.clock;
    if (options.cost)
        out.cost = *options.cost;
    return out;
}

} // namespace

Accounts::Accounts() = default;
Accounts::~Accounts() = default;

Result<std::unique_ptr<Accounts>> Accounts::open(const AccountPaths& paths, AccountsOptions options) {
    HEARTH_CHECK(makeFolder(paths.data));
    HEARTH_CHECK(makeFolder(paths.seals));
    HEARTH_TRY(SigningKey key, SigningKey::loadOrCreate(paths.seals / "signing.key"));
    std::unique_ptr<Accounts> out(new Accounts);
    const bool costKnown = options.cost.has_value();
    out->m_impl.reset(
        new Impl{paths, std::move(options), std::move(key), nullptr, nullptr, nullptr, costKnown});
    Impl& impl = *out->m_impl;
    HEARTH_TRY(impl.audit, AuditLog::open({paths.data / "audit.db", paths.seals / "audit.head"}, impl.key,
                                          impl.options.clock));
    auto identity = Identity::open(identityFiles(paths), impl.key, identityOptions(impl.options));
    if (!identity) {
        HEARTH_CHECK(impl.note(0, "accounts.open", "", Outcome::Refused, identity.error().code));
        return tl::unexpected<Error>(std::move(identity).error());
    }
    impl.identity = std::move(*identity);
    impl.gate = std::make_unique<Gate>(*impl.identity, *impl.audit);
    return out;
}

Result<std::unique_ptr<Accounts>> Accounts::acceptAsIs(const AccountPaths& paths, std::string_view name,
                                                       ByteView password, AccountsOptions options) {
    HEARTH_TRY(const SigningKey key, SigningKey::loadOrCreate(paths.seals / "signing.key"));
    HEARTH_TRY(const auto audit,
               AuditLog::open({paths.data / "audit.db", paths.seals / "audit.head"}, key, options.clock));
    auto accepted = Identity::acceptAsIs(identityFiles(paths), key, name, password, identityOptions(options));
    const auto noted = audit->append({0, "accounts.accept", "", accepted ? Outcome::Done : Outcome::Refused,
                                      accepted ? "" : accepted.error().code});
    if (!accepted)
        return tl::unexpected<Error>(std::move(accepted).error());
    if (!noted)
        return tl::unexpected<Error>(noted.error());
    return open(paths, std::move(options));
}

Identity& Accounts::identity() {
    return *m_impl->identity;
}
AuditLog& Accounts::audit() {
    return *m_impl->audit;
}
Gate& Accounts::gate() {
    return *m_impl->gate;
}
const SigningKey& Accounts::installation() const {
    return m_impl->key;
}
const AccountPaths& Accounts::paths() const {
    return m_impl->paths;
}

Result<Session> Accounts::signIn(std::string_view name, ByteView password) {
    return m_impl->noted(m_impl->identity->signIn(name, password), name, "sign-in");
}

Result<Session> Accounts::signInWithRecoveryKey(std::string_view name, ByteView key) {
    return m_impl->noted(m_impl->identity->signInWithRecoveryKey(name, key), name, "sign-in.recovery");
}

Result<void> Accounts::signOut(const Session& session) {
    return m_impl->note(session.profile.id, "sign-out", objectOf(session.profile.id), Outcome::Done);
}

Result<NewKeys> Accounts::create(const Actor& actor, std::string_view name, Role role, ByteView password) {
    NewKeys out;
    Target target = Target::of(Resource::Profile);
    target.object = "as " + std::string(nameOf(role));
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(m_impl->prepareFor(password));
        HEARTH_TRY(out, m_impl->identity->create(name, role, password));
        return {};
    };
    HEARTH_CHECK(m_impl->gate->run(actor, Action::Create, target, work));
    return out;
}

Result<void> Accounts::rename(const Actor& actor, ProfileId id, std::string_view name) {
    return m_impl->gate->run(actor, Action::Change, profileTarget(id),
                             [&] { return m_impl->identity->rename(id, name); });
}

Result<void> Accounts::setRole(const Actor& actor, ProfileId id, Role role) {
    // Nobody's own: changing a role takes the right over everybody's profiles.
    Target target = Target::of(Resource::Profile);
    target.object = objectOf(id) + " to " + std::string(nameOf(role));
    return m_impl->gate->run(actor, Action::Change, target,
                             [&] { return m_impl->identity->setRole(id, role); });
}

Result<void> Accounts::setDisabled(const Actor& actor, ProfileId id, bool disabled) {
    Target target = Target::of(Resource::Profile);
    target.object = objectOf(id) + (disabled ? " disabled" : " enabled");
    return m_impl->gate->run(actor, Action::Change, target,
                             [&] { return m_impl->identity->setDisabled(id, disabled); });
}

Result<void> Accounts::resetPassword(const Actor& actor, ProfileId id) {
    Target target = Target::of(Resource::Profile);
    target.object = objectOf(id) + " password reset";
    return m_impl->gate->run(actor, Action::Change, target,
                             [&] { return m_impl->identity->resetPassword(id); });
}

Result<NewKeys> Accounts::startAnew(const Actor& actor, ProfileId id, ByteView password) {
    NewKeys out;
    Target target = Target::of(Resource::Profile);
    target.object = objectOf(id) + " new keys";
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(m_impl->prepareFor(password));
        HEARTH_TRY(out, m_impl->identity->startAnew(id, password));
        // What the former keys sealed can be read by nobody: it goes.
        return store::shredFolder(m_impl->paths.folderOf(id));
    };
    HEARTH_CHECK(m_impl->gate->run(actor, Action::Change, target, work));
    return out;
}

Result<void> Accounts::changePassword(const Session& session, ByteView oldPassword, ByteView newPassword) {
    Target target = profileTarget(session.profile.id);
    target.object += " password";
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(m_impl->prepareFor(newPassword));
        return m_impl->identity->changePassword(session, oldPassword, newPassword);
    };
    return m_impl->gate->run(Actor::person(session.profile.id), Action::Change, target, work);
}

Result<void> Accounts::setPassword(const Session& session, ByteView newPassword) {
    Target target = profileTarget(session.profile.id);
    target.object += " password";
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(m_impl->prepareFor(newPassword));
        return m_impl->identity->setPassword(session, newPassword);
    };
    return m_impl->gate->run(Actor::person(session.profile.id), Action::Change, target, work);
}

Result<SecureBytes> Accounts::renewRecoveryKey(const Session& session) {
    SecureBytes out;
    Target target = profileTarget(session.profile.id);
    target.object += " recovery key";
    const auto work = [&]() -> Result<void> {
        HEARTH_TRY(out, m_impl->identity->renewRecoveryKey(session));
        return {};
    };
    HEARTH_CHECK(m_impl->gate->run(Actor::person(session.profile.id), Action::Change, target, work));
    return out;
}

Result<void> Accounts::erase(const Actor& actor, ProfileId id) {
    Target target = Target::of(Resource::PersonalData, id);
    target.object = objectOf(id);
    return m_impl->gate->run(actor, Action::Remove, target, [&]() -> Result<void> {
        // Keys first: should the rest be cut off, nothing of it can be read any more.
        if (auto gone = m_impl->identity->erase(id); !gone)
            return gone;
        HEARTH_CHECK(store::shredFolder(m_impl->paths.folderOf(id)));
        std::error_code ignored;
        if (fs::exists(m_impl->paths.complianceFile(), ignored)) {
            HEARTH_TRY(const auto compliance, ComplianceStore::open(m_impl->paths.complianceFile()));
            HEARTH_CHECK(compliance->forget(id));
        }
        if (fs::exists(m_impl->paths.usageFile(), ignored)) {
            HEARTH_TRY(const auto usage, UsageStatistics::open(m_impl->paths.usageFile()));
            HEARTH_CHECK(usage->forget(id));
        }
        return {};
    });
}

Result<SecureBytes> Accounts::createToken(const Actor& actor, ProfileId owner, std::string_view name,
                                          TokenScope scope, std::int64_t expiresMs) {
    SecureBytes out;
    Target target = Target::of(Resource::Token, owner);
    target.object = objectOf(owner) + " " + std::string(nameOf(scope));
    const auto work = [&]() -> Result<void> {
        HEARTH_TRY(out, m_impl->identity->createToken(owner, name, scope, expiresMs));
        return {};
    };
    HEARTH_CHECK(m_impl->gate->run(actor, Action::Create, target, work));
    return out;
}

Result<void> Accounts::revokeToken(const Actor& actor, std::int64_t token) {
    HEARTH_TRY(const TokenInfo info, m_impl->identity->token(token));
    Target target = Target::of(Resource::Token, info.profile);
    target.object = "token " + std::to_string(token) + " of " + objectOf(info.profile);
    return m_impl->gate->run(actor, Action::Remove, target,
                             [&] { return m_impl->identity->revokeToken(token); });
}

Result<void> Accounts::setPermission(const Actor& actor, Role role, Action action, Resource resource,
                                     Scope scope) {
    Target target = Target::of(Resource::Permission);
    target.object = std::string(nameOf(role)) + " " + std::string(nameOf(action)) + " " +
                    std::string(nameOf(resource)) + " = " + std::string(nameOf(scope));
    return m_impl->gate->run(actor, Action::Change, target,
                             [&] { return m_impl->identity->setPermission(role, action, resource, scope); });
}

Result<void> Accounts::setModelAccess(const Actor& actor, std::string_view model, Action action,
                                      const std::vector<ModelAccess>& allowed) {
    Target target = Target::of(Resource::Permission);
    target.object = "model " + std::string(model) + " " + std::string(nameOf(action)) + ", " +
                    std::to_string(allowed.size()) + " entries";
    return m_impl->gate->run(actor, Action::Change, target,
                             [&] { return m_impl->identity->setModelAccess(model, action, allowed); });
}

Result<std::unique_ptr<store::History>> Accounts::openHistory(Session& session) {
    HEARTH_TRY(const auto open, historyOpener(session));
    return open();
}

Result<HistoryOpener> Accounts::historyOpener(Session& session) {
    const ProfileId id = session.profile.id;
    HEARTH_CHECK(
        m_impl->gate->check(Actor::person(id), Action::View, Target::of(Resource::Conversation, id)));
    HEARTH_CHECK(makeFolder(m_impl->paths.folderOf(id)));
    HEARTH_TRY(SecureBytes key, m_impl->identity->dataKey(session, "history"));
    return [id, key = std::make_shared<SecureBytes>(std::move(key)),
            file = m_impl->paths.historyOf(id)]() -> Result<std::unique_ptr<store::History>> {
        HEARTH_TRY(auto codec, sealedCodec(id, std::move(*key)));
        return store::History::open(file, std::move(codec));
    };
}

bool Accounts::plainHistoryWaits() const {
    std::error_code ignored;
    const fs::path plain = m_impl->paths.historyOf(0);
    return fs::exists(plain, ignored) || fs::exists(takenOver(plain), ignored);
}

Result<void> Accounts::adoptPlainHistory(Session& session, std::stop_token stop,
                                         const ProgressSink& progress) {
    const ProfileId id = session.profile.id;
    const fs::path plain = m_impl->paths.historyOf(0), sealed = m_impl->paths.historyOf(id);
    if (!plainHistoryWaits())
        return fail("vault.no_plain_history", "there are no chats from single-person time");
    Target target = Target::of(Resource::Conversation, id);
    target.object = objectOf(id) + " takes over the chats";
    // Cut off anywhere, the next run goes on: the sealed history says what it was made from until the
    // readable file has lost its name, which it does in one step once everything is in place.
    const auto work = [&]() -> Result<void> {
        HEARTH_TRY(const auto codec, m_impl->historyCodec(session));
        std::error_code ignored;
        if (fs::exists(plain, ignored)) {
            HEARTH_CHECK(store::shred(takenOver(plain)));
            HEARTH_CHECK(m_impl->takeOver(plain, session, *codec, stop, progress));
            for (const BackupFile& old : listBackups(plain))
                HEARTH_CHECK(store::shred(old.path));
            HEARTH_CHECK(store::moveDurably(plain, takenOver(plain)));
            HEARTH_CHECK(store::forgetResealedFrom(sealed, *codec));
        } else if (fs::exists(sealed, ignored)) {
            // It may be open already; then it keeps what nobody will ask for.
            static_cast<void>(store::forgetResealedFrom(sealed, *codec));
        }
        HEARTH_CHECK(store::shred(takenOver(plain)));
        return store::shred(plain); // what lies beside it
    };
    return m_impl->gate->run(Actor::person(id), Action::Create, target, work);
}

} // namespace hearth::workbench
