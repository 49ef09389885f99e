#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include <QObject>
#include <QPointer>

#include "engine/workbench/data_paths.h"
#include "gui/bridge/accounts_bridge.h"
#include "gui/bridge/hub_bridge.h"
#include "gui/shell/announcer.h"
#include "gui/shell/main_window.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class DiscoverPage;
class DownloadsModel;

/// Puts model hubs into the window for those who may take models in: the page, whose tokens are used, and
/// word of finished downloads. The first of them to come in starts the hub's thread and the downloads of last
/// time; downloads go on while the window is locked. GUI thread; borrows everything, which outlives it.
class DiscoverWiring : public QObject {
    Q_OBJECT
public:
    struct Parts {
        Theme& theme;
        MainWindow& window;
        AccountsBridge& accounts;
        Announcer& announcer;
    };
    DiscoverWiring(const Parts& parts, workbench::DataPaths paths, QString version,
                   QObject* parent = nullptr);
    ~DiscoverWiring() override;

    void addPage();                      ///< for who came in, if they may
    void leave();                        ///< the pages go, and with them the person's tokens
    void setFolder(const QString& path); ///< for downloads; empty = the usual one
    void lookFor(const QString& words);  ///< shows the page and searches; nothing without it
    /// What is being fetched, for the page of models; nullptr for who may not download.
    [[nodiscard]] QWidget* makeDownloadsCard();
    void shutdown();

Q_SIGNALS:
    void openAsked(const QString& path); ///< a model in the chat
    /// Those of who is before the window, also when somebody else comes.
    void hubsChosen(const hearth::workbench::HubSettings& hubs);
    void arrived(const QString& path); ///< the library has another model

private:
    void start();
    void takeTokens();
    void tellFinished(const QString& file, const QString& path);

    const Parts m_parts;
    const workbench::DataPaths m_paths;
    const QString m_version;
    std::filesystem::path m_folder;
    std::unique_ptr<HubBridge> m_bridge;         ///< once somebody is in who may download
    std::unique_ptr<DownloadsModel> m_downloads; ///< with it
    QPointer<DiscoverPage> m_page;               ///< owned by the window
};

} // namespace hearth::gui
