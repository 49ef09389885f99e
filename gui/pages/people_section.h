#pragma once

#include "gui/bridge/accounts_bridge.h"
#include "gui/models/profile_list_model.h"
#include "gui/widgets/surfaces.h"

class QListView;

namespace hearth::gui {

class Button;
class ComboBox;
class ErrorBox;
class SectionHeader;
class TextLabel;
class ToastHost;

/// The profiles: who there is, and what can be done with the chosen one. Of the administration page.
class PeopleSection : public QWidget {
    Q_OBJECT
public:
    PeopleSection(Theme& theme, AccountsBridge& accounts, ToastHost& toasts, QWidget* parent = nullptr);

    void askNew(); ///< makes a profile

protected:
    void changeEvent(QEvent* event) override;

private:
    using Step = std::function<Result<void>(AccountsDesk&, security::ProfileId)>;
    void retranslate();
    void showPeople();
    void showChosen();
    [[nodiscard]] const security::Profile* chosen() const;
    void change(security::ProfileId id, Step step, const QString& done);

    Theme& m_theme;
    AccountsBridge& m_accounts;
    ToastHost& m_toasts;
    ProfileListModel* m_model;
    QListView* m_list;
    ErrorBox* m_error;
    Card* m_detail;
    SectionHeader* m_name;
    TextLabel* m_roleWords;
    ComboBox* m_role;
    Button *m_rename, *m_disable, *m_reset, *m_anew, *m_erase;
};

} // namespace hearth::gui
