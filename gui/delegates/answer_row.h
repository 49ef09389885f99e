#pragma once

#include "gui/delegates/answer_stats.h"
#include "gui/delegates/message_row.h"

namespace hearth::gui {

class AnswerBody;
class Button;
class ErrorBox;
class NumberLabel;
class TextLabel;
class Thoughts;
class VersionSwitcher;

/// An answer: reasoning folded, Markdown, how it failed if it did, and below its figures and actions.
class AnswerRow : public MessageRow {
    Q_OBJECT

public:
    AnswerRow(Theme& theme, CodeHighlighter& highlighter, QWidget* parent);

    void setMessage(const store::Message& message, const RowContext& context) override;
    [[nodiscard]] int heightFor(int width) override;
    void setFind(const QString& needle, int current) override;
    [[nodiscard]] QRect showMatch(int match) override;
    QRect showThoughts(const QString& needle) override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    int layOut(int width, bool place);
    void showEnd();
    void retranslate();

    store::Message m_message;
    RowContext m_context;
    AnswerStats m_stats;
    Thoughts* m_thoughts = nullptr; ///< made when there is reasoning
    AnswerBody* m_body;
    TextLabel* m_waiting;
    ErrorBox* m_error = nullptr; ///< made when the turn failed
    TextLabel* m_end;            ///< why the answer stops where it does, when not by itself
    QWidget* m_footer;
    NumberLabel* m_figures;
    VersionSwitcher* m_versions;
    Button *m_copy, *m_regenerate, *m_edit;
};

} // namespace hearth::gui
