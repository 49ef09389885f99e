#pragma once

#include <functional>

#include <QTimer>
#include <QWidget>

#include "gui/bridge/hardware_bridge.h"
#include "gui/theme/theme.h"

class QAction;
class QMenu;

namespace hearth::gui {

class Button;
class Card;
class Chip;
class EnvironmentCard;
class ErrorBox;
class FitCard;
class HardwareFacts;
class HardwareOverview;
class MeasuredCards;
class PageHeader;
class ProgressLine;
class RecommendationCard;

/// What this machine is and how fast it really is: looked at when the page is first shown, measured on
/// request.
class HardwarePage : public QWidget {
    Q_OBJECT
public:
    HardwarePage(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);
    /// Whether the buttons are there, and who is asked before a report is written; `write` runs when it is
    /// allowed. Everything is, until this is called.
    void setRights(bool measure, bool exportReports, std::function<void(std::function<void()> write)> guard);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void makeExport();
    void askForReport();
    void askWhere(hardware::ReportFormat format);
    QWidget* makeProgress();
    void retranslate();
    void showProfile();
    void showMeasurements();
    void showComparison();
    void showMeasuring();

    Theme& m_theme;
    HardwareBridge& m_bridge;
    PageHeader* m_header;
    Chip* m_when;
    Button *m_again, *m_compare = nullptr, *m_export = nullptr, *m_quick = nullptr, *m_measure, *m_cancel;
    QMenu* m_formats = nullptr;
    QAction* m_identifying = nullptr; ///< of m_formats
    std::function<void(std::function<void()>)> m_guard;
    ErrorBox *m_error, *m_change;
    Card* m_progressCard;
    ProgressLine* m_progress;
    HardwareOverview* m_overview;
    FitCard* m_fit;
    RecommendationCard* m_recommendations;
    MeasuredCards* m_measuredCards;
    HardwareFacts* m_facts;
    EnvironmentCard* m_environment;
    QTimer m_clock;
};

} // namespace hearth::gui
