#pragma once

#include "gui/pages/hardware_card.h"

namespace hearth::gui {

class BarPlot;

/// Earlier measurements: the memory bandwidth of each as bars, and what became slower or faster from one to
/// the next, with what explains it.
class HistoryCard : public HardwareCard {
    Q_OBJECT
public:
    HistoryCard(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

private:
    void fill() override;

    BarPlot* m_bars;
    QGridLayout* m_changes;
};

/// Real answers beside what had been predicted for them, and what predictions are corrected with since.
class RunsCard : public HardwareCard {
    Q_OBJECT
public:
    RunsCard(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

private:
    void fill() override;

    QGridLayout* m_runs;
};

} // namespace hearth::gui
