#pragma once

#include <QString>

namespace hearth::gui {

class Theme;

/// The application's style sheet, written from the theme's tokens: the one place where Qt's stock controls
/// get their look. Fonts are not set here (bindFont() and QApplication::setFont() do that). What a control is
/// comes from the dynamic property "kind" (QPushButton: primary, plain, ghost, danger; QFrame: card, …).
[[nodiscard]] QString styleSheet(const Theme& theme);

} // namespace hearth::gui
