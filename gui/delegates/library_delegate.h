#pragma once

#include "gui/delegates/themed_delegate.h"

namespace hearth::gui {

/// A row of the library's table, or a card of its grid.
class LibraryDelegate : public ThemedDelegate {
    Q_OBJECT
public:
    enum class Shape { Row, CardShape };
    LibraryDelegate(Theme& theme, Shape shape, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintCell(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintCard(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    /// A verdict as a chip; returns its width.
    int paintVerdict(QPainter& painter, const QRect& room, const QModelIndex& index) const;

    Shape m_shape;
};

} // namespace hearth::gui
