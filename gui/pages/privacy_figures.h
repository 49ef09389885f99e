#pragma once

#include "gui/pages/privacy_card.h"

namespace hearth::gui {

class Button;
class ProgressLine;
class TextLabel;

/// Differentially private figures about use, with the budget that they spend; for those who may see them.
/// Nothing is released before somebody asks.
class FiguresCard : public PrivacyCard {
    Q_OBJECT
public:
    static constexpr int kDays = 7;

    FiguresCard(Theme& theme, PrivacyBridge& bridge);
    void refresh() override; ///< reads the budget only
    void release();

Q_SIGNALS:
    void released(int figures);

private:
    void retranslate() override;
    void show(const std::vector<workbench::UsageFigure>& figures);
    void showBudget(const workbench::PrivacyBudget& budget);
    [[nodiscard]] static QString measureWord(security::Measure measure);

    Button* m_release;
    ProgressLine* m_meter;
    TextLabel* m_hint;
    QGridLayout* m_grid;
    std::optional<workbench::PrivacyBudget> m_budget;
    std::vector<workbench::UsageFigure> m_figures;
};

} // namespace hearth::gui
