#pragma once

#include <QTextCursor>

#include "gui/delegates/markdown.h"

class QTextDocument;

namespace hearth::gui {

class Theme;

/// Writes Markdown blocks (all kinds but top-level code, which has cards of its own) into a text document
/// with the theme's fonts and colours. Never sets HTML and never inserts an image. GUI thread.
class MarkdownRenderer {
public:
    /// Block property of quoted text: how many quotes are around it; the view draws their bars.
    static constexpr int kQuoteProperty = QTextFormat::UserProperty + 1;
    /// Block property of a horizontal rule.
    static constexpr int kRuleProperty = QTextFormat::UserProperty + 2;

    explicit MarkdownRenderer(const Theme& theme) : m_theme(theme) {}

    /// Appends at `cursor`, which stands at the end of the document.
    void insert(QTextCursor& cursor, const markdown::Blocks& blocks) const;

private:
    void insertBlock(QTextCursor& cursor, const markdown::Block& block, bool first) const;
    void insertSpans(QTextCursor& cursor, const markdown::Spans& spans, const QTextCharFormat& base) const;
    void insertTable(QTextCursor& cursor, const markdown::Block& block) const;
    [[nodiscard]] QTextBlockFormat blockFormat(const markdown::Block& block, bool first) const;
    [[nodiscard]] QTextCharFormat bodyFormat() const;

    const Theme& m_theme;
};

} // namespace hearth::gui
