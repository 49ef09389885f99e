#pragma once

#include <initializer_list>

class QDialog;
class QHBoxLayout;
class QVBoxLayout;
class QWidget;

namespace hearth::gui {

class Theme;

/// What dialogs that stand in front of a page have in common. Shown with open(), without blocking.

/// The dialog deletes itself when it is closed, is at least `width` wide (pixels at scale 1), and its content
/// goes into the column that is returned.
QVBoxLayout* dressDialog(QDialog* dialog, Theme& theme, int width);

/// Buttons at the right edge, in this order.
QHBoxLayout* dialogButtons(std::initializer_list<QWidget*> buttons);

} // namespace hearth::gui
