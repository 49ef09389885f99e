#include "gui/pages/chat_model_bar.h"

#include <algorithm>
#include <utility>

#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "gui/bridge/engine_bridge.h"
#include "gui/models/model_picker_model.h"
#include "gui/pages/chat_model_popup.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

constexpr int kPadX = 14, kDot = 8, kGap = 7, kChipPad = 8, kMaxName = 320, kMinName = 50, kMinOpen = 84,
              kProgress = 240; ///< px at scale 1

/// Its tool tip tells the whole line, and what the memory is for.
class Facts final : public ElidedLabel {
public:
    using ElidedLabel::ElidedLabel;

protected:
    bool event(QEvent* event) override {
        if (event->type() != QEvent::ToolTip)
            return ElidedLabel::event(event);
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(),
                           text() + QLatin1Char('\n') + accessibleDescription(), this);
        return true;
    }
};

} // namespace

/// A dot for the state, the model's name, its quantisation and a chevron.
class ChatModelBar::PickerButton final : public QAbstractButton {
public:
    PickerButton(Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme) {
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::StrongFocus);
        setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
        connect(&theme, &Theme::changed, this, [this] { updateGeometry(); });
    }

    void set(const QString& name, const QString& quantisation, ColourRole dot) {
        setText(name);
        m_quantisation = quantisation;
        m_dot = dot;
        updateGeometry();
        update();
    }

    QSize sizeHint() const override { return {otherWidth() + fullNameWidth(), m_theme.px(39)}; }
    QSize minimumSizeHint() const override {
        // While a model loads its progress needs the room.
        const int name = m_theme.px(m_dot == ColourRole::Caution ? kMinName : kMinOpen);
        return {otherWidth() + std::min(fullNameWidth(), name), m_theme.px(39)};
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const int radius = m_theme.radius(Radius::Button);
        painter.setPen(hasFocus() ? QPen(m_theme.colour(ColourRole::Accent), 2)
                                  : QPen(m_theme.colour(ColourRole::Border)));
        painter.setBrush(m_theme.colour(underMouse() ? ColourRole::Hover : ColourRole::Surface));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius, radius);
        int x = m_theme.px(kPadX);
        const qreal middle = height() / 2.0, dot = m_theme.px(kDot);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.colour(m_dot));
        painter.drawEllipse(QRectF(x, middle - dot / 2, dot, dot));
        x += m_theme.px(kDot + kGap);
        painter.setFont(m_theme.font(TextRole::Strong));
        painter.setPen(m_theme.colour(ColourRole::Text));
        painter.drawText(QRect(x, 0, nameWidth(), height()), Qt::AlignVCenter | Qt::AlignLeft,
                         painter.fontMetrics().elidedText(text(), Qt::ElideMiddle, nameWidth()));
        x += nameWidth();
        if (!m_quantisation.isEmpty()) {
            x += m_theme.px(kGap);
            const qreal chip = m_theme.px(23);
            const QRectF place(x, middle - chip / 2, chipWidth(), chip);
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_theme.colour(ColourRole::Chip));
            painter.drawRoundedRect(place, chip / 2, chip / 2);
            painter.setFont(m_theme.font(TextRole::Small));
            painter.setPen(m_theme.colour(ColourRole::MutedStrong));
            painter.drawText(place, Qt::AlignCenter, m_quantisation);
            x += chipWidth();
        }
        const int icon = m_theme.px(12);
        painter.drawPixmap(
            QPointF(x + m_theme.px(kGap), middle - icon / 2.0),
            m_theme.pixmap(QStringLiteral("chevron-down"), ColourRole::Muted, icon, devicePixelRatioF()));
    }
    void enterEvent(QEnterEvent*) override { update(); }
    void leaveEvent(QEvent*) override { update(); }

private:
    int otherWidth() const {
        return 2 * m_theme.px(kPadX) + m_theme.px(kDot + kGap) + m_theme.px(kGap + 12) +
               (m_quantisation.isEmpty() ? 0 : m_theme.px(kGap) + chipWidth());
    }
    int nameWidth() const { return std::min(fullNameWidth(), std::max(0, width() - otherWidth())); }
    int fullNameWidth() const {
        return std::min(QFontMetrics(m_theme.font(TextRole::Strong)).horizontalAdvance(text()) + 1,
                        m_theme.px(kMaxName));
    }
    int chipWidth() const {
        return QFontMetrics(m_theme.font(TextRole::Small)).horizontalAdvance(m_quantisation) +
               2 * m_theme.px(kChipPad);
    }

    Theme& m_theme;
    QString m_quantisation;
    ColourRole m_dot = ColourRole::Faint;
};

