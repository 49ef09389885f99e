#pragma once

#include <cstddef>
#include <functional>

#include <QWidget>

#include "gui/theme/theme.h"

class QVBoxLayout;

namespace hearth::workbench {
struct Settings;
}

namespace hearth::gui {

class Button;
class ComboBox;
class ErrorBox;
class LabelledSlider;
class PageHeader;
class SectionHeader;
class SegmentedControl;
class SettingRow;
class SettingsBridge;
class ToastHost;
class Toggle;

/// The program's settings. Every change is in force and kept at once; there is no "apply". GUI thread; what
/// it is given outlives it.
class SettingsPage : public QWidget {
    Q_OBJECT
public:
    struct Facts {
        std::size_t usableCores = 1;  ///< what "automatic" takes
        QString dataFolder;           ///< shown with a button that opens it
        bool hasNotifications = true; ///< the desktop can be told of something
        bool mayChange = true;        ///< what holds for the whole machine: else only the appearance is there
        /// Asks before something of the whole machine is changed; `change` runs when it is allowed. Empty =
        /// everything is.
        std::function<void(std::function<void()> change)> guard = {};
    };

    SettingsPage(Theme& theme, SettingsBridge& settings, ToastHost& toasts, Facts facts,
                 QWidget* parent = nullptr);
    /// Above the cards of the page itself; the page owns it.
    void addCard(QWidget* card);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* appearanceCard();
    QWidget* notificationsCard();
    QWidget* engineCard();
    QWidget* foldersCard();
    void retranslate();
    void retranslateEngine();
    void show(); ///< from the settings into the controls
    void showFolders();
    void showProblems();
    void change(std::function<void(workbench::Settings&)> edit); ///< through the guard
    void addFolder();
    void removeFolder(const QString& folder);

    Theme& m_theme;
    SettingsBridge& m_settings;
    ToastHost& m_toasts;
    const Facts m_facts;

    PageHeader* m_header;
    ErrorBox* m_problem;
    QVBoxLayout* m_cards = nullptr;
    SectionHeader *m_appearanceTitle = nullptr, *m_notificationsTitle = nullptr, *m_engineTitle = nullptr,
                  *m_foldersTitle = nullptr;
    ComboBox *m_language = nullptr, *m_threads = nullptr, *m_context = nullptr;
    SegmentedControl *m_mode = nullptr, *m_kvType = nullptr, *m_policy = nullptr;
    LabelledSlider* m_fontScale = nullptr;
    Toggle *m_notifications = nullptr, *m_loadLast = nullptr;
    SettingRow *m_languageRow = nullptr, *m_modeRow = nullptr, *m_notificationsRow = nullptr,
               *m_threadsRow = nullptr, *m_contextRow = nullptr, *m_kvRow = nullptr, *m_policyRow = nullptr,
               *m_loadLastRow = nullptr, *m_dataRow = nullptr;
    QVBoxLayout* m_folders = nullptr;
    Button *m_addFolder = nullptr, *m_openData = nullptr;
};

} // namespace hearth::gui
