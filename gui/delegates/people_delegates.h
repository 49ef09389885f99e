#pragma once

#include <QStyledItemDelegate>

#include "gui/theme/theme.h"

namespace hearth::gui {

/// A profile: name and role, below it what is particular, at the right whether it is usable. Borrows the
/// theme.
class ProfileDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit ProfileDelegate(Theme& theme, QObject* parent = nullptr)
        : QStyledItemDelegate(parent), m_theme(theme) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    Theme& m_theme;
};

/// A key of a program.
class TokenDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit TokenDelegate(Theme& theme, QObject* parent = nullptr)
        : QStyledItemDelegate(parent), m_theme(theme) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    Theme& m_theme;
};

/// A cell of the table of rights or of a model's access list: a word on a soft ground, or a tick.
class RightDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit RightDelegate(Theme& theme, QObject* parent = nullptr)
        : QStyledItemDelegate(parent), m_theme(theme) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    Theme& m_theme;
};

} // namespace hearth::gui
