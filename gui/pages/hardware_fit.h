#pragma once

#include <memory>

#include "gui/bridge/hardware_bridge.h"
#include "gui/widgets/surfaces.h"

class QGridLayout;
class QTableView;

namespace hearth::gui {

class ComboBox;
class FitFilterModel;
class FitMatrixModel;
class SearchField;
class SectionHeader;
class TextLabel;
class Toggle;

/// The fit matrix: filters above, the table, and below it the arithmetic behind the chosen cell.
class FitCard : public Card {
    Q_OBJECT
public:
    FitCard(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeFilters();
    QWidget* makeDetail();
    void retranslate();
    void showFit();
    void showDetail();
    void fitHeight();

    Theme& m_theme;
    HardwareBridge& m_bridge;
    FitMatrixModel* m_model;
    FitFilterModel* m_filter;
    SectionHeader* m_title;
    SearchField* m_search;
    ComboBox *m_purpose, *m_context;
    Toggle* m_onlyFitting;
    TextLabel *m_onlyFittingWord, *m_detailTitle, *m_detailReason, *m_hint;
    QTableView* m_table;
    QWidget* m_detail;
    Chip* m_verdict;
    QGridLayout* m_terms;
};

/// What is best for each purpose, and what more memory, a faster disk or a GPU would bring.
class RecommendationCard : public Card {
    Q_OBJECT
public:
    RecommendationCard(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void show();

    Theme& m_theme;
    HardwareBridge& m_bridge;
    SectionHeader *m_title, *m_upgradesTitle;
    QGridLayout *m_best, *m_upgrades;
};

} // namespace hearth::gui
