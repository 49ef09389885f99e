#pragma once

#include "gui/delegates/themed_delegate.h"

namespace hearth::gui {

/// A place that a search over all chats found: the chat's title with the day, below it two lines around the
/// match, which is marked.
class SearchResultDelegate : public ThemedDelegate {
    Q_OBJECT
public:
    using ThemedDelegate::ThemedDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

    /// The day of a time, seen from `today`: without its year in the present one.
    [[nodiscard]] static QString dayText(const QDate& day, const QDate& today);
};

} // namespace hearth::gui
