#include "gui/widgets/nav_item.h"

#include <QEnterEvent>
#include <QPainter>

namespace hearth::gui {

NavItem::NavItem(Theme& theme, const QString& icon, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme), m_icon(icon) {
    setCheckable(true);
    setAutoExclusive(true);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void NavItem::setWord(const QString& word, const QString& shortcut) {
    setText(word);
    setAccessibleName(word);
    setToolTip(shortcut.isEmpty() ? QString() : QStringLiteral("%1  %2").arg(word, shortcut));
    update();
}

QSize NavItem::sizeHint() const {
    return {m_theme.px(60), m_theme.px(56)};
}

void NavItem::enterEvent(QEnterEvent* event) {
    QAbstractButton::enterEvent(event);
    update();
}

void NavItem::leaveEvent(QEvent* event) {
    QAbstractButton::leaveEvent(event);
    update();
}

void NavItem::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal radius = m_theme.px(10);
    const QRectF ground = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    if (isChecked()) {
        painter.setPen(QPen(m_theme.colour(ColourRole::Border), 1));
        painter.setBrush(m_theme.colour(ColourRole::Surface));
        painter.drawRoundedRect(ground, radius, radius);
    } else if (underMouse()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.colour(ColourRole::SideList));
        painter.drawRoundedRect(ground, radius, radius);
    }
    if (hasFocus()) {
        painter.setPen(QPen(m_theme.colour(ColourRole::Accent), m_theme.px(2)));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius, radius);
    }

    const ColourRole colour = isChecked() ? ColourRole::AccentText : ColourRole::MutedStrong;
    const int side = m_theme.px(22);
    const QPixmap icon = m_theme.pixmap(m_icon, isChecked() ? ColourRole::Accent : ColourRole::MutedStrong,
                                        side, devicePixelRatioF());
    painter.drawPixmap(QRect((width() - side) / 2, m_theme.px(8), side, side), icon);
    painter.setFont(m_theme.font(isChecked() ? TextRole::CaptionStrong : TextRole::Caption));
    painter.setPen(m_theme.colour(colour));
    const QRect word(0, m_theme.px(32), width(), m_theme.px(18));
    painter.drawText(word, Qt::AlignCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(text(), Qt::ElideRight, word.width()));
}

} // namespace hearth::gui
