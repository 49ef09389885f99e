#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <vector>

#include <QObject>
#include <QPointer>
#include <QString>
#include <QThread>

#include "engine/base/progress.h"
#include "engine/security/crypto/secure_bytes.h"
#include "engine/workbench/accounts.h"
#include "gui/bridge/metatypes.h"
#include "gui/bridge/rights.h"

namespace hearth::gui {

class HistoryBridge;

/// What the work of a request gets. Accounts thread only, and only while the call lasts.
struct AccountsDesk {
    workbench::Accounts& accounts;
    /// Who is signed in, with their keys; nullopt in single-person mode and while locked.
    std::optional<security::Session>& session;
    workbench::Actor actor; ///< who asks; for every call of `accounts` and its gate
    std::stop_token stop;   ///< asked when the window locks or closes

    /// The session of who is signed in. Errors: permission.sign_in.
    [[nodiscard]] Result<security::Session*> signedIn() const {
        if (!session)
            return fail("permission.sign_in", "nobody is signed in");
        return &*session;
    }
};

/// People as the window sees them: workbench::Accounts in a thread of its own (a password takes half a
/// second, and longer where its cost is still measured), requests in, queued answers out. What the window
/// needs at every moment is kept here as copies: who is before it, what they may do, whose profiles exist.
/// No key, password or content is among them.
///
/// Lives in the GUI thread; the destructor stops what runs and joins.
class AccountsBridge : public QObject {
    Q_OBJECT

public:
    enum class State {
        Opening,      ///< not known yet; nothing may be shown
        Failed,       ///< the accounts cannot be opened, see error(); nothing may be shown
        SinglePerson, ///< there are no profiles: everything is allowed, nothing is sealed
        Locked,       ///< there are profiles and nobody is signed in
        Open          ///< person() is signed in
    };

    explicit AccountsBridge(workbench::AccountPaths paths, workbench::AccountsOptions options = {},
                            QObject* parent = nullptr);
    ~AccountsBridge() override; ///< as shutdown()

    /// Opens the accounts; again after a failure. Ends with stateChanged().
    void start();
    /// For accounts that start() refused though a person knows why; see Accounts::acceptAsIs(). Ends with
    /// stateChanged() or signInFailed().
    void acceptAsIs(const QString& name, security::SecureBytes password);

    [[nodiscard]] State state() const { return m_state; }
    /// Of State::Failed.
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    /// Of State::Open.
    [[nodiscard]] const std::optional<security::Profile>& person() const { return m_person; }
    /// Whose things a page shows: person()'s number, 0 for the single person.
    [[nodiscard]] security::ProfileId owner() const { return m_person ? m_person->id : 0; }
    /// What may be shown; nothing while locked.
    [[nodiscard]] const Rights& rights() const { return m_rights; }
    /// All profiles, in the order they were made: names can be read without a password.
    [[nodiscard]] const std::vector<security::Profile>& profiles() const { return m_profiles; }
    [[nodiscard]] const workbench::AccountPaths& paths() const { return m_paths; }

    /// Each ends with stateChanged() or signInFailed(). One at a time: nothing while isSigningIn(). Somebody
    /// else who is signed in is locked out first.
    void signIn(const QString& name, security::SecureBytes password);
    void signInWithRecoveryKey(const QString& name, security::SecureBytes key);
    [[nodiscard]] bool isSigningIn() const { return m_signingIn; }
    /// Came in with the recovery key, so that the password is to be chosen anew.
    [[nodiscard]] bool cameByRecoveryKey() const { return m_byRecoveryKey; }
    /// Makes the first administrator and signs them in; single-person mode ends. `done` gets the recovery
    /// key's text, shown once. The person's chats are not taken over yet (Accounts::adoptPlainHistory()).
    void createFirst(QObject* context, const QString& name, security::SecureBytes password,
                     std::function<void(Result<security::NewKeys>)> done);
    /// Destroys the session and its keys. aboutToLock() comes first, at once; answers to requests that are
    /// still on their way are thrown away. Nothing unless somebody is signed in.
    void lock();