ChatModelBar::ChatModelBar(Theme& theme, EngineBridge& engine, ModelPickerModel& models, QWidget* parent)
    : Ground(theme, ColourRole::Background, parent), m_theme(theme), m_engine(engine), m_models(models),
      m_picker(new PickerButton(theme, this)), m_facts(new Facts(theme, TextRole::Small, ColourRole::Muted)),
      m_progress(new ProgressLine(theme)), m_cancel(new Button(theme, ButtonKind::Plain)),
      m_eject(new IconButton(theme, QStringLiteral("eject"), {})), m_actions(new QHBoxLayout) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.px(22), 0, theme.px(22), 1);
    row->setSpacing(theme.space(3));
    row->addWidget(m_picker);
    row->addWidget(m_facts);
    row->addWidget(m_progress);
    row->addWidget(m_cancel);
    row->addWidget(m_eject);
    row->addStretch(1);
    row->addLayout(m_actions);
    m_actions->setSpacing(theme.space(3));
    const auto fit = [this, &theme] {
        setFixedHeight(theme.px(metrics::kHeaderHeight) + 1);
        m_progress->setMaximumWidth(theme.px(kProgress));
    };
    connect(&theme, &Theme::changed, this, fit);
    fit();
    connect(m_picker, &QAbstractButton::clicked, this, &ChatModelBar::openPicker);
    connect(m_cancel, &QPushButton::clicked, &engine, &EngineBridge::cancelLoad);
    connect(m_eject, &QToolButton::clicked, &engine, &EngineBridge::eject);
    connect(&engine, &EngineBridge::modelChanged, this, &ChatModelBar::showState);
    connect(&engine, &EngineBridge::loadProgress, this, &ChatModelBar::showProgress);
    retranslate();
}

void ChatModelBar::openPicker() {
    m_models.rescan();
    auto* popup = new ChatModelPopup(m_theme, m_models, this);
    connect(popup, &ChatModelPopup::openAsked, this, &ChatModelBar::openAsked);
    connect(popup, &ChatModelPopup::chooseFileAsked, this, &ChatModelBar::chooseFileAsked);
    popup->openBelow(m_picker);
}

void ChatModelBar::showState() {
    const bool loading = m_engine.isLoading();
    const auto& model = m_engine.model();
    if (loading) {
        const auto file = ModelPickerModel::describe(m_engine.loadingPath());
        const bool guide = m_models.isGuide(m_engine.loadingPath());
        m_picker->set(guide ? ModelPickerModel::guideName() : file.name, file.quantisation,
                      ColourRole::Caution);
        if (m_progress->isHidden()) {
            m_progress->restart();
            m_progress->setFraction(-1);
            m_progress->setText(tr("Opening…"));
        }
    } else if (model) {
        m_picker->set(model->isGuide ? ModelPickerModel::guideName() : QString::fromStdString(model->name),
                      QString::fromStdString(model->quantisation), ColourRole::Good);
        const QString facts =
            tr("%1 mapped · context %2")
                .arg(humanBytes(model->memory.weights ? model->memory.weights : model->fileBytes),
                     humanCount(model->contextTokens));
        m_facts->setText(model->hasOwnTemplate
                             ? facts
                             : facts + QStringLiteral(" · ") + tr("no chat template, so ChatML is used"));
        m_facts->setAccessibleDescription(tr("Weights %1, conversation memory %2, buffers %3")
                                              .arg(humanBytes(model->memory.weights),
                                                   humanBytes(model->memory.kvCache),
                                                   humanBytes(model->memory.buffers)));
    } else {
        m_picker->set(tr("Choose a model"), {}, ColourRole::Faint);
    }
    m_picker->setAccessibleName(loading ? tr("Model, loading %1").arg(m_picker->text())
                                : model ? tr("Model: %1").arg(m_picker->text())
                                        : tr("No model is loaded. Choose a model"));
    // What goes comes first: showing lays out at once, and the band must not ask for room for both.
    const std::pair<QWidget*, bool> parts[] = {{m_facts, !loading && model},
                                               {m_eject, !loading && model},
                                               {m_progress, loading},
                                               {m_cancel, loading}};
    for (const bool visible : {false, true})
        for (const auto& [widget, wanted] : parts)
            if (wanted == visible)
                widget->setVisible(visible);
}

void ChatModelBar::showProgress(const QString& phase, quint64 done, quint64 total) {
    const bool known = total > 0;
    QString words = tr("Loading");
    if (phase.contains(QLatin1String("token")))
        words = tr("Reading the vocabulary");
    else if (phase.contains(QLatin1String("header")) || phase.contains(QLatin1String("open")))
        words = tr("Reading the file");
    else if (phase.contains(QLatin1String("pack")) || phase.contains(QLatin1String("weight")))
        words = tr("Preparing the weights");
    m_progress->setText(known ? tr("%1 · %2 %").arg(words).arg(100 * done / total) : words);
    m_progress->setFraction(known ? static_cast<double>(done) / static_cast<double>(total) : -1);
}

void ChatModelBar::retranslate() {
    m_cancel->setText(tr("Cancel"));
    m_cancel->setAccessibleName(tr("Cancel loading"));
    m_eject->setName(tr("Eject: free the model's memory"));
    showState();
}

void ChatModelBar::paintEvent(QPaintEvent* event) {
    Ground::paintEvent(event);
    QPainter(this).fillRect(QRect(0, height() - 1, width(), 1), m_theme.colour(ColourRole::Border));
}

void ChatModelBar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Ground::changeEvent(event);
}

} // namespace hearth::gui
