#pragma once

#include "gui/bridge/accounts_bridge.h"
#include "gui/models/token_list_model.h"
#include "gui/widgets/surfaces.h"

class QLineEdit;
class QListView;

namespace hearth::gui {

class Button;
class ComboBox;
class ErrorBox;
class SectionHeader;
class TextLabel;
class ToastHost;

/// Keys for programs: one's own, and everybody's for whom the gate allows it. A new one is shown once. Of the
/// administration page and of the settings.
class TokenSection : public Card {
    Q_OBJECT
public:
    TokenSection(Theme& theme, AccountsBridge& accounts, ToastHost& toasts, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void read();
    void make();
    void end();
    void showChosen();

    AccountsBridge& m_accounts;
    ToastHost& m_toasts;
    TokenListModel* m_model;
    SectionHeader* m_title;
    QListView* m_list;
    TextLabel* m_none;
    QLineEdit* m_name;
    ComboBox *m_scope, *m_days;
    Button *m_make, *m_end, *m_copy, *m_hide;
    Card* m_fresh; ///< the new key, until it is hidden
    TextLabel *m_freshTitle, *m_key;
    ErrorBox* m_error;
    bool m_making = false;
};

} // namespace hearth::gui
