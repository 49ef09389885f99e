#pragma once

#include "gui/bridge/hardware_bridge.h"
#include "gui/widgets/surfaces.h"

class QGridLayout;

namespace hearth::gui {

class BarPlot;
class SectionHeader;

/// Earlier measurements: the memory bandwidth of each as bars, and what became slower or faster from one to
/// the next, with what explains it.
class HistoryCard : public Card {
    Q_OBJECT
public:
    HistoryCard(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void show();

    Theme& m_theme;
    HardwareBridge& m_bridge;
    SectionHeader* m_title;
    BarPlot* m_bars;
    QGridLayout* m_changes;
};

/// Real answers beside what had been predicted for them, and what predictions are corrected with since.
class RunsCard : public Card {
    Q_OBJECT
public:
    RunsCard(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void show();

    Theme& m_theme;
    HardwareBridge& m_bridge;
    SectionHeader* m_title;
    QGridLayout* m_runs;
};

} // namespace hearth::gui
