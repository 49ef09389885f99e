#pragma once

#include <functional>

#include <QWidget>

#include "gui/bridge/hardware_bridge.h"
#include "gui/theme/theme.h"

class QMenu;
class QVBoxLayout;

namespace hearth::gui {

class BarPlot;
class Button;
class Card;
class CardGrid;
class Chip;
class EnvironmentCard;
class ErrorBox;
class FitCard;
class HardwareFacts;
class HardwareOverview;
class PageHeader;
class ProgressLine;
class RecommendationCard;
class SectionHeader;
class StaircasePlot;
class TextLabel;

/// What this machine is and how fast it really is: looked at when the page is first shown, measured on
/// request.
class HardwarePage : public QWidget {
    Q_OBJECT
public:
    HardwarePage(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);
    /// Whether the buttons are there, and who is asked before a report is written; `write` runs when it is
    /// allowed. Everything is, until this is called.
    void setRights(bool measure, bool exportReports,
                   std::function<void(std::function<void()> write)> guard);

protected:
    void changeEvent(QEvent* event) override;

private:
    void makeExport();
    void askWhere(hardware::ReportFormat format);
    QWidget* makeProgress();
    QWidget* makePlots();
    void retranslate();
    void showProfile();
    void showMeasurements();
    void showComparison();
    void showMeasuring();

    Theme& m_theme;
    HardwareBridge& m_bridge;
    PageHeader* m_header;
    Chip* m_when;
    Button *m_again, *m_export, *m_measure, *m_cancel;
    QMenu* m_formats;
    std::function<void(std::function<void()>)> m_guard;
    ErrorBox *m_error, *m_change;
    Card *m_progressCard, *m_stairsCard, *m_kernelsCard, *m_historyCard;
    ProgressLine* m_progress;
    HardwareOverview* m_overview;
    FitCard* m_fit;
    RecommendationCard* m_recommendations;
    SectionHeader *m_stairsTitle, *m_kernelsTitle, *m_historyTitle;
    StaircasePlot* m_stairs;
    TextLabel *m_threadsTitle, *m_decodeTitle, *m_prefillTitle;
    BarPlot *m_threads, *m_decode, *m_prefill, *m_history;
    CardGrid* m_plots;
    HardwareFacts* m_facts;
    EnvironmentCard* m_environment;
};

} // namespace hearth::gui
