#pragma once

#include <memory>

#include <QElapsedTimer>
#include <QObject>

#include "engine/workbench/data_paths.h"
#include "gui/app/languages.h"
#include "gui/bridge/chat_controller.h"
#include "gui/bridge/engine_bridge.h"
#include "gui/bridge/hardware_bridge.h"
#include "gui/bridge/history_bridge.h"
#include "gui/bridge/settings_bridge.h"
#include "gui/models/model_picker_model.h"
#include "gui/shell/main_window.h"
#include "gui/theme/theme.h"

class QApplication;

namespace hearth::gui {

class ChatPage;

/// The desktop program: makes the long-lived objects, hands them to each other and connects them. The only
/// place that knows everybody. GUI thread.
class Application : public QObject {
    Q_OBJECT
public:
    /// `sinceStart` was started when the program began; it only serves the log's start-up time.
    Application(QApplication& qt, const workbench::DataPaths& paths, const QElapsedTimer& sinceStart);
    ~Application() override;

    /// Shows the window; opens `modelFile`, or else, when the settings say that a model is opened at the
    /// start, the last one, or the built-in Guide while there is none.
    void start(const QString& modelFile);
    /// Another copy was started: comes to the front, opens what it was given.
    void activate(const QString& modelFile);
    /// Ends the work in order: draft and window place are kept, the answer is stopped and stored, threads are
    /// joined. Idempotent; also done when the window closes.
    void shutdown();

    [[nodiscard]] MainWindow& window() { return *m_window; }
    [[nodiscard]] Theme& theme() { return m_theme; }
    [[nodiscard]] SettingsBridge& settings() { return m_settings; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addPages();
    void applySettings();
    void openModel(const QString& path);
    void openModelAtStart();
    void noteModelUsed(const QString& path);
    ChatPage* chat();

    const workbench::DataPaths m_paths;
    const QElapsedTimer m_sinceStart;
    Theme m_theme;
    Languages m_languages;
    SettingsBridge m_settings;
    EngineBridge m_engine;
    HistoryBridge m_history;
    ChatController m_controller;
    HardwareBridge m_hardware;
    ModelPickerModel m_models;
    const Result<std::filesystem::path> m_guide; ///< where the small model that comes with the program lies
    std::unique_ptr<MainWindow> m_window;        ///< last: its pages use all of the above
    ChatPage* m_chat = nullptr;                  ///< owned by the window
    std::size_t m_threads = 0;
    bool m_shutDown = false;
};

} // namespace hearth::gui
