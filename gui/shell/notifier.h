#pragma once

#include <optional>

#include <QObject>
#include <QString>

#ifdef HEARTH_HAS_DBUS
#include <QDBusConnection>
#endif

namespace hearth::gui {

/// Tells the desktop what happened while nobody looked at the window (org.freedesktop.Notifications). Where
/// there is no such service, nothing happens. GUI thread; never waits.
class Notifier : public QObject {
    Q_OBJECT
public:
    explicit Notifier(QObject* parent = nullptr) : QObject(parent) {}
#ifdef HEARTH_HAS_DBUS
    explicit Notifier(QDBusConnection bus, QObject* parent = nullptr)
        : QObject(parent), m_bus(std::move(bus)) {}
#endif

    /// Both are plain text.
    void tell(const QString& title, const QString& text);

private:
#ifdef HEARTH_HAS_DBUS
    std::optional<QDBusConnection> m_bus; ///< absent = that of the session
#endif
};

} // namespace hearth::gui
