#pragma once

#include <QDialog>

#include "gui/bridge/accounts_bridge.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class Button;
class ErrorBox;
class NewPasswordFields;
class ProgressLine;
class SecretField;
class SectionHeader;

/// Changes one's own password: only keys are wrapped anew, no chat is touched. Shown without blocking;
/// deletes itself. Closes when the window is locked.
class PasswordDialog : public QDialog {
    Q_OBJECT
public:
    enum class Kind {
        Change,       ///< asks for the former one
        AfterRecovery ///< they came with the recovery key
    };
    PasswordDialog(Theme& theme, AccountsBridge& accounts, Kind kind, QWidget* parent);

Q_SIGNALS:
    void changed();

private:
    void submit();
    void showBusy(bool busy);

    AccountsBridge& m_accounts;
    const Kind m_kind;
    bool m_busy = false;
    SecretField* m_former;
    NewPasswordFields* m_new;
    ProgressLine* m_line;
    ErrorBox* m_error;
    Button *m_save, *m_cancel;
};

/// Tests one's recovery key, or makes a new one, shows it and tests that.
class RecoveryDialog : public QDialog {
    Q_OBJECT
public:
    enum class Kind { Test, Renew };
    RecoveryDialog(Theme& theme, AccountsBridge& accounts, Kind kind, QWidget* parent);

Q_SIGNALS:
    void tested();
};

} // namespace hearth::gui
