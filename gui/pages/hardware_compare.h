#pragma once

#include "gui/pages/hardware_card.h"

namespace hearth::gui {

class Chip;
class IconButton;
class TextLabel;

/// This machine beside the one of a report file: whether the file is as it was signed, and figure by figure.
/// Hidden until there is something to compare, and when it is closed.
class CompareCard : public HardwareCard {
    Q_OBJECT
public:
    CompareCard(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

private:
    void fill() override;

    Chip* m_signature;
    IconButton* m_close;
    TextLabel* m_who;
    QGridLayout* m_figures;
    std::shared_ptr<const ReportComparison> m_comparison;
};

} // namespace hearth::gui
