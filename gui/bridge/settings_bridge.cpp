#include "gui/bridge/settings_bridge.h"

#include <utility>

namespace hearth::gui {

SettingsBridge::SettingsBridge(std::filesystem::path file, QObject* parent)
    : QObject(parent), m_file(std::make_shared<workbench::SettingsFile>(file)), m_path(std::move(file)),
      m_worker(new QObject) {
    qRegisterMetaType<hearth::Error>();
    auto loaded = m_file->load();
    m_settings = std::move(loaded.settings);
    m_problems = std::move(loaded.problems);

    m_thread.setObjectName(QStringLiteral("settings"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start(QThread::LowPriority);
    m_delay.setSingleShot(true);
    m_delay.setInterval(kSaveDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &SettingsBridge::saveNow);
}

SettingsBridge::~SettingsBridge() {
    shutdown();
}

QString SettingsBridge::path() const {
    return QString::fromStdString(m_path.string());
}

void SettingsBridge::change(const std::function<void(workbench::Settings&)>& edit) {
    workbench::Settings edited = m_settings;
    edit(edited);
    if (edited == m_settings || m_shutDown)
        return;
    m_settings = std::move(edited);
    m_delay.start();
    Q_EMIT changed();
}

void SettingsBridge::saveNow() {
    m_delay.stop();
    QMetaObject::invokeMethod(m_worker, [this, file = m_file, settings = m_settings] {
        // The destructor joins this thread, so `this` is alive; the signals cross to the GUI thread queued.
        if (const auto result = file->save(settings))
            Q_EMIT saved();
        else
            Q_EMIT saveFailed(result.error());
    });
}

void SettingsBridge::shutdown() {
    if (std::exchange(m_shutDown, true))
        return;
    if (m_delay.isActive())
        saveNow();
    // quit() only ends the loop after what was queued before it has run.
    QMetaObject::invokeMethod(m_worker, [this] { m_thread.quit(); });
    m_thread.wait();
}

} // namespace hearth::gui
