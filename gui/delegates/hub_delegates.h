#pragma once

#include "gui/delegates/themed_delegate.h"

namespace hearth::gui {

/// What the rows of the hub's lists have in common: a rounded row that shows selection, pointer and focus.
/// Borrows the theme.
class HubRowDelegate : public ThemedDelegate {
    Q_OBJECT
public:
    using ThemedDelegate::ThemedDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    /// Draws inside of `place`.
    virtual void paintRow(QPainter& painter, const QRect& place, const QModelIndex& index) const = 0;
    /// `width` of the whole row.
    [[nodiscard]] virtual int lines(int width) const = 0;
    /// A round label with its left edge at `left`; returns its right edge. Nothing for an empty text.
    int chip(QPainter& painter, int left, const QRect& line, const QString& text, ColourRole ground,
             ColourRole ink) const;
    [[nodiscard]] QRect line(const QRect& place, int number) const;
    void write(QPainter& painter, const QRect& place, const QString& text, TextRole role, ColourRole colour,
               Qt::Alignment align = Qt::AlignLeft, Qt::TextElideMode elide = Qt::ElideRight) const;
};

/// A model that a search found: name, owner, size, licence, how often it was fetched.
class HubResultDelegate : public HubRowDelegate {
    Q_OBJECT
public:
    using HubRowDelegate::HubRowDelegate;

protected:
    void paintRow(QPainter& painter, const QRect& place, const QModelIndex& index) const override;
    [[nodiscard]] int lines(int) const override { return 2; }
};

/// A file of a repository: quantisation, size, what it needs and whether it fits. In a narrow list what it
/// needs has a line of its own, so that the name is not lost.
class HubFileDelegate : public HubRowDelegate {
    Q_OBJECT
public:
    using HubRowDelegate::HubRowDelegate;

protected:
    void paintRow(QPainter& painter, const QRect& place, const QModelIndex& index) const override;
    [[nodiscard]] int lines(int width) const override;
};

/// A download: what it is, a bar, and what happens.
class DownloadDelegate : public HubRowDelegate {
    Q_OBJECT
public:
    using HubRowDelegate::HubRowDelegate;
    /// What happens with it, in words: "41.8 MB/s · 46 s left · 4 connections".
    [[nodiscard]] static QString stateText(const QModelIndex& index);

protected:
    void paintRow(QPainter& painter, const QRect& place, const QModelIndex& index) const override;
    [[nodiscard]] int lines(int) const override { return 3; }
};

/// "comfortable", "tight", "does not fit"; empty for an unknown verdict.
[[nodiscard]] QString fitWord(int fit);

} // namespace hearth::gui
