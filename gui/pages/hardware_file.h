#pragma once

#include "gui/bridge/hardware_bridge.h"
#include "gui/widgets/surfaces.h"

class QLineEdit;

namespace hearth::gui {

class Button;
class ErrorBox;
class FitDetail;
class ProgressLine;
class SectionHeader;

/// What another model file would need and do: one on a disk, or one on a hub of which only the header is
/// fetched.
class FileFitCard : public Card {
    Q_OBJECT
public:
    FileFitCard(Theme& theme, HardwareBridge& bridge, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void choose();
    void ask();
    void showState();
    void showResult();

    HardwareBridge& m_bridge;
    SectionHeader* m_title;
    QLineEdit* m_what;
    Button *m_choose, *m_ask, *m_cancel;
    ProgressLine* m_progress;
    ErrorBox* m_error;
    FitDetail* m_detail;
    std::shared_ptr<const FilePrediction> m_result;
};

} // namespace hearth::gui
