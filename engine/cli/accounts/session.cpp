#include "engine/cli/accounts/session.h"

#include <CLI/CLI.hpp>

#include "engine/workbench/data_paths.h"

namespace hearth::cli {

void WhoOptions::addTo(CLI::App& command) {
    command.add_option("--as", as, "The profile that asks; its password is asked for");
    command.add_flag("--password-stdin", passwordStdin,
                     "Read passwords from the standard input, one per line in the order they are asked for");
}

std::unique_ptr<QCoreApplication> makeApplication() {
    if (QCoreApplication::instance())
        return nullptr;
    static int argc = 1;
    static char name[] = "hearthctl";
    static char* argv[] = {name, nullptr};
    return std::make_unique<QCoreApplication>(argc, argv);
}

Result<AccountsSession> AccountsSession::openUnsigned(const WhoOptions& options) {
    AccountsSession out(options.passwordStdin);
    out.m_application = makeApplication();
    HEARTH_TRY(const auto paths, workbench::DataPaths::prepare());
    HEARTH_TRY(out.m_accounts, workbench::Accounts::open(workbench::AccountPaths::below(paths)));
    return out;
}

Result<AccountsSession> AccountsSession::open(const WhoOptions& options) {
    HEARTH_TRY(AccountsSession out, openUnsigned(options));
    HEARTH_TRY(const bool single, out.accounts().identity().singlePerson());
    if (!single)
        HEARTH_CHECK(out.signIn(options.as));
    return out;
}

Result<void> AccountsSession::signIn(const std::string& name) {
    if (name.empty())
        return fail("usage.who", "there are profiles: say with --as NAME who asks");
    HEARTH_TRY(const auto password, m_secrets.read("password of " + name));
    HEARTH_TRY(m_session, accounts().signIn(name, password.bytes()));
    return {};
}

Result<std::unique_ptr<store::History>> AccountsSession::openHistory() {
    if (m_session)
        return m_accounts->openHistory(*m_session);
    return store::History::open(m_accounts->paths().historyOf(0));
}

Result<security::Profile> AccountsSession::named(const std::string& name) {
    HEARTH_TRY(auto found, m_accounts->identity().profileNamed(name));
    if (!found)
        return fail("identity.no_such_profile", "no profile is named so");
    return std::move(*found);
}

} // namespace hearth::cli
