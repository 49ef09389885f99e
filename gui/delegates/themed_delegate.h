#pragma once

#include <QStyledItemDelegate>

#include "gui/theme/theme.h"

namespace hearth::gui {

/// What draws rows in the colours and sizes of a theme, which it borrows.
class ThemedDelegate : public QStyledItemDelegate {
public:
    explicit ThemedDelegate(Theme& theme, QObject* parent = nullptr)
        : QStyledItemDelegate(parent), m_theme(theme) {}

protected:
    Theme& m_theme;
};

} // namespace hearth::gui
