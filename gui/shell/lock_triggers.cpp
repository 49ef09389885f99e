#include "gui/shell/lock_triggers.h"

#include <algorithm>

#include <QCoreApplication>
#include <QEvent>
#include <QGuiApplication>

#ifdef HEARTH_HAS_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#endif

namespace hearth::gui {

LockTriggers::LockTriggers(QObject* parent) : QObject(parent) {
    m_sinceTouch.start();
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &LockTriggers::look);
    QCoreApplication::instance()->installEventFilter(this);
    listen();
}

LockTriggers::~LockTriggers() = default;

void LockTriggers::setIdleLimit(std::chrono::milliseconds limit) {
    m_limit = limit;
    m_sinceTouch.restart();
    m_timer.stop();
    if (limit.count() > 0)
        m_timer.start(limit);
}

/// Touches only write down the time; the timer looks how long ago the last one was and sleeps for the rest.
void LockTriggers::look() {
    const std::chrono::milliseconds since(m_sinceTouch.elapsed());
    if (since < m_limit) {
        m_timer.start(std::max(m_limit - since, std::chrono::milliseconds(1)));
        return;
    }
    m_sinceTouch.restart();
    m_timer.start(m_limit);
    Q_EMIT lockWanted();
}

bool LockTriggers::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchBegin:
    case QEvent::InputMethod:
        m_sinceTouch.restart();
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

void LockTriggers::screenSaverChanged(bool active) {
    if (active && m_follow)
        Q_EMIT lockWanted();
}

void LockTriggers::preparingForSleep(bool begins) {
    if (begins && m_follow)
        Q_EMIT lockWanted();
}

void LockTriggers::sessionLocked() {
    if (m_follow)
        Q_EMIT lockWanted();
}

#ifdef HEARTH_HAS_DBUS

void LockTriggers::listen() {
    // The offscreen and minimal platforms of tests and headless machines have no session to follow.
    const QString platform = QGuiApplication::platformName();
    if (platform == QLatin1String("offscreen") || platform == QLatin1String("minimal"))
        return;
    QDBusConnection session = QDBusConnection::sessionBus();
    if (session.isConnected())
        for (const char* name : {"org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"})
            m_hears |= session.connect({}, {}, QString::fromLatin1(name), QStringLiteral("ActiveChanged"),
                                       this, SLOT(screenSaverChanged(bool)));
    QDBusConnection system = QDBusConnection::systemBus();
    if (!system.isConnected())
        return;
    const QString login = QStringLiteral("org.freedesktop.login1");
    m_hears |= system.connect(login, QStringLiteral("/org/freedesktop/login1"),
                              QStringLiteral("org.freedesktop.login1.Manager"),
                              QStringLiteral("PrepareForSleep"), this, SLOT(preparingForSleep(bool)));
    // Only the Lock signal of the session that this program runs in counts.
    QDBusMessage ask = QDBusMessage::createMethodCall(login, QStringLiteral("/org/freedesktop/login1"),
                                                      QStringLiteral("org.freedesktop.login1.Manager"),
                                                      QStringLiteral("GetSessionByPID"));
    ask << static_cast<quint32>(QCoreApplication::applicationPid());
    auto* watcher = new QDBusPendingCallWatcher(system.asyncCall(ask), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, login] {
        const QDBusPendingReply<QDBusObjectPath> reply = *watcher;
        if (reply.isValid())
            m_hears |= QDBusConnection::systemBus().connect(
                login, reply.value().path(), QStringLiteral("org.freedesktop.login1.Session"),
                QStringLiteral("Lock"), this, SLOT(sessionLocked()));
        watcher->deleteLater();
    });
}

#else

void LockTriggers::listen() {}

#endif

} // namespace hearth::gui
