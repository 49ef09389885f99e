#include "gui/pages/models_page.h"

#include <algorithm>

#include <QActionGroup>
#include <QCheckBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include "gui/pages/models_convert.h"
#include "gui/pages/models_details.h"
#include "gui/pages/models_jobs.h"
#include "gui/pages/models_list.h"
#include "gui/pages/models_places.h"
#include "gui/pages/quantise_wizard.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

using security::Action;
using workbench::FileMode;

namespace {

QStringList localPaths(const QMimeData* data) {
    QStringList out;
    for (const QUrl& url : data->urls())
        if (url.isLocalFile())
            out << url.toLocalFile();
    return out;
}

} // namespace

ModelsPage::ModelsPage(Theme& theme, LibraryBridge& bridge, ToastHost& toasts, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_toasts(toasts), m_stack(new QStackedWidget),
      m_header(new PageHeader(theme)), m_count(new Chip(theme)), m_search(new SearchField(theme)),
      m_storageButton(new Button(theme, ButtonKind::Plain)), m_import(new Button(theme, ButtonKind::Plain)),
      m_find(new Button(theme, ButtonKind::Primary)), m_cancelTask(new Button(theme, ButtonKind::Plain)),
      m_importMenu(new QMenu(this)), m_error(new ErrorBox(theme)), m_taskCard(new Card(theme)),
      m_taskLine(new ProgressLine(theme)), m_jobs(new JobsCard(theme, bridge, JobsCard::Show::Open)),
      m_list(new ModelsList(theme, bridge)), m_details(new ModelsDetails(theme, bridge)),
      m_wizard(new QuantiseWizard(theme, bridge)), m_storage(new ModelsStorage(theme, bridge)),
      m_scan(new ModelsScan(theme, bridge)), m_convert(new ModelsConvert(theme, bridge)),
      m_above(new QVBoxLayout) {
    setAcceptDrops(m_bridge.may(Action::Create));
    makeHeader();
    m_stack->addWidget(makeListPage());
    for (QWidget* page :
         {static_cast<QWidget*>(m_details), static_cast<QWidget*>(m_wizard), static_cast<QWidget*>(m_storage),
          static_cast<QWidget*>(m_scan), static_cast<QWidget*>(m_convert)})
        m_stack->addWidget(page);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);

    connect(m_list, &ModelsList::opened, this, [this](qint64 version) { showVersion(version); });
    connect(m_list, &ModelsList::importAsked, this, &ModelsPage::chooseFiles);
    connect(m_list, &ModelsList::menuAsked, this, &ModelsPage::showMenu);
    connect(m_list, &ModelsList::columnsChanged, this, &ModelsPage::columnsChanged);
    connect(m_list, &ModelsList::scanAsked, this, &ModelsPage::scan);
    connect(m_details, &ModelsDetails::openAsked, this, &ModelsPage::openAsked);
    connect(m_details, &ModelsDetails::quantiseAsked, this, &ModelsPage::quantise);
    connect(m_details, &ModelsDetails::renameAsked, this, &ModelsPage::askRename);
    connect(m_details, &ModelsDetails::removeAsked, this, &ModelsPage::askRemove);
    connect(m_details, &ModelsDetails::moveAsked, this, &ModelsPage::askMove);
    connect(m_details, &ModelsDetails::compareAsked, this, &ModelsPage::compare);
    connect(m_details, &ModelsDetails::backAsked, this, &ModelsPage::showList);
    connect(m_wizard, &QuantiseWizard::backAsked, this,
            [this] { m_details->version() != 0 ? m_stack->setCurrentWidget(m_details) : showList(); });
    connect(m_wizard, &QuantiseWizard::discardAsked, this, &ModelsPage::askRemove);
    connect(m_storage, &ModelsStorage::backAsked, this, &ModelsPage::showList);
    connect(m_storage, &ModelsStorage::opened, this, [this](qint64 version) { showVersion(version); });
    connect(m_storage, &ModelsStorage::removeAsked, this, &ModelsPage::askRemove);
    connect(m_scan, &ModelsScan::backAsked, this, &ModelsPage::showList);
    connect(m_scan, &ModelsScan::convertAsked, this, &ModelsPage::convert);
    connect(m_convert, &ModelsConvert::backAsked, this, &ModelsPage::showList);
    connect(m_jobs, &JobsCard::resultAsked, this, [this](qint64 id) {
        for (const auto& model : m_bridge.models())
            for (const auto& version : model.versions)
                if (version.job == id)
                    return compare(version.id);
    });

    connect(&bridge, &LibraryBridge::changed, this, &ModelsPage::showCounts);
    connect(&bridge, &LibraryBridge::taskChanged, this, &ModelsPage::showTask);
    connect(&bridge, &LibraryBridge::taskProgress, this,
            [this](double fraction) { m_taskLine->setFraction(fraction); });
    connect(&bridge, &LibraryBridge::imported, this, &ModelsPage::showImported);
    connect(&bridge, &LibraryBridge::failed, this, [this](const Error& error) {
        if (m_stack->currentIndex() == 0)
            m_error->showError(error);
        else
            m_toasts.show(errorText(error).title);
    });
    connect(&bridge, &LibraryBridge::verified, this,
            [this](qint64 version, const workbench::Verification& result) {
                if (const auto* model = m_bridge.modelOfVersion(version); model && result.good())
                    m_toasts.show(tr("%1 is as it was recorded.").arg(QString::fromStdString(model->name)));
            });
    connect(&bridge, &LibraryBridge::removed, this, [this](const workbench::Removed& removed) {
        if (m_stack->currentWidget() == m_wizard)
            m_stack->setCurrentWidget(m_details);
        const QString name =
            QString::fromStdString(removed.model.name + " " + removed.model.versions.front().label);
        m_toasts.showUndo(removed.trashed.empty()
                              ? tr("%1 was taken out of the library; its file stays.").arg(name)
                              : tr("%1 went to the trash, %2.").arg(name, humanBytes(removed.freedBytes)),
                          [this, removed] { m_bridge.restore(removed); });
    });
    setHasHub(false);
    showTask();
}

