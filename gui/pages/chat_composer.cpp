#include "gui/pages/chat_composer.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include "gui/delegates/chat_edit.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

constexpr int kMinLines = 1, kMaxLines = 9;
constexpr int kBarWidth = 120, kBarHeight = 5; ///< px at scale 1
constexpr double kNear = 0.85;                 ///< of the context: from here on the meter warns

} // namespace

/// The meter's bar.
class ChatComposer::Bar final : public QWidget {
public:
    Bar(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
        connect(&theme, &Theme::changed, this, [this] { fit(); });
        fit();
    }
    void set(double fraction, ColourRole colour) {
        m_fraction = std::clamp(fraction, 0.0, 1.0);
        m_colour = colour;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        const qreal height = m_theme.px(kBarHeight), radius = height / 2;
        QRectF track(0, (this->height() - height) / 2, width(), height);
        painter.setBrush(m_theme.colour(ColourRole::Border));
        painter.drawRoundedRect(track, radius, radius);
        if (m_fraction > 0) {
            track.setWidth(std::max(height, m_fraction * width()));
            painter.setBrush(m_theme.colour(m_colour));
            painter.drawRoundedRect(track, radius, radius);
        }
    }

private:
    void fit() { setFixedSize(m_theme.px(kBarWidth), m_theme.smallControlHeight()); }

    Theme& m_theme;
    double m_fraction = 0;
    ColourRole m_colour = ColourRole::Accent;
};

ChatComposer::ChatComposer(Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_edit(new ChatEdit(theme, this)), m_row(new QWidget(this)),
      m_count(new NumberLabel(theme, TextRole::Small, ColourRole::Muted, {}, m_row)),
      m_bar(new Bar(theme, m_row)), m_send(new Button(theme, ButtonKind::Primary, {}, m_row)),
      m_stop(new Button(theme, ButtonKind::Danger, {}, m_row)), m_notice(new QWidget(this)) {
    m_note = new TextLabel(theme, TextRole::Small, ColourRole::CautionText, {}, m_notice);
    m_note->setWordWrap(true);
    m_drop = new Button(theme, ButtonKind::Ghost, {}, m_notice);
    auto* notice = new QHBoxLayout(m_notice);
    notice->setContentsMargins(0, 0, 0, 0);
    notice->addWidget(m_note, 1);
    notice->addWidget(m_drop);

    m_send->setIconName(QStringLiteral("send"));
    m_stop->setIconName(QStringLiteral("stop"));
    auto* row = new QHBoxLayout(m_row);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme.px(10));
    row->addStretch(1);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_count, m_bar, m_send, m_stop})
        row->addWidget(widget);

    setFocusProxy(m_edit);
    const auto ask = [this] {
        if (!m_busy && !text().trimmed().isEmpty() && !isOverfull())
            Q_EMIT sendAsked(text());
    };
    connect(m_edit, &ChatEdit::submitted, this, ask);
    connect(m_send, &QPushButton::clicked, this, ask);
    connect(m_edit, &ChatEdit::escaped, this, [this] {
        if (m_busy)
            Q_EMIT stopAsked();
    });
    connect(m_stop, &QPushButton::clicked, this, &ChatComposer::stopAsked);
    connect(m_drop, &QPushButton::clicked, this, &ChatComposer::dropOldestAsked);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        showState();
        fit();
        if (!m_quiet)
            Q_EMIT textEdited();
    });
    connect(&theme, &Theme::changed, this, [this] {
        fit();
        update();
    });
    retranslate();
    showState();
    fit();
}

QString ChatComposer::text() const {
    return m_edit->toPlainText();
}

void ChatComposer::setText(const QString& text) {
    m_quiet = true;
    m_edit->setPlainText(text);
    m_edit->moveCursor(QTextCursor::End);
    m_quiet = false;
}

void ChatComposer::focusText() {
    m_edit->setFocus(Qt::OtherFocusReason);
}

void ChatComposer::setBusy(bool busy) {
    m_busy = busy;
    showState();
}

void ChatComposer::setMeter(const Meter& meter) {
    m_meter = meter;
    showState();
}

bool ChatComposer::isOverfull() const {
    return m_meter.context > 0 && m_meter.used >= m_meter.context && !m_meter.dropsOldest;
}

