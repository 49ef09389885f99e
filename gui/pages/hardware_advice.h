#pragma once

#include "gui/bridge/hardware_bridge.h"
#include "gui/widgets/surfaces.h"

class QGridLayout;

namespace hearth::gui {

class SectionHeader;

/// What is best for each purpose, and what more memory, a faster disk or a GPU would bring.
class RecommendationCard : public Card {
    Q_OBJECT
public:
    RecommendationCard(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void show();

    Theme& m_theme;
    HardwareBridge& m_bridge;
    SectionHeader *m_title, *m_upgradesTitle;
    QGridLayout *m_best, *m_upgrades;
};

} // namespace hearth::gui
