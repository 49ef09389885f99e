#pragma once

#include "gui/bridge/accounts_bridge.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

class Button;
class ComboBox;
class SectionHeader;
class SettingRow;
class SettingsBridge;
class TextLabel;
class ToastHost;
class Toggle;

/// Of the settings: who may read the chats, and what the person can do about it – protecting them, password,
/// recovery key, when the window locks. In single-person mode it says plainly what is not protected.
class ProtectionCard : public Card {
    Q_OBJECT
public:
    ProtectionCard(Theme& theme, AccountsBridge& accounts, SettingsBridge& settings, ToastHost& toasts,
                   QWidget* parent = nullptr);

Q_SIGNALS:
    void protectAsked(); ///< or taking over what is still readable

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void show();

    Theme& m_theme;
    AccountsBridge& m_accounts;
    SettingsBridge& m_settings;
    ToastHost& m_toasts;
    bool m_plainWaits = false;
    SectionHeader* m_title;
    TextLabel* m_single;
    Button *m_protect, *m_adopt, *m_password, *m_test, *m_renew;
    ComboBox* m_idle;
    Toggle* m_session;
    SettingRow *m_adoptRow, *m_passwordRow, *m_testRow, *m_renewRow, *m_idleRow, *m_sessionRow;
};

} // namespace hearth::gui
