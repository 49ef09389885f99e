#pragma once

#include <QDialog>

#include "gui/bridge/accounts_bridge.h"
#include "gui/theme/theme.h"

class QLineEdit;
class QStackedWidget;

namespace hearth::gui {

class Button;
class ComboBox;
class ErrorBox;
class NewPasswordFields;
class ProgressLine;
class RecoveryKeyPanel;
class TextLabel;

/// Makes a profile, or gives one new keys whose person lost both password and recovery key; then shows the
/// recovery key and has it typed back. Shown without blocking; deletes itself, and closes when the window is
/// locked.
class NewProfileDialog : public QDialog {
    Q_OBJECT
public:
    NewProfileDialog(Theme& theme, AccountsBridge& accounts, QWidget* parent);
    /// New keys: everything that the profile sealed is lost.
    NewProfileDialog(Theme& theme, AccountsBridge& accounts, const security::Profile& profile,
                     QWidget* parent);

Q_SIGNALS:
    void made(const QString& name);

private:
    void layOut();
    void submit();
    void showBusy(bool busy);

    Theme& m_theme;
    AccountsBridge& m_accounts;
    const std::optional<security::Profile> m_anew;
    bool m_busy = false;
    QStackedWidget* m_steps;
    QLineEdit* m_name;
    ComboBox* m_role;
    TextLabel* m_explanation;
    NewPasswordFields* m_password;
    ProgressLine* m_line;
    ErrorBox* m_error;
    RecoveryKeyPanel* m_recovery;
    Button *m_make, *m_cancel;
};

/// Asks for a name and gives it to a profile.
class RenameDialog : public QDialog {
    Q_OBJECT
public:
    RenameDialog(Theme& theme, AccountsBridge& accounts, const security::Profile& profile, QWidget* parent);
};

/// Erases a person, after their name was typed: keys, chats, backups, name.
class EraseDialog : public QDialog {
    Q_OBJECT
public:
    EraseDialog(Theme& theme, AccountsBridge& accounts, const security::Profile& profile, QWidget* parent);

Q_SIGNALS:
    void erased(const QString& name);
};

} // namespace hearth::gui
