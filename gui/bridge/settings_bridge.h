#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QObject>
#include <QThread>
#include <QTimer>

#include "engine/base/error.h"
#include "engine/workbench/settings.h"
#include "gui/bridge/metatypes.h"

namespace hearth::gui {

/// The program's settings as the window sees them. Read once in the constructor, before the first window;
/// changes are in force at once and written a moment later in a thread of their own, so that a slider does
/// not wait for a disk. GUI thread.
class SettingsBridge : public QObject {
    Q_OBJECT

public:
    static constexpr int kSaveDelayMs = 250; ///< gathers the steps of a slider into one write

    explicit SettingsBridge(std::filesystem::path file, QObject* parent = nullptr);
    ~SettingsBridge() override; ///< as shutdown()

    [[nodiscard]] const workbench::Settings& settings() const { return m_settings; }
    /// What was wrong with the file when it was read; empty when nothing was.
    [[nodiscard]] const std::vector<Error>& problems() const { return m_problems; }
    /// Where the settings are kept.
    [[nodiscard]] QString path() const;

    /// Applies `edit` to the settings; emits changed() and saves when that made a difference.
    void change(const std::function<void(workbench::Settings&)>& edit);

    /// Writes what is not yet written, waits for it and ends the thread. Idempotent.
    void shutdown();

Q_SIGNALS:
    void changed();
    void saved();
    void saveFailed(const hearth::Error& error);

private:
    void saveNow();

    std::shared_ptr<workbench::SettingsFile> m_file; ///< after the constructor used in m_thread only
    std::filesystem::path m_path;
    workbench::Settings m_settings;
    std::vector<Error> m_problems;
    QThread m_thread;
    QObject* m_worker; ///< context of queued calls; lives in m_thread
    QTimer m_delay;
    bool m_shutDown = false;
};

} // namespace hearth::gui
