#pragma once

#include "gui/bridge/hardware_bridge.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

class Button;
class ComboBox;
class SectionHeader;
class TextLabel;

/// How fast models would come: measured on request from a hub or another address.
class DownloadCard : public Card {
    Q_OBJECT
public:
    DownloadCard(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void offerHubs();
    void retranslate();
    void showState();

    HardwareBridge& m_bridge;
    SectionHeader* m_title;
    ComboBox* m_address;
    Button* m_measure;
    TextLabel* m_result;
};

} // namespace hearth::gui
