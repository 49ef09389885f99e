#pragma once

#include "gui/pages/hardware_card.h"

namespace hearth::gui {

/// What is best for each purpose, and what more memory, a faster disk or a GPU would bring.
class RecommendationCard : public HardwareCard {
    Q_OBJECT
public:
    RecommendationCard(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

private:
    void fill() override;

    SectionHeader* m_upgradesTitle;
    QGridLayout *m_best, *m_upgrades;
};

} // namespace hearth::gui
