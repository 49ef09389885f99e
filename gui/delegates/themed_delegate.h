#pragma once

#include <QCursor>
#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTableView>

#include "gui/theme/theme.h"

namespace hearth::gui {

/// What draws rows in the colours and sizes of a theme, which it borrows.
class ThemedDelegate : public QStyledItemDelegate {
public:
    explicit ThemedDelegate(Theme& theme, QObject* parent = nullptr)
        : QStyledItemDelegate(parent), m_theme(theme) {}

    /// For tables whose rows drawRowRing() or show isRowUnderPointer(): a view draws anew only the two cells
    /// that the keyboard or the pointer left and came to. The table has its model by then.
    static void drawWholeRows(QTableView& table) {
        const auto update = qOverload<>(&QWidget::update);
        connect(table.selectionModel(), &QItemSelectionModel::currentRowChanged, table.viewport(), update);
        connect(&table, &QAbstractItemView::entered, table.viewport(), update);
        connect(&table, &QAbstractItemView::viewportEntered, table.viewport(), update);
    }

protected:
    enum class Ground {
        Lifted, ///< a selected row is a card with a border
        Tinted  ///< … has the accent's soft colour
    };
    /// What lies under a row that is selected or under the pointer, and the ring of the one with the
    /// keyboard.
    void drawGround(QPainter& painter, const QRectF& card, const QStyleOptionViewItem& option,
                    Ground ground) const {
        const bool selected = option.state & QStyle::State_Selected, lifted = ground == Ground::Lifted;
        const int radius = m_theme.radius(Radius::Button);
        if (selected || (option.state & QStyle::State_MouseOver)) {
            painter.setPen(selected && lifted ? QPen(m_theme.colour(ColourRole::Border)) : QPen(Qt::NoPen));
            painter.setBrush(m_theme.colour(!selected ? ColourRole::Hover
                                            : lifted  ? ColourRole::Surface
                                                      : ColourRole::AccentSoft));
            painter.drawRoundedRect(card, radius, radius);
        }
        if ((option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_Active)) {
            const qreal in = lifted ? 0.5 : 0; // inside the border
            painter.setPen(QPen(m_theme.colour(ColourRole::Accent), m_theme.px(2)));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(card.adjusted(in, in, -in, -in), radius, radius);
        }
    }

    /// Whether the pointer is over the row of this cell.
    [[nodiscard]] static bool isRowUnderPointer(const QStyleOptionViewItem& option) {
        const auto* table = qobject_cast<const QTableView*>(option.widget);
        if (!table || !table->viewport()->underMouse())
            return false;
        const int y = table->viewport()->mapFromGlobal(QCursor::pos()).y();
        return y >= option.rect.top() && y <= option.rect.bottom();
    }

    /// A cell's part of the ring around the row of a table that has the keyboard.
    void drawRowRing(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
        const auto* table = qobject_cast<const QTableView*>(option.widget);
        if (!table || !table->hasFocus() || table->currentIndex().row() != index.row())
            return;
        const QHeaderView& columns = *table->horizontalHeader();
        const QRectF row(-columns.offset(), option.rect.top(), columns.length(), option.rect.height());
        painter.save();
        painter.setClipRect(option.rect);
        painter.setPen(QPen(m_theme.colour(ColourRole::Accent), m_theme.px(2)));
        painter.setBrush(Qt::NoBrush);
        const int radius = m_theme.radius(Radius::Small);
        painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), radius, radius);
        painter.restore();
    }

    Theme& m_theme;
};

} // namespace hearth::gui
