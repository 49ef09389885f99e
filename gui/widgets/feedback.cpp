#include "gui/widgets/feedback.h"

#include <algorithm>
#include <cmath>

#include <QEvent>
#include <QGraphicsOpacityEffect>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

ErrorBox::ErrorBox(Theme& theme, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_content(new QBoxLayout(QBoxLayout::LeftToRight)),
      m_icon(new QLabel), m_title(new TextLabel(theme, TextRole::Strong, ColourRole::Text)),
      m_explanation(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_advice(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_code(new TextLabel(theme, TextRole::Small, ColourRole::MutedStrong)),
      m_action(new Button(theme, ButtonKind::Plain)),
      m_close(new IconButton(theme, QStringLiteral("close"), {})) {
    for (TextLabel* label : {m_title, m_explanation, m_advice}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_code->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* words = new QVBoxLayout;
    words->setSpacing(theme.space(1));
    for (QWidget* line : {static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_explanation),
                          static_cast<QWidget*>(m_advice), static_cast<QWidget*>(m_code)})
        words->addWidget(line);
    auto* row = new QHBoxLayout;
    row->setSpacing(theme.space(3));
    row->addWidget(m_icon, 0, Qt::AlignTop);
    m_content->setSpacing(theme.space(3));
    m_content->addLayout(words, 1);
    m_content->addWidget(m_action, 0, Qt::AlignTop | Qt::AlignLeft);
    row->addLayout(m_content, 1);
    row->addWidget(m_close, 0, Qt::AlignTop);
    body()->addLayout(row);

    setDismissable(false);
    setAction({});
    connect(m_action, &QAbstractButton::clicked, this, &ErrorBox::actionRequested);
    connect(m_close, &QAbstractButton::clicked, this, [this] {
        clear();
        Q_EMIT dismissed();
    });
    connect(&theme, &Theme::changed, this, &ErrorBox::refresh);
    retranslate();
    refresh();
    hide();
}

void ErrorBox::showError(const Error& error) {
    const ErrorText text = errorText(error);
    showText(Severity::Bad, text.title, text.explanation, text.advice);
    m_error = error;
    m_code->setText(QString::fromStdString(error.code));
    m_code->setToolTip(QString::fromStdString(error.message()));
    m_code->show();
}

void ErrorBox::showText(Severity severity, const QString& title, const QString& explanation,
                        const QString& advice) {
    m_error.reset();
    m_severity = severity;
    m_title->setText(title);
    m_explanation->setText(explanation);
    m_explanation->setVisible(!explanation.isEmpty());
    m_advice->setText(advice);
    m_advice->setVisible(!advice.isEmpty());
    m_code->hide();
    setAccessibleName(title);
    setAccessibleDescription(explanation + QLatin1Char(' ') + advice);
    refresh();
    show();
}

void ErrorBox::setAction(const QString& text) {
    m_action->setText(text);
    m_action->setVisible(!text.isEmpty());
    placeAction();
}

void ErrorBox::placeAction() {
    // Beside the button the words have at least one and a half times its width.
    const bool beside = width() * 2 >= m_action->sizeHint().width() * 5;
    m_content->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void ErrorBox::resizeEvent(QResizeEvent* event) {
    Card::resizeEvent(event);
    placeAction();
}

void ErrorBox::setDismissable(bool dismissable) {
    m_close->setVisible(dismissable);
}

void ErrorBox::clear() {
    m_error.reset();
    hide();
}

void ErrorBox::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        if (const auto error = m_error; error && isVisibleTo(parentWidget()))
            showError(*error);
    }
    Card::changeEvent(event);
}

void ErrorBox::retranslate() {
    m_close->setName(tr("Close this message"));
}

void ErrorBox::refresh() {
    struct Look {
        ColourRole ground, text;
        const char16_t* icon;
    };
    const Look look = m_severity == Severity::Bad ? Look{ColourRole::BadSoft, ColourRole::BadText, u"error"}
                      : m_severity == Severity::Caution
                          ? Look{ColourRole::CautionSoft, ColourRole::CautionText, u"warning"}
                          : Look{ColourRole::Chip, ColourRole::MutedStrong, u"info"};
    setGround(look.ground);
    m_title->setColour(look.text);
    m_icon->setPixmap(
        m_theme.pixmap(QString::fromUtf16(look.icon), look.text, m_theme.iconSize(), devicePixelRatioF()));
    const int pad = m_theme.space(3);
    body()->setContentsMargins(pad, pad, pad, pad);
}

/// The floating message itself; a child of the window so that it never takes the window's focus away.
class ToastHost::Toast final : public QWidget {
public:
    Toast(Theme& theme, const QString& message, const QString& action, QWidget* parent)
        : QWidget(parent), m_theme(theme),
          m_button(action.isEmpty() ? nullptr : new Button(theme, ButtonKind::Ghost, action)) {
        auto* row = new QHBoxLayout(this);
        row->setContentsMargins(theme.space(4), theme.space(2), theme.space(3), theme.space(2));
        row->setSpacing(theme.space(3));
        // The toast wears the page's colours the other way round: text as ground.
        row->addWidget(new TextLabel(theme, TextRole::Body, ColourRole::Background, message));
        if (m_button) {
            m_button->setFont(theme.font(TextRole::Strong));
            const QString accent = (theme.isDark() ? lightPalette() : darkPalette()).accent.name();
            m_button->setStyleSheet(
                QStringLiteral("QPushButton, QPushButton:hover { color: %1; background: transparent; }")
                    .arg(accent));
            row->addWidget(m_button);
        }
        setAccessibleName(message);
        setMinimumHeight(theme.controlHeight() + theme.space(2));
    }
    [[nodiscard]] Button* button() const { return m_button; }
    [[nodiscard]] bool isHeld() const { return underMouse() || (m_button && m_button->hasFocus()); }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.colour(ColourRole::Text));
        painter.drawRoundedRect(rect(), m_theme.radius(Radius::Button), m_theme.radius(Radius::Button));
    }

private:
    Theme& m_theme;
    Button* m_button;
};

