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
    struct Shown {
        security::RetentionRules rules;
        security::RetentionPreview preview;
        [[nodiscard]] std::size_t count() const { return preview.trashed.size() + preview.idle.size(); }
    };
    void keep(const Shown& shown); ///< makes these rules hold, and deletes what was shown
    void keepUsage();              ///< the rule for the counts
    void forgetShown();
    [[nodiscard]] security::RetentionRules rules() const; ///< as the fields have them
    static void showRule(NumberField* field, std::optional<int>& held, std::optional<int> days);

    NumberField *m_trash, *m_idle, *m_usage;                 ///< 0 = without limit
    std::optional<int> m_heldTrash, m_heldIdle, m_heldUsage; ///< the rules that hold, once they were read
    std::optional<Shown> m_shown;                            ///< what the button would make hold and delete
    SettingRow *m_trashRow, *m_idleRow, *m_usageRow;
    Divider* m_usageLine;
    Button *m_preview, *m_keep;
    TextLabel* m_list;
};

} // namespace hearth::gui
