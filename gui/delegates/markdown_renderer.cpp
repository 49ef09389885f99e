#include "gui/delegates/markdown_renderer.h"

#include <QTextBlock>
#include <QTextDocument>
#include <QTextTable>

#include "gui/theme/theme.h"

namespace hearth::gui {

using markdown::Block;
using markdown::Blocks;
using markdown::Span;

namespace {

constexpr int kListIndent = 22; ///< px at scale 1: room for "10." and a gap
constexpr int kQuoteIndent = 14;
constexpr int kLine = 22; ///< line height of reading text

} // namespace

QTextCharFormat MarkdownRenderer::bodyFormat() const {
    QTextCharFormat format;
    format.setFont(m_theme.font(TextRole::Body));
    format.setForeground(m_theme.colour(ColourRole::Text));
    return format;
}

QTextBlockFormat MarkdownRenderer::blockFormat(const Block& block, bool first) const {
    QTextBlockFormat format;
    const int lists = block.listDepth * m_theme.px(kListIndent),
              quotes = block.quoteDepth * m_theme.px(kQuoteIndent);
    format.setLeftMargin(lists + quotes);
    const bool closeUp = block.tight && block.kind == Block::Kind::Paragraph;
    if (!first)
        format.setTopMargin(closeUp ? m_theme.space(1) / 2 : m_theme.space(2));
    if (block.kind == Block::Kind::Heading && !first)
        format.setTopMargin(m_theme.space(4));
    format.setLineHeight(m_theme.px(kLine), QTextBlockFormat::MinimumHeight);
    if (!block.marker.isEmpty()) {
        format.setTextIndent(-m_theme.px(kListIndent));
        format.setTabPositions({QTextOption::Tab(m_theme.px(kListIndent), QTextOption::LeftTab)});
    }
    if (block.quoteDepth)
        format.setProperty(kQuoteProperty, block.quoteDepth);
    if (block.kind == Block::Kind::Rule)
        format.setProperty(kRuleProperty, true);
    return format;
}

void MarkdownRenderer::insert(QTextCursor& cursor, const Blocks& blocks) const {
    for (const Block& block : blocks) {
        const bool first = cursor.document()->isEmpty();
        if (block.kind == Block::Kind::Table)
            insertTable(cursor, block);
        else
            insertBlock(cursor, block, first);
    }
}

void MarkdownRenderer::insertBlock(QTextCursor& cursor, const Block& block, bool first) const {
    QTextCharFormat base = bodyFormat();
    if (block.kind == Block::Kind::Heading) {
        base.setFont(m_theme.font(block.level <= 2 ? TextRole::Title : TextRole::Heading));
        if (block.level == 2) // between the title's and the heading's size
            base.setFontWeight(QFont::DemiBold);
    }
    if (block.quoteDepth)
        base.setForeground(m_theme.colour(ColourRole::MutedStrong));
    const QTextBlockFormat format = blockFormat(block, first);
    if (cursor.block().length() > 1) {
        cursor.insertBlock(format, base);
    } else { // an empty document, or the empty block that every table leaves behind itself
        cursor.setBlockFormat(format);
        cursor.setBlockCharFormat(base);
    }
    if (!block.marker.isEmpty()) {
        QTextCharFormat marker = base;
        marker.setForeground(m_theme.colour(ColourRole::Muted));
        cursor.insertText(block.marker + QLatin1Char('\t'), marker);
    }
    if (block.kind == Block::Kind::Code) { // inside a table or where a card cannot stand
        QTextCharFormat code = base;
        code.setFont(m_theme.font(TextRole::Code));
        cursor.insertText(QString(block.code).replace(QLatin1Char('\n'), QChar(QChar::LineSeparator)), code);
        return;
    }
    if (block.kind == Block::Kind::Rule)
        cursor.insertText(QString(QChar(QChar::Nbsp)), base);
    insertSpans(cursor, block.spans, base);
}

void MarkdownRenderer::insertSpans(QTextCursor& cursor, const markdown::Spans& spans,
                                   const QTextCharFormat& base) const {
    for (const Span& span : spans) {
        QTextCharFormat format = base;
        if (span.strong)
            format.setFontWeight(QFont::DemiBold);
        if (span.emphasis)
            format.setFontItalic(true);
        if (span.strike)
            format.setFontStrikeOut(true);
        if (span.code) {
            format.setFont(m_theme.font(TextRole::Code));
            format.setBackground(m_theme.colour(ColourRole::CodeBackground));
        }
        if (!span.link.isEmpty()) {
            format.setAnchor(true);
            format.setAnchorHref(span.link);
            format.setToolTip(span.link);
            format.setForeground(m_theme.colour(ColourRole::AccentText));
            format.setFontUnderline(true);
        }
        QString text = span.text;
        text.remove(
            QChar(QChar::ObjectReplacementCharacter)); // stands for embedded objects, which we never have
        cursor.insertText(text, format);
    }
}

void MarkdownRenderer::insertTable(QTextCursor& cursor, const Block& block) const {
    std::size_t columns = 0;
    for (const auto& row : block.rows)
        columns = std::max(columns, row.size());
    if (columns == 0)
        return;
    QTextTableFormat format;
    format.setCellPadding(m_theme.px(6));
    format.setCellSpacing(0);
    format.setBorder(1);
    format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
    format.setBorderBrush(m_theme.colour(ColourRole::Border));
    format.setBorderCollapse(true);
    format.setTopMargin(m_theme.space(2));
    format.setHeaderRowCount(1);
    QTextTable* table =
        cursor.insertTable(static_cast<int>(block.rows.size()), static_cast<int>(columns), format);
    for (int row = 0; row < table->rows(); ++row) {
        const auto& cells = block.rows[static_cast<std::size_t>(row)];
        for (int column = 0; column < table->columns(); ++column) {
            const auto at = static_cast<std::size_t>(column);
            QTextTableCell cell = table->cellAt(row, column);
            QTextCursor inside = cell.firstCursorPosition();
            QTextBlockFormat text;
            if (at < block.alignments.size())
                text.setAlignment(block.alignments[at]);
            inside.setBlockFormat(text);
            QTextCharFormat base = bodyFormat();
            if (row == 0) {
                base.setFontWeight(QFont::DemiBold);
                QTextTableCellFormat head;
                head.setBackground(m_theme.colour(ColourRole::CodeBackground));
                cell.setFormat(head);
            }
            if (at < cells.size())
                insertSpans(inside, cells[at], base);
        }
    }
    cursor.movePosition(QTextCursor::End);
    QTextBlockFormat thin; // the block behind the table holds nothing yet
    thin.setLineHeight(1, QTextBlockFormat::FixedHeight);
    cursor.setBlockFormat(thin);
}

} // namespace hearth::gui
