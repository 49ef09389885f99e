#pragma once

#include <chrono>

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace hearth::gui {

/// Says when the window should lock by itself: nobody touched it for a while, the session's screen was
/// locked or its screen saver began, or the machine goes to sleep. The last three come over D-Bus (login1,
/// org.freedesktop.ScreenSaver, org.gnome.ScreenSaver) where Qt was built with it and the desktop offers it.
/// GUI thread.
class LockTriggers : public QObject {
    Q_OBJECT
public:
    /// Watches the application's keys and pointer.
    explicit LockTriggers(QObject* parent = nullptr);
    ~LockTriggers() override;

    /// Zero = idleness does not lock.
    void setIdleLimit(std::chrono::milliseconds limit);
    void setFollowSession(bool follow) { m_follow = follow; } ///< screen lock and sleep
    /// Whether signals of the desktop can arrive at all here.
    [[nodiscard]] bool hearsSession() const { return m_hears; }

Q_SIGNALS:
    void lockWanted();

public Q_SLOTS:
    // What the desktop calls.
    void screenSaverChanged(bool active);
    void preparingForSleep(bool begins);
    void sessionLocked();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void listen();
    void look();

    QTimer m_timer;
    QElapsedTimer m_sinceTouch;
    std::chrono::milliseconds m_limit{0};
    bool m_follow = true, m_hears = false;
};

} // namespace hearth::gui