    /// Runs `work(AccountsDesk&)`, which returns a Result, in the accounts thread, then `done(result)` in the
    /// GUI thread, unless `context` has been destroyed or the window was locked meanwhile. One at a time, in
    /// order: something long (verifying, exporting) keeps what is asked later waiting. Ends with error() when
    /// the accounts are not open. The work asks the gate, or calls what does.
    template <class Work, class Done>
    void request(QObject* context, Work work, Done done) {
        using R = std::invoke_result_t<Work, AccountsDesk&>;
        auto result = std::make_shared<std::optional<R>>();
        post(
            [work = std::make_shared<Work>(std::move(work)), result](AccountsDesk* desk, const Error& error) {
                result->emplace(desk ? (*work)(*desk) : R(tl::unexpected<Error>(error)));
            },
            [guard = QPointer<QObject>(context), done = std::move(done), result]() mutable {
                if (guard)
                    done(std::move(**result));
            });
    }
    /// The same for what changes profiles, rights or tokens: profiles() and rights() are read again before
    /// `done` is called.
    template <class Work, class Done>
    void change(QObject* context, Work work, Done done) {
        request(context, std::move(work),
                [this, guard = QPointer<QObject>(context), done = std::move(done)](auto result) mutable {
                    refresh(this, [guard, done = std::move(done),
                                   result = std::make_shared<decltype(result)>(std::move(result))]() mutable {
                        if (guard)
                            done(std::move(*result));
                    });
                });
    }
    /// Reads profiles() and rights() again; who was disabled or erased meanwhile is locked out.
    void refresh() {
        refresh(this, [] {});
    }

    /// For work of request(): hands its progress to `show` in the GUI thread, unless `context` has gone.
    /// `fraction` < 0 = not known.
    [[nodiscard]] ProgressSink progressTo(QObject* context,
                                          std::function<void(const QString& phase, double fraction)> show);

    /// Asks the gate for something that is not done by Accounts (loading a model, writing a chat to a file);
    /// a refusal is in the audit log before `done` hears of it.
    void check(QObject* context, security::Action action, workbench::Target target,
               std::function<void(const Result<void>&)> done);
    /// Notes how that ended: "" = it was done, else the error's code.
    void noteOutcome(security::Action action, workbench::Target target, const std::string& errorCode = {});

    /// Opens the chats of who is before the window in `history`, which is closed for as long as that takes:
    /// the readable file in single-person mode, the sealed one of person() otherwise. Nothing in other
    /// states. What is asked of the history after this call waits until it is open.
    void openHistory(HistoryBridge& history);

    /// Stops what runs and joins. Idempotent.
    void shutdown();

Q_SIGNALS:
    void stateChanged(); ///< state(), person() or rights() became another's
    void signInFailed(const hearth::Error& error);
    void signingInChanged();
    /// The session ends with the return from this signal: everything that shows content goes now.
    void aboutToLock();
    void profilesChanged(); ///< profiles() or person()'s own name or role
    void rightsChanged();   ///< rights() of the same person

private:
    struct Worker;
    struct View;
    using Job = std::function<void(AccountsDesk*, const Error&)>;
    void post(Job job, std::function<void()> done);
    void run(std::function<void(Worker&)> job);
    void deliver(std::function<void()> call);
    void refresh(QObject* context, std::function<void()> done);
    void enter(const QString& name, security::SecureBytes secret, bool recoveryKey);
    void take(View view);
    void setSigningIn(bool signingIn);

    const workbench::AccountPaths m_paths;
    const std::shared_ptr<Worker> m_shared; ///< used in m_thread only
    QThread m_thread;
    QObject* m_worker; ///< context of queued calls; lives in m_thread
    std::stop_source m_stop;
    quint64 m_epoch = 0; ///< counted up by each lock
    State m_state = State::Opening;
    std::optional<Error> m_error;
    std::optional<security::Profile> m_person;
    std::vector<security::Profile> m_profiles;
    Rights m_rights;
    bool m_signingIn = false, m_byRecoveryKey = false, m_shutDown = false;
};

} // namespace hearth::gui
