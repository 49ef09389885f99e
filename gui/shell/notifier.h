#pragma once

#include <optional>

#include <QHash>
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

    /// Title and text are plain text; `tag` comes back with chosen().
    void tell(const QString& title, const QString& text, const QString& tag);

Q_SIGNALS:
    void chosen(const QString& tag); ///< the person clicked on what was told

#ifdef HEARTH_HAS_DBUS
private Q_SLOTS:
    void actionInvoked(uint id, const QString& action);
    void notificationClosed(uint id, uint reason);

private:
    void listen();

    std::optional<QDBusConnection> m_bus; ///< absent = that of the session
    bool m_listens = false;
    QHash<uint, QString> m_tags; ///< of what stands on the desktop
#endif
};

} // namespace hearth::gui
