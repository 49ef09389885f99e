#pragma once

class QLayout;

namespace hearth::gui {

/// Deletes everything in a layout, with the layouts in it; the layout itself stays. Not for a slot of one of
/// its widgets, which is gone afterwards.
void emptyLayout(QLayout* layout);

} // namespace hearth::gui
