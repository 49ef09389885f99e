#include "gui/widgets/labels.h"

#include <cmath>

#include <QPainter>
#include <QVBoxLayout>

#include "gui/theme/tabular.h"

namespace hearth::gui {

TextLabel::TextLabel(Theme& theme, TextRole role, ColourRole colour, const QString& text, QWidget* parent)
    : QLabel(text, parent), m_theme(theme), m_role(role), m_colour(colour) {
    setTextFormat(Qt::PlainText);
    connect(&theme, &Theme::changed, this, &TextLabel::refresh);
    refresh();
}

TextLabel* TextLabel::wrapped() {
    setWordWrap(true);
    return this;
}

void TextLabel::setColour(ColourRole colour) {
    m_colour = colour;
    refresh();
}

void TextLabel::refresh() {
    setFont(m_theme.font(m_role));
    QPalette own = palette();
    own.setColor(QPalette::WindowText, m_theme.colour(m_colour));
    setPalette(own);
}

ElidedLabel::ElidedLabel(Theme& theme, TextRole role, ColourRole colour, const QString& text, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_role(role), m_colour(colour) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, &ElidedLabel::refresh);
    setText(text);
    refresh();
}

void ElidedLabel::setText(const QString& text) {
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    resizeEvent(nullptr);
    update();
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode) {
    m_mode = mode;
    update();
}

void ElidedLabel::setColour(ColourRole colour) {
    m_colour = colour;
    update();
}

QSize ElidedLabel::sizeHint() const {
    const QFontMetrics metrics(font());
    return {metrics.horizontalAdvance(m_text) + 1, metrics.height()};
}

QSize ElidedLabel::minimumSizeHint() const {
    const QFontMetrics metrics(font());
    return {std::min(sizeHint().width(), metrics.averageCharWidth() * 4), metrics.height()};
}

void ElidedLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(m_theme.colour(m_colour));
    painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     QFontMetrics(font()).elidedText(m_text, m_mode, width()));
}

void ElidedLabel::resizeEvent(QResizeEvent*) {
    setToolTip(sizeHint().width() > width() ? m_text : QString());
}

void ElidedLabel::refresh() {
    setFont(m_theme.font(m_role));
    updateGeometry();
    update();
}

NumberLabel::NumberLabel(Theme& theme, TextRole role, ColourRole colour, const QString& text, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_role(role), m_colour(colour) {
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    bindFont(this, theme, role);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
    setText(text);
}

void NumberLabel::setText(const QString& text) {
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void NumberLabel::setColour(ColourRole colour) {
    m_colour = colour;
    update();
}

QSize NumberLabel::sizeHint() const {
    const QFontMetricsF metrics(font());
    return {static_cast<int>(std::ceil(tabularWidth(metrics, m_text))),
            static_cast<int>(std::ceil(metrics.height()))};
}

QSize NumberLabel::minimumSizeHint() const {
    return {std::min(sizeHint().width(), fontMetrics().averageCharWidth() * 6), sizeHint().height()};
}

void NumberLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(m_theme.colour(m_colour));
    const QFontMetricsF metrics(font());
    const qreal baseline = (height() - metrics.height()) / 2 + metrics.ascent();
    const bool fits = width() >= sizeHint().width();
    drawTabular(painter, QPointF(0, baseline),
                fits ? m_text : metrics.elidedText(m_text, Qt::ElideRight, width()));
}

SectionHeader::SectionHeader(Theme& theme, const QString& title, const QString& explanation, QWidget* parent)
    : QWidget(parent), m_title(new TextLabel(theme, TextRole::Heading, ColourRole::Text)),
      m_explanation(new TextLabel(theme, TextRole::Small, ColourRole::Muted)) {
    m_explanation->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.space(1));
    layout->addWidget(m_title);
    layout->addWidget(m_explanation);
    setTexts(title, explanation);
}

void SectionHeader::setTexts(const QString& title, const QString& explanation) {
    m_title->setText(title);
    m_explanation->setText(explanation);
    m_explanation->setVisible(!explanation.isEmpty());
    setAccessibleName(title);
}

} // namespace hearth::gui