void ModelsPage::makeHeader() {
    m_search->setObjectName(QStringLiteral("librarySearch"));
    m_storageButton->setObjectName(QStringLiteral("storage"));
    m_import->setObjectName(QStringLiteral("import"));
    m_find->setObjectName(QStringLiteral("findModel"));
    m_find->hide();
    m_import->setMenu(m_importMenu);
    m_import->setVisible(m_bridge.may(Action::Create));
    m_header->beside()->addWidget(m_count);
    m_header->actions()->addWidget(m_search);
    m_header->actions()->addWidget(m_storageButton);
    m_header->actions()->addWidget(m_import);
    m_header->actions()->addWidget(m_find);
    connect(m_search, &QLineEdit::textChanged, this,
            [this](const QString& text) { m_list->setSearch(text); });
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        if (m_hasHub && !m_search->text().trimmed().isEmpty())
            Q_EMIT findModelAsked(m_search->text().trimmed());
    });
    connect(m_find, &QAbstractButton::clicked, this,
            [this] { Q_EMIT findModelAsked(m_search->text().trimmed()); });
    connect(m_storageButton, &QAbstractButton::clicked, this, [this] {
        m_stack->setCurrentWidget(m_storage);
        m_storage->refresh();
    });
}

QWidget* ModelsPage::makeListPage() {
    m_error->setDismissable(true);
    m_cancelTask->setObjectName(QStringLiteral("cancelTask"));
    auto* line = new QHBoxLayout;
    line->addWidget(m_taskLine, 1);
    line->addWidget(m_cancelTask);
    m_taskCard->body()->addLayout(line);
    connect(m_cancelTask, &QAbstractButton::clicked, &m_bridge, &LibraryBridge::cancelTask);
    auto* page = new QWidget;
    auto* body = new QVBoxLayout;
    const int edge = m_theme.space(6);
    body->setContentsMargins(edge, edge, edge, edge);
    body->setSpacing(m_theme.px(14));
    m_above->setSpacing(m_theme.px(14));
    body->addWidget(m_error);
    body->addLayout(m_above);
    body->addWidget(m_taskCard);
    body->addWidget(m_jobs);
    body->addWidget(m_list, 1);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addLayout(body, 1);
    return page;
}

void ModelsPage::setFolders(const QStringList& folders) {
    m_folders = folders;
    m_storage->setCandidates(folders);
}

void ModelsPage::addAbove(QWidget* card) {
    m_above->addWidget(card);
}

void ModelsPage::setColumns(const QByteArray& kept) {
    m_list->setColumns(kept);
}

QByteArray ModelsPage::columns() const {
    return m_list->columns();
}

void ModelsPage::setHasHub(bool has) {
    m_hasHub = has && m_bridge.may(Action::Create);
    m_find->setVisible(m_hasHub);
    m_import->setKind(m_hasHub ? ButtonKind::Plain : ButtonKind::Primary);
    retranslate();
}

void ModelsPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ModelsPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_search->setFixedWidth(m_theme.px(width() < m_theme.px(1000) ? 150 : 270));
}

void ModelsPage::retranslate() {
    m_header->setTitle(tr("Models"));
    m_search->setHint(m_hasHub ? tr("Search installed and hubs…") : tr("Search installed models…"));
    m_storageButton->setText(tr("Storage"));
    m_import->setText(tr("Import…"));
    m_find->setText(tr("Find a model that fits"));
    m_cancelTask->setText(tr("Cancel"));
    makeImportMenu();
    showCounts();
    showTask();
}