void ChatComposer::showState() {
    const bool hadStopFocus = m_stop->hasFocus();
    m_send->setVisible(!m_busy);
    m_stop->setVisible(m_busy);
    m_send->setEnabled(!text().trimmed().isEmpty() && !isOverfull());
    if (hadStopFocus && !m_busy)
        focusText();

    const bool known = m_meter.context > 0 && m_meter.used >= 0;
    m_count->setVisible(known);
    m_bar->setVisible(known);
    QString note;
    ColourRole colour = ColourRole::Accent, words = ColourRole::CautionText;
    if (known) {
        const auto used = static_cast<quint64>(m_meter.used), context = static_cast<quint64>(m_meter.context);
        m_count->setText(tr("%1 / %2 tokens").arg(humanCount(used), humanCount(context)));
        m_count->setToolTip(
            tr("Tokens of the whole conversation as it would be sent, of the model's context."));
        const double fraction = static_cast<double>(used) / static_cast<double>(context);
        if (fraction >= 1) {
            colour = m_meter.dropsOldest ? ColourRole::Caution : ColourRole::Bad;
            words = m_meter.dropsOldest ? ColourRole::CautionText : ColourRole::BadText;
            note = m_meter.dropsOldest ? tr("Too long for the context by %1 tokens: the oldest turns will be "
                                            "left out. The system "
                                            "prompt stays.")
                                             .arg(humanCount(used - context + 1))
                                       : tr("Too long for the context by %1 tokens. Shorten the message, or "
                                            "leave out the oldest "
                                            "turns.")
                                             .arg(humanCount(used - context + 1));
        } else if (fraction >= kNear) {
            colour = ColourRole::Caution;
            note = m_meter.dropsOldest
                       ? tr("%1 tokens are left; after that the oldest turns will be left out.")
                             .arg(humanCount(context - used))
                       : tr("%1 tokens are left; the answer ends when the context is full.")
                             .arg(humanCount(context - used));
        }
        m_bar->set(fraction, colour);
    }
    m_note->setText(note);
    m_note->setColour(words);
    m_drop->setVisible(!note.isEmpty() && !m_meter.dropsOldest);
    if (m_notice->isHidden() == !note.isEmpty()) {
        m_notice->setVisible(!note.isEmpty());
        fit();
    }
}

void ChatComposer::retranslate() {
    m_edit->setPlaceholderText(tr("Write a message. Enter sends, Shift+Enter breaks the line"));
    m_edit->setAccessibleName(tr("Message"));
    m_send->setText(tr("Send"));
    m_send->setAccessibleName(tr("Send message"));
    m_stop->setText(tr("Stop  Esc"));
    m_stop->setAccessibleName(tr("Stop the answer"));
    m_drop->setText(tr("Leave out the oldest turns"));
    showState();
}

QSize ChatComposer::sizeHint() const {
    const int width = std::max(this->width(), m_theme.px(200));
    const int padX = m_theme.px(17), padTop = m_theme.px(15), padBottom = m_theme.px(12);
    int height = padTop + m_edit->heightFor(width - 2 * padX, kMinLines, kMaxLines) + m_theme.px(12) +
                 m_theme.controlHeight() + padBottom;
    if (!m_notice->isHidden())
        height +=
            std::max(m_notice->layout()->heightForWidth(width - 2 * padX), m_theme.smallControlHeight()) +
            m_theme.space(1);
    return {m_theme.px(metrics::kContentWidth + 40), height};
}

void ChatComposer::fit() {
    const int height = sizeHint().height();
    if (height != this->height())
        setFixedHeight(height);
    else
        resizeEvent(nullptr);
}

void ChatComposer::resizeEvent(QResizeEvent* event) {
    if (event && event->oldSize().width() != event->size().width()) {
        setFixedHeight(sizeHint().height());
    }
    const int padX = m_theme.px(17), padTop = m_theme.px(15), padBottom = m_theme.px(12);
    const int rowHeight = m_theme.controlHeight(), room = width() - 2 * padX;
    const int rowTop = height() - padBottom - rowHeight;
    m_row->setGeometry(padX, rowTop, room, rowHeight);
    int bottom = rowTop - m_theme.space(1);
    if (!m_notice->isHidden()) {
        const int note = std::max(m_notice->layout()->heightForWidth(room), m_theme.smallControlHeight());
        m_notice->setGeometry(padX, bottom - note, room, note);
        bottom -= note + m_theme.space(1);
    }
    m_edit->setGeometry(padX, padTop, room, std::max(1, bottom - padTop));
}

void ChatComposer::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool focused = m_edit->hasFocus();
    painter.setPen(m_theme.colour(focused ? ColourRole::Faint : ColourRole::Border));
    painter.setBrush(m_theme.colour(ColourRole::Surface));
    const int radius = m_theme.radius(Radius::Card) + m_theme.space(1) / 2;
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
}

void ChatComposer::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
