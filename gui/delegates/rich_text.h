#pragma once

#include <QTextBrowser>
#include <QTextDocument>

#include "gui/delegates/markdown.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

/// A document without resources. Qt's own would read local files itself where the widget has nothing to give.
class SealedDocument final : public QTextDocument {
public:
    using QTextDocument::QTextDocument;

protected:
    QVariant loadResource(int type, const QUrl& name) override;
};

/// Selectable, read-only text that is as high as its content. Loads nothing: loadResource() always comes back
/// empty, and links only emit linkAsked() with their target. GUI thread; borrows the theme.
class RichText : public QTextBrowser {
    Q_OBJECT

public:
    explicit RichText(const Theme& theme, QWidget* parent = nullptr);

    void setPlain(const QString& text, ColourRole colour = ColourRole::Text);
    /// Replaces everything behind document position `from` (0 = all).
    void setBlocks(const markdown::Blocks& blocks, int from = 0);
    /// The position that stands for "after all of this" in setBlocks().
    [[nodiscard]] int endPosition() const;

    /// Lays out at `width` and returns the height.
    [[nodiscard]] int heightFor(int width);
    /// Width that the text would like when nothing limits it.
    [[nodiscard]] int idealWidth(int limit);

    /// Draws the streaming caret behind the last character.
    void setCaret(bool on);

    QVariant loadResource(int type, const QUrl& name) override;

Q_SIGNALS:
    void linkAsked(const QString& target);

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    const Theme& m_theme;
    bool m_caret = false;
};

} // namespace hearth::gui
