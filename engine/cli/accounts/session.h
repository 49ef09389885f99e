#pragma once

#include <memory>
#include <optional>
#include <string>

#include <QtCore/QCoreApplication>

#include "engine/base/error.h"
#include "engine/cli/accounts/secrets.h"
#include "engine/workbench/accounts.h"

namespace CLI {
class App;
}

namespace hearth::cli {

/// Options that every command around accounts has.
struct WhoOptions {
    std::string as; ///< profile that signs in
    bool passwordStdin = false;
    void addTo(CLI::App& command);
};

/// The accounts, and who asked for the command: somebody who signed in with --as, or the single person.
class AccountsSession {
public:
    /// Errors: usage.who (there are profiles and no --as), those of Accounts::open() and signIn().
    [[nodiscard]] static Result<AccountsSession> open(const WhoOptions& options);
    /// The same for who needs not sign in.
    [[nodiscard]] static Result<AccountsSession> openUnsigned(const WhoOptions& options);

    /// Asks for the password of `name`. Errors: usage.who (no name), those of signIn().
    [[nodiscard]] Result<void> signIn(const std::string& name);

    [[nodiscard]] workbench::Accounts& accounts() { return *m_accounts; }
    [[nodiscard]] workbench::Actor actor() const {
        return m_session ? workbench::Actor::person(m_session->profile.id) : workbench::Actor::singlePerson();
    }
    /// nullopt in single-person mode.
    [[nodiscard]] std::optional<security::Session>& session() { return m_session; }
    [[nodiscard]] const SecretReader& secrets() const { return m_secrets; }
    /// The history of who asked. Errors: those of Accounts::openHistory() and History::open().
    [[nodiscard]] Result<std::unique_ptr<store::History>> openHistory();
    /// Errors: identity.no_such_profile.
    [[nodiscard]] Result<security::Profile> named(const std::string& name);

private:
    explicit AccountsSession(bool passwordStdin) : m_secrets(passwordStdin) {}
    std::unique_ptr<QCoreApplication> m_application; // Qt finds its SQLite driver through it
    SecretReader m_secrets;
    std::unique_ptr<workbench::Accounts> m_accounts;
    std::optional<security::Session> m_session;
};

/// For SQLite without a session; null where the program has one already.
[[nodiscard]] std::unique_ptr<QCoreApplication> makeApplication();

} // namespace hearth::cli
