#include "gui/bridge/accounts_bridge.h"

#include <future>

#include "gui/bridge/history_bridge.h"

namespace hearth::gui {

using security::SecureBytes;
using workbench::Actor;

namespace {

using Opener = Result<workbench::HistoryOpener>;

/// In the store thread.
Result<std::unique_ptr<workbench::ChatHistory>> openWith(const std::shared_future<Opener>& coming) {
    try {
        HEARTH_TRY(const auto open, coming.get());
        HEARTH_TRY(auto opened, open());
        HEARTH_TRY([[maybe_unused]] const auto interrupted, opened->recoverInterrupted());
        return std::make_unique<workbench::ChatHistory>(std::move(opened));
    } catch (const std::future_error&) { // the accounts were closed first
        return fail("permission.sign_in", "the accounts are closed");
    }
}

} // namespace

/// Accounts thread only.
struct AccountsBridge::Worker {
    workbench::AccountPaths paths;
    workbench::AccountsOptions options;
    std::unique_ptr<workbench::Accounts> accounts;
    std::optional<security::Session> session;
    Error openError{"permission.sign_in", "the accounts are not open yet", std::nullopt, {}};

    [[nodiscard]] Actor actor() const {
        return session ? Actor::person(session->profile.id) : Actor::singlePerson();
    }
    void keep(Result<std::unique_ptr<workbench::Accounts>> opened) {
        session.reset();
        accounts.reset();
        if (opened)
            accounts = std::move(*opened);
        else
            openError = opened.error();
    }
    [[nodiscard]] View look();
    [[nodiscard]] Result<View> read();
};

/// What the window keeps a copy of.
struct AccountsBridge::View {
    State state = State::Failed;
    std::optional<Error> error;
    std::optional<security::Profile> person;
    std::vector<security::Profile> profiles;
    Rights rights;
};

Result<AccountsBridge::View> AccountsBridge::Worker::read() {
    View out;
    HEARTH_TRY(out.profiles, accounts->identity().profiles());
    if (out.profiles.empty()) {
        out.state = State::SinglePerson;
        out.rights = Rights::singlePerson();
        session.reset();
        return out;
    }
    out.state = State::Locked;
    if (!session)
        return out;
    for (const security::Profile& profile : out.profiles)
        if (profile.id == session->profile.id && !profile.disabled)
            out.person = profile;
    if (!out.person) { // disabled or erased meanwhile
        session.reset();
        return out;
    }
    session->profile = *out.person;
    HEARTH_TRY(const auto table, accounts->identity().permissions());
    out.rights = Rights::of(out.person->role, table);
    out.state = State::Open;
    return out;
}

AccountsBridge::View AccountsBridge::Worker::look() {
    View failed;
    if (!accounts) {
        failed.error = openError;
        return failed;
    }
    auto out = read();
    if (out)
        return std::move(*out);
    // Rows that were changed from outside, or a disk that is gone: nobody stays signed in on that ground.
    failed.error = openError = out.error();
    session.reset();
    accounts.reset();
    return failed;
}

AccountsBridge::AccountsBridge(workbench::AccountPaths paths, workbench::AccountsOptions options,
                               QObject* parent)
    : QObject(parent), m_paths(std::move(paths)), m_shared(std::make_shared<Worker>()),
      m_worker(new QObject) {
    m_shared->paths = m_paths;
    m_shared->options = std::move(options);
    m_thread.setObjectName(QStringLiteral("accounts"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

AccountsBridge::~AccountsBridge() {
    blockSignals(true);
    shutdown();
}

void AccountsBridge::shutdown() {
    if (std::exchange(m_shutDown, true))
        return;
    m_stop.request_stop();
    QMetaObject::invokeMethod(
        m_worker,
        [worker = m_shared, thread = &m_thread] {
            if (worker->session && worker->accounts)
                // The window is closing; an error of the log has nobody left to read it.
                static_cast<void>(worker->accounts->signOut(*worker->session));
            worker->session.reset();
            worker->accounts.reset(); // in the thread that opened it
            thread->quit();
        },
        Qt::QueuedConnection);
    m_thread.wait();
}

void AccountsBridge::run(std::function<void(Worker&)> job) {
    if (!m_shutDown)
        QMetaObject::invokeMethod(
            m_worker, [worker = m_shared, job = std::move(job)] { job(*worker); }, Qt::QueuedConnection);
}

void AccountsBridge::deliver(std::function<void()> call) {
    // The bridge joins the thread this is called from before it goes; Qt drops the call with it.
    QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
}

void AccountsBridge::post(Job job, std::function<void()> done) {
    run([this, job = std::move(job), done = std::move(done), stop = m_stop.get_token(),
         epoch = m_epoch](Worker& worker) mutable {
        if (worker.accounts) {
            AccountsDesk desk{*worker.accounts, worker.session, worker.actor(), stop};
            job(&desk, {});
        } else {
            job(nullptr, worker.openError);
        }
        job = nullptr; // what it held goes in this thread, not with the answer
        deliver([this, epoch, done = std::move(done)] {
            if (epoch == m_epoch)
                done();
        });
    });
}

ProgressSink AccountsBridge::progressTo(QObject* context,
                                        std::function<void(const QString& phase, double fraction)> show) {
    return [this, guard = QPointer<QObject>(context), show = std::move(show)](const Progress& progress) {
        const double fraction =
            progress.total ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : -1;
        deliver([guard, show, fraction,
                 phase = QString::fromUtf8(progress.phase.data(),
                                           static_cast<qsizetype>(progress.phase.size()))] {
            if (guard)
                show(phase, fraction);
        });
    };
}

void AccountsBridge::start() {
    run([this](Worker& worker) {
        worker.keep(workbench::Accounts::open(worker.paths, worker.options));
        deliver([this, view = worker.look()]() mutable { take(std::move(view)); });
    });
}

void AccountsBridge::acceptAsIs(const QString& name, SecureBytes password) {
    if (m_signingIn)
        return;
    setSigningIn(true);
    run([this, name = name.toStdString(),
         secret = std::make_shared<SecureBytes>(std::move(password))](Worker& worker) {
        auto opened = workbench::Accounts::acceptAsIs(worker.paths, name, secret->bytes(), worker.options);
        secret->clear();
        std::optional<Error> error;
        if (!opened)
            error = opened.error();
        else
            worker.keep(std::move(opened));
        deliver([this, error, view = worker.look()]() mutable {
            setSigningIn(false);
            if (error)
                Q_EMIT signInFailed(*error);
            else
                take(std::move(view));
        });
    });
}

void AccountsBridge::signIn(const QString& name, SecureBytes password) {
    enter(name, std::move(password), false);
}

void AccountsBridge::signInWithRecoveryKey(const QString& name, SecureBytes key) {
    enter(name, std::move(key), true);
}

void AccountsBridge::enter(const QString& name, SecureBytes secret, bool recoveryKey) {
    if (m_signingIn)
        return;
    lock();
    setSigningIn(true);
    run([this, name = name.toStdString(), recoveryKey, epoch = m_epoch,
         secret = std::make_shared<SecureBytes>(std::move(secret))](Worker& worker) {
        std::optional<Error> error;
        if (worker.accounts) {
            auto session = recoveryKey ? worker.accounts->signInWithRecoveryKey(name, secret->bytes())
                                       : worker.accounts->signIn(name, secret->bytes());
            if (session)
                worker.session.emplace(std::move(*session));
            else
                error = session.error();
        } else {
            error = worker.openError;
        }
        secret->clear();
        deliver([this, error, recoveryKey, epoch, view = worker.look()]() mutable {
            setSigningIn(false);
            if (epoch != m_epoch) // locked again while the password was being looked at
                return;
            if (error)
                Q_EMIT signInFailed(*error);
            m_byRecoveryKey = !error && recoveryKey;
            take(std::move(view));
        });
    });
}

void AccountsBridge::createFirst(QObject* context, const QString& name, SecureBytes password,
                                 std::function<void(Result<security::NewKeys>)> done) {
    run([this, guard = QPointer<QObject>(context), done = std::move(done), name = name.toStdString(),
         secret = std::make_shared<SecureBytes>(std::move(password))](Worker& worker) mutable {
        const auto make = [&]() -> Result<security::NewKeys> {
            if (!worker.accounts)
                return tl::unexpected<Error>(worker.openError);
            HEARTH_TRY(auto keys, worker.accounts->create(worker.actor(), name, security::Role::Administrator,
                                                          secret->bytes()));
            HEARTH_TRY(auto session, worker.accounts->signIn(name, secret->bytes()));
            worker.session.emplace(std::move(session));
            return keys;
        };
        auto result = std::make_shared<Result<security::NewKeys>>(make());
        secret->clear();
        deliver([this, guard, done = std::move(done), result, view = worker.look()]() mutable {
            m_byRecoveryKey = false;
            take(std::move(view));
            if (guard)
                done(std::move(*result));
        });
    });
}

void AccountsBridge::lock() {
    if (m_state != State::Open && !m_signingIn)
        return;
    View view;
    view.state = State::Locked;
    view.profiles = m_profiles;
    run([](Worker& worker) {
        if (worker.session && worker.accounts)
            // When the log cannot be written the keys go all the same; the next sign-in will tell.
            static_cast<void>(worker.accounts->signOut(*worker.session));
        worker.session.reset();
    });
    if (m_state == State::Open) {
        take(std::move(view));
    } else { // the password is still being looked at: whoever comes out of it is locked out
        m_stop.request_stop();
        m_stop = std::stop_source();
        ++m_epoch;
    }
}

void AccountsBridge::refresh(QObject* context, std::function<void()> done) {
    run([this, guard = QPointer<QObject>(context), done = std::move(done), epoch = m_epoch](Worker& worker) {
        deliver([this, guard, done, epoch, view = worker.look()]() mutable {
            if (epoch != m_epoch)
                return;
            take(std::move(view));
            if (guard && epoch == m_epoch)
                done();
        });
    });
}

void AccountsBridge::take(View view) {
    const auto id = [](const std::optional<security::Profile>& profile) { return profile ? profile->id : 0; };
    const bool another = view.state != m_state || id(view.person) != id(m_person);
    const bool leaves = another && (m_state == State::Open || m_state == State::SinglePerson);
    if (leaves) {
        m_stop.request_stop();
        m_stop = std::stop_source();
        ++m_epoch;
        Q_EMIT aboutToLock();
    }
    const bool rights = !(view.rights == m_rights);
    m_state = view.state;
    m_error = std::move(view.error);
    m_person = std::move(view.person);
    m_profiles = std::move(view.profiles);
    m_rights = view.rights;
    if (m_state != State::Open)
        m_byRecoveryKey = false;
    if (another || m_state == State::Failed)
        Q_EMIT stateChanged();
    else if (rights)
        Q_EMIT rightsChanged();
    Q_EMIT profilesChanged();
}

void AccountsBridge::setSigningIn(bool signingIn) {
    if (std::exchange(m_signingIn, signingIn) != signingIn)
        Q_EMIT signingInChanged();
}

void AccountsBridge::check(QObject* context, security::Action action, workbench::Target target,
                           std::function<void(const Result<void>&)> done) {
    request(
        context,
        [action, target = std::move(target)](AccountsDesk& desk) {
            return desk.accounts.gate().check(desk.actor, action, target);
        },
        [done = std::move(done)](const Result<void>& result) { done(result); });
}

void AccountsBridge::noteOutcome(security::Action action, workbench::Target target,
                                 const std::string& errorCode) {
    request(
        this,
        [action, target = std::move(target), errorCode](AccountsDesk& desk) {
            return desk.accounts.gate().note(
                desk.actor, action, target,
                errorCode.empty() ? security::Outcome::Done : security::Outcome::Failed, errorCode);
        },
        [](const Result<void>&) {});
}

void AccountsBridge::openHistory(HistoryBridge& history) {
    history.close();
    if (m_state == State::SinglePerson) {
        history.open(historyFile(QString::fromStdString(m_paths.historyOf(0).string())));
        return;
    }
    if (m_state != State::Open)
        return;
    // The store thread waits for the opener: what is asked of the history before that comes after it, and
    // what is written then is kept even when the window locks meanwhile.
    const auto promise = std::make_shared<std::promise<Opener>>();
    history.open([coming = promise->get_future().share()] { return openWith(coming); });
    post(
        [promise](AccountsDesk* desk, const Error& error) {
            const auto opener = [&]() -> Opener {
                if (!desk)
                    return tl::unexpected<Error>(error);
                HEARTH_TRY(auto* const session, desk->signedIn());
                return desk->accounts.historyOpener(*session);
            };
            promise->set_value(opener());
        },
        [] {});
}

} // namespace hearth::gui
