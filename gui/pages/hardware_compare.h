#pragma once

#include "gui/bridge/hardware_bridge.h"
#include "gui/widgets/surfaces.h"

class QGridLayout;

namespace hearth::gui {

class Chip;
class IconButton;
class SectionHeader;
class TextLabel;

/// This machine beside the one of a report file: whether the file is as it was signed, and figure by figure.
/// Hidden until there is something to compare, and when it is closed.
class CompareCard : public Card {
    Q_OBJECT
public:
    CompareCard(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void show();

    Theme& m_theme;
    SectionHeader* m_title;
    Chip* m_signature;
    IconButton* m_close;
    TextLabel* m_who;
    QGridLayout* m_figures;
    std::shared_ptr<const ReportComparison> m_comparison;
};

} // namespace hearth::gui
