#include "gui/widgets/buttons.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QVariantAnimation>

namespace hearth::gui {

namespace {

QString kindName(ButtonKind kind) {
    switch (kind) {
    case ButtonKind::Primary:
        return QStringLiteral("primary");
    case ButtonKind::Plain:
        return QStringLiteral("plain");
    case ButtonKind::Ghost:
        return QStringLiteral("ghost");
    case ButtonKind::Danger:
        return QStringLiteral("danger");
    }
    return {};
}

ColourRole iconColour(ButtonKind kind) {
    switch (kind) {
    case ButtonKind::Primary:
        return ColourRole::OnAccent;
    case ButtonKind::Plain:
        return ColourRole::Text;
    case ButtonKind::Ghost:
        return ColourRole::MutedStrong;
    case ButtonKind::Danger:
        return ColourRole::BadText;
    }
    return ColourRole::Text;
}

/// The accent ring around what has the keyboard; only after a key brought the focus there would hide it from
/// people who click and then type, so it is always shown.
void drawFocusRing(QPainter& painter, const Theme& theme, const QRectF& rect, qreal radius) {
    painter.setPen(QPen(theme.colour(ColourRole::Accent), theme.px(2)));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(rect, radius, radius);
}

} // namespace

Button::Button(Theme& theme, ButtonKind kind, const QString& text, QWidget* parent)
    : QPushButton(text, parent), m_theme(theme), m_kind(kind) {
    setProperty("kind", kindName(kind));
    setAutoDefault(false);
    setFocusPolicy(Qt::TabFocus); // a click leaves the keyboard where the person was writing
    setCursor(Qt::PointingHandCursor);
    connect(&theme, &Theme::changed, this, &Button::refresh);
    refresh();
}

void Button::setIconName(const QString& name) {
    m_icon = name;
    refresh();
}

void Button::setKind(ButtonKind kind) {
    m_kind = kind;
    setProperty("kind", kindName(kind));
    setStyleSheet(styleSheet()); // makes the style read the property again
    refresh();
}

QSize Button::sizeHint() const {
    QSize hint = QPushButton::sizeHint();
    hint.setHeight(m_kind == ButtonKind::Ghost ? m_theme.smallControlHeight() : m_theme.controlHeight());
    return hint;
}

void Button::changeEvent(QEvent* event) {
    QPushButton::changeEvent(event);
    if (event->type() == QEvent::EnabledChange)
        refresh(); // the icon takes the colour of the disabled word
}

void Button::refresh() {
    switch (m_kind) {
    case ButtonKind::Primary:
        setFont(m_theme.font(TextRole::Strong));
        break;
    case ButtonKind::Ghost:
        setFont(m_theme.font(TextRole::Small));
        break;
    default:
        setFont(m_theme.font(TextRole::Body));
        break;
    }
    const ColourRole colour = isEnabled() ? iconColour(m_kind) : ColourRole::MutedStrong;
    setIcon(m_icon.isEmpty() ? QIcon() : m_theme.icon(m_icon, colour, m_theme.smallIconSize()));
    setIconSize(QSize(m_theme.smallIconSize(), m_theme.smallIconSize()));
    updateGeometry();
}

IconButton::IconButton(Theme& theme, const QString& icon, const QString& name, ButtonKind kind,
                       QWidget* parent)
    : QToolButton(parent), m_theme(theme), m_kind(kind), m_icon(icon), m_colour(iconColour(kind)) {
    setProperty("kind", kindName(kind));
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    setPopupMode(QToolButton::InstantPopup);
    setName(name);
    connect(&theme, &Theme::changed, this, &IconButton::refresh);
    refresh();
}

void IconButton::setName(const QString& name) {
    setToolTip(name);
    setAccessibleName(name);
}

void IconButton::setIconName(const QString& icon) {
    m_icon = icon;
    refresh();
}

void IconButton::setIconColour(ColourRole colour) {
    m_colour = colour;
    refresh();
}

void IconButton::refresh() {
    const int icon = m_kind == ButtonKind::Ghost ? m_theme.smallIconSize() : m_theme.px(18);
    const int side = m_kind == ButtonKind::Ghost ? m_theme.smallControlHeight() : m_theme.controlHeight();
    setIcon(m_theme.icon(m_icon, m_colour, icon));
    setIconSize(QSize(icon, icon));
    setFixedSize(side, side);
}

Toggle::Toggle(Theme& theme, const QString& name, QWidget* parent) : QAbstractButton(parent), m_theme(theme) {
    setCheckable(true);
    setAccessibleName(name);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

QSize Toggle::sizeHint() const {
    return {m_theme.px(40), m_theme.space(6)};
}

void Toggle::checkStateSet() {
    QAbstractButton::checkStateSet();
    slide(isChecked());
}

void Toggle::slide(bool on) {
    const qreal target = on ? 1 : 0;
    if (m_theme.animationMs() == 0 || !isVisible()) {
        m_knob = target;
        update();
        return;
    }
    auto* animation = new QVariantAnimation(this);
    animation->setStartValue(m_knob);
    animation->setEndValue(target);
    animation->setDuration(m_theme.animationMs());
    connect(animation, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        m_knob = value.toReal();
        update();
    });
    animation->start(QAbstractAnimation::DeleteWhenStopped);
}

void Toggle::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (!isEnabled())
        painter.setOpacity(0.5);
    const qreal inset = m_theme.px(2);
    const QRectF track = QRectF(rect()).adjusted(inset, inset, -inset, -inset);
    painter.setPen(Qt::NoPen);
    // Off is drawn in the muted tone, not in the border's: a control needs 3:1 against the page.
    painter.setBrush(m_theme.colour(isChecked() ? ColourRole::Accent : ColourRole::Muted));
    painter.drawRoundedRect(track, track.height() / 2, track.height() / 2);
    const qreal side = track.height() - 2 * inset;
    const qreal x = track.left() + inset + m_knob * (track.width() - 2 * inset - side);
    painter.setBrush(m_theme.colour(ColourRole::Surface));
    painter.drawEllipse(QRectF(x, track.top() + inset, side, side));
    if (hasFocus())
        drawFocusRing(painter, m_theme, QRectF(rect()).adjusted(1, 1, -1, -1), height() / 2.0);
}

