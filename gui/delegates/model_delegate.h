#pragma once

#include <QStyledItemDelegate>

#include "gui/theme/theme.h"

namespace hearth::gui {

/// A row of the model picker: name, quantisation chip, size; headings above the recent ones and the found
/// ones.
class ModelDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit ModelDelegate(Theme& theme, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    [[nodiscard]] bool beginsGroup(const QModelIndex& index) const;

    Theme& m_theme;
};

} // namespace hearth::gui
