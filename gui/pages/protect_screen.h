#pragma once

#include <memory>
#include <stop_token>

#include <QWidget>

#include "engine/base/error.h"
#include "gui/bridge/accounts_bridge.h"
#include "gui/theme/theme.h"

class QLineEdit;
class QStackedWidget;

namespace hearth::gui {

class Button;
class ErrorBox;
class NewPasswordFields;
class ProgressLine;
class RecoveryKeyPanel;
class SectionHeader;
class TextLabel;

/// The steps from readable chats to sealed ones: the first administrator with a password, the recovery key
/// and its test, taking over what is there. Every step can be left out and done later; whatever is done
/// stays. Covers the window, because the chats must be closed meanwhile. GUI thread.
class ProtectScreen : public QWidget {
    Q_OBJECT
public:
    /// Begins with taking over when somebody is signed in already.
    ProtectScreen(Theme& theme, AccountsBridge& accounts, QWidget* parent = nullptr);

Q_SIGNALS:
    void finished();

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeForm();
    QWidget* makeTakeOver();
    void retranslate();
    void create();
    void showKey(security::NewKeys keys);
    void offerTakeOver();
    void takeOver();
    void showBusy(bool busy);

    Theme& m_theme;
    AccountsBridge& m_accounts;
    std::stop_source m_stop;
    bool m_busy = false;
    QStackedWidget* m_steps;
    QWidget *m_form, *m_takeOver;
    RecoveryKeyPanel* m_recovery;
    SectionHeader *m_formTitle, *m_takeTitle;
    QLineEdit* m_name;
    NewPasswordFields* m_password;
    TextLabel *m_gain, *m_limits;
    ProgressLine *m_creating, *m_taking;
    ErrorBox *m_formError, *m_takeError;
    Button *m_create, *m_notNow, *m_take, *m_takeLater;
};

} // namespace hearth::gui
