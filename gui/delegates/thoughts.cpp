#include "gui/delegates/thoughts.h"

#include <QAbstractButton>
#include <QPainter>

#include "gui/delegates/find_text.h"
#include "gui/delegates/rich_text.h"
#include "gui/theme/human.h"

namespace hearth::gui {

namespace {

constexpr int kBar = 2, kIndent = 13, kHead = 26; ///< px at scale 1

/// The clickable line: a triangle and words.
class FoldButton final : public QAbstractButton {
public:
    FoldButton(Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme) {
        setCheckable(true);
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::StrongFocus);
        bindFont(this, theme, TextRole::Body);
    }

    QSize sizeHint() const override {
        return {fontMetrics().horizontalAdvance(text()) + m_theme.space(6), m_theme.px(kHead)};
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QColor colour = m_theme.colour(underMouse() ? ColourRole::Text : ColourRole::Muted);
        const qreal size = m_theme.px(6), x = m_theme.px(1), middle = height() / 2.0;
        QPolygonF triangle;
        if (isChecked())
            triangle << QPointF(x, middle - size / 3) << QPointF(x + size, middle - size / 3)
                     << QPointF(x + size / 2, middle + size / 2);
        else
            triangle << QPointF(x + 1, middle - size / 2) << QPointF(x + size, middle)
                     << QPointF(x + 1, middle + size / 2);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawPolygon(triangle);
        painter.setPen(colour);
        painter.drawText(rect().adjusted(m_theme.px(11), 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
        if (hasFocus()) {
            painter.setPen(QPen(m_theme.colour(ColourRole::Accent), 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
        }
    }
    void enterEvent(QEnterEvent*) override { update(); }
    void leaveEvent(QEvent*) override { update(); }

private:
    Theme& m_theme;
};

} // namespace

Thoughts::Thoughts(Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_fold(new FoldButton(theme, this)) {
    connect(m_fold, &QAbstractButton::toggled, this, [this](bool open) {
        if (open && !m_text) {
            m_text = new RichText(m_theme, this);
            m_text->setAccessibleName(tr("Thoughts"));
            connect(m_text, &RichText::linkAsked, this, &Thoughts::linkAsked);
        }
        if (m_text)
            m_text->setVisible(open);
        if (!open)
            m_needle.clear();
        fill();
        Q_EMIT heightChanged();
    });
    connect(&theme, &Theme::changed, this, &Thoughts::fill);
    retranslate();
}

bool Thoughts::isOpen() const {
    return m_fold->isChecked();
}

void Thoughts::fill() {
    if (!isOpen() || !m_text)
        return;
    m_text->setPlain(m_reasoning.trimmed(), ColourRole::MutedStrong);
    markMatches(*m_text, m_theme, m_needle, 0);
}

void Thoughts::open(const QString& needle) {
    m_needle = findNeedle(needle);
    m_fold->setChecked(true);
    fill();
}

QRect Thoughts::matchPlace() const {
    const QRect place = m_text ? matchRect(*m_text, m_needle, 0) : QRect();
    return place.isEmpty() ? place : place.translated(m_text->pos());
}

void Thoughts::setReasoning(const QString& text, bool streaming, quint64 tokens, double seconds) {
    const bool changed = text != m_reasoning;
    m_reasoning = text;
    m_streaming = streaming;
    m_tokens = tokens;
    m_seconds = seconds;
    retranslate();
    if (changed)
        fill();
}

void Thoughts::retranslate() {
    QString words = m_streaming ? tr("Thinking…") : tr("Thoughts");
    if (m_tokens)
        words += QStringLiteral(" · ") + tr("%n token(s)", nullptr, static_cast<int>(m_tokens));
    if (m_seconds > 0)
        words += QStringLiteral(" · ") + humanDuration(m_seconds);
    m_fold->setText(words);
    m_fold->setAccessibleName(words);
    m_fold->resize(m_fold->sizeHint());
    m_fold->update();
}

int Thoughts::heightFor(int width) {
    const int head = m_theme.px(kHead);
    return isOpen() && m_text ? head + m_theme.space(1) + m_text->heightFor(width - m_theme.px(kIndent))
                              : head;
}

void Thoughts::resizeEvent(QResizeEvent*) {
    const int indent = m_theme.px(kIndent), head = m_theme.px(kHead);
    m_fold->setGeometry(indent, 0, std::min(m_fold->sizeHint().width(), width() - indent), head);
    if (m_text)
        m_text->setGeometry(indent, head + m_theme.space(1), width() - indent,
                            height() - head - m_theme.space(1));
}

void Thoughts::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(QRect(0, 0, m_theme.px(kBar), height()), m_theme.colour(ColourRole::Border));
}

void Thoughts::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
