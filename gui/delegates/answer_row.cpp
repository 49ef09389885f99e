#include "gui/delegates/answer_row.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>

#include "gui/delegates/answer_body.h"
#include "gui/delegates/thoughts.h"
#include "gui/delegates/version_switcher.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

constexpr int kFooter = 28; ///< px at scale 1

} // namespace

AnswerRow::AnswerRow(Theme& theme, CodeHighlighter& highlighter, QWidget* parent)
    : MessageRow(theme, parent), m_body(new AnswerBody(theme, highlighter, this)),
      m_waiting(new TextLabel(theme, TextRole::Body, ColourRole::Muted, {}, this)),
      m_end(new TextLabel(theme, TextRole::Small, ColourRole::CautionText, {}, this)),
      m_footer(new QWidget(this)),
      m_figures(new NumberLabel(theme, TextRole::Small, ColourRole::Muted, {}, m_footer)),
      m_versions(new VersionSwitcher(theme, m_footer)),
      m_copy(new Button(theme, ButtonKind::Ghost, {}, m_footer)),
      m_regenerate(new Button(theme, ButtonKind::Ghost, {}, m_footer)),
      m_edit(new Button(theme, ButtonKind::Ghost, {}, m_footer)) {
    m_end->setWordWrap(true);
    auto* row = new QHBoxLayout(m_footer);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_figures);
    row->addStretch(1);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_versions, m_copy, m_regenerate, m_edit})
        row->addWidget(widget);
    connect(m_body, &AnswerBody::linkAsked, this, &MessageRow::linkAsked);
    connect(m_versions, &VersionSwitcher::stepAsked, this, &MessageRow::versionAsked);
    connect(m_regenerate, &QPushButton::clicked, this, &MessageRow::regenerateAsked);
    connect(m_edit, &QPushButton::clicked, this, &MessageRow::editAsked);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(QString::fromStdString(m_message.content)); });
    retranslate();
}

void AnswerRow::retranslate() {
    m_copy->setText(tr("Copy"));
    m_copy->setAccessibleName(tr("Copy this answer"));
    m_regenerate->setText(tr("Regenerate"));
    m_regenerate->setAccessibleName(tr("Answer again, keeping this version"));
    m_edit->setText(tr("Edit"));
    m_edit->setAccessibleName(tr("Edit the message that was answered"));
    setAccessibleName(tr("Answer of %1").arg(QString::fromStdString(m_message.modelName)));
    showEnd();
}

void AnswerRow::setMessage(const store::Message& message, const RowContext& context) {
    m_id = message.id;
    const bool newStats = m_message.statsJson != message.statsJson;
    m_message = message;
    m_context = context;
    if (newStats)
        m_stats = answerStats(message.statsJson);
    if (!message.reasoning.empty() && !m_thoughts) {
        m_thoughts = new Thoughts(m_theme, this);
        connect(m_thoughts, &Thoughts::heightChanged, this, &MessageRow::heightChanged);
        connect(m_thoughts, &Thoughts::linkAsked, this, &MessageRow::linkAsked);
        m_thoughts->show();
    }
    if (m_thoughts) {
        m_thoughts->setVisible(!message.reasoning.empty());
        m_thoughts->setReasoning(QString::fromStdString(message.reasoning),
                                 context.streaming && message.content.empty(), m_stats.reasoningTokens,
                                 m_stats.reasoningSeconds());
    }
    m_body->setMarkdown(QString::fromStdString(message.content), context.streaming);
    const bool nothingYet = context.streaming && message.content.empty() && message.reasoning.empty();
    m_waiting->setVisible(nothingYet);
    m_waiting->setText(context.waiting.isEmpty() ? tr("Reading…") : context.waiting);
    m_footer->setVisible(!context.streaming);
    m_versions->setVersion(message.siblingIndex, message.siblingCount, !context.busy);
    m_regenerate->setEnabled(!context.busy);
    m_edit->setEnabled(!context.busy);
    showEnd();
    layOut(width(), true); // the parts may change places within the same height
}

