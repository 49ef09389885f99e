#pragma once

#include <QWidget>

#include "gui/bridge/accounts_bridge.h"
#include "gui/theme/theme.h"

class QStackedWidget;

namespace hearth::gui {

class Button;
class PageHeader;
class PeopleSection;
class SegmentedControl;
class ToastHost;

/// Profiles, rights and keys for programs, for who may manage them. GUI thread; what it is given outlives it.
class AdministrationPage : public QWidget {
    Q_OBJECT
public:
    /// `models`: absolute paths that access lists are offered for.
    AdministrationPage(Theme& theme, AccountsBridge& accounts, ToastHost& toasts, const QStringList& models,
                       QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    PageHeader* m_header;
    SegmentedControl* m_part;
    QStackedWidget* m_stack;
    PeopleSection* m_people;
    Button* m_new;
};

} // namespace hearth::gui
