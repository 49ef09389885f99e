#include "gui/delegates/chat_edit.h"

#include <algorithm>
#include <cmath>

#include <QAbstractTextDocumentLayout>
#include <QDragEnterEvent>
#include <QInputMethodEvent>
#include <QMimeData>
#include <QTextBlock>
#include <QTextLayout>

namespace hearth::gui {

ChatEdit::ChatEdit(Theme& theme, QWidget* parent) : QPlainTextEdit(parent), m_theme(theme) {
    setProperty("kind", QStringLiteral("bare"));
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    document()->setDocumentMargin(0);
    bindFont(this, theme, TextRole::Body);
}

int ChatEdit::heightFor(int width, int minLines, int maxLines) const {
    const QFontMetricsF metrics(font());
    // A plain text document counts lines; before its first layout they are estimated from the width.
    int lines = 0;
    for (QTextBlock block = document()->begin(); block.isValid() && lines <= maxLines; block = block.next()) {
        const int laidOut = block.layout() ? block.layout()->lineCount() : 0;
        const bool current = laidOut > 0 && std::abs(viewport()->width() - width) <= 1;
        lines += current ? laidOut
                         : std::max(1, static_cast<int>(std::ceil(metrics.horizontalAdvance(block.text()) /
                                                                  std::max(1, width))));
    }
    const int shown = std::clamp(lines, minLines, maxLines);
    return static_cast<int>(std::ceil(shown * metrics.lineSpacing())) + m_theme.px(2);
}

void ChatEdit::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !(event->modifiers() & Qt::ShiftModifier)) {
        event->accept();
        const bool confirms =
            m_composing || (m_sinceCommit.isValid() && m_sinceCommit.elapsed() < kCommitGraceMs);
        if (!confirms && !event->isAutoRepeat())
            Q_EMIT submitted();
        return;
    }
    if (event->key() == Qt::Key_Escape && !m_composing) {
        event->accept();
        Q_EMIT escaped();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void ChatEdit::inputMethodEvent(QInputMethodEvent* event) {
    const bool composing = !event->preeditString().isEmpty();
    if (m_composing && !composing)
        m_sinceCommit.start();
    m_composing = composing;
    QPlainTextEdit::inputMethodEvent(event);
}

bool ChatEdit::canInsertFromMimeData(const QMimeData* source) const {
    return source->hasText() && !source->hasUrls(); // dropped files are the page's business
}

void ChatEdit::insertFromMimeData(const QMimeData* source) {
    if (source->hasText())
        insertPlainText(source->text());
}

void ChatEdit::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls())
        event->ignore();
    else
        QPlainTextEdit::dragEnterEvent(event);
}

} // namespace hearth::gui
