#pragma once

#include <QObject>
#include <QPointer>

#include "engine/workbench/data_paths.h"
#include "gui/bridge/hub_bridge.h"
#include "gui/shell/main_window.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class DiscoverPage;
class ModelsWiring;

/// Puts model hubs into the window: the page, what becomes of finished downloads, and word of them. GUI
/// thread; borrows everything, which outlives it.
class DiscoverWiring : public QObject {
    Q_OBJECT
public:
    DiscoverWiring(Theme& theme, MainWindow& window, ModelsWiring& library, const workbench::DataPaths& paths,
                   const QString& version, QObject* parent = nullptr);

    void addPage();
    void setFolder(const std::filesystem::path& folder) { m_bridge.setFolder(folder); } ///< for downloads
    void lookFor(const QString& words); ///< shows the page and searches
    void shutdown() { m_bridge.shutdown(); }

Q_SIGNALS:
    void openAsked(const QString& path); ///< a model in the chat

private:
    void arrived(const QString& file, const QString& path, const QString& source);

    Theme& m_theme;
    MainWindow& m_window;
    ModelsWiring& m_library;
    HubBridge m_bridge;
    QPointer<DiscoverPage> m_page; ///< owned by the window
};

} // namespace hearth::gui
