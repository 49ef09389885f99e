#include "gui/widgets/surfaces.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QScrollArea>

#include "gui/widgets/labels.h"

namespace hearth::gui {

Card::Card(Theme& theme, QWidget* parent) : QFrame(parent), m_theme(theme), m_body(new QVBoxLayout(this)) {
    connect(&theme, &Theme::changed, this, &Card::refresh);
    refresh();
}

void Card::setGround(ColourRole ground) {
    m_ground = ground;
    update();
}

void Card::refresh() {
    const int pad = m_theme.px(18);
    m_body->setContentsMargins(pad, pad, pad, pad);
    m_body->setSpacing(m_theme.space(3));
    update();
}

void Card::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ColourRole line = m_ground == ColourRole::Surface ? ColourRole::Border : m_ground;
    painter.setPen(QPen(m_theme.colour(line), 1));
    painter.setBrush(m_theme.colour(m_ground));
    const qreal radius = m_theme.radius(Radius::Card);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

Divider::Divider(Theme& theme, Qt::Orientation orientation, QWidget* parent)
    : QWidget(parent), m_theme(theme) {
    if (orientation == Qt::Horizontal)
        setFixedHeight(1);
    else
        setFixedWidth(1);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Divider::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(), m_theme.colour(ColourRole::Border));
}

Ground::Ground(Theme& theme, ColourRole colour, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_colour(colour) {
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Ground::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(), m_theme.colour(m_colour));
}

namespace {

struct ChipColours {
    ColourRole ground, text;
};

ChipColours chipColours(Chip::Kind kind) {
    switch (kind) {
    case Chip::Kind::Neutral:
        return {ColourRole::Chip, ColourRole::MutedStrong};
    case Chip::Kind::Accent:
        return {ColourRole::AccentSoft, ColourRole::AccentText};
    case Chip::Kind::Good:
        return {ColourRole::GoodSoft, ColourRole::GoodText};
    case Chip::Kind::Caution:
        return {ColourRole::CautionSoft, ColourRole::CautionText};
    case Chip::Kind::Bad:
        return {ColourRole::BadSoft, ColourRole::BadText};
    }
    return {ColourRole::Chip, ColourRole::MutedStrong};
}

} // namespace

Chip::Chip(Theme& theme, const QString& text, Kind kind, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_text(text), m_kind(kind) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(text);
    bindFont(this, theme, TextRole::Small);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void Chip::setText(const QString& text) {
    m_text = text;
    setAccessibleName(text);
    setVisible(!text.isEmpty());
    updateGeometry();
    update();
}

void Chip::setKind(Kind kind) {
    m_kind = kind;
    update();
}

QSize Chip::sizeHint() const {
    return {fontMetrics().horizontalAdvance(m_text) + 2 * m_theme.px(9), m_theme.px(22)};
}

void Chip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ChipColours colours = chipColours(m_kind);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.colour(colours.ground));
    painter.drawRoundedRect(rect(), height() / 2.0, height() / 2.0);
    painter.setPen(m_theme.colour(colours.text));
    painter.drawText(rect(), Qt::AlignCenter, m_text);
}

PageHeader::PageHeader(Theme& theme, const QString& title, QWidget* parent)
    : Ground(theme, ColourRole::Background, parent), m_theme(theme),
      m_title(new TextLabel(theme, TextRole::Title, ColourRole::Text, title)), m_first(new QHBoxLayout),
      m_second(new QHBoxLayout), m_beside(new QHBoxLayout), m_actions(new QHBoxLayout) {
    auto* lines = new QVBoxLayout(this);
    lines->addLayout(m_first, 1);
    lines->addLayout(m_second);
    m_first->addWidget(m_title);
    m_first->addLayout(m_beside);
    m_first->addStretch(1);
    m_first->addLayout(m_actions);
    m_second->addStretch(1);
    connect(&theme, &Theme::changed, this, &PageHeader::refresh);
    refresh();
}

void PageHeader::setBack(QWidget* button) {
    m_back = button;
    m_first->insertWidget(0, button);
    arrange();
}

int PageHeader::backWidth() const {
    return m_back ? m_back->sizeHint().width() + m_theme.space(3) : 0;
}

void PageHeader::setTitle(const QString& title) {
    m_title->setText(title);
}

void PageHeader::refresh() {
    m_first->setSpacing(m_theme.space(3));
    m_beside->setSpacing(m_theme.space(2));
    m_actions->setSpacing(m_theme.space(3));
    arrange();
}

