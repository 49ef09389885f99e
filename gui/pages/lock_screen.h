#pragma once

#include <QTimer>
#include <QWidget>

#include "engine/base/error.h"
#include "gui/bridge/accounts_bridge.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class Button;
class ComboBox;
class ErrorBox;
class ProgressLine;
class SecretField;
class TextLabel;

/// What the window shows while nobody is signed in: who is there, a password or a recovery key, how long the
/// next try has to wait, and what is wrong where the accounts cannot be opened. Names only; nothing of
/// anybody's content is loaded behind it. GUI thread; theme and bridge outlive it.
class LockScreen : public QWidget {
    Q_OBJECT
public:
    LockScreen(Theme& theme, AccountsBridge& accounts, QWidget* parent = nullptr);

    /// Chooses a profile by its name.
    void choose(const QString& name);

protected:
    void changeEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    enum class Way { Password, RecoveryKey };
    void layOut();
    void retranslate();
    void showPeople();
    void showState();
    void setWay(Way way);
    void submit();
    void failed(const Error& error);
    void startCountdown(int seconds);
    void tick();
    [[nodiscard]] bool canAccept() const;

    Theme& m_theme;
    AccountsBridge& m_accounts;
    Way m_way = Way::Password;
    int m_wait = 0; ///< seconds until the next try
    QString m_wanted;
    QTimer m_second;
    TextLabel *m_title, *m_explanation, *m_countdown;
    ComboBox* m_people;
    QLineEdit* m_name; ///< instead of the list, where there is none to choose from
    SecretField* m_secret;
    ProgressLine* m_busy;
    ErrorBox* m_error;
    Button *m_enter, *m_other, *m_again;
};

} // namespace hearth::gui