void ModelsPage::makeImportMenu() {
    m_importMenu->clear();
    connect(m_importMenu->addAction(tr("A model file (GGUF)…")), &QAction::triggered, this,
            &ModelsPage::chooseFiles);
    connect(m_importMenu->addAction(tr("A folder…")), &QAction::triggered, this, &ModelsPage::chooseFolder);
    connect(m_importMenu->addAction(tr("Models of other programs…")), &QAction::triggered, this,
            &ModelsPage::scan);
    m_importMenu->addSeparator();
    auto* modes = new QActionGroup(m_importMenu);
    const auto mode = [&](const char* name, const QString& word, FileMode how) {
        QAction* one = m_importMenu->addAction(word);
        one->setObjectName(QLatin1String(name));
        one->setCheckable(true);
        one->setChecked(m_mode == how);
        modes->addAction(one);
        connect(one, &QAction::triggered, this, [this, how] { m_mode = how; });
    };
    mode("importInPlace", tr("Leave the files where they are"), FileMode::Referenced);
    mode("importCopy", tr("Copy them into the library"), FileMode::Copied);
    mode("importLink", tr("Hard-link them into the library"), FileMode::HardLinked);
}

void ModelsPage::scan() {
    m_stack->setCurrentWidget(m_scan);
    m_scan->start(m_folders, m_mode);
}

void ModelsPage::showCounts() {
    std::uint64_t bytes = 0;
    int count = 0;
    for (const auto& model : m_bridge.models()) {
        count += static_cast<int>(model.versions.size());
        bytes += model.bytes();
    }
    m_count->setText(count ? tr("%n installed", nullptr, count) + QStringLiteral(" · ") + humanBytes(bytes)
                           : QString());
    m_storageButton->setVisible(count > 0);
    m_search->setVisible(count > 0 || m_hasHub);
}

void ModelsPage::showTask() {
    using Task = LibraryBridge::Task;
    const Task task = m_bridge.task();
    m_taskCard->setVisible(task == Task::Import || task == Task::Verify || task == Task::Move);
    m_taskLine->setText(task == Task::Import   ? tr("Reading and checking")
                        : task == Task::Verify ? tr("Verifying SHA-256")
                        : task == Task::Move   ? tr("Moving")
                                               : QString());
    m_taskLine->restart();
    m_taskLine->setFraction(-1);
}

void ModelsPage::showList() {
    m_stack->setCurrentIndex(0);
    m_list->setFocus();
}

void ModelsPage::showVersion(qint64 version, int tab) {
    m_list->setCurrent(version);
    m_details->setVersion(version);
    m_details->showTab(tab);
    m_stack->setCurrentWidget(m_details);
}

void ModelsPage::quantise(qint64 version) {
    m_wizard->start(version);
    m_stack->setCurrentWidget(m_wizard);
}

void ModelsPage::compare(qint64 version) {
    m_details->setVersion(version);
    m_wizard->showVersion(version);
    m_stack->setCurrentWidget(m_wizard);
}

void ModelsPage::convert(const QString& folder) {
    m_convert->setFolder(folder);
    m_stack->setCurrentWidget(m_convert);
}

