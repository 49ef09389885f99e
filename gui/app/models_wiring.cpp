#include "gui/app/models_wiring.h"

#include "gui/pages/models_page.h"

namespace hearth::gui {

ModelsWiring::ModelsWiring(Theme& theme, MainWindow& window, ModelPickerModel& picker,
                           const workbench::DataPaths& paths, std::size_t threads, QObject* parent)
    : QObject(parent), m_theme(theme), m_window(window), m_picker(picker),
      m_bridge(libraryServices(paths.data, threads)) {
    connect(&m_bridge, &LibraryBridge::changed, this, &ModelsWiring::offerInstalled);
}

void ModelsWiring::addPage() {
    m_window.addPage({.id = QStringLiteral("models"),
                      .icon = QStringLiteral("models"),
                      .word = [] { return tr("Models"); },
                      .make =
                          [this] {
                              m_page = new ModelsPage(m_theme, m_bridge, m_window.toasts());
                              m_page->setFolders(m_folders);
                              connect(m_page, &ModelsPage::openAsked, this, &ModelsWiring::openAsked);
                              connect(m_page, &ModelsPage::findModelAsked, this,
                                      &ModelsWiring::findModelAsked);
                              connect(m_page, &QObject::destroyed, this, [this] { m_page = nullptr; });
                              Q_EMIT pageMade();
                              return m_page;
                          },
                      .shortcut = QKeySequence(Qt::CTRL | Qt::Key_2)});
}

void ModelsWiring::connectChat(ChatPage& chat) {
    chat.setOwnDefaults([this](const QString& path) {
        const workbench::ModelDefaults defaults = m_bridge.defaultsFor(path);
        return ChatPage::OwnDefaults{defaults.contextTokens, defaults.chatTemplate,
                                     QString::fromStdString(defaults.systemPrompt), defaults.params};
    });
}

void ModelsWiring::setFolders(const QStringList& folders) {
    m_folders = folders;
    if (m_page)
        m_page->setFolders(folders);
}

void ModelsWiring::takeInDownload(const QString& path, const QString& source) {
    workbench::AddRequest request;
    request.path = std::filesystem::path(path.toStdU16String());
    request.mode = workbench::FileMode::Made;
    request.origin = "downloaded";
    request.source = source.toStdString();
    m_bridge.takeIn(std::move(request));
}

void ModelsWiring::offerInstalled() {
    QList<QPair<QString, QString>> models;
    for (const auto& model : m_bridge.models())
        for (const auto& version : model.versions)
            if (model.runnable && version.state() != workbench::FileState::Missing)
                models << qMakePair(QString::fromStdString(version.path().string()),
                                    QString::fromStdString(model.name));
    m_picker.setInstalled(models);
}

} // namespace hearth::gui
