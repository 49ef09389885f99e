#pragma once

#include <functional>
#include <string>
#include <vector>

#include <QObject>
#include <QPointer>
#include <QStringList>

#include "engine/workbench/data_paths.h"
#include "gui/bridge/accounts_bridge.h"
#include "gui/bridge/library_bridge.h"
#include "gui/models/model_picker_model.h"
#include "gui/pages/chat_page.h"
#include "gui/shell/announcer.h"
#include "gui/shell/main_window.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class ModelsPage;

/// Puts the library of models into the window, behind the gate, and in touch with the chat: its picker lists
/// what is installed, and a model is opened as its owner set it. GUI thread; borrows everything, which
/// outlives it.
class ModelsWiring : public QObject {
    Q_OBJECT
public:
    struct Parts {
        Theme& theme;
        MainWindow& window;
        AccountsBridge& accounts;
        ModelPickerModel& picker;
        Announcer& announcer;
    };
    ModelsWiring(const Parts& parts, const workbench::DataPaths& paths, std::size_t threads,
                 QObject* parent = nullptr);

    void addPage(); ///< for those who may see models
    void connectChat(ChatPage& chat);
    void setFolders(const QStringList& folders);
    void setColumns(const QByteArray& kept); ///< of the list
    /// Makes what the page shows above its list; may make nothing.
    void setAbove(std::function<QWidget*()> make) { m_makeAbove = std::move(make); }
    /// Runs `act` as soon as it is known what the library holds, or that it cannot be read.
    void whenRead(std::function<void()> act);
    [[nodiscard]] LibraryBridge& bridge() { return m_bridge; }
    void shutdown() { m_bridge.shutdown(); }

Q_SIGNALS:
    void openAsked(const QString& path); ///< a model in the chat
    /// Somebody looks for a model that is not here. The page offers it where a slot is connected.
    void findModelAsked(const QString& words);
    void columnsChanged(const QByteArray& columns); ///< by the person

private:
    void guard();
    void note(const workbench::Job& job, const QString& path, const char* what, const std::string& code);
    void announce();
    void announceEnd(const workbench::Job& job);
    void announceImport(const workbench::ImportReport& report);
    void offerInstalled();

    const Parts m_parts;
    LibraryBridge m_bridge;
    QStringList m_folders;
    QByteArray m_columns;
    std::function<QWidget*()> m_makeAbove;
    QPointer<ModelsPage> m_page; ///< owned by the window
    std::vector<std::function<void()>> m_waiting;
};

} // namespace hearth::gui
