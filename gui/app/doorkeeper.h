#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include "gui/bridge/accounts_bridge.h"
#include "gui/bridge/chat_controller.h"
#include "gui/shell/lock_triggers.h"
#include "gui/shell/main_window.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

/// Who comes in and what goes out with them: covers the window while nobody is signed in, opens and closes
/// the chats of who is, locks by key, menu, idleness and with the desktop's screen, and empties the memory
/// of what it held. GUI thread; borrows everything, which outlives it.
class Doorkeeper : public QObject {
    Q_OBJECT
public:
    Doorkeeper(Theme& theme, MainWindow& window, AccountsBridge& accounts, HistoryBridge& history,
               ChatController& controller, QObject* parent = nullptr);

    void start();
    /// Zero = idleness does not lock.
    void setLockTimes(std::chrono::milliseconds idle, bool withSession);
    /// Leads through protecting the chats of the single person: profile, recovery key, taking over. Also for
    /// somebody signed in while readable chats of single-person time wait.
    void protectChats();
    /// Somebody (or the single person) is in and the pages are there.
    [[nodiscard]] bool isInside() const { return m_inside; }

Q_SIGNALS:
    /// Somebody is in, their history is being opened: now the pages may be made. Each is followed by
    /// leaving().
    void entered();
    /// Writes what is not yet written; the pages are destroyed after it.
    void leaving();
    void newPasswordWanted(); ///< they came with the recovery key

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showState();
    void comeIn();
    void leave();
    void emptyMemory();
    void showPeople();

    Theme& m_theme;
    MainWindow& m_window;
    AccountsBridge& m_accounts;
    HistoryBridge& m_history;
    ChatController& m_controller;
    LockTriggers m_triggers;
    std::chrono::milliseconds m_idle{0};
    QElapsedTimer m_sinceRefresh;
    QString m_next;            ///< who is to sign in after a switch
    bool m_inside = false;     ///< between entered() and leaving()
    bool m_emptying = false;   ///< an answer is still being stopped and stored
    bool m_protecting = false; ///< the protecting steps cover the window
};

} // namespace hearth::gui
