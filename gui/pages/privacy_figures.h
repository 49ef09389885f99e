#pragma once

#include "gui/pages/privacy_card.h"

namespace hearth::gui {

class Button;
class IconButton;
class ProgressLine;
class TextLabel;

/// Differentially private figures about use, a week at a time, with the budget that they spend; for those who
/// may see them. What a release costs is said beside the button and asked once more: it cannot be taken back.
class FiguresCard : public PrivacyCard {
    Q_OBJECT
public:
    static constexpr int kWeeks = 9;               ///< that are over can be looked at: two months
    static constexpr std::size_t kMostModels = 12; ///< are listed, the most loaded first

    FiguresCard(Theme& theme, PrivacyBridge& bridge);
    void refresh() override; ///< reads what was released; spends nothing
    void release();          ///< the week on screen, after a question
    void showWeek(int back); ///< 0 = the last one that is over

Q_SIGNALS:
    void released(int figures);

private:
    void retranslate() override;
    void showNow();
    void fillGrid(const security::ReleasedWeek& week);
    void fillWeek(const security::ReleasedWeek& week);
    void releaseNow(std::int64_t monday); ///< the week that was asked about
    [[nodiscard]] static QString measureWord(security::Measure measure);

    IconButton *m_earlier, *m_later;
    TextLabel *m_week, *m_cost;
    Button* m_release;
    ProgressLine* m_meter;
    TextLabel* m_hint;
    QGridLayout* m_grid;
    QList<workbench::UsageWeek> m_weeks;
    int m_back = 0;
    bool m_busy = false;
};

} // namespace hearth::gui
