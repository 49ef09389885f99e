#pragma once

#include <QWidget>

#include "gui/bridge/library_bridge.h"
#include "gui/theme/theme.h"

class QLineEdit;
class QStackedWidget;

namespace hearth::gui {

class Button;
class CalibrationStep;
class ComboBox;
class ErrorBox;
class IconButton;
class PageHeader;
class ProgressLine;
class QuantiseCompare;
class SectionHeader;
class StepBar;
class TargetStep;
class TextLabel;

/// From a version to a smaller one: source, target, calibration, run, compare. The job goes on when the
/// person leaves; showJob() and showVersion() come back to it.
class QuantiseWizard : public QWidget {
    Q_OBJECT
public:
    QuantiseWizard(Theme& theme, LibraryBridge& bridge, QWidget* parent = nullptr);
    void start(qint64 version);
    /// Compares it with its source, or with what it was measured against.
    void showVersion(qint64 version);

Q_SIGNALS:
    void backAsked();
    void discardAsked(qint64 version); ///< take the new version out again

protected:
    void changeEvent(QEvent* event) override;

private:
    enum Step { Source, Target, Calibration, Run, Compare };
    QWidget* makeSource();
    QWidget* makeRun();
    void retranslate();
    void go(int step);
    void showButtons();
    void showTitle();
    void showSource();
    void showSummary();
    void showJob();
    [[nodiscard]] bool isFromElsewhere() const; ///< what is compared was not quantised here
    void run();

    Theme& m_theme;
    LibraryBridge& m_bridge;
    qint64 m_source = 0, m_job = 0;
    int m_step = Source;
    std::string m_phase; ///< of the running job: each has a speed of its own
    PageHeader* m_header;
    IconButton* m_back;
    Button *m_previous, *m_next, *m_discard, *m_keep, *m_default, *m_cancel;
    StepBar* m_steps;
    QStackedWidget* m_stack;
    SectionHeader *m_sourceTitle, *m_runTitle;
    ComboBox* m_versions;
    TextLabel *m_sourceFacts, *m_summary, *m_leave, *m_labelWord;
    QLineEdit* m_label;
    TargetStep* m_target;
    CalibrationStep* m_calibration;
    ProgressLine* m_progress;
    ErrorBox* m_error;
    QuantiseCompare* m_compare;
};

} // namespace hearth::gui
