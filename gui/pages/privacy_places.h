#pragma once

#include "gui/pages/privacy_card.h"

class QTableView;

namespace hearth::gui {

class Button;
class DataLocationModel;
class TextLabel;

/// Where data lies: every file that Hearth wrote.
class PlacesCard : public PrivacyCard {
    Q_OBJECT
public:
    PlacesCard(Theme& theme, PrivacyBridge& bridge);
    void refresh() override;

Q_SIGNALS:
    void listed(int files);

private:
    void retranslate() override;
    void fitHeight();

    DataLocationModel* m_model;
    QTableView* m_table;
    TextLabel* m_sum;
    Button* m_open;
};

/// The rights of the people whose data it is, law by law.
class LawsCard : public PrivacyCard {
    Q_OBJECT
public:
    LawsCard(Theme& theme, PrivacyBridge& bridge);
    void refresh() override {}

private:
    void retranslate() override;

    QGridLayout *m_rights, *m_breach;
    TextLabel* m_breachTitle;
};

} // namespace hearth::gui
