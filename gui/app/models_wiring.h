#pragma once

#include <QObject>
#include <QStringList>

#include "engine/workbench/data_paths.h"
#include "gui/bridge/library_bridge.h"
#include "gui/models/model_picker_model.h"
#include "gui/pages/chat_page.h"
#include "gui/shell/main_window.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class ModelsPage;

/// Puts the library of models into the window and in touch with the chat: its picker lists what is installed,
/// and a model is opened as its owner set it. GUI thread; borrows everything, which outlives it.
class ModelsWiring : public QObject {
    Q_OBJECT
public:
    ModelsWiring(Theme& theme, MainWindow& window, ModelPickerModel& picker,
                 const workbench::DataPaths& paths, std::size_t threads, QObject* parent = nullptr);

    void addPage();
    void connectChat(ChatPage& chat);
    void setFolders(const QStringList& folders);
    void noteUsed(const QString& path) { m_bridge.noteUsed(path); }
    /// A file that a download has brought.
    void takeInDownload(const QString& path, const QString& source = {});
    [[nodiscard]] LibraryBridge& bridge() { return m_bridge; }
    /// The page, made when it is first shown; nullptr before.
    [[nodiscard]] ModelsPage* page() const { return m_page; }
    void shutdown() { m_bridge.shutdown(); }

Q_SIGNALS:
    void openAsked(const QString& path); ///< a model in the chat
    void pageMade();                     ///< page() is there
    void findModelAsked(const QString& words);

private:
    void offerInstalled();

    Theme& m_theme;
    MainWindow& m_window;
    ModelPickerModel& m_picker;
    LibraryBridge m_bridge;
    QStringList m_folders;
    ModelsPage* m_page = nullptr; ///< owned by the window
};

} // namespace hearth::gui
