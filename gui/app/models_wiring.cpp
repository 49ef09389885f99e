#include "gui/app/models_wiring.h"

#include <utility>

#include <QMetaMethod>

#include "gui/app/model_guard.h"
#include "gui/pages/models_jobs.h"
#include "gui/pages/models_page.h"
#include "gui/widgets/error_text.h"

namespace hearth::gui {

namespace {

/// As the audit log has it.
const char* wordOf(workbench::JobKind kind) {
    switch (kind) {
    case workbench::JobKind::Quantise:
        return "quantise";
    case workbench::JobKind::Convert:
        return "convert";
    case workbench::JobKind::Ask:
        return "ask";
    case workbench::JobKind::Measure:
        return "measure";
    }
    return "";
}

} // namespace

using security::Action;
using security::Resource;
using workbench::Target;

ModelsWiring::ModelsWiring(const Parts& parts, const workbench::DataPaths& paths, std::size_t threads,
                           QObject* parent)
    : QObject(parent), m_parts(parts), m_bridge(libraryServices(paths.data, threads)) {
    guard();
    announce();
    connect(&m_bridge, &LibraryBridge::changed, this, &ModelsWiring::offerInstalled);
    const auto read = [this] {
        for (const auto& act : std::exchange(m_waiting, {}))
            act();
    };
    connect(&m_bridge, &LibraryBridge::changed, this, read);
    connect(&m_bridge, &LibraryBridge::failed, this, read);
}

/// Jobs go on while the window is locked; they were allowed when they were asked for. What a person asked
/// does not: it is their own words.
void ModelsWiring::guard() {
    m_bridge.setGuard([this](Action action, const QString& path, LibraryBridge::Answer answer) {
        m_parts.accounts.check(&m_bridge, action, Target::modelAt(path.toStdString()), std::move(answer));
    });
    m_bridge.setThingGuard([this](Action action, Target target, LibraryBridge::Answer answer) {
        m_parts.accounts.check(&m_bridge, action, std::move(target), std::move(answer));
    });
    m_bridge.setKeys([this](const QString& path, LibraryBridge::KeyAnswer answer) {
        m_parts.accounts.request(
            &m_bridge,
            [file = std::filesystem::path(path.toStdU16String())](AccountsDesk& desk) {
                return keyFor(desk, file);
            },
            [answer = std::move(answer)](const Result<ModelKey>& key) { answer(key); });
    });
    connect(&m_parts.accounts, &AccountsBridge::aboutToLock, &m_bridge, &LibraryBridge::forgetAsked);
    connect(&m_bridge, &LibraryBridge::ended, this,
            [this](Action action, const QString& path, const QString& code) {
                m_parts.accounts.noteOutcome(action, Target::modelAt(path.toStdString()), code.toStdString());
            });
    connect(&m_bridge, &LibraryBridge::jobAdded, this,
            [this](const workbench::Job& job, const QString& path) { note(job, path, "added", {}); });
    connect(&m_bridge, &LibraryBridge::jobEnded, this,
            [this](const workbench::Job& job, const QString& path) {
                note(job, path, "ended",
                     job.state == workbench::JobState::Cancelled ? kCancelled
                     : job.error                                 ? job.error->code
                                                                 : std::string());
            });
}

/// What takes so long that people look elsewhere meanwhile.
void ModelsWiring::announce() {
    connect(&m_bridge, &LibraryBridge::jobEnded, this, &ModelsWiring::announceEnd);
    connect(&m_bridge, &LibraryBridge::imported, this, &ModelsWiring::announceImport);
    connect(&m_bridge, &LibraryBridge::verified, this,
            [this](qint64 version, const workbench::Verification& result) {
                const auto* model = m_bridge.modelOfVersion(version);
                const QString name = model ? QString::fromStdString(model->name) : QString();
                m_parts.announcer.tellDesktop({tr("Verifying is over"),
                                               result.good() ? tr("%1 is as it was recorded.").arg(name)
                                                             : tr("%1 is not as it was recorded.").arg(name),
                                               QStringLiteral("models")});
            });
}

/// The page of models shows what becomes of jobs; of what was asked of versions only that it was answered.
void ModelsWiring::announceEnd(const workbench::Job& job) {
    if (job.state == workbench::JobState::Cancelled)
        return; // they did it themselves
    const QString page = QStringLiteral("models"), model = QString::fromStdString(job.title),
                  what = JobsCard::what(job);
    const Announcer::News news =
        job.error ? Announcer::News{tr("A job failed"),
                                    tr("%1, %2: %3").arg(model, what, errorText(*job.error).title), page}
                  : Announcer::News{tr("A job is done"), tr("%1: %2").arg(model, what), page};
    if (m_parts.window.currentPage() == page)
        m_parts.announcer.tellDesktop(news);
    else
        m_parts.announcer.tell(news);
}

void ModelsWiring::announceImport(const workbench::ImportReport& report) {
    m_parts.announcer.tellDesktop(
        {tr("Models were taken in"),
         report.problems.empty()
             ? tr("%n model(s) were taken in.", nullptr, static_cast<int>(report.added.size()))
             : tr("%n file(s) could not be taken in.", nullptr, static_cast<int>(report.problems.size())),
         QStringLiteral("models")});
}

/// In the audit log. What starts from no version (a folder that is converted) is told by its name.
void ModelsWiring::note(const workbench::Job& job, const QString& path, const char* what,
                        const std::string& code) {
    Target target = Target::modelAt(path.toStdString());
    target.object = "job " + std::to_string(job.id) + " " + wordOf(job.kind) + " " + what + ", " +
                    (path.isEmpty() ? job.title : target.model);
    m_parts.accounts.noteOutcome(job.kind == workbench::JobKind::Ask ? Action::Use : Action::Create, target,
                                 code);
}

void ModelsWiring::addPage() {
    const Rights& rights = m_parts.accounts.rights();
    if (!rights.own(Action::View, Resource::Model))
        return;
    m_bridge.setRights(rights);
    m_bridge.setOwner(m_parts.accounts.owner());
    m_parts.window.addPage(
        {.id = QStringLiteral("models"),
         .icon = QStringLiteral("models"),
         .word = [] { return tr("Models"); },
         .make =
             [this] {
                 m_page = new ModelsPage(m_parts.theme, m_bridge, m_parts.window.toasts());
                 m_page->setFolders(m_folders);
                 m_page->setColumns(m_columns);
                 if (QWidget* above = m_makeAbove ? m_makeAbove() : nullptr)
                     m_page->addAbove(above);
                 connect(m_page, &ModelsPage::columnsChanged, this, [this] {
                     m_columns = m_page->columns();
                     Q_EMIT columnsChanged(m_columns);
                 });
                 connect(m_page, &ModelsPage::openAsked, this, &ModelsWiring::openAsked);
                 connect(m_page, &ModelsPage::findModelAsked, this, &ModelsWiring::findModelAsked);
                 m_page->setHasHub(isSignalConnected(QMetaMethod::fromSignal(&ModelsWiring::findModelAsked)));
                 return m_page.data();
             },
         .shortcut = QKeySequence(Qt::CTRL | Qt::Key_2)});
}

void ModelsWiring::connectChat(ChatPage& chat) {
    chat.setOwnDefaults([this](const QString& path) {
        const workbench::ModelDefaults defaults = m_bridge.defaultsFor(path);
        return ChatPage::OwnDefaults{defaults.contextTokens, defaults.chatTemplate,
                                     QString::fromStdString(defaults.systemPrompt), defaults.params};
    });
    connect(&chat, &ChatPage::modelOpened, &m_bridge, &LibraryBridge::noteUsed);
}

void ModelsWiring::setFolders(const QStringList& folders) {
    m_folders = folders;
    if (m_page)
        m_page->setFolders(folders);
}

void ModelsWiring::setColumns(const QByteArray& kept) {
    if (m_columns == kept)
        return;
    m_columns = kept;
    if (m_page)
        m_page->setColumns(kept);
}

void ModelsWiring::whenRead(std::function<void()> act) {
    if (m_bridge.isRead())
        act();
    else
        m_waiting.push_back(std::move(act));
}

void ModelsWiring::offerInstalled() {
    QList<QPair<QString, QString>> models;
    for (const auto& model : m_bridge.models())
        for (const auto& version : model.versions)
            if (model.runnable && version.state() != workbench::FileState::Missing)
                models << qMakePair(QString::fromStdString(version.path().string()),
                                    QString::fromStdString(model.name));
    m_parts.picker.setInstalled(models);
}

} // namespace hearth::gui