void AnswerRow::showEnd() {
    QStringList figures;
    const QString gap = QStringLiteral("     ");
    if (m_stats.tokensPerSecond > 0)
        figures << tr("%1 tokens/s").arg(humanRate(m_stats.tokensPerSecond));
    if (m_stats.firstTokenSeconds > 0)
        figures << tr("first token %1").arg(humanDuration(m_stats.firstTokenSeconds));
    if (m_stats.generatedTokens > 0)
        figures << tr("%n token(s)", nullptr, static_cast<int>(m_stats.generatedTokens));
    m_figures->setText(figures.join(gap));

    QStringList notes;
    if (m_stats.droppedMessages > 0)
        notes << tr("The oldest %n message(s) did not fit the context and were not read for this answer.",
                    nullptr, static_cast<int>(m_stats.droppedMessages));
    const bool stopped = !m_context.streaming && m_message.state == store::MessageState::Stopped;
    if (stopped)
        notes << tr("Stopped.");
    else if (m_stats.stop == QLatin1String("context"))
        notes << tr("The context is full: the answer ends here.");
    else if (m_stats.stop == QLatin1String("max_tokens"))
        notes << tr("The answer reached its longest allowed length.");
    else if (m_stats.stop == QLatin1String("loop"))
        notes << tr("The answer began to repeat itself and was ended.");
    m_end->setText(notes.join(QLatin1Char('\n')));
    m_end->setColour(stopped && notes.size() == 1 ? ColourRole::Muted : ColourRole::CautionText);
    m_end->setVisible(!notes.isEmpty());

    const bool failed = m_message.state == store::MessageState::Failed;
    if (failed && !m_error) {
        m_error = new ErrorBox(m_theme, this);
        connect(m_error, &ErrorBox::actionRequested, this, &MessageRow::regenerateAsked);
    }
    if (!m_error)
        return;
    if (failed) {
        m_error->showError(m_context.error.value_or(Error{m_message.errorCode, {}, std::nullopt, {}}));
        m_error->setAction(m_context.busy ? QString() : tr("Try again"));
    }
    m_error->setVisible(failed);
}

int AnswerRow::layOut(int width, bool place) {
    int top = 0;
    const auto put = [&](QWidget* widget, int height, int gap) {
        if (top)
            top += gap;
        if (place)
            widget->setGeometry(0, top, width, height);
        top += height;
    };
    const int gap = m_theme.space(2);
    if (m_thoughts && !m_thoughts->isHidden())
        put(m_thoughts, m_thoughts->heightFor(width), gap);
    if (!m_waiting->isHidden())
        put(m_waiting, m_waiting->sizeHint().height(), gap);
    if (const int body = m_body->heightFor(width); body > 0)
        put(m_body, body, gap);
    if (!m_end->isHidden())
        put(m_end, m_end->heightForWidth(width), gap);
    if (m_error && !m_error->isHidden())
        put(m_error,
            m_error->hasHeightForWidth() ? m_error->heightForWidth(width) : m_error->sizeHint().height(),
            gap);
    if (!m_footer->isHidden())
        put(m_footer, m_theme.px(kFooter), m_theme.space(1));
    return top;
}

void AnswerRow::setFind(const QString& needle, int current) {
    m_body->setFind(needle, current);
}

QRect AnswerRow::showMatch(int match) {
    const QRect place = m_body->showMatch(match);
    return place.isEmpty() ? place : place.translated(m_body->pos());
}

QRect AnswerRow::showThoughts(const QString& needle) {
    if (!m_thoughts || m_thoughts->isHidden())
        return {};
    m_thoughts->open(needle);
    layOut(width(), true);
    const QRect place = m_thoughts->matchPlace();
    return place.isEmpty() ? m_thoughts->geometry() : place.translated(m_thoughts->pos());
}

int AnswerRow::heightFor(int width) {
    return layOut(width, false);
}

void AnswerRow::resizeEvent(QResizeEvent*) {
    layOut(width(), true);
}

void AnswerRow::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy answer"), m_copy, &QPushButton::click);
    menu->addAction(tr("Regenerate"), m_regenerate, &QPushButton::click)
        ->setEnabled(m_regenerate->isEnabled());
    menu->addAction(tr("Edit the question"), m_edit, &QPushButton::click)->setEnabled(m_edit->isEnabled());
    menu->popup(event->globalPos());
}

void AnswerRow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
