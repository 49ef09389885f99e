#include "gui/shell/profile_switcher.h"

#include <QEvent>
#include <QMenu>

namespace hearth::gui {

ProfileSwitcher::ProfileSwitcher(Theme& theme, QWidget* parent)
    : NavItem(theme, QStringLiteral("person"), parent) {
    setObjectName(QStringLiteral("profileSwitcher"));
    setAutoExclusive(false);
    setCheckable(false);
    connect(this, &QAbstractButton::clicked, this, &ProfileSwitcher::openMenu);
    retranslate();
}

void ProfileSwitcher::setPeople(const QStringList& names, const QString& current) {
    m_names = names;
    m_current = current;
    retranslate();
}

void ProfileSwitcher::retranslate() {
    setWord(m_current);
    setAccessibleName(tr("Profile: %1").arg(m_current));
    setToolTip(tr("%1 is signed in. Lock, or change over to somebody else.").arg(m_current));
}

void ProfileSwitcher::openMenu() {
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("profileMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Lock"), QKeySequence(Qt::CTRL | Qt::Key_L), this, &ProfileSwitcher::lockAsked);
    if (m_names.size() > 1) {
        menu->addSeparator();
        for (const QString& name : m_names)
            if (name != m_current) {
                // A name is no markup of a menu: "&" would underline the letter behind it.
                QString shown = name;
                shown.replace(QLatin1Char('&'), QLatin1String("&&"));
                menu->addAction(tr("Change over to %1…").arg(shown), this,
                                [this, name] { Q_EMIT switchAsked(name); });
            }
    }
    menu->popup(mapToGlobal(QPoint(width(), height() - menu->sizeHint().height())));
}

void ProfileSwitcher::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    NavItem::changeEvent(event);
}

} // namespace hearth::gui
