#include "gui/app/doorkeeper.h"

#include <utility>

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>

#include "gui/pages/lock_screen.h"
#include "gui/pages/protect_screen.h"
#include "gui/widgets/feedback.h"

namespace hearth::gui {

using State = AccountsBridge::State;

namespace {

constexpr int kRefreshMs = 3000; ///< coming back to the window looks for changes made elsewhere, this seldom

/// What this program put there; what other programs did is theirs.
void emptyClipboard() {
    QClipboard* clipboard = QGuiApplication::clipboard();
    for (const auto mode : {QClipboard::Clipboard, QClipboard::Selection})
        if (mode == QClipboard::Clipboard ? clipboard->ownsClipboard()
                                          : clipboard->supportsSelection() && clipboard->ownsSelection())
            clipboard->clear(mode);
}

} // namespace

Doorkeeper::Doorkeeper(Theme& theme, MainWindow& window, AccountsBridge& accounts, HistoryBridge& history,
                       ChatController& controller, QObject* parent)
    : QObject(parent), m_theme(theme), m_window(window), m_accounts(accounts), m_history(history),
      m_controller(controller) {
    connect(&accounts, &AccountsBridge::stateChanged, this, &Doorkeeper::showState);
    connect(&accounts, &AccountsBridge::aboutToLock, this, &Doorkeeper::leave);
    connect(&accounts, &AccountsBridge::profilesChanged, this, &Doorkeeper::showPeople);
    // Other rights are other pages: they are made anew, the chats stay open.
    connect(&accounts, &AccountsBridge::rightsChanged, this, [this] {
        if (!m_inside)
            return;
        leave();
        showState();
    });
    connect(&controller, &ChatController::busyChanged, this, [this] {
        if (m_emptying && !m_controller.isBusy())
            emptyMemory();
    });
    connect(&window, &MainWindow::lockRequested, this, [this] {
        if (m_accounts.state() == State::Open)
            m_accounts.lock();
        else if (m_accounts.state() == State::SinglePerson)
            m_window.toasts().show(tr(
                "There is no password that could be asked for. The settings offer to protect your chats."));
    });
    connect(&window, &MainWindow::switchRequested, this, [this](const QString& name) {
        m_next = name;
        m_accounts.lock();
    });
    connect(&m_triggers, &LockTriggers::lockWanted, this, [this] { m_accounts.lock(); });
    window.installEventFilter(this);
    window.setCover(new QWidget); // until it is known who may see what
}

void Doorkeeper::start() {
    m_accounts.start();
}

void Doorkeeper::setLockTimes(std::chrono::milliseconds idle, bool withSession) {
    m_triggers.setFollowSession(withSession);
    m_idle = idle;
    m_triggers.setIdleLimit(m_accounts.state() == State::Open ? idle : std::chrono::milliseconds(0));
}

void Doorkeeper::showState() {
    const State state = m_accounts.state();
    m_triggers.setIdleLimit(state == State::Open ? m_idle : std::chrono::milliseconds(0));
    if (state == State::Open || state == State::SinglePerson) {
        if (!m_protecting)
            comeIn();
        return;
    }
    m_protecting = false;
    auto* screen = new LockScreen(m_theme, m_accounts);
    screen->choose(std::exchange(m_next, QString()));
    m_window.setCover(screen);
}

void Doorkeeper::comeIn() {
    if (m_emptying || m_inside)
        return; // emptyMemory() comes back here
    const auto enter = [this] {
        if (m_inside || m_emptying || m_protecting)
            return;
        m_inside = true;
        m_window.setCover(nullptr);
        Q_EMIT entered(); // the pages listen before the first answers of the history come
        if (m_accounts.rights().own(security::Action::View, security::Resource::Conversation))
            m_accounts.openHistory(m_history);
        showPeople();
        if (m_accounts.cameByRecoveryKey())
            Q_EMIT newPasswordWanted();
    };
    // A model that somebody else left in memory may be one that this person may not use.
    const auto& model = m_controller.engine().model();
    if (!model || m_accounts.state() == State::SinglePerson) {
        enter();
        return;
    }
    m_accounts.check(this, security::Action::Use, workbench::Target::modelAt(model->path.string()),
                     [this, enter](const Result<void>& allowed) {
                         if (!allowed)
                             m_controller.engine().eject();
                         enter();
                     });
}

void Doorkeeper::leave() {
    if (!std::exchange(m_inside, false))
        return;
    Q_EMIT leaving();
    m_window.removePages();
    m_window.setPeople({}, {});
    emptyClipboard();
    m_emptying = true;
    m_controller.stop();
    if (!m_controller.isBusy())
        emptyMemory();
}

/// After the answer that was running has been stored.
void Doorkeeper::emptyMemory() {
    m_emptying = false;
    m_history.close();
    m_controller.forget();
    m_controller.engine().forget();
    if (!m_window.isCovered())
        m_window.setCover(new QWidget);
    // Who has come in meanwhile waits behind the cover. Asked later: while somebody leaves they are still
    // there.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (m_accounts.state() == State::Open || m_accounts.state() == State::SinglePerson)
                showState();
        },
        Qt::QueuedConnection);
}

void Doorkeeper::protectChats() {
    m_protecting = true;
    leave();
    auto* screen = new ProtectScreen(m_theme, m_accounts);
    connect(screen, &ProtectScreen::finished, this, [this] {
        m_protecting = false;
        showState();
    });
    m_window.setCover(screen);
}

void Doorkeeper::showPeople() {
    const auto& person = m_accounts.person();
    if (!m_inside || !person) {
        m_window.setPeople({}, {});
        return;
    }
    QStringList names;
    for (const security::Profile& profile : m_accounts.profiles())
        if (!profile.disabled)
            names << QString::fromStdString(profile.name);
    m_window.setPeople(names, QString::fromStdString(person->name));
}

bool Doorkeeper::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::WindowActivate && m_inside &&
        (!m_sinceRefresh.isValid() || m_sinceRefresh.elapsed() > kRefreshMs)) {
        m_sinceRefresh.start();
        m_accounts.refresh(); // hearthctl may have changed rights, or disabled this profile
    }
    return QObject::eventFilter(watched, event);
}

} // namespace hearth::gui