SegmentedControl::SegmentedControl(Theme& theme, const QString& name, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_name(name) {
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    bindFont(this, theme, TextRole::Body);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void SegmentedControl::setChoices(const QStringList& texts, const QStringList& icons) {
    m_texts = texts;
    m_icons = icons;
    m_current = qBound(0, m_current, int(texts.size()) - 1);
    describe();
    updateGeometry();
    update();
}

void SegmentedControl::setCurrentIndex(int index) {
    m_current = index;
    describe();
    update();
}

void SegmentedControl::choose(int index) {
    if (index < 0 || index >= m_texts.size() || index == m_current)
        return;
    setCurrentIndex(index);
    Q_EMIT chosen(index);
}

void SegmentedControl::describe() {
    const QString current = m_texts.value(m_current);
    setAccessibleName(m_name.isEmpty() ? current : QStringLiteral("%1: %2").arg(m_name, current));
}

int SegmentedControl::segmentWidth(int index) const {
    int width = fontMetrics().horizontalAdvance(m_texts[index]) + 2 * m_theme.px(14);
    if (index < m_icons.size())
        width += m_theme.smallIconSize() + m_theme.px(6);
    return width;
}

QRect SegmentedControl::segment(int index) const {
    int x = m_theme.px(3);
    for (int i = 0; i < index; ++i)
        x += segmentWidth(i);
    return {x, m_theme.px(3), segmentWidth(index), height() - 2 * m_theme.px(3)};
}

QSize SegmentedControl::sizeHint() const {
    int width = 2 * m_theme.px(3);
    for (int i = 0; i < m_texts.size(); ++i)
        width += segmentWidth(i);
    return {width, m_theme.controlHeight()};
}

void SegmentedControl::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal radius = m_theme.radius(Radius::Button);
    painter.setPen(QPen(m_theme.colour(ColourRole::Border), 1));
    painter.setBrush(m_theme.colour(ColourRole::Chip));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    for (int i = 0; i < m_texts.size(); ++i) {
        const QRect area = segment(i);
        const bool current = i == m_current;
        if (current) {
            painter.setPen(QPen(m_theme.colour(ColourRole::Border), 1));
            painter.setBrush(m_theme.colour(ColourRole::Surface));
            painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), radius - 2, radius - 2);
        }
        const ColourRole colour = current ? ColourRole::AccentText : ColourRole::MutedStrong;
        QRect text = area.adjusted(m_theme.px(14), 0, -m_theme.px(14), 0);
        if (i < m_icons.size()) {
            const int side = m_theme.smallIconSize();
            const QPixmap icon = m_theme.pixmap(m_icons[i], colour, side, devicePixelRatioF());
            painter.drawPixmap(QRect(text.left(), area.top() + (area.height() - side + 1) / 2, side, side),
                               icon);
            text.setLeft(text.left() + side + m_theme.px(6));
        }
        painter.setPen(m_theme.colour(colour));
        painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft, m_texts[i]);
    }
    if (hasFocus())
        drawFocusRing(painter, m_theme, QRectF(rect()).adjusted(1, 1, -1, -1), radius);
}

void SegmentedControl::mousePressEvent(QMouseEvent* event) {
    for (int i = 0; i < m_texts.size(); ++i)
        if (segment(i).contains(event->position().toPoint()))
            choose(i);
}

void SegmentedControl::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Up)
        choose(m_current - 1);
    else if (event->key() == Qt::Key_Right || event->key() == Qt::Key_Down)
        choose(m_current + 1);
    else
        QWidget::keyPressEvent(event);
}

void SegmentedControl::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void SegmentedControl::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

} // namespace hearth::gui