QSize PageHeader::minimumSizeHint() const {
    const int title =
        backWidth() + m_title->minimumSizeHint().width() + m_beside->minimumSize().width() + m_theme.space(6);
    return {std::max(title, m_actions->minimumSize().width()) + 2 * m_theme.px(22), minimumHeight()};
}

void PageHeader::arrange() {
    const int needed = backWidth() + m_title->sizeHint().width() + m_beside->sizeHint().width() +
                       m_actions->sizeHint().width() + 2 * m_theme.px(22) + 2 * m_theme.space(3);
    const bool below = needed > width();
    if (below != m_below) {
        m_below = below;
        (below ? m_first : m_second)->removeItem(m_actions);
        m_actions->setParent(nullptr);
        (below ? m_second : m_first)->addLayout(m_actions);
    }
    const int side = m_theme.px(22), gap = below ? m_theme.space(2) : 0;
    layout()->setContentsMargins(side, gap, side, below ? m_theme.space(3) + 1 : 1);
    if (layout()->spacing() != gap) // setting it asks for another layout, also when nothing changes
        layout()->setSpacing(gap);
    setFixedHeight(below ? layout()->sizeHint().height() : m_theme.px(metrics::kHeaderHeight) + 1);
}

bool PageHeader::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest)
        arrange();
    return Ground::event(event);
}

void PageHeader::resizeEvent(QResizeEvent* event) {
    Ground::resizeEvent(event);
    arrange();
}

void PageHeader::paintEvent(QPaintEvent* event) {
    Ground::paintEvent(event);
    QPainter(this).fillRect(0, height() - 1, width(), 1, m_theme.colour(ColourRole::Border));
}

ReadingColumn::ReadingColumn(Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_area(new QScrollArea(this)), m_column(new QWidget),
      m_body(new QVBoxLayout(m_column)) {
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_area);
    m_area->setWidget(m_column);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->viewport()->setAutoFillBackground(false);
    m_column->setAutoFillBackground(false);
    m_area->viewport()->installEventFilter(this);
    connect(&theme, &Theme::changed, this, &ReadingColumn::refresh);
    refresh();
}

bool ReadingColumn::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_area->viewport() && event->type() == QEvent::Resize)
        refresh();
    return QWidget::eventFilter(watched, event);
}

void ReadingColumn::refresh() {
    const int edge = m_theme.space(6);
    const int side = std::max(edge, (m_area->viewport()->width() - m_theme.px(metrics::kContentWidth)) / 2);
    m_body->setContentsMargins(side, edge, side, edge);
    m_body->setSpacing(m_theme.space(4));
}

EmptyState::EmptyState(Theme& theme, const QString& icon, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_iconName(icon), m_icon(new QLabel),
      m_title(new TextLabel(theme, TextRole::Title, ColourRole::Text)),
      m_explanation(new TextLabel(theme, TextRole::Body, ColourRole::Muted)), m_actions(new QVBoxLayout) {
    m_icon->setAlignment(Qt::AlignCenter);
    m_title->setAlignment(Qt::AlignCenter);
    m_explanation->setAlignment(Qt::AlignCenter);
    m_explanation->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->addStretch(2);
    layout->addWidget(m_icon, 0, Qt::AlignHCenter);
    layout->addWidget(m_title);
    auto* line = new QHBoxLayout; // a wrapped label only gets its height inside a plain layout
    line->addStretch(1);
    line->addWidget(m_explanation, 1000);
    line->addStretch(1);
    layout->addLayout(line);
    layout->addLayout(m_actions);
    layout->addStretch(3);
    m_actions->setAlignment(Qt::AlignHCenter);
    connect(&theme, &Theme::changed, this, &EmptyState::refresh);
    refresh();
}

void EmptyState::setTexts(const QString& title, const QString& explanation) {
    m_title->setText(title);
    m_explanation->setText(explanation);
    setAccessibleName(title);
    setAccessibleDescription(explanation);
}

void EmptyState::refresh() {
    m_icon->setPixmap(m_theme.pixmap(m_iconName, ColourRole::Accent, m_theme.px(48), devicePixelRatioF()));
    m_explanation->setMaximumWidth(m_theme.px(440));
    layout()->setSpacing(m_theme.space(3));
    m_actions->setSpacing(m_theme.space(2));
    m_actions->setContentsMargins(0, m_theme.space(2), 0, 0);
}

} // namespace hearth::gui
