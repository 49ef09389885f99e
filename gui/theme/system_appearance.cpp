#include "gui/theme/system_appearance.h"

#include <QGuiApplication>
#include <QPalette>
#include <QStyleHints>

#ifdef HEARTH_HAS_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#endif

namespace hearth::gui {

namespace {

bool paletteIsDark() {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    if (const auto scheme = QGuiApplication::styleHints()->colorScheme(); scheme != Qt::ColorScheme::Unknown)
        return scheme == Qt::ColorScheme::Dark;
#endif
    return QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
}

} // namespace

SystemAppearance::SystemAppearance(QObject* parent) : QObject(parent), m_dark(paletteIsDark()) {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this,
            [this](Qt::ColorScheme scheme) { set(scheme == Qt::ColorScheme::Dark, m_reducedMotion); });
#endif
    askPortal();
}

void SystemAppearance::set(bool dark, bool reducedMotion) {
    if (dark == m_dark && reducedMotion == m_reducedMotion)
        return;
    m_dark = dark;
    m_reducedMotion = reducedMotion;
    Q_EMIT changed();
}

void SystemAppearance::apply(const QString& area, const QString& key, const QVariant& value) {
    if (area == QLatin1String("org.freedesktop.appearance") && key == QLatin1String("color-scheme")) {
        // 1 = prefers dark, 2 = prefers light, 0 = no preference: keep what the palette says.
        if (const uint scheme = value.toUInt(); scheme == 1 || scheme == 2)
            set(scheme == 1, m_reducedMotion);
    } else if (area == QLatin1String("org.freedesktop.appearance") &&
               key == QLatin1String("reduced-motion")) {
        set(m_dark, value.toUInt() == 1);
    } else if (area == QLatin1String("org.gnome.desktop.interface") &&
               key == QLatin1String("enable-animations")) {
        set(m_dark, !value.toBool());
    }
}

#ifdef HEARTH_HAS_DBUS

void SystemAppearance::askPortal() {
    const QString service = QStringLiteral("org.freedesktop.portal.Desktop");
    const QString path = QStringLiteral("/org/freedesktop/portal/desktop");
    const QString interface = QStringLiteral("org.freedesktop.portal.Settings");
    // The offscreen and minimal platforms of tests and headless machines have no desktop to follow.
    const QString platform = QGuiApplication::platformName();
    if (platform == QLatin1String("offscreen") || platform == QLatin1String("minimal"))
        return;
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(service, path, interface, QStringLiteral("SettingChanged"), this,
                SLOT(portalSettingChanged(QString, QString, QDBusVariant)));
    const std::pair<QString, QString> wanted[] = {
        {QStringLiteral("org.freedesktop.appearance"), QStringLiteral("color-scheme")},
        {QStringLiteral("org.freedesktop.appearance"), QStringLiteral("reduced-motion")},
        {QStringLiteral("org.gnome.desktop.interface"), QStringLiteral("enable-animations")},
    };
    for (const auto& [area, key] : wanted) {
        QDBusMessage message =
            QDBusMessage::createMethodCall(service, path, interface, QStringLiteral("Read"));
        message << area << key;
        auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(message), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, area = area, key = key, watcher] {
            const QDBusPendingReply<QDBusVariant> reply = *watcher;
            if (reply.isValid()) {
                QVariant value = reply.value().variant();
                while (value.canConvert<QDBusVariant>()) // Read() wraps the value twice
                    value = value.value<QDBusVariant>().variant();
                apply(area, key, value);
            }
            watcher->deleteLater();
        });
    }
}

void SystemAppearance::portalSettingChanged(const QString& area, const QString& key,
                                            const QDBusVariant& value) {
    apply(area, key, value.variant());
}

#else

void SystemAppearance::askPortal() {}

#endif

} // namespace hearth::gui
