#include "gui/shell/announcer.h"

#include <QApplication>

#include "gui/widgets/feedback.h"

namespace hearth::gui {

Announcer::Announcer(MainWindow& window, QObject* parent) : QObject(parent), m_window(window) {
    connect(&m_notifier, &Notifier::chosen, this, &Announcer::show);
}

#ifdef HEARTH_HAS_DBUS
Announcer::Announcer(MainWindow& window, QDBusConnection bus, QObject* parent)
    : QObject(parent), m_window(window), m_notifier(std::move(bus)) {
    connect(&m_notifier, &Notifier::chosen, this, &Announcer::show);
}
#endif

void Announcer::tell(const News& news) {
    if (!m_window.isCovered())
        m_window.toasts().show(news.text);
    tellDesktop(news);
}

void Announcer::tellDesktop(const News& news) {
    if (!m_tellsDesktop || m_window.isActiveWindow())
        return;
    QApplication::alert(&m_window);
    m_notifier.tell(news.title, news.text, news.page);
}

void Announcer::show(const QString& page) {
    m_window.bringToFront();
    if (!m_window.isCovered())
        m_window.showPage(page);
}

} // namespace hearth::gui
