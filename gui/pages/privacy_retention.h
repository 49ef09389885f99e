#pragma once

#include <optional>
#include <vector>

#include "gui/pages/privacy_card.h"

namespace hearth::gui {

class Button;
class NumberField;
class SettingRow;
class TextLabel;

/// How long things stay: a rule per kind of data, what the rules would delete before they count, and deleting
/// it. Shows the kinds over which the person has the rule.
class RetentionCard : public PrivacyCard {
    Q_OBJECT
public:
    RetentionCard(Theme& theme, PrivacyBridge& bridge);
    void refresh() override;
    /// Shows what the numbers in the fields would delete.
    void preview();

Q_SIGNALS:
    void previewed(int things);
    void applied(int things);

private:
    struct Rule {
        security::Kept kept;
        NumberField* field; ///< days; 0 = without limit
        SettingRow* row;
        Divider* line;           ///< above
        std::optional<int> held; ///< the rule that holds, once it was read
    };
    struct Shown {
        security::RetentionRules rules;
        PrivacyBridge::Previews previews;
        [[nodiscard]] std::size_t count() const;
    };

    void retranslate() override;
    [[nodiscard]] bool mine(security::Kept kept) const;   ///< whether the person has the rule
    [[nodiscard]] security::RetentionRules rules() const; ///< as the fields have them
    void showRules(const security::RetentionRules& rules);
    [[nodiscard]] QStringList lines(const Shown& shown) const;
    void forgetShown();
    void keep(const Shown& shown); ///< makes these rules hold, and deletes what was shown
    void apply(const Shown& shown);

    std::vector<Rule> m_rules;    ///< as they are listed
    std::optional<Shown> m_shown; ///< what the button would make hold and delete
    Button *m_preview, *m_keep;
    TextLabel* m_list;
};

} // namespace hearth::gui
