#include "gui/shell/notifier.h"

#include <utility>

#include <QGuiApplication>
#include <QVariantMap>

#ifdef HEARTH_HAS_DBUS
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#endif

namespace hearth::gui {

#ifdef HEARTH_HAS_DBUS

namespace {

const QString kService = QStringLiteral("org.freedesktop.Notifications");
const QString kPath = QStringLiteral("/org/freedesktop/Notifications");
const QString kClick = QStringLiteral("default"); // the action of a click on the notification itself

} // namespace

void Notifier::tell(const QString& title, const QString& text, const QString& tag) {
    if (!m_bus) {
        // Tests and headless machines have nobody to tell.
        const QString platform = QGuiApplication::platformName();
        if (platform == QLatin1String("offscreen") || platform == QLatin1String("minimal"))
            return;
        m_bus = QDBusConnection::sessionBus();
    }
    if (!m_bus->isConnected())
        return;
    listen();
    QDBusMessage message =
        QDBusMessage::createMethodCall(kService, kPath, kService, QStringLiteral("Notify"));
    constexpr uint kNew = 0;   // replaces no other one
    constexpr int kUsual = -1; // stays as long as the desktop lets them
    message.setArguments({QGuiApplication::applicationDisplayName(), kNew, QStringLiteral("hearth"), title,
                          text.toHtmlEscaped(), // the service reads markup
                          QStringList{kClick, tr("Show")},
                          QVariantMap{{QStringLiteral("desktop-entry"), QGuiApplication::desktopFileName()}},
                          kUsual});
    auto* watcher = new QDBusPendingCallWatcher(m_bus->asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, tag] {
        watcher->deleteLater();
        if (const QDBusPendingReply<uint> reply = *watcher; reply.isValid())
            m_tags.insert(reply.value(), tag);
    });
}

/// From whoever owns the service's name: asking for it would wait, and only ids given to us count.
void Notifier::listen() {
    if (std::exchange(m_listens, true))
        return;
    m_bus->connect(QString(), kPath, kService, QStringLiteral("ActionInvoked"), this,
                   SLOT(actionInvoked(uint, QString)));
    m_bus->connect(QString(), kPath, kService, QStringLiteral("NotificationClosed"), this,
                   SLOT(notificationClosed(uint, uint)));
}

void Notifier::actionInvoked(uint id, const QString& action) {
    const auto tag = m_tags.constFind(id);
    if (tag != m_tags.constEnd() && action == kClick)
        Q_EMIT chosen(*tag);
}

void Notifier::notificationClosed(uint id, uint) {
    m_tags.remove(id);
}

#else

void Notifier::tell(const QString&, const QString&, const QString&) {}

#endif

} // namespace hearth::gui
