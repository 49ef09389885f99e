#pragma once

#include "gui/pages/privacy_card.h"

namespace hearth::gui {

class Button;
class NumberField;
class SettingRow;
class TextLabel;

/// How long things stay: a rule per kind of data, what a rule would delete before it counts, and deleting it.
class RetentionCard : public PrivacyCard {
    Q_OBJECT
public:
    RetentionCard(Theme& theme, PrivacyBridge& bridge);
    void refresh() override;
    /// Shows what the numbers in the fields would delete.
    void preview();

Q_SIGNALS:
    void previewed(int conversations);
    void applied(int conversations);

private:
    void retranslate() override;
    void keep(); ///< makes the numbers the rules, and deletes what they say
    [[nodiscard]] security::RetentionRules rules() const;
    void setRule(security::Kept kept, int days);

    NumberField *m_trash, *m_idle, *m_usage; ///< 0 = without limit
    SettingRow *m_trashRow, *m_idleRow, *m_usageRow;
    Divider* m_usageLine;
    Button *m_preview, *m_keep;
    TextLabel* m_list;
};

} // namespace hearth::gui
