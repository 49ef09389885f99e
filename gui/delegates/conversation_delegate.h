#pragma once

#include "gui/delegates/themed_delegate.h"

namespace hearth::gui {

/// A row of the conversation list: title, model and length; above the first row of a group its heading. Rows
/// are renamed in place. Borrows the theme.
class ConversationDelegate : public ThemedDelegate {
    Q_OBJECT

public:
    using ThemedDelegate::ThemedDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const override;
    void setEditorData(QWidget* editor, const QModelIndex& index) const override;
    void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const override;

private:
    [[nodiscard]] bool beginsGroup(const QModelIndex& index) const;
    [[nodiscard]] int headingHeight(const QModelIndex& index) const;
    [[nodiscard]] QString headingOf(const QModelIndex& index) const;
};

} // namespace hearth::gui
