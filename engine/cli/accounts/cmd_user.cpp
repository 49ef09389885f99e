#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/base/utc_time.h"
#include "engine/cli/accounts/session.h"
#include "engine/cli/commands.h"
#include "engine/cli/input.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/workbench/data_paths.h"

namespace hearth::cli {

namespace {

using security::Role;
using security::SecureBytes;

struct Options {
    WhoOptions who;
    std::string name, newName, role = "user", scope = "chat";
    int days = 0;
    std::int64_t token = 0;
    bool yes = false;
};

constexpr const char* kSinglePerson = "No profiles: one person, no password. Everybody who can use this "
                                      "account of the computer, or read its disk, can "
                                      "read the chats; nothing is encrypted.\n";

Result<Role> roleOf(const std::string& name) {
    const auto role = security::roleNamed(name);
    if (!role)
        return fail("usage.bad_role", "roles are administrator, data-scientist, user and auditor");
    return *role;
}

Result<void> list(const Options& options) {
    HEARTH_TRY(auto session, AccountsSession::openUnsigned(options.who));
    HEARTH_TRY(const auto profiles, session.accounts().identity().profiles());
    if (profiles.empty()) {
        print(kSinglePerson);
        return {};
    }
    for (const auto& profile : profiles)
        print(std::to_string(profile.id) + "\t" + oneLine(profile.name) + "\t" +
              std::string(nameOf(profile.role)) + (profile.disabled ? "\tdisabled" : "") +
              (profile.hasPassword ? "" : "\tpassword reset") +
              (profile.recoveryTested ? "" : "\trecovery key not tested") + "\n");
    return {};
}

/// Shows a recovery key and, at a terminal, has it typed back.
Result<void> handOver(AccountsSession& session, security::Session& owner, const SecureBytes& key) {
    printNow("Recovery key, shown only now; write it down and keep it apart from this computer:\n\n    " +
             std::string(key.text()) + "\n\n");
    if (!session.secrets().atTerminal()) {
        note("test it with: hearthctl user test-recovery");
        return {};
    }
    for (int tries = 3; tries > 0; --tries) {
        HEARTH_TRY(const auto typed, session.secrets().read("type it once, to test it"));
        auto tested = session.accounts().identity().testRecoveryKey(owner, typed.bytes());
        if (tested) {
            note("the recovery key works");
            return {};
        }
        if (tested.error().code != "identity.bad_recovery_key" &&
            tested.error().code != "identity.wrong_recovery_key")
            return tested;
        note("hearthctl: " + tested.error().detail);
    }
    note("not tested; do it later with: hearthctl user test-recovery");
    return {};
}

Result<void> add(const Options& options) {
    HEARTH_TRY(const Role role, roleOf(options.role));
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    HEARTH_TRY(const auto password, session.secrets().readNew("password for " + options.name));
    HEARTH_TRY(const auto keys,
               session.accounts().create(session.actor(), options.name, role, password.bytes()));
    HEARTH_TRY(auto owner, session.accounts().signIn(options.name, password.bytes()));
    print("Profile " + std::to_string(keys.id) + " made.\n");
    HEARTH_CHECK(handOver(session, owner, keys.recoveryKey));
    if (session.accounts().plainHistoryWaits())
        note("readable chats of single-person time remain; take them over with: hearthctl user adopt NAME");
    return {};
}

/// A change to somebody's profile by who asks.
template <class Change>
Result<void> change(const Options& options, const Change& what) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    HEARTH_TRY(const auto profile, session.named(options.name));
    return what(session, profile.id);
}

Result<void> startAnew(const Options& options) {
    if (!options.yes)
        return fail("usage.confirm", "this destroys all chats of the profile for ever; say --yes to do it");
    return change(options, [&](AccountsSession& session, security::ProfileId id) -> Result<void> {
        HEARTH_TRY(const auto password, session.secrets().readNew("new password for " + options.name));
        HEARTH_TRY(const auto keys, session.accounts().startAnew(session.actor(), id, password.bytes()));
        HEARTH_TRY(auto owner, session.accounts().signIn(options.name, password.bytes()));
        return handOver(session, owner, keys.recoveryKey);
    });
}

Result<void> password(const Options& options) {
    HEARTH_TRY(auto session, AccountsSession::openUnsigned(options.who));
    HEARTH_TRY(const auto before, session.secrets().read("password of " + options.name));
    HEARTH_TRY(auto owner, session.accounts().signIn(options.name, before.bytes()));
    HEARTH_TRY(const auto after, session.secrets().readNew("new password"));
    return session.accounts().changePassword(owner, before.bytes(), after.bytes());
}

Result<void> recover(const Options& options) {
    HEARTH_TRY(auto session, AccountsSession::openUnsigned(options.who));
    HEARTH_TRY(const auto key, session.secrets().read("recovery key of " + options.name));
    HEARTH_TRY(auto owner, session.accounts().signInWithRecoveryKey(options.name, key.bytes()));
    HEARTH_TRY(const auto after, session.secrets().readNew("new password"));
    HEARTH_CHECK(session.accounts().setPassword(owner, after.bytes()));
    print("The password is set; the recovery key stays the same.\n");
    return {};
}

Result<void> testRecovery(const Options& options) {
    HEARTH_TRY(auto session, AccountsSession::openUnsigned(options.who));
    HEARTH_TRY(const auto known, session.secrets().read("password of " + options.name));
    HEARTH_TRY(auto owner, session.accounts().signIn(options.name, known.bytes()));
    HEARTH_TRY(const auto typed, session.secrets().read("recovery key"));
    HEARTH_CHECK(session.accounts().identity().testRecoveryKey(owner, typed.bytes()));
    print("The recovery key works.\n");
    return {};
}

Result<void> adopt(const Options& options, Environment& environment) {
    HEARTH_TRY(auto session, AccountsSession::openUnsigned(options.who));
    HEARTH_TRY(const auto known, session.secrets().read("password of " + options.name));
    HEARTH_TRY(auto owner, session.accounts().signIn(options.name, known.bytes()));
    const Interrupt::Work work(environment.interrupt);
    HEARTH_CHECK(session.accounts().adoptPlainHistory(owner, work.token(), progressLine("sealing")));
    clearProgressLine();
    print("The chats are sealed; the readable files were overwritten and removed.\n");
    return {};
}

Result<void> accept(const Options& options) {
    const auto application = makeApplication();
    HEARTH_TRY(const auto paths, workbench::DataPaths::prepare());
    const SecretReader secrets(options.who.passwordStdin);
    HEARTH_TRY(const auto known, secrets.read("password of " + options.name));
    HEARTH_CHECK(
        workbench::Accounts::acceptAsIs(workbench::AccountPaths::below(paths), options.name, known.bytes())
            .map([](const auto&) {}));
    print("The accounts are taken as they are. Look through them: hearthctl user list\n");
    return {};
}

Result<void> tokenAdd(const Options& options) {
    const auto scope = security::tokenScopeNamed(options.scope);
    if (!scope)
        return fail("usage.bad_scope", "scopes are read, chat and manage");
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    if (!session.session())
        return fail("usage.no_profiles", "tokens belong to profiles; there are none");
    const std::int64_t expires = options.days > 0 ? unixMsNow() + std::int64_t{options.days} * 86'400'000 : 0;
    HEARTH_TRY(const auto token,
               session.accounts().createToken(session.actor(), session.session()->profile.id, options.name,
                                              *scope, expires));
    note("shown only now:");
    printNow(std::string(token.text()) + "\n");
    return {};
}

Result<void> tokenList(const Options& options) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    HEARTH_TRY(const auto tokens, session.accounts().identity().tokens());
    for (const auto& token : tokens) {
        HEARTH_TRY(const bool visible, session.accounts().gate().allows(
                                           session.actor(), security::Action::View,
                                           workbench::Target::of(security::Resource::Token, token.profile)));
        if (visible)
            print(std::to_string(token.id) + "\tprofile " + std::to_string(token.profile) + "\t" +
                  oneLine(token.name) + "\t" + std::string(nameOf(token.scope)) + "\t" +
                  (token.revoked          ? std::string("revoked")
                   : token.expiresMs == 0 ? std::string("does not expire")
                                          : "until " + security::utcText(token.expiresMs)) +
                  "\n");
    }
    return {};
}

