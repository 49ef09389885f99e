#include "gui/shell/navigation_rail.h"

#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "gui/widgets/nav_item.h"

namespace hearth::gui {

NavigationRail::NavigationRail(Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_logo(new QLabel), m_layout(new QVBoxLayout(this)),
      m_top(new QVBoxLayout), m_bottom(new QVBoxLayout) {
    m_logo->setAlignment(Qt::AlignCenter);
    m_logo->setAccessibleName(QStringLiteral("Hearth"));
    m_layout->addWidget(m_logo);
    m_layout->addLayout(m_top);
    m_layout->addStretch(1);
    m_layout->addLayout(m_bottom);
    connect(&theme, &Theme::changed, this, &NavigationRail::refresh);
    refresh();
}

NavItem* NavigationRail::addItem(const QString& icon, bool atBottom) {
    auto* item = new NavItem(m_theme, icon, this);
    (atBottom ? m_bottom : m_top)->addWidget(item, 0, Qt::AlignHCenter);
    return item;
}

void NavigationRail::setFoot(QWidget* foot) {
    m_layout->addWidget(foot, 0, Qt::AlignHCenter);
}

void NavigationRail::refresh() {
    setFixedWidth(m_theme.px(metrics::kRailWidth));
    m_logo->setFixedHeight(m_theme.px(metrics::kHeaderHeight));
    m_logo->setPixmap(
        m_theme.pixmap(QStringLiteral("flame"), ColourRole::Accent, m_theme.px(28), devicePixelRatioF()));
    m_layout->setContentsMargins(0, 0, 1, m_theme.space(2)); // 1 px for the line at the right
    m_layout->setSpacing(m_theme.space(3));
    m_top->setSpacing(m_theme.space(1));
    m_bottom->setSpacing(m_theme.space(1));
    update();
}

void NavigationRail::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.colour(ColourRole::Rail));
    painter.fillRect(width() - 1, 0, 1, height(), m_theme.colour(ColourRole::Border));
}

} // namespace hearth::gui
