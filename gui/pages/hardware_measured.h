#pragma once

#include "gui/bridge/hardware_bridge.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class BarPlot;
class CardGrid;
class SectionHeader;
class StaircasePlot;
class TextLabel;

/// The last measurement as pictures: the cache staircase and the threads beside the engine's own kernels, by
/// type of weights and, for one type, by instruction set (of the last complete measurement).
/// Hidden before the first one.
class MeasuredCards : public QWidget {
    Q_OBJECT
public:
    MeasuredCards(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void show();
    void showSets();

    Theme& m_theme;
    HardwareBridge& m_bridge;
    SectionHeader *m_stairsTitle, *m_kernelsTitle;
    StaircasePlot* m_stairs;
    TextLabel *m_threadsTitle, *m_decodeTitle, *m_prefillTitle, *m_decodeSetsTitle, *m_prefillSetsTitle;
    BarPlot *m_threads, *m_decode, *m_prefill, *m_decodeSets, *m_prefillSets;
};

} // namespace hearth::gui
