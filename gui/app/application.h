#pragma once

#include <memory>

#include <QElapsedTimer>
#include <QObject>

#include "engine/workbench/data_paths.h"
#include "gui/app/doorkeeper.h"
#include "gui/app/languages.h"
#include "gui/app/privacy_wiring.h"
#include "gui/bridge/accounts_bridge.h"
#include "gui/bridge/chat_controller.h"
#include "gui/bridge/engine_bridge.h"
#include "gui/bridge/hardware_bridge.h"
#include "gui/bridge/history_bridge.h"
#include "gui/bridge/settings_bridge.h"
#include "gui/models/model_picker_model.h"
#include "gui/shell/announcer.h"
#include "gui/shell/main_window.h"
#include "gui/theme/theme.h"

class QApplication;

namespace hearth::gui {

class ChatPage;
class DiscoverWiring;
class ModelGuard;
class ModelsWiring;

/// The desktop program: makes the long-lived objects, hands them to each other and connects them. The only
/// place that knows everybody. GUI thread.
class Application : public QObject {
    Q_OBJECT
public:
    /// `sinceStart` was started when the program began; it only serves the log's start-up time.
    /// `accounts` gives tests a cheaper password cost and another clock.
    Application(QApplication& qt, const workbench::DataPaths& paths, const QElapsedTimer& sinceStart,
                workbench::AccountsOptions accounts = {});
    ~Application() override;

    /// Shows the window, locked while there are profiles and nobody is signed in; then opens `modelFile`, or
    /// else, when the settings say that a model is opened at the start, the last one, or the built-in Guide
    /// while there is none.
    void start(const QString& modelFile);
    /// Another copy was started: comes to the front, opens what it was given.
    void activate(const QString& modelFile);
    /// Ends the work in order: draft and window place are kept, the answer is stopped and stored, threads are
    /// joined. Idempotent; also done when the window closes.
    void shutdown();

    [[nodiscard]] MainWindow& window() { return *m_window; }
    [[nodiscard]] Theme& theme() { return m_theme; }
    [[nodiscard]] SettingsBridge& settings() { return m_settings; }
    [[nodiscard]] AccountsBridge& accounts() { return m_accounts; }
    [[nodiscard]] HistoryBridge& history() { return m_history; }
    [[nodiscard]] EngineBridge& engine() { return m_engine; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addPages();
    void addChatPage();
    void addHardwarePage();
    void addSettingsPage();
    void addAdministrationPage();
    void comeIn();
    void goOut();
    void startChat();
    void noteReports();
    void setChatRights(ChatPage& page);
    /// Asks the gate; `act` runs when it is allowed and `context` is still there, else a toast says why not.
    void guarded(QObject* context, security::Action action, security::Resource resource,
                 std::function<void()> act);
    void askBeforeReadable(QWidget* page, std::function<void()> write);
    void applySettings();
    void openModel(const QString& path); ///< once it is known how the library wants it opened
    void openNow(const QString& path);
    void openModelAtStart();
    void noteModelUsed(const QString& path);
    ChatPage* chat();

    const workbench::DataPaths m_paths;
    const QElapsedTimer m_sinceStart;
    Theme m_theme;
    Languages m_languages;
    SettingsBridge m_settings;
    EngineBridge m_engine;
    AccountsBridge m_accounts;
    HistoryBridge m_history;
    ChatController m_controller;
    HardwareBridge m_hardware;
    ModelPickerModel m_models;
    const Result<std::filesystem::path> m_guide; ///< where the small model that comes with the program lies
    std::unique_ptr<Announcer> m_announcer;      ///< as the library
    std::unique_ptr<DiscoverWiring> m_hubs;      ///< as the library
    std::unique_ptr<ModelsWiring> m_library;     ///< made after the window, and gone after it
    std::unique_ptr<MainWindow> m_window;        ///< its pages use all of the above
    std::unique_ptr<ModelGuard> m_guard;
    std::unique_ptr<Doorkeeper> m_door;
    std::unique_ptr<PrivacyWiring> m_privacy;
    ChatPage* m_chat = nullptr; ///< owned by the window; nullptr where there is none
    QString m_page;             ///< that was on screen when the pages went
    QString m_wanted;           ///< a model file to open once somebody is in
    bool m_started = false;     ///< the model of the start was opened
    std::size_t m_threads = 0;
    bool m_shutDown = false;
};

} // namespace hearth::gui
