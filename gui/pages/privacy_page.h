#pragma once

#include <vector>

#include <QWidget>

#include "gui/bridge/privacy_bridge.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class PageHeader;
class PrivacyCard;
class TextLabel;

/// The rights of who is before the window over their data, backups, where data lies; for those who run or
/// audit the machine also usage figures, the breach log and the record of processing activities.
class PrivacyPage : public QWidget {
    Q_OBJECT
public:
    PrivacyPage(Theme& theme, PrivacyBridge& bridge, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void retranslate();

    PrivacyBridge& m_bridge;
    PageHeader* m_header;
    TextLabel* m_promise;
    std::vector<PrivacyCard*> m_cards;
};

} // namespace hearth::gui