void ModelsPage::chooseFiles() {
    auto* dialog =
        new QFileDialog(this, tr("Import models"), QDir::homePath(), tr("Models (*.gguf);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &ModelsPage::import);
    dialog->open();
}

void ModelsPage::chooseFolder() {
    auto* dialog = new QFileDialog(this, tr("Import a folder"), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) { import({path}); });
    dialog->open();
}

void ModelsPage::import(const QStringList& paths) {
    m_error->clear();
    m_bridge.import(paths, m_mode);
}

void ModelsPage::showImported(const workbench::ImportReport& report) {
    if (!report.problems.empty()) {
        const auto& first = report.problems.front();
        if (report.problems.size() == 1)
            m_error->showError(first.problem);
        else
            m_error->showText(
                ErrorBox::Severity::Bad,
                tr("%n file(s) could not be taken in", nullptr, static_cast<int>(report.problems.size())),
                QFileInfo(QString::fromStdString(first.path.string())).fileName() + QStringLiteral(": ") +
                    errorText(first.problem).title,
                errorText(first.problem).advice);
    }
    int added = 0, there = 0, duplicates = 0;
    for (const auto& one : report.added) {
        added += one.alreadyThere || one.copyLeftOut ? 0 : 1;
        there += one.alreadyThere ? 1 : 0;
        duplicates += one.duplicateOf != 0 ? 1 : 0;
    }
    QStringList words;
    if (added)
        words << tr("%n model(s) taken in", nullptr, added);
    if (there)
        words << tr("%n already there", nullptr, there);
    if (duplicates)
        words << tr("%n with the same bytes as another", nullptr, duplicates);
    if (!words.isEmpty())
        m_toasts.show(words.join(QStringLiteral(" · ")));
    if (!report.convertible.empty())
        convert(QString::fromStdString(report.convertible.front().string()));
}

void ModelsPage::askRemove(qint64 id) {
    const auto* model = m_bridge.modelOfVersion(id);
    const auto* version = m_bridge.version(id);
    if (!model || !version)
        return;
    const bool own = workbench::ownedByLibrary(version->files.empty() ? FileMode::Referenced
                                                                      : version->files.front().mode);
    const QString name = QString::fromStdString(model->name + " " + version->label);
    m_bridge.wouldFree(id, true, this, [this, id, own, name](std::uint64_t bytes) {
        auto* box = new QMessageBox(QMessageBox::NoIcon, tr("Remove %1?").arg(name),
                                    own ? tr("The file goes to the trash, %1.").arg(humanBytes(bytes))
                                        : tr("The library forgets it; the file stays where it is."),
                                    QMessageBox::Cancel, this);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->setObjectName(QStringLiteral("removeBox"));
        QCheckBox* files = nullptr;
        if (!own) {
            files = new QCheckBox(tr("Move the file to the trash too, %1").arg(humanBytes(bytes)));
            files->setObjectName(QStringLiteral("removeFiles"));
            box->setCheckBox(files);
        }
        auto* remove = box->addButton(tr("Remove"), QMessageBox::DestructiveRole);
        remove->setObjectName(QStringLiteral("removeNow"));
        box->setDefaultButton(QMessageBox::Cancel);
        connect(box, &QMessageBox::buttonClicked, this, [this, id, remove, files](QAbstractButton* button) {
            if (button == remove)
                m_bridge.remove(id, files && files->isChecked());
        });
        box->open();
    });
}

void ModelsPage::askRename(qint64 version) {
    const auto* model = m_bridge.modelOfVersion(version);
    if (!model)
        return;
    auto* dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Rename"));
    dialog->setLabelText(tr("Name of the model"));
    dialog->setTextValue(QString::fromStdString(model->name));
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, version, id = model->id](const QString& name) {
                m_bridge.edit(version, [id, name = name.toStdString()](workbench::Library& library) {
                    return library.rename(id, name);
                });
            });
    dialog->open();
}

void ModelsPage::askMove(qint64 version) {
    auto* dialog = new QFileDialog(this, tr("Move to a folder"),
                                   m_folders.isEmpty() ? QDir::homePath() : m_folders.front());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, version](const QString& folder) { m_bridge.move(version, folder); });
    dialog->open();
}

void ModelsPage::showMenu(qint64 id, const QPoint& at) {
    const auto* version = m_bridge.version(id);
    if (!version)
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool there = version->state() != workbench::FileState::Missing;
    const auto add = [&](const QString& word, bool enabled, auto action) {
        QAction* one = menu->addAction(word);
        one->setEnabled(enabled);
        connect(one, &QAction::triggered, this, action);
    };
    const QString path = QString::fromStdString(version->path().string());
    add(tr("Details"), true, [this, id] { showVersion(id); });
    if (m_bridge.may(Action::Use))
        add(tr("Open in chat"), there && m_bridge.modelOfVersion(id)->runnable,
            [this, path] { Q_EMIT openAsked(path); });
    if (m_bridge.may(Action::Create))
        add(tr("Quantise…"), there && !version->sealed(), [this, id] { quantise(id); });
    if (!version->isDefault && m_bridge.may(Action::Change))
        add(tr("Set as default"), true, [this, id] {
            m_bridge.edit(id, [id](workbench::Library& library) { return library.setDefault(id); });
        });
    add(tr("Verify now"), there, [this, id] { m_bridge.verify({id}); });
    if (m_bridge.may(Action::Change)) {
        add(tr("Rename…"), true, [this, id] { askRename(id); });
        add(tr("Move to…"), there, [this, id] { askMove(id); });
    }
    if (m_bridge.may(Action::Remove)) {
        menu->addSeparator();
        add(tr("Remove…"), true, [this, id] { askRemove(id); });
    }
    menu->popup(at);
}

void ModelsPage::dragEnterEvent(QDragEnterEvent* event) {
    if (!localPaths(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void ModelsPage::dropEvent(QDropEvent* event) {
    const QStringList paths = localPaths(event->mimeData());
    if (paths.isEmpty())
        return;
    event->setDropAction(Qt::CopyAction); // referenced in place; its owner must not delete it
    event->accept();
    import(paths);
}

} // namespace hearth::gui
