#pragma once

#include <QObject>
#include <QString>

#include "gui/shell/main_window.h"
#include "gui/shell/notifier.h"

namespace hearth::gui {

/// Word of long work that has ended, in the window and, while it is not in front, on the desktop; a click
/// there brings the window with the page that shows it. Texts name models and what was done, never what is in
/// chats. GUI thread; borrows the window.
class Announcer : public QObject {
    Q_OBJECT
public:
    struct News {
        QString title, text; ///< plain text
        QString page;        ///< of the window; where the person has none, the window comes alone
    };
    explicit Announcer(MainWindow& window, QObject* parent = nullptr);
#ifdef HEARTH_HAS_DBUS
    Announcer(MainWindow& window, QDBusConnection bus, QObject* parent = nullptr);
#endif

    /// Whether this build can tell the desktop anything.
    [[nodiscard]] static constexpr bool reachesDesktop() {
#ifdef HEARTH_HAS_DBUS
        return true;
#else
        return false;
#endif
    }
    void setTellsDesktop(bool tells) {
        m_tellsDesktop = tells;
    } ///< at first it does

    void tell(const News& news);
    void tellDesktop(const News& news); ///< of what the window says itself

private:
    void show(const QString& page);

    MainWindow& m_window;
    Notifier m_notifier;
    bool m_tellsDesktop = true;
};

} // namespace hearth::gui
