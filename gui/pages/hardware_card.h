#pragma once

#include "gui/bridge/hardware_bridge.h"
#include "gui/widgets/surfaces.h"

class QGridLayout;

namespace hearth::gui {

class SectionHeader;

/// A card of the hardware page that is filled anew whenever the language changes; connect fill() to what else
/// it depends on.
class HardwareCard : public Card {
    Q_OBJECT

protected:
    HardwareCard(Theme& theme, HardwareBridge& bridge, QWidget* parent);
    virtual void fill() = 0;
    void changeEvent(QEvent* event) override;
    /// A grid of rows below everything so far, whose column 1 takes what is free.
    QGridLayout* addGrid();

    Theme& m_theme;
    HardwareBridge& m_bridge;
    SectionHeader* m_title;
};

} // namespace hearth::gui
