#pragma once

#include <memory>

#include "gui/bridge/hardware_bridge.h"
#include "gui/widgets/surfaces.h"

class QTableView;

namespace hearth::gui {

class Button;
class ComboBox;
class ErrorBox;
class FitDetail;
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
    QWidget* makeCatalogueLine();
    void askForCatalogue();
    void showCatalogue();
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
    TextLabel *m_onlyFittingWord, *m_hint, *m_catalogue;
    QTableView* m_table;
    FitDetail* m_detail;
    Button *m_update, *m_builtIn;
    ErrorBox* m_catalogueError;
};

} // namespace hearth::gui