ToastHost::ToastHost(Theme& theme, QWidget* over) : QObject(over), m_theme(theme), m_over(over) {
    over->installEventFilter(this);
    m_timer.setInterval(kShowMs);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (!m_toast || !m_toast->isHeld())
            hide();
    });
}

ToastHost::~ToastHost() = default;

void ToastHost::show(const QString& message) {
    hide();
    m_toast = new Toast(m_theme, message, {}, m_over);
    place();
    m_timer.start();
}

void ToastHost::showUndo(const QString& message, std::function<void()> undo) {
    hide();
    m_toast = new Toast(m_theme, message, tr("Undo"), m_over);
    connect(m_toast->button(), &QAbstractButton::clicked, this, [this, undo = std::move(undo)] {
        hide();
        undo();
    });
    place();
    m_timer.start();
}

void ToastHost::hide() {
    m_timer.stop();
    if (m_toast) {
        m_toast->hide();
        m_toast->deleteLater(); // it may be inside its own button's signal
        m_toast.clear();
    }
}

bool ToastHost::isShowing() const {
    return !m_toast.isNull();
}

bool ToastHost::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_over && event->type() == QEvent::Resize)
        place();
    return QObject::eventFilter(watched, event);
}

void ToastHost::place() {
    if (!m_toast)
        return;
    m_toast->adjustSize();
    const int x = (m_over->width() - m_toast->width()) / 2;
    m_toast->move(std::max(0, x), m_over->height() - m_toast->height() - m_theme.space(6));
    m_toast->show();
    m_toast->raise();
}

void EtaEstimator::restart() {
    *this = EtaEstimator();
}

void EtaEstimator::update(double fraction, double now) {
    if (m_started < 0 || fraction < m_fraction) {
        *this = EtaEstimator();
        m_started = m_lastMove = now;
        m_fraction = fraction;
        return;
    }
    const double elapsed = now - m_lastMove;
    if (fraction <= m_fraction || elapsed < 0.2) // too close together to measure
        return;
    const double rate = (fraction - m_fraction) / elapsed;
    const double weight = 1 - std::exp(-elapsed / 3.0); // remembers about three seconds
    m_rate = m_rate > 0 ? m_rate + weight * (rate - m_rate) : rate;
    m_fraction = fraction;
    m_lastMove = now;
}

