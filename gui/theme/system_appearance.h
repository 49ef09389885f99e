#pragma once

#include <QObject>
#include <QVariant>

#ifdef HEARTH_HAS_DBUS
#include <QDBusVariant>
#endif

namespace hearth::gui {

/// What the desktop asks programs to look like: dark or light, and whether to keep still. GUI thread only.
///
/// Source: on Linux the settings portal (org.freedesktop.portal.Settings: appearance/color-scheme, and the
/// GNOME key enable-animations), asked without waiting and followed while the program runs; until it answers,
/// and elsewhere, the lightness of the palette that the platform plugin gave the application at start
/// (QStyleHints::colorScheme() from Qt 6.5 on).
class SystemAppearance : public QObject {
    Q_OBJECT
public:
    explicit SystemAppearance(QObject* parent = nullptr);

    [[nodiscard]] bool dark() const { return m_dark; }
    [[nodiscard]] bool reducedMotion() const { return m_reducedMotion; }
    void set(bool dark, bool reducedMotion);

Q_SIGNALS:
    void changed();

private:
#ifdef HEARTH_HAS_DBUS
    Q_SLOT void portalSettingChanged(const QString& area, const QString& key, const QDBusVariant& value);
#endif
    void askPortal();
    void apply(const QString& area, const QString& key, const QVariant& value);

    bool m_dark = false;
    bool m_reducedMotion = false;
};

} // namespace hearth::gui
