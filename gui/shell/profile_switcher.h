#pragma once

#include <QStringList>

#include "gui/widgets/nav_item.h"

namespace hearth::gui {

/// Who is before the window, at the foot of the rail; a click offers to lock and to change over to somebody
/// else.
class ProfileSwitcher : public NavItem {
    Q_OBJECT
public:
    explicit ProfileSwitcher(Theme& theme, QWidget* parent = nullptr);

    void setPeople(const QStringList& names, const QString& current);

Q_SIGNALS:
    void lockAsked();
    void switchAsked(const QString& name);

protected:
    void changeEvent(QEvent* event) override;

private:
    void openMenu();
    void retranslate();

    QStringList m_names;
    QString m_current;
};

} // namespace hearth::gui
