#pragma once

#include <QStyledItemDelegate>

#include "gui/theme/theme.h"

namespace hearth::gui {

/// A row of the conversation list: title, model and length; above the first row of a group its heading. Rows
/// are renamed in place. Borrows the theme.
class ConversationDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit ConversationDelegate(Theme& theme, QObject* parent = nullptr);

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

    Theme& m_theme;
};

} // namespace hearth::gui
