#include "gui/delegates/rich_text.h"

#include <cmath>

#include <QAbstractTextDocumentLayout>
#include <QPainter>
#include <QTextBlock>
#include <QTextLayout>

#include "gui/delegates/markdown_renderer.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

QVariant SealedDocument::loadResource(int, const QUrl&) {
    return {}; // nothing in a chat's text is ever fetched, from the network or from disk
}

RichText::RichText(const Theme& theme, QWidget* parent) : QTextBrowser(parent), m_theme(theme) {
    setProperty("kind", QStringLiteral("bare"));
    setDocument(new SealedDocument(this));
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    setOpenExternalLinks(false);
    setUndoRedoEnabled(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextInteractionFlags(Qt::TextBrowserInteraction | Qt::TextSelectableByKeyboard);
    setLineWrapMode(QTextEdit::FixedPixelWidth); // heights are asked for before the widget has that width
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    viewport()->setAutoFillBackground(false);
    document()->setDocumentMargin(0);
    setTabChangesFocus(true);
    connect(this, &QTextBrowser::anchorClicked, this,
            [this](const QUrl& url) { Q_EMIT linkAsked(url.toString(QUrl::FullyEncoded)); });
}

QVariant RichText::loadResource(int, const QUrl&) {
    return {};
}

void RichText::setPlain(const QString& text, ColourRole colour) {
    setFont(m_theme.font(TextRole::Body));
    QTextCharFormat format;
    format.setFont(m_theme.font(TextRole::Body));
    format.setForeground(m_theme.colour(colour));
    document()->clear();
    QTextCursor cursor(document());
    QTextBlockFormat block;
    block.setLineHeight(m_theme.px(22), QTextBlockFormat::MinimumHeight);
    cursor.setBlockFormat(block);
    cursor.insertText(text, format);
}

void RichText::setBlocks(const markdown::Blocks& blocks, int from) {
    setFont(m_theme.font(TextRole::Body));
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    if (from == 0) {
        document()->clear();
        cursor = QTextCursor(document());
    } else {
        cursor.setPosition(from);
        cursor.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
        cursor.removeSelectedText();
    }
    MarkdownRenderer(m_theme).insert(cursor, blocks);
    cursor.endEditBlock();
}

int RichText::endPosition() const {
    return document()->isEmpty() ? 0 : document()->characterCount() - 1;
}

int RichText::heightFor(int width) {
    if (lineWrapColumnOrWidth() != width)
        setLineWrapColumnOrWidth(width);
    return static_cast<int>(std::ceil(document()->size().height()));
}

int RichText::idealWidth(int limit) {
    setLineWrapColumnOrWidth(limit);
    return std::min(limit, static_cast<int>(std::ceil(document()->idealWidth())) + 1);
}

void RichText::setCaret(bool on) {
    if (m_caret == on)
        return;
    m_caret = on;
    viewport()->update();
}

void RichText::paintEvent(QPaintEvent* event) {
    QTextBrowser::paintEvent(event);
    QPainter painter(viewport());
    const auto* layout = document()->documentLayout();
    const auto bar = m_theme.px(3);
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
        const int quotes = block.blockFormat().intProperty(MarkdownRenderer::kQuoteProperty);
        const bool rule = block.blockFormat().boolProperty(MarkdownRenderer::kRuleProperty);
        if (!quotes && !rule)
            continue;
        const QRectF box = layout->blockBoundingRect(block);
        if (!box.intersects(event->rect()))
            continue;
        if (rule)
            painter.fillRect(QRectF(0, box.center().y(), width(), 1), m_theme.colour(ColourRole::Border));
        const bool joined = block.previous().blockFormat().intProperty(MarkdownRenderer::kQuoteProperty) > 0;
        const qreal top = box.top() - (joined ? block.blockFormat().topMargin() : 0);
        // The bounding box takes lines at their natural height; the last one's own rectangle has the real
        // one.
        const QTextLine last = block.layout()->lineAt(block.layout()->lineCount() - 1);
        const qreal bottom = last.isValid() ? box.top() + last.rect().bottom() : box.bottom();
        for (int i = 0; i < quotes; ++i)
            painter.fillRect(QRectF(i * m_theme.px(14), top, bar, bottom - top),
                             m_theme.colour(ColourRole::Border));
    }
    if (!m_caret)
        return;
    QTextCursor end(document());
    end.movePosition(QTextCursor::End);
    const QRect at = cursorRect(end);
    const int height = m_theme.px(16);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.colour(ColourRole::Accent));
    painter.drawRoundedRect(QRectF(at.left() + 2, at.bottom() - height, m_theme.px(8), height), 2, 2);
}

void RichText::wheelEvent(QWheelEvent* event) {
    event->ignore(); // the message list scrolls
}

void RichText::contextMenuEvent(QContextMenuEvent* event) {
    if (textCursor().hasSelection() || !anchorAt(event->pos()).isEmpty())
        QTextBrowser::contextMenuEvent(event);
    else
        event->ignore(); // the message has a menu of its own
}

void RichText::focusOutEvent(QFocusEvent* event) {
    QTextBrowser::focusOutEvent(event);
    if (event->reason() == Qt::MouseFocusReason && textCursor().hasSelection()) {
        QTextCursor cursor = textCursor(); // one selection at a time on the page
        cursor.clearSelection();
        setTextCursor(cursor);
    }
}

} // namespace hearth::gui
