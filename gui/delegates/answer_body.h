#pragma once

#include <vector>

#include <QWidget>

#include "gui/delegates/markdown.h"

class QTextEdit;

namespace hearth::gui {

class CodeHighlighter;
class CodeCard;
class RichText;
class Theme;

/// A Markdown answer: runs of text and code cards below each other. Text that only grows is read again from
/// its last unfinished block on; what stands before it is not touched. GUI thread; borrows theme and
/// highlighter.
class AnswerBody : public QWidget {
    Q_OBJECT

public:
    AnswerBody(Theme& theme, CodeHighlighter& highlighter, QWidget* parent = nullptr);

    void setMarkdown(const QString& text, bool streaming);
    [[nodiscard]] int heightFor(int width);
    /// As MessageRow's.
    void setFind(const QString& needle, int current);
    [[nodiscard]] QRect showMatch(int match);

Q_SIGNALS:
    void linkAsked(const QString& target);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Part { ///< exactly one of the two
        RichText* text = nullptr;
        CodeCard* code = nullptr;
        int indent = 0;
        [[nodiscard]] QTextEdit& edit() const;
    };
    [[nodiscard]] Part makeCard();
    [[nodiscard]] Part makeText();
    void rebuild();
    void mark();
    void apply(const markdown::Blocks& blocks);
    void commit();
    void place();
    void dropFrom(std::size_t part);
    [[nodiscard]] int gap() const;

    Theme& m_theme;
    CodeHighlighter& m_highlighter;
    QString m_text;
    bool m_streaming = false;
    QString m_needle;
    int m_currentMatch = -1;
    bool m_marked = false;
    std::vector<Part> m_parts;
    qsizetype m_stable = 0;     ///< characters of m_text that are final
    std::size_t m_tailPart = 0; ///< the part in which the unfinished rest begins…
    int m_tailPosition = 0;     ///< …and where in its document
};

} // namespace hearth::gui