Result<void> tokenRevoke(const Options& options) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    return session.accounts().revokeToken(session.actor(), options.token);
}

} // namespace

void addUser(CLI::App& app, Command& chosen) {
    auto* user = app.add_subcommand("user", "Profiles of the people who use this installation");
    user->require_subcommand(1);
    const auto describe = [&](const char* name, const char* help, auto run, bool needsName = true) {
        auto options = std::make_shared<Options>();
        auto* command = user->add_subcommand(name, help);
        if (needsName)
            command->add_option("name", options->name, "The profile's name")->required();
        options->who.addTo(*command);
        command->callback([options, run, &chosen] {
            chosen = [options, run](Environment& environment) -> Result<void> {
                return run(*options, environment);
            };
        });
        return std::pair(command, options);
    };
    const auto alone = [](Result<void> (*run)(const Options&)) {
        return [run](const Options& options, Environment&) { return run(options); };
    };
    using Session = AccountsSession;
    using Id = security::ProfileId;

    describe("list", "Who has a profile", alone(list), false);
    const auto [addCommand, addOptions] =
        describe("add", "Make a profile; the first one is an administrator", alone(add));
    addCommand->add_option("--role", addOptions->role, "administrator, data-scientist, user or auditor")
        ->capture_default_str();
    const auto [roleCommand, roleOptions] = describe(
        "role", "Change what a profile may do", [](const Options& options, Environment&) -> Result<void> {
            HEARTH_TRY(const Role role, roleOf(options.role));
            return change(options, [role](Session& session, Id id) {
                return session.accounts().setRole(session.actor(), id, role);
            });
        });
    roleCommand->add_option("role", roleOptions->role, "The new role")->required();
    const auto [renameCommand, renameOptions] =
        describe("rename", "Give a profile another name", [](const Options& options, Environment&) {
            return change(options, [&](Session& session, Id id) {
                return session.accounts().rename(session.actor(), id, options.newName);
            });
        });
    renameCommand->add_option("new-name", renameOptions->newName, "The new name")->required();
    describe("disable", "Keep a profile from signing in", [](const Options& options, Environment&) {
        return change(options, [](Session& session, Id id) {
            return session.accounts().setDisabled(session.actor(), id, true);
        });
    });
    describe("enable", "Let a profile sign in again", [](const Options& options, Environment&) {
        return change(options, [](Session& session, Id id) {
            return session.accounts().setDisabled(session.actor(), id, false);
        });
    });
    describe("reset", "Take a forgotten password away; the recovery key sets a new one",
             [](const Options& options, Environment&) {
                 return change(options, [](Session& session, Id id) {
                     return session.accounts().resetPassword(session.actor(), id);
                 });
             });
    const auto [anewCommand, anewOptions] = describe(
        "start-anew", "New keys for somebody who lost password and recovery key; their chats are lost",
        alone(startAnew));
    anewCommand->add_flag("--yes", anewOptions->yes, "Do it");
    describe("password", "Change one's password", alone(password));
    describe("recover", "Set a new password with the recovery key", alone(recover));
    describe("test-recovery", "Find out whether a recovery key is the right one", alone(testRecovery));
    describe("adopt", "Seal the chats of single-person time and give them to a profile",
             [](const Options& options, Environment& environment) { return adopt(options, environment); });
    describe("accept",
             "Take accounts that were changed or put back by hand for the truth, as an administrator in them",
             alone(accept));
    const auto [tokenCommand, tokenOptions] =
        describe("token-add", "Make a key for a program", alone(tokenAdd));
    tokenCommand->add_option("--scope", tokenOptions->scope, "read, chat or manage")->capture_default_str();
    tokenCommand->add_option("--days", tokenOptions->days, "How long it is valid; 0 = until it is revoked")
        ->check(CLI::Range(0, 3650));
    describe("token-list", "Keys of programs", alone(tokenList), false);
    const auto [revokeCommand, revokeOptions] =
        describe("token-revoke", "End a key", alone(tokenRevoke), false);
    revokeCommand->add_option("id", revokeOptions->token, "Its number in the list")->required();
}

} // namespace hearth::cli
