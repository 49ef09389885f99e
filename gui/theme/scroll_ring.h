#pragma once

class QScrollArea;

namespace hearth::gui {

class Theme;

/// A page that scrolls is a stop of Tab, for the arrow keys to move it, only while there is something to
/// scroll, and shows that it has the keyboard. The theme outlives the area. Once for an area; more does
/// nothing.
void ringScrollArea(QScrollArea& area, const Theme& theme);

} // namespace hearth::gui
