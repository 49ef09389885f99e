#pragma once

#include <QDialog>

#include "gui/bridge/privacy_bridge.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class BackupsCard;
class Button;
class ErrorBox;
class TextLabel;

/// Leads through a history that does not open: put a backup back, save what can be read, or begin anew. The
/// damaged file stays, set aside, whatever is chosen. Shown without blocking; deletes itself; closes when the
/// chats open again or the window locks.
class RepairDialog : public QDialog {
    Q_OBJECT
public:
    RepairDialog(Theme& theme, PrivacyBridge& bridge, const Error& problem, QWidget* parent);

    /// Whether this dialog is the answer to an error of opening.
    [[nodiscard]] static bool helps(const Error& problem);

private:
    void busy(bool busy);
    void askToBeginAnew();

    PrivacyBridge& m_bridge;
    ErrorBox* m_problem;
    TextLabel *m_saveWord, *m_anewWord;
    BackupsCard* m_backups;
    Button *m_save, *m_anew, *m_later;
};

} // namespace hearth::gui