double EtaEstimator::remaining(double now) const {
    constexpr double kKnows = 2, kStalled = 5; // seconds
    if (m_started < 0 || m_rate <= 0 || now - m_started < kKnows || now - m_lastMove > kStalled)
        return -1;
    return std::max(0.0, (1 - m_fraction) / m_rate - (now - m_lastMove));
}

ProgressLine::ProgressLine(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    bindFont(this, theme, TextRole::Small);
    m_clock.start();
    m_tick.setInterval(40);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        m_phase = std::fmod(m_phase + 0.02, 1.0);
        update();
    });
    connect(&theme, &Theme::changed, this, [this] {
        updateMotion();
        updateGeometry();
        update();
    });
}

void ProgressLine::setText(const QString& text) {
    const bool grows = text.isEmpty() != m_text.isEmpty();
    m_text = text;
    setAccessibleName(text);
    if (grows)
        updateGeometry();
    update();
}

void ProgressLine::setFraction(double fraction) {
    m_fraction = std::min(fraction, 1.0);
    if (fraction >= 0)
        m_eta.update(m_fraction, static_cast<double>(m_clock.elapsed()) / 1000);
    setAccessibleDescription(fraction >= 0 ? QStringLiteral("%1 %").arg(std::lround(m_fraction * 100))
                                           : QString());
    updateMotion();
    update();
}

void ProgressLine::setColour(ColourRole colour) {
    m_colour = colour;
    update();
}

void ProgressLine::restart() {
    m_eta.restart();
    setFraction(0);
}

void ProgressLine::setIsShare(bool share) {
    m_share = share;
    update();
}

QSize ProgressLine::sizeHint() const {
    const int line = m_theme.px(6);
    return {m_theme.px(200), m_text.isEmpty() ? line : line + m_theme.space(1) + fontMetrics().height()};
}

QSize ProgressLine::minimumSizeHint() const {
    return {m_theme.space(10), sizeHint().height()};
}

QString ProgressLine::etaText() const {
    const double left = m_eta.remaining(static_cast<double>(m_clock.elapsed()) / 1000);
    return m_share || left < 0 || m_fraction < 0
               ? QString()
               : tr("%1 left").arg(humanDuration(std::max(1.0, std::round(left))));
}

void ProgressLine::updateMotion() {
    const bool moves = m_fraction < 0 && isVisible() && m_theme.animationMs() > 0;
    if (moves && !m_tick.isActive())
        m_tick.start();
    else if (!moves)
        m_tick.stop();
}

void ProgressLine::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    updateMotion();
}

void ProgressLine::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    updateMotion();
}

void ProgressLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const QRectF track(0, 0, width(), m_theme.px(6));
    const qreal radius = track.height() / 2;
    painter.setBrush(m_theme.colour(ColourRole::Border));
    painter.drawRoundedRect(track, radius, radius);
    painter.setBrush(m_theme.colour(m_colour));
    if (m_fraction >= 0) {
        if (m_fraction > 0)
            painter.drawRoundedRect(
                QRectF(0, 0, std::max(track.height(), width() * m_fraction), track.height()), radius, radius);
    } else {
        // Busy: a third of the line, wandering, or standing still in the middle under reduced motion.
        const qreal length = width() / 3.0;
        const qreal place = m_theme.animationMs() > 0 ? (1 - std::cos(m_phase * 2 * M_PI)) / 2 : 0.5;
        painter.drawRoundedRect(QRectF(place * (width() - length), 0, length, track.height()), radius,
                                radius);
    }
    if (m_text.isEmpty())
        return;
    const QRect words = rect().adjusted(0, static_cast<int>(track.height()) + m_theme.space(1), 0, 0);
    const QString eta = etaText();
    painter.setPen(m_theme.colour(ColourRole::Muted));
    painter.drawText(words, Qt::AlignRight | Qt::AlignTop, eta);
    const int room = width() - (eta.isEmpty() ? 0 : fontMetrics().horizontalAdvance(eta) + m_theme.space(3));
    painter.drawText(words, Qt::AlignLeft | Qt::AlignTop,
                     fontMetrics().elidedText(m_text, Qt::ElideRight, room));
}

} // namespace hearth::gui
