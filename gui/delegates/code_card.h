#pragma once

#include <QTextFormat>
#include <QTimer>
#include <QWidget>

#include "gui/delegates/code_highlighter.h"

class QTextEdit;

namespace hearth::gui {

class Button;
class TextLabel;
class Theme;

/// A block of program text on its own ground: language, copy button, colours. As high as its lines; long
/// lines scroll sideways. Text that only grows is appended, so that a streamed block does not flicker.
class CodeCard : public QWidget {
    Q_OBJECT

public:
    CodeCard(Theme& theme, CodeHighlighter& highlighter, QWidget* parent = nullptr);
    ~CodeCard() override;

    void setCode(const QString& language, const QString& code);
    [[nodiscard]] QString code() const { return m_code; }
    [[nodiscard]] int heightFor(int width);
    [[nodiscard]] QTextEdit& edit(); ///< the code itself, read-only
    /// Scrolls a long line so that `place`, in the edit's viewport, is seen.
    void showSideways(const QRect& place);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    class View;
    class Colours;
    void retheme();
    void retranslate();
    void requestColours();
    [[nodiscard]] QTextCharFormat textFormat() const;
    [[nodiscard]] int headerHeight() const;

    Theme& m_theme;
    CodeHighlighter& m_highlighter;
    TextLabel* m_label;
    Button* m_copy;
    View* m_view;
    Colours* m_colours;
    QString m_language, m_code;
    QTimer m_delay;
};

} // namespace hearth::gui
