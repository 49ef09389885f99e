#pragma once

#include <QWidget>

#include "gui/theme/theme.h"

class QLabel;
class QVBoxLayout;

namespace hearth::gui {

class NavItem;

/// The strip of pages at the left edge: the flame, the pages from the top, and settings-like pages at the
/// bottom. Up and down keys move between the items.
class NavigationRail : public QWidget {
    Q_OBJECT
public:
    explicit NavigationRail(Theme& theme, QWidget* parent = nullptr);

    NavItem* addItem(const QString& icon, bool atBottom);
    void setFoot(QWidget* foot); ///< below everything; the rail owns it

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();

    Theme& m_theme;
    QLabel* m_logo;
    QVBoxLayout *m_layout, *m_top, *m_bottom;
};

} // namespace hearth::gui
