#pragma once

#include <QElapsedTimer>
#include <QPlainTextEdit>

#include "gui/theme/theme.h"

namespace hearth::gui {

/// A text field for messages: Enter submits, Shift+Enter breaks the line, Esc gives up. The Enter that
/// confirms an input method's composition never submits, whether the input method swallows it or passes it
/// on.
class ChatEdit : public QPlainTextEdit {
    Q_OBJECT

public:
    /// An Enter this soon after a composition ended is the one that ended it.
    static constexpr int kCommitGraceMs = 60;

    explicit ChatEdit(Theme& theme, QWidget* parent = nullptr);

    /// Height of the text at `width`, between `minLines` and `maxLines`.
    [[nodiscard]] int heightFor(int width, int minLines, int maxLines) const;

Q_SIGNALS:
    void submitted();
    void escaped();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    void insertFromMimeData(const QMimeData* source) override;
    bool canInsertFromMimeData(const QMimeData* source) const override;
    void dragEnterEvent(QDragEnterEvent* event) override;

private:
    Theme& m_theme;
    bool m_composing = false;
    QElapsedTimer m_sinceCommit;
};

} // namespace hearth::gui
