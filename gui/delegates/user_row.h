#pragma once

#include "gui/delegates/message_row.h"

class QPlainTextEdit;

namespace hearth::gui {

class Button;
class IconButton;
class RichText;
class VersionSwitcher;

/// The person's own message: a bubble at the right, as wide as its text. Editing happens in place and makes a
/// new version.
class UserRow : public MessageRow {
    Q_OBJECT

public:
    UserRow(Theme& theme, QWidget* parent);

    void setMessage(const store::Message& message, const RowContext& context) override;
    [[nodiscard]] int heightFor(int width) override;
    void beginEdit() override;
    void setFind(const QString& needle, int current) override;
    [[nodiscard]] QRect showMatch(int match) override;
    [[nodiscard]] bool isEditing() const override { return m_editor != nullptr; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void endEdit(bool submit);
    int layOut(int width, bool place);
    void retranslate();
    void showActions();
    void showText();

    store::Message m_message;
    RowContext m_context;
    RichText* m_text;
    IconButton *m_copy, *m_edit;
    VersionSwitcher* m_versions;
    QPlainTextEdit* m_editor = nullptr; ///< while editing
    Button *m_save = nullptr, *m_cancel = nullptr;
    QRect m_bubble;
    QString m_needle;
    int m_currentMatch = -1;
};

} // namespace hearth::gui
