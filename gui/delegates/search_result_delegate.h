#pragma once

#include <QStyledItemDelegate>

#include "gui/theme/theme.h"

namespace hearth::gui {

/// A place that a search over all chats found: the chat's title with the day, below it two lines around the
/// match, which is marked. Borrows the theme.
class SearchResultDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit SearchResultDelegate(Theme& theme, QObject* parent = nullptr)
        : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

    /// The day of a time, seen from `today`: without its year in the present one.
    [[nodiscard]] static QString dayText(const QDate& day, const QDate& today);

private:
    Theme& m_theme;
};

} // namespace hearth::gui
