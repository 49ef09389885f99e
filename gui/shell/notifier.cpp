#include "gui/shell/notifier.h"

#include <optional>

#include <QGuiApplication>
#include <QVariantMap>

#ifdef HEARTH_HAS_DBUS
#include <QDBusMessage>
#endif

namespace hearth::gui {

#ifdef HEARTH_HAS_DBUS

void Notifier::tell(const QString& title, const QString& text) {
    if (!m_bus) {
        // Tests and headless machines have nobody to tell.
        const QString platform = QGuiApplication::platformName();
        if (platform == QLatin1String("offscreen") || platform == QLatin1String("minimal"))
            return;
        m_bus = QDBusConnection::sessionBus();
    }
    if (!m_bus->isConnected())
        return;
    const QString service = QStringLiteral("org.freedesktop.Notifications");
    QDBusMessage message = QDBusMessage::createMethodCall(
        service, QStringLiteral("/org/freedesktop/Notifications"), service, QStringLiteral("Notify"));
    constexpr uint kNew = 0;   // replaces no other one
    constexpr int kUsual = -1; // stays as long as the desktop lets them
    message.setArguments({QGuiApplication::applicationDisplayName(), kNew, QStringLiteral("hearth"), title,
                          text.toHtmlEscaped(), // the service reads markup
                          QStringList(),
                          QVariantMap{{QStringLiteral("desktop-entry"), QGuiApplication::desktopFileName()}},
                          kUsual});
    m_bus->send(message);
}

#else

void Notifier::tell(const QString&, const QString&) {}

#endif

} // namespace hearth::gui
