#pragma once

#include "gui/delegates/themed_delegate.h"

namespace hearth::gui {

/// A row of two lines with a chip at the right.
class PeopleRowDelegate : public ThemedDelegate {
    Q_OBJECT
public:
    using ThemedDelegate::ThemedDelegate;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    /// Draws what lies under it, and returns the room for its words.
    [[nodiscard]] QRect drawRow(QPainter& painter, const QStyleOptionViewItem& option) const;
};

/// A profile: name and role, below it what is particular, at the right whether it is usable.
class ProfileDelegate : public PeopleRowDelegate {
    Q_OBJECT
public:
    using PeopleRowDelegate::PeopleRowDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

/// A key of a program.
class TokenDelegate : public PeopleRowDelegate {
    Q_OBJECT
public:
    using PeopleRowDelegate::PeopleRowDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

/// A cell of the table of rights or of a model's access list: a word on a soft ground, or a tick.
class RightDelegate : public ThemedDelegate {
    Q_OBJECT
public:
    using ThemedDelegate::ThemedDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace hearth::gui
