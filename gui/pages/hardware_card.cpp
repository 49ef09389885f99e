#include "gui/pages/hardware_card.h"

#include <QEvent>
#include <QGridLayout>

#include "gui/widgets/labels.h"

namespace hearth::gui {

HardwareCard::HardwareCard(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_bridge(bridge), m_title(new SectionHeader(theme)) {
    body()->addWidget(m_title);
}

void HardwareCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        fill();
    Card::changeEvent(event);
}

QGridLayout* HardwareCard::addGrid() {
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(m_theme.space(5));
    grid->setVerticalSpacing(m_theme.space(2));
    grid->setColumnStretch(1, 1);
    body()->addLayout(grid);
    return grid;
}

} // namespace hearth::gui
